"""The comparison: the older image left, aligned off the GUI thread, then at one place; without a word of a model."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from benchmarks.material import images_of
from benchmarks.retaken import Retaken, retake
from desktop.core.imaging.scale import Scale
from desktop.core.paths import SAMPLES
from desktop.core.records.alignments import KeptAlignment
from desktop.core.records.history import History
from desktop.core.registration.similarity import Similarity
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.image.compare_bar import BLINK, DIFFERENCE, FADE, SIDE
from desktop.widgets.image.compare_page import ComparePage
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import key

LEFT = Qt.MouseButton.LeftButton
OLDER, NEWER = dt.date(2025, 3, 12), dt.date(2026, 11, 23)


@pytest.fixture
def retaken() -> Retaken:
    with Image.open(images_of(SAMPLES)[0]) as image:
        return retake(image.convert("RGB").resize((640, 480)), np.random.default_rng(1))


def compared(desk: Desk, first: Path, second: Path) -> ComparePage:
    """Compare two images with the mouse and keys of the visit; return the page."""
    for path in (first, second):
        desk.open_and_keep(path)
        key(desk, Qt.Key.Key_C)
    desk.rest()
    assert desk.parts.window.workspaces.current == "follow_up"
    return desk.parts.window.workspaces.follow_up.page.compare


@pytest.fixture
def page(desk: Desk, retaken: Retaken, tmp_path: Path) -> ComparePage:
    """Compare two photographs of one lesion."""
    retaken.first.save(tmp_path / "first.png")
    retaken.second.save(tmp_path / "second.png")
    return compared(desk, tmp_path / "first.png", tmp_path / "second.png")


def press(desk: Desk, button: QWidget) -> None:
    desk.qtbot.mouseClick(button, LEFT)


def press_where_the_focus_is(desk: Desk, name: Qt.Key) -> None:
    desk.qtbot.keyClick(QApplication.focusWidget(), name)


def align(desk: Desk, page: ComparePage) -> None:
    press(desk, page.bar.align)
    desk.wait(lambda: page.is_aligned)


def test_aligned_views_show_the_same_skin_while_zoomed_and_moved(
    desk: Desk, page: ComparePage, retaken: Retaken
) -> None:
    align(desk, page)
    for _ in range(3):
        desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Plus)
    desk.qtbot.keyClick(page.views[1], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    first, second = page.views
    for offset in (QPointF(0, 0), QPointF(60, 40)):
        points = [
            view.mapToScene((view.viewport().rect().toRectF().center() + offset).toPoint()) for view in (first, second)
        ]
        there = QPointF(*retaken.truth.map(points[0].x(), points[0].y()))
        assert (there - points[1]).manhattanLength() < 12


def test_unpressed_align_shows_both_as_they_are(desk: Desk, page: ComparePage) -> None:
    align(desk, page)
    assert page.views[1].direction != (0, False)
    press(desk, page.bar.align)
    assert not page.is_aligned
    assert page.views[1].direction == (0, False)


@pytest.mark.parametrize("name", [Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_D])
def test_keys_of_the_ways_do_nothing_with_a_modifier(desk: Desk, page: ComparePage, name: Qt.Key) -> None:
    for focused in (page.views[0], page):
        desk.qtbot.keyClick(focused, name, Qt.KeyboardModifier.MetaModifier)
        assert not page.is_aligned
        assert page.bar.align.isEnabled()
        assert not page.bar.align.isChecked()


def test_space_aligns_and_blinks_and_space_ends_it(desk: Desk, page: ComparePage) -> None:
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Space)
    desk.wait(lambda: page.is_aligned)
    assert page.bar.button(BLINK).isChecked()
    assert page.newer.isVisible()
    seen: set[float] = set()
    page.bar.rate.setValue(page.bar.rate.maximum())
    desk.wait(lambda: seen.add(page.newer.opacity()) or seen == {0.0, 1.0})
    assert not page.views[1].isVisible()
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Space)
    assert page.bar.button(SIDE).isChecked()
    assert page.views[1].isVisible()
    assert not page.newer.isVisible()


def test_no_strip_of_the_older_image_stays_beside_the_newer_one(desk: Desk, page: ComparePage) -> None:
    """Blink shows one image at a time, also where the newer one does not reach."""
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Space)
    desk.wait(lambda: page.is_aligned)
    page.bar.rate.setValue(page.bar.rate.maximum())
    view, older = page.views[0], page.pictures[0]
    newer = page.newer.sceneTransform().map(QPolygonF(QRectF(0, 0, page.pictures[1].width, page.pictures[1].height)))
    reach = QPainterPath()
    reach.addPolygon(newer)
    points = [QPointF(x, y) for x in range(0, older.width, 16) for y in range(0, older.height, 16)]
    beside = [point for point in points if not reach.intersects(QRectF(point.x() - 4, point.y() - 4, 8, 8))]
    assert len(beside) > 20, "the newer image leaves a strip"

    def colours() -> set[str]:
        shown = view.grab().toImage()
        return {shown.pixelColor(view.mapFromScene(point)).name() for point in beside}

    desk.wait(lambda: page.newer.opacity() == 0 and len(colours()) > 1)
    desk.wait(lambda: page.newer.opacity() == 1 and colours() == {SURROUND.name()})


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("ending", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_key_that_ends_blink_reaches_a_picture_whichever_was_clicked(
    desk: Desk, page: ComparePage, side: int, ending: Qt.Key
) -> None:
    desk.parts.window.activateWindow()
    press(desk, page.views[side].viewport())
    desk.wait(page.views[side].hasFocus)
    press_where_the_focus_is(desk, Qt.Key.Key_Space)
    desk.wait(lambda: page.bar.button(BLINK).isChecked() and page.is_aligned)
    turned = page.views[0].transform()
    press_where_the_focus_is(desk, Qt.Key.Key_F)
    assert page.bar.button(FADE).isChecked()
    press(desk, page.bar.fade)
    press_where_the_focus_is(desk, Qt.Key.Key_Space)
    assert page.bar.button(BLINK).isChecked()
    press_where_the_focus_is(desk, ending)
    assert page.bar.button(SIDE).isChecked()
    assert any(view.hasFocus() for view in page.views)
    assert page.views[0].transform().m12() == turned.m12(), "the older image stays as it was turned"


def test_slider_that_goes_leaves_its_focus_to_a_picture(desk: Desk, page: ComparePage) -> None:
    desk.parts.window.activateWindow()
    press(desk, page.bar.button(BLINK))
    desk.wait(lambda: page.is_aligned)
    page.bar.rate.setFocus(Qt.FocusReason.TabFocusReason)
    desk.wait(page.bar.rate.hasFocus)
    press_where_the_focus_is(desk, Qt.Key.Key_Escape)
    assert page.bar.button(SIDE).isChecked()
    assert page.views[0].hasFocus()


def test_slider_fades_from_the_older_to_the_newer_image(desk: Desk, page: ComparePage) -> None:
    press(desk, page.bar.button(FADE))
    desk.wait(lambda: page.is_aligned)
    slider = page.bar.fade
    slider.setFocus()
    desk.qtbot.keyClick(slider, Qt.Key.Key_End)
    assert page.newer.opacity() == 1
    desk.qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert page.newer.opacity() == 0


def test_difference_of_aligned_images_is_darker_than_either(desk: Desk, page: ComparePage) -> None:
    before = brightness(page)
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_D)
    assert page.bar.button(SIDE).isChecked(), "it is not known in which light they were taken"
    press(desk, page.bar.light)
    (dialog,) = page.findChildren(CaptureDialog)
    for device, contact, light in dialog.rows:
        device.setCurrentText("Scope")
        contact.setCurrentIndex(1)
        light.setCurrentIndex(1)
    dialog.accept()
    desk.wait(page.bar.button(DIFFERENCE).isEnabled)
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_D)
    desk.wait(lambda: page.is_aligned)
    assert page.bar.button(DIFFERENCE).isChecked()
    assert brightness(page) < 0.7 * before


def test_difference_needs_two_dermatoscope_images(desk: Desk, page: ComparePage) -> None:
    with History.open(desk.folder) as history:
        image_id = history.people.image_id_of(page.pictures[0].sha256)
    assert image_id is not None
    desk.parts.history_service.write(
        lambda history, by: history.people.place(image_id, kind="clinical", lesion_id=None, visit_id=None, by=by),
        lambda _placed: None,
        pytest.fail,
    )
    desk.wait(lambda: "dermatoscope" in page.bar.button(DIFFERENCE).toolTip())
    assert not page.bar.button(DIFFERENCE).isEnabled()
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_D)
    assert page.bar.button(SIDE).isChecked()


def click_on(desk: Desk, page: ComparePage, side: int, point: tuple[float, float]) -> None:
    """Click a spot of an image, in its pixels."""
    view = page.views[side]
    desk.qtbot.mouseClick(view.viewport(), LEFT, pos=view.mapFromScene(QPointF(*point)))


def kept(desk: Desk, page: ComparePage) -> KeptAlignment | None:
    with History.open(desk.folder) as history:
        return history.alignments.of(*(picture.sha256 for picture in page.pictures))


def test_alignment_is_kept_with_its_quality(desk: Desk, page: ComparePage) -> None:
    align(desk, page)
    desk.rest()
    found = kept(desk, page)
    assert found is not None
    assert found.agreement is not None
    assert found.agreement.share >= 0.5


def test_kept_alignment_is_shown_as_it_is(desk: Desk, page: ComparePage) -> None:
    quarter = Similarity(0, 1, 480, 0)
    desk.parts.history_service.write(
        lambda history, by: history.alignments.keep_by_hand(
            *(picture.sha256 for picture in page.pictures), quarter, by=by
        ),
        lambda _none: None,
        pytest.fail,
    )
    align(desk, page)
    assert "Aligned by hand" in page.bar.note.text()
    first, second = (view.mapToScene(view.viewport().rect().center()) for view in page.views)
    assert (QPointF(*quarter.map(first.x(), first.y())) - second).manhattanLength() < 12


def test_spots_set_by_hand_align_the_images(desk: Desk, page: ComparePage, retaken: Retaken) -> None:
    spots = [(300.0, 200.0), (360.0, 280.0), (260.0, 270.0)]
    press(desk, page.bar.points)
    assert "1 of 2" in page.bar.note.text()
    click_on(desk, page, 0, (5, 5))
    for number, spot in enumerate(spots):
        click_on(desk, page, 0, spot)  # the first of these takes the place of the one before
        click_on(desk, page, 1, retaken.truth.map(*spot))
        assert page.is_aligned == (number > 0)
    assert not page.bar.points.isChecked()
    desk.rest()
    found = kept(desk, page)
    assert found is not None
    assert found.agreement is None
    for spot in spots:
        there = QPointF(*retaken.truth.map(*spot))
        assert (QPointF(*found.transform.map(*spot)) - there).manhattanLength() < 8
    assert "Aligned by hand" in page.bar.note.text()


def set_by_hand(desk: Desk, page: ComparePage, spots: tuple[tuple[float, float], ...]) -> None:
    """Align the images by setting the same spots, in pixels, in both."""
    press(desk, page.bar.points)
    for spot in spots:
        for side in (0, 1):
            click_on(desk, page, side, spot)
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Escape)
    desk.rest()


def test_alignment_by_hand_gives_way_to_the_automatic_one_and_back(desk: Desk, page: ComparePage) -> None:
    align(desk, page)
    desk.rest()
    found = kept(desk, page)
    assert not page.bar.automatic.isVisible()
    set_by_hand(desk, page, ((200, 200), (300, 300)))
    by_hand = kept(desk, page)
    assert by_hand is not None
    assert by_hand.agreement is None
    press(desk, page.bar.automatic)
    desk.wait(lambda: page.is_aligned and "by hand" not in page.bar.note.text())
    desk.rest()
    assert kept(desk, page) == found
    assert not page.bar.automatic.isVisible()
    undo = desk.parts.window.frame.undo_stack
    assert undo.undo_text.startswith("removal of the alignment by hand of ")
    undo.undo()
    desk.wait(lambda: "Aligned by hand" in page.bar.note.text())
    assert kept(desk, page) == by_hand
    undo.undo()
    desk.wait(lambda: "Aligned by hand" not in page.bar.note.text())
    desk.wait(lambda: kept(desk, page) == found)
    with History.open(desk.folder) as history:
        rows = history._database.read("SELECT method FROM alignment ORDER BY id")
    methods = [row["method"] for row in rows]
    assert methods.count(None) == 2, "what was set by hand stays in the history"


def test_undone_alignment_by_hand_of_other_images_is_not_shown(desk: Desk, page: ComparePage, tmp_path: Path) -> None:
    set_by_hand(desk, page, ((200, 200), (300, 300)))
    hashes = [picture.sha256 for picture in page.pictures]
    desk.open_and_keep(write_lesion(tmp_path / "third.png", seed=5, size=(640, 480)))
    key(desk, Qt.Key.Key_C)
    desk.rest()
    desk.parts.window.frame.undo_stack.undo()
    desk.rest()
    assert not page.is_aligned
    with History.open(desk.folder) as history:
        assert history.alignments.of(*hashes) is None


def test_images_that_cannot_be_aligned_stand_as_they_are_without_the_alignment_by_hand(
    desk: Desk, tmp_path: Path
) -> None:
    page = compared(
        desk,
        write_lesion(tmp_path / "first.png", seed=1, size=(800, 600)),
        write_lesion(tmp_path / "second.png", seed=2, size=(800, 600)),
    )
    set_by_hand(desk, page, ((200, 200), (300, 260)))
    assert page.is_aligned
    press(desk, page.bar.automatic)
    desk.wait(lambda: "could not be aligned" in page.messages.text())
    assert page.bar.points.text() in page.messages.text(), "the remedy, as its button is called"
    assert not page.is_aligned
    assert page.bar.note.text() != "Aligned by hand."
    undo = desk.parts.window.frame.undo_stack
    assert undo.undo_text.startswith("removal of the alignment by hand of "), "none was found in its place"
    undo.undo()
    desk.wait(lambda: page.is_aligned and "Aligned by hand." in page.bar.note.text())
    assert page.messages.text() == "", "they are aligned"
    undo.undo()
    desk.wait(lambda: not page.is_aligned and not undo.is_writing)
    assert not page.messages.isVisible(), "nobody asked for an alignment"
    undo.redo()
    desk.wait(lambda: page.is_aligned and "Aligned by hand." in page.bar.note.text())
    assert not page.messages.isVisible()


def test_undo_of_the_third_spot_leaves_no_mark_of_an_alignment_that_counts_no_more(
    desk: Desk, page: ComparePage
) -> None:
    press(desk, page.bar.points)
    for spots in (((200, 200), (200, 200)), ((300, 300), (300, 300)), ((200, 300), (210, 320))):
        for side, spot in enumerate(spots):
            click_on(desk, page, side, spot)
    desk.rest()
    by_three = kept(desk, page)
    assert page.points.count == 3
    undo = desk.parts.window.frame.undo_stack
    undo.undo()
    desk.wait(lambda: not undo.is_writing)
    assert page.is_aligned, "by the first two"
    assert kept(desk, page) != by_three
    assert page.points.count == 0


def test_spots_that_are_being_set_stay_when_the_automatic_alignment_arrives(desk: Desk, page: ComparePage) -> None:
    with desk.slow_history():
        press(desk, page.bar.align)
        press(desk, page.bar.points)
        for side in (0, 1):
            click_on(desk, page, side, (200, 200))
        assert not page.is_aligned
    desk.wait(lambda: page.is_aligned)
    assert page.points.is_on
    assert page.points.count == 1


def test_spots_that_lie_on_one_another_are_refused(desk: Desk, page: ComparePage) -> None:
    press(desk, page.bar.points)
    for side in (0, 1, 0, 1):
        click_on(desk, page, side, (200, 200))
    assert "lie on one another" in page.messages.text()
    assert not page.is_aligned
    assert page.points.count == 1
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Escape)
    assert not page.points.is_on


def test_failure_is_told_and_the_images_stay_as_they_are(desk: Desk, tmp_path: Path) -> None:
    page = compared(
        desk,
        write_lesion(tmp_path / "first.png", seed=1, size=(800, 600)),
        write_lesion(tmp_path / "second.png", seed=2, size=(800, 600)),
    )
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Space)
    desk.wait(lambda: "could not be aligned" in page.messages.text())
    assert not page.is_aligned
    assert not page.bar.align.isChecked()
    assert page.bar.button(SIDE).isChecked()
    assert all(view.isVisible() for view in page.views)
    desk.wait(lambda: [view.place.zoom for view in page.views if view.place] == pytest.approx([1, 1]))
    press(desk, next(button for button in page.findChildren(QToolButton) if "away" in button.toolTip()))
    assert page.messages.text() == "", "it is told of these images alone"


def test_older_image_stands_left_whichever_was_added_first(desk: Desk, retaken: Retaken, tmp_path: Path) -> None:
    paths = [tmp_path / "newer.png", tmp_path / "older.png"]
    retaken.first.save(paths[0])
    retaken.second.save(paths[1])
    page = compared(desk, *paths)
    assert [picture.name for picture in page.pictures] == ["newer.png", "older.png"]
    assert "added first is on the left" in desk.texts(page)
    hashes = [picture.sha256 for picture in page.pictures]

    def file_under_visits(history: History, by: str) -> None:
        patient = history.people.add_patient("P-1", "unknown", by=by)
        lesion = history.people.add_lesion(patient.id, "L1", "", by=by)
        for sha256, day in zip(hashes, (NEWER, OLDER), strict=True):
            visit = history.people.begin_visit(patient.id, day, "", by=by)
            image_id = history.people.image_id_of(sha256)
            assert image_id is not None
            history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)

    desk.parts.history_service.write(file_under_visits, lambda _none: None, pytest.fail)
    desk.wait(lambda: [picture.name for picture in page.pictures] == ["older.png", "newer.png"])
    texts = desk.texts(page)
    assert texts.index(local_day(OLDER)) < texts.index(local_day(NEWER))
    assert "added first" not in texts


@pytest.mark.parametrize(
    ("scales", "said"),
    [
        ((None, None), "no scale"),
        ((0.02, None), "no scale"),
        ((0.02, 1.0), ""),
        ((0.02, 1.08), "Zoom, pressure or scale differ. Size not compared."),
    ],
)
def test_sizes_are_compared_only_where_scales_and_alignment_agree(
    desk: Desk,
    page: ComparePage,
    retaken: Retaken,
    scales: tuple[float | None, float | None],
    said: str,
) -> None:
    """The second scale is given relative to what the transform makes of the first."""
    first, factor = scales
    second = None if first is None or factor is None else factor * first / retaken.truth.scale
    for picture, scale in zip(page.pictures, (first, second), strict=True):
        if scale is not None:
            give(desk, picture.sha256, scale)
    desk.rest()
    said_beside = page.bar.note.text()
    assert ("Sizes cannot be compared: no scale." in said_beside) == (None in scales), "side by side too"
    desk.qtbot.keyClick(page.views[0], Qt.Key.Key_Space)
    desk.wait(lambda: page.is_aligned)
    assert bool(page.bar.note.text()) == bool(said)
    assert said in page.bar.note.text()


def give(desk: Desk, sha256: str, mm_per_pixel: float) -> None:
    done: list[object] = []
    desk.parts.window.workspaces._scales.give(sha256, Scale(mm_per_pixel))(done.append, pytest.fail)
    desk.wait(lambda: done)


def brightness(page: ComparePage) -> float:
    """Return the mean brightness of the middle of the first view."""
    picture = page.views[0].viewport().grab().toImage()
    across = range(picture.width() // 3, 2 * picture.width() // 3, 5)
    down = range(picture.height() // 3, 2 * picture.height() // 3, 5)
    values = [picture.pixelColor(x, y).lightness() for x in across for y in down]
    return sum(values) / len(values)
