"""The overlay: never before the answer, off at each new image, in the image's own geometry, and cautiously worded."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from desktop.core.draft import Draft
from desktop.core.imaging.preprocessing import Box
from desktop.widgets.image.overlay_presenter import first_label
from desktop.widgets.image.picture_items import SeenFrameItem
from tests.making import NINE, contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import drag, is_tinted, key, view_of, workbench_of

MakeDesk = Callable[..., Desk]


def halves(path: Path, size: tuple[int, int] = (400, 400)) -> Path:
    """Draw an image that is dark on its left and bright on its right."""
    pixels = np.full((size[1], size[0], 3), 30, np.uint8)
    pixels[:, size[0] // 2 :] = 220
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def mapped(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """Create a window whose model has class activation maps of four by four cells."""
    desk = make_desk(write_model(tmp_path / "maps.onnx", cells=4, seed=4))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def turn_on(desk: Desk) -> None:
    key(desk, Qt.Key.Key_A)
    desk.wait(workbench_of(desk).overlay.item.isVisible)


def bar_text(desk: Desk) -> str:
    return workbench_of(desk).overlay.bar.text.text()


def speaks_for(desk: Desk) -> str:
    """Choose a label that the bright half supports more than the dark one; return its name."""
    bar = workbench_of(desk).overlay.bar
    maps = workbench_of(desk).overlay._maps
    assert maps is not None
    label = int(maps.values[..., :].max(axis=(0, 1)).argmax())
    bar.labels.setCurrentIndex(bar.labels.findData(label))
    bar.labels.activated.emit(bar.labels.currentIndex())
    return bar.labels.currentText()


def test_the_map_is_of_the_chosen_label_and_says_how_coarse_it_is(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(halves(tmp_path / "halves.png"))
    turn_on(mapped)
    name = speaks_for(mapped)
    text = bar_text(mapped)
    assert f"What each square of the image adds to “{name}”." in text
    assert "Drawn smooth: one square is 100 × 100 pixels, the model tells no finer." in text
    assert "A hint, not a proof." in text
    assert is_tinted(mapped, (350, 150))


def test_tint_has_no_edges_between_the_cells(mapped: Desk, tmp_path: Path) -> None:
    """From the middle of a bare cell to that of a tinted one it rises in small steps, without a line."""
    Image.new("RGB", (400, 400), "grey").save(tmp_path / "even.png")
    mapped.open(tmp_path / "even.png")
    turn_on(mapped)
    item, view = workbench_of(mapped).overlay.item, view_of(mapped)
    shades = np.zeros((4, 4), np.float32)
    shades[:, 2:] = 1
    answer = mapped.parts.open_image.answer
    assert answer is not None
    item.show_cells(shades, answer.seen)
    picture = workbench_of(mapped).view_as_picture()
    reds = [picture.pixelColor(view.mapFromScene(x, 150)).red() for x in range(150, 251, 4)]
    steps = [before - after for before, after in pairwise(reds)]
    assert reds[0] - reds[-1] > 40
    assert min(steps) >= 0
    assert max(steps) <= 10


def test_frame_of_what_the_model_saw_is_visible_on_any_skin() -> None:
    """The dashes or their shadow stand out from the skin, all along the frame."""
    item = SeenFrameItem("")
    item.frame(Box(20, 20, 180, 180))
    for skin in ("#ffffff", "#f3d9c4", "#c68e6b", "#6b6b6b", "#5a3524", "#1c0f08", "#000000"):
        ground = QImage(200, 200, QImage.Format.Format_RGB32)
        ground.fill(QColor(skin))
        painter = QPainter(ground)
        item.paint(painter, QStyleOptionGraphicsItem())
        painter.end()
        across = [[ground.pixelColor(x, y) for y in range(17, 24)] for x in range(30, 170)]
        contrasts = [max(contrast(colour, QColor(skin)) for colour in line) for line in across]
        assert sum(one >= 3 for one in contrasts) >= len(across) / 2, skin


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast of two colours as WCAG 2.1 counts it, from 1 to 21."""

    def light(colour: QColor) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    brighter, darker = sorted((light(first), light(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", [Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_G])
@pytest.mark.parametrize("is_zoomed", [False, True])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (1024, 560)])
def test_toggling_a_tool_leaves_the_picture_where_it_is(
    mapped: Desk, tmp_path: Path, name: Qt.Key, is_zoomed: bool, size: tuple[int, int]
) -> None:
    mapped.parts.window.resize(*size)
    mapped.open(halves(tmp_path / "halves.png", (800, 600)))
    view, tools = view_of(mapped), mapped.parts.window.visit_page.tools
    if is_zoomed:
        key(mapped, Qt.Key.Key_Plus)
    QApplication.processEvents()

    def place() -> QRect:
        return view.mapFromScene(QRectF(0, 0, 800, 600)).boundingRect()

    before, height = place(), tools.height()
    for _ in range(2):
        key(mapped, name)
        mapped.wait(lambda: tools.height() > height)
        assert place() == before, "on"
        key(mapped, name)
        mapped.wait(lambda: tools.height() == height)
        assert place() == before, "off"
    key(mapped, name)
    mapped.wait(lambda: tools.height() > height)
    assert is_zoomed or view._minimap.isHidden(), "nothing appears over the picture"
    key(mapped, Qt.Key.Key_Z)  # wanted: into the room that is left
    assert view.viewport().rect().contains(place())


@pytest.mark.parametrize("name", [Qt.Key.Key_A, Qt.Key.Key_L])
def test_line_of_a_tool_takes_the_place_of_the_strip(mapped: Desk, tmp_path: Path, name: Qt.Key) -> None:
    """Nothing of the image is covered, and the strip comes back."""
    paths = [halves(tmp_path / f"{number}.png", (800, 600 + number)) for number in range(2)]
    mapped.open(*paths)
    page, view = mapped.parts.window.visit_page, view_of(mapped)
    mapped.wait(page.strip.isVisible)
    QApplication.processEvents()
    before = view.size(), view.mapFromScene(QRectF(0, 0, 800, 600)).boundingRect()

    def now() -> tuple[QSize, QRect]:
        QApplication.processEvents()
        return view.size(), view.mapFromScene(QRectF(0, 0, 800, 600)).boundingRect()

    key(mapped, name)
    mapped.wait(lambda: not page.strip.isVisible())
    mapped.rest()
    assert now() == before
    assert view.viewport().rect().contains(now()[1])
    key(mapped, name)
    mapped.wait(page.strip.isVisible)
    assert now() == before


def test_strip_comes_back_with_the_next_image(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(*[halves(tmp_path / f"{number}.png", (800, 600 + number)) for number in range(2)])
    strip = mapped.parts.window.visit_page.strip
    mapped.wait(strip.isVisible)
    turn_on(mapped)
    assert not strip.isVisible()
    key(mapped, Qt.Key.Key_Right)
    mapped.wait(lambda: (picture := mapped.parts.open_image.picture) is not None and picture.name == "1.png")
    mapped.wait(strip.isVisible)


def test_view_is_fitted_into_its_room_when_the_window_changes_its_size(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(halves(tmp_path / "halves.png", (800, 600)))
    view = view_of(mapped)
    turn_on(mapped)
    key(mapped, Qt.Key.Key_A)
    for size in ((1500, 700), (1280, 800)):
        mapped.parts.window.resize(*size)
        QApplication.processEvents()
        seen = view.mapFromScene(QRectF(0, 0, 800, 600)).boundingRect()
        middle = view.viewport().rect().center()
        assert view.viewport().rect().contains(seen)
        assert (seen.center() - middle).manhattanLength() <= 2


def test_it_covers_the_same_pixels_when_the_view_is_rotated_and_mirrored(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(halves(tmp_path / "halves.png"))
    turn_on(mapped)
    speaks_for(mapped)
    points = ((350, 150), (50, 150), (350, 350))
    upright = [is_tinted(mapped, point) for point in points]
    key(mapped, Qt.Key.Key_R)
    key(mapped, Qt.Key.Key_M)
    assert [is_tinted(mapped, point) for point in points] == upright


def test_only_the_models_input_is_tinted_on_a_cropped_image(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "crop.onnx", contract(fit="crop"), cells=4, seed=4))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open(halves(tmp_path / "wide.png", (800, 400)))
    turn_on(desk)
    speaks_for(desk)
    assert is_tinted(desk, (550, 150))
    assert not is_tinted(desk, (700, 150))
    assert not is_tinted(desk, (100, 150))


def test_it_is_off_at_each_new_image_and_space_hides_it(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(halves(tmp_path / "first.png"))
    turn_on(mapped)
    mapped.qtbot.keyPress(view_of(mapped), Qt.Key.Key_Space)
    assert not workbench_of(mapped).overlay.item.isVisible()
    mapped.qtbot.keyRelease(view_of(mapped), Qt.Key.Key_Space)
    assert workbench_of(mapped).overlay.item.isVisible()
    mapped.open_and_keep(write_lesion(tmp_path / "second.png"))
    assert not workbench_of(mapped).overlay.item.isVisible()
    assert not workbench_of(mapped).overlay.bar.isVisible()
    assert not mapped.parts.window.visit_page.tools.actions_by_id["overlay"].isChecked()


def test_a_model_without_maps_gets_an_occlusion_map(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3, size=(320, 240)))
    turn_on(desk)
    assert bar_text(desk).startswith(("How much “", "With any one square hidden, “"))
    assert "one square is 40 × 30 pixels" in bar_text(desk)
    assert not workbench_of(desk).overlay.bar.progress.isVisible()


def test_an_abandoned_map_is_not_shown(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3))
    key(desk, Qt.Key.Key_A)
    key(desk, Qt.Key.Key_A)
    desk.rest()
    assert not workbench_of(desk).overlay.item.isVisible()
    assert not workbench_of(desk).overlay.bar.isVisible()


def test_cancel_stops_the_computation(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3))
    overlay = workbench_of(desk).overlay
    key(desk, Qt.Key.Key_A)
    overlay.bar.show_progress(8, 64)  # as the work reports it
    desk.qtbot.mouseClick(overlay.bar.cancel, Qt.MouseButton.LeftButton)
    desk.rest()
    assert not overlay.item.isVisible()
    assert not desk.parts.window.visit_page.tools.actions_by_id["overlay"].isChecked()


def test_there_is_none_on_a_novel_image(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "novel.onnx", contract(novelty_threshold=1.0), novelty=2.5, cells=4))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    key(desk, Qt.Key.Key_A)
    assert (
        "No overlay: the image is not like those that the model learned from."
        in desk.parts.window.visit_page.messages.text()
    )
    assert not workbench_of(desk).overlay.item.isVisible()


