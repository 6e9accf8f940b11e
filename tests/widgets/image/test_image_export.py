"""Saved and copied views contain only pixels; the seen dialog, the filters and the comparison show the right content."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from desktop.core.imaging.kernels import KERNELS, filtered
from desktop.core.records.people import Patient
from desktop.widgets.common.wording import local_day
from desktop.widgets.image.filters_dialog import FiltersDialog, kernel_text
from desktop.widgets.image.seen_dialog import SeenDialog
from tests.making import lesion, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import drag, key, seen, view_of, workbench_of

MakeDesk = Callable[..., Desk]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answer the file dialog with a name without extension."""

    def choose(dialog: QFileDialog) -> int:
        dialog.selectFile(str(tmp_path / "out" / "saved"))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "saved.png"


def opened_dialog(desk: Desk, kind: type) -> object:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(kind) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(kind) if one.isVisible())


def test_the_view_is_saved_without_metadata(desk: Desk, tmp_path: Path, target: Path) -> None:
    path = tmp_path / "Mueller_Anna_1960.jpg"
    exif = Image.Exif()
    exif[0x010E] = "Anna Mueller"
    lesion(1, (640, 480)).save(path, exif=exif, comment=b"Anna Mueller")
    desk.open(path)
    size = view_of(desk).viewport().size()
    workbench_of(desk).save_view()
    desk.wait(lambda: "The view is saved" in desk.parts.window.visit_page.messages.text())
    content = target.read_bytes()
    assert b"Mueller" not in content
    for chunk in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
        assert chunk not in content
    with Image.open(target) as saved:
        assert saved.size == (size.width(), size.height())


def test_an_error_while_saving_the_view_is_reported(desk: Desk, tmp_path: Path, target: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png"))
    target.mkdir()
    workbench_of(desk).save_view()
    desk.wait(lambda: "cannot be written" in desk.parts.window.visit_page.messages.text())


def test_a_picture_with_the_overlay_has_its_caption(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "maps.onnx", cells=4))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open(write_lesion(tmp_path / "lesion.png", size=(320, 320)))
    bare = seen(desk)
    assert workbench_of(desk).overlay.caption == ""
    key(desk, Qt.Key.Key_A)
    desk.wait(workbench_of(desk).overlay.item.isVisible)
    assert "A hint, not a proof." in workbench_of(desk).overlay.caption
    with_overlay = seen(desk)
    assert with_overlay.height() - view_of(desk).viewport().height() == 24
    assert bare.height() > view_of(desk).viewport().height()  # the bar of the overlay took its room


def test_the_view_is_copied(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png"))
    size = view_of(desk).viewport().size()
    desk.parts.window.menus.actions["copy view"].trigger()
    assert QGuiApplication.clipboard().image().size() == size


def test_seen_dialog_shows_the_exact_input(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480))
    desk.open(path)
    desk.parts.window.menus.actions["seen"].trigger()
    dialog = opened_dialog(desk, SeenDialog)
    assert isinstance(dialog, SeenDialog)
    classifier = desk.parts.model.classifier
    assert classifier is not None
    expected = classifier.prepare(path.read_bytes(), path.name)
    picture = dialog.view._picture
    assert picture is not None
    shown = picture._levels[0].convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.bytesPerLine())
    np.testing.assert_array_equal(rows[:, : 3 * shown.width()].reshape(expected.shape), expected)
    dialog.close()


def test_seen_dialog_of_a_region_shows_the_region(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3, size=(640, 480)))
    key(desk, Qt.Key.Key_G)
    drag(desk, (100, 100), (300, 300))
    desk.wait(lambda: len(workbench_of(desk).regions.items) == 1)
    workbench_of(desk).show_seen()
    dialog = opened_dialog(desk, SeenDialog)
    assert isinstance(dialog, SeenDialog)
    picture, classifier, answer = (
        desk.parts.open_image.picture,
        desk.parts.model.classifier,
        desk.parts.open_image.answer,
    )
    assert picture is not None
    assert classifier is not None
    assert answer is not None
    expected = classifier.prepare(picture.data, picture.name, answer.region)
    assert dialog.view._picture is not None
    assert dialog.view._picture._levels[0].pixelColor(5, 7).getRgb()[:3] == tuple(map(int, expected[7, 5]))
    dialog.close()


@pytest.fixture
def filters(desk: Desk, tmp_path: Path) -> FiltersDialog:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3, size=(640, 480)))
    desk.parts.window.menus.actions["filters"].trigger()
    dialog = opened_dialog(desk, FiltersDialog)
    assert isinstance(dialog, FiltersDialog)
    return dialog


def choose(desk: Desk, dialog: FiltersDialog, name: str) -> None:
    dialog.choice.setCurrentIndex(dialog.choice.findText(name))
    desk.wait(lambda: dialog._heading.text() == f"Filtered: {name}")


def test_each_filter_is_shown_beside_the_original_with_its_numbers(desk: Desk, filters: FiltersDialog) -> None:
    picture = desk.parts.open_image.picture
    assert picture is not None
    for kernel in KERNELS:
        choose(desk, filters, kernel.name)
        assert filters.filtered._picture is not None
        made = filters.filtered._picture._levels[0]
        expected = filtered(np.ascontiguousarray(picture.pixels()), kernel)
        for x, y in ((0, 0), (300, 200), (639, 479)):
            assert made.pixelColor(x, y).getRgb()[:3] == tuple(map(int, expected[y, x]))
        numbers = filters.kernel.text()
        for matrix in kernel.matrices:
            for number in {number for row in matrix for number in row}:
                assert f">{str(number).replace('-', '−')}<" in numbers
    assert "1/16" in kernel_text(next(one for one in KERNELS if one.id == "gaussian blur"))
    filters.close()


def test_both_sides_of_the_filters_show_the_same_place(desk: Desk, filters: FiltersDialog) -> None:
    choose(desk, filters, "Emboss")
    for _ in range(6):
        desk.qtbot.keyClick(filters.filtered, Qt.Key.Key_Plus)
    desk.qtbot.keyClick(filters.filtered, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    first, second = filters.original.place, filters.filtered.place
    assert first is not None
    assert second is not None
    assert first.zoom == pytest.approx(second.zoom, rel=0.01)
    assert first.zoom > 3
    assert first.x == pytest.approx(second.x, abs=0.01)
    choose(desk, filters, "Sobel, both ways")
    kept = filters.filtered.place
    assert kept is not None
    assert kept.zoom == pytest.approx(first.zoom, rel=0.01)
    filters.close()


def test_a_filtered_picture_is_stamped(desk: Desk, filters: FiltersDialog, target: Path) -> None:
    choose(desk, filters, "Sobel, both ways")
    plain = filters.filtered.viewport().size()
    desk.qtbot.mouseClick(filters._save, Qt.MouseButton.LeftButton)
    desk.wait(target.exists)
    desk.wait(lambda: "saved" in filters.messages.text())
    with Image.open(target) as saved:
        pixels = np.asarray(saved.convert("RGB")).astype(int)
    right = pixels[: plain.height(), -plain.width() :]
    middle = right[plain.height() // 2 - 60 : plain.height() // 2 + 60, plain.width() // 4 : -plain.width() // 4]
    assert (middle.min(axis=2) > 120).mean() > 0.05  # Sobel leaves even skin next to black: this is the word across it
    filters.close()


def test_two_images_are_compared_with_linked_zoom(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "first.png", seed=1, size=(800, 600)))
    key(desk, Qt.Key.Key_C)
    messages = desk.parts.window.visit_page.messages
    desk.wait(lambda: "To compare it, press C on another image without a lesion" in messages.text())
    desk.open(write_lesion(tmp_path / "second.png", seed=2, size=(1600, 1200)))
    key(desk, Qt.Key.Key_C)
    workspaces = desk.parts.window.workspaces
    desk.wait(lambda: workspaces.current == "follow_up")
    page = workspaces.follow_up.page.compare
    assert "first.png" in desk.texts(page)
    assert "second.png" in desk.texts(page)
    for _ in range(4):
        desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Plus)
    places = [view.place for view in page.views]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0].zoom == pytest.approx(places[1].zoom, rel=0.02)
    assert places[0].zoom > 2
    desk.qtbot.mouseClick(page.link, Qt.MouseButton.LeftButton)
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Z)
    alone = page.views[1].place
    assert alone is not None
    assert alone.zoom == pytest.approx(places[1].zoom, rel=0.02)


def test_comparison_is_cleared_when_its_patient_is_closed(desk: Desk, tmp_path: Path) -> None:
    made: list[Patient] = []
    for name in ("P-1", "P-2"):
        desk.parts.history_service.write(
            lambda history, by, name=name: history.people.add_patient(name, "unknown", by=by), made.append, pytest.fail
        )
    desk.wait(lambda: len(made) == 2)
    state, page = desk.parts.open_patient, desk.parts.window.workspaces.follow_up.page.compare
    state.open(made[0])
    desk.wait(lambda: state.patient is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    key(desk, Qt.Key.Key_C)
    desk.wait(lambda: len(page.pictures) == 1)
    day = local_day(state.date)
    desk.wait(lambda: f"P-1 · {day}" in desk.texts(page))
    assert page.views[0].accessibleName() == f"P-1 · {day} · first.png"
    state.open(made[1])
    desk.wait(lambda: state.patient is not None and state.patient.pseudonym == "P-2")
    assert page.pictures == []


def test_extra_windows_close_with_their_image(desk: Desk, filters: FiltersDialog, tmp_path: Path) -> None:
    assert "lesion.png" in filters.windowTitle()
    desk.open(write_lesion(tmp_path / "another.png", seed=7))
    desk.wait(lambda: not [one for one in desk.parts.window.findChildren(FiltersDialog) if one.isVisible()])


def test_compare_says_what_to_do_while_it_is_empty(desk: Desk) -> None:
    desk.parts.window.show_workspace("follow_up")
    said = desk.texts(desk.parts.window.workspaces.follow_up.page.compare)
    assert "If neither has a lesion, press C on one and then on the other." in said