def test_there_is_none_before_the_answer(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    key(desk, Qt.Key.Key_A)
    desk.rest()
    assert not workbench_of(desk).overlay.item.isVisible()
    messages = desk.parts.window.visit_page.messages
    assert messages.text() == "Enter your diagnosis first: the overlay comes after it."
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan="none"))
    desk.wait(lambda: not messages.isVisible())
    assert desk.parts.open_image.answer is not None


def test_a_region_has_a_map_of_its_own(mapped: Desk, tmp_path: Path) -> None:
    mapped.open(write_lesion(tmp_path / "lesion.png", size=(800, 600)))
    turn_on(mapped)
    key(mapped, Qt.Key.Key_G)
    drag(mapped, (100, 100), (300, 300))
    regions = workbench_of(mapped).regions
    mapped.wait(lambda: len(regions.items) == 1 and workbench_of(mapped).overlay.item.isVisible())
    box = regions.items[0].answer.region
    assert box is not None
    assert workbench_of(mapped).overlay.item.boundingRect().width() == box.right - box.left


def test_the_first_map_reveals_no_label_that_the_answer_withholds(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "unsure.onnx", contract(certainty_threshold=1.0)))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    answer = desk.parts.open_image.answer
    assert answer is not None
    assert NINE[first_label(answer)].id == "melanoma"


def test_opacity_is_remembered(make_desk: MakeDesk, model_file: Path) -> None:
    workbench_of(make_desk(model_file)).overlay.bar.opacity.setValue(80)
    again = workbench_of(make_desk(model_file)).overlay
    assert again.bar.opacity.value() == 80
    assert again.item.opacity() == pytest.approx(0.8)
