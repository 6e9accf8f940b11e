"""The outline of the lesion: on request, in the image's own pixels, with its limits, and never instead of an answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from desktop.core.inference.contract import Contract
from desktop.widgets.image.image_tools import LESION_OUTLINE
from desktop.widgets.image.lesion_outline_bar import LesionOutlineBar
from desktop.widgets.image.lesion_outline_item import LesionOutlineItem
from tests.making import contract, model_proto, outline_figures, with_outline, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import key, workbench_of

MakeDesk = Callable[..., Desk]

WIDE = (800, 400)


def spot(path: Path, box: tuple[int, int, int, int] | None) -> Path:
    """Draw a dark rectangle on light skin, in an image twice as wide as high."""
    pixels = np.full((WIDE[1], WIDE[0], 3), 220, np.uint8)
    if box is not None:
        left, top, right, bottom = box
        pixels[top:bottom, left:right] = 20
    Image.fromarray(pixels).save(path)
    return path


def write_outlining(path: Path, description: Contract) -> Path:
    path.write_bytes(with_outline(model_proto(description)).SerializeToString())
    return path


@pytest.fixture
def outlining(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """Create a window whose model sees the central square and calls dark places lesion."""
    desk = make_desk(write_outlining(tmp_path / "outlines.onnx", contract(fit="crop", outline=outline_figures())))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def item_of(desk: Desk) -> LesionOutlineItem:
    return workbench_of(desk).lesion_outline.item


def bar_of(desk: Desk) -> LesionOutlineBar:
    return workbench_of(desk).lesion_outline.bar


def turn_on(desk: Desk) -> None:
    key(desk, Qt.Key.Key_O)
    desk.wait(lambda: bar_of(desk).finding.text() or item_of(desk).isVisible())


def test_the_outline_lies_on_the_lesion_in_the_images_own_pixels(outlining: Desk, tmp_path: Path) -> None:
    outlining.open(spot(tmp_path / "spot.png", (300, 100, 450, 250)))
    assert not item_of(outlining).isVisible()
    turn_on(outlining)
    around = item_of(outlining).path.boundingRect()
    assert (around.left(), around.top()) == pytest.approx((300, 100), abs=30), "half a place of the model's map is 25"
    assert (around.right(), around.bottom()) == pytest.approx((450, 250), abs=30)
    assert bar_of(outlining).finding.text() == ""
    assert "wrong by 7 %" in bar_of(outlining).text.text()
    assert workbench_of(outlining).lesion_outline.caption == "Outline drawn by the model."
    key(outlining, Qt.Key.Key_O)
    assert not item_of(outlining).isVisible()
    assert workbench_of(outlining).lesion_outline.caption == ""


@pytest.mark.parametrize(
    ("box", "finding"),
    [
        ((200, 0, 500, 400), "The lesion extends beyond the part that the model sees."),
        ((350, 0, 450, 300), "The lesion reaches the edge of the part that was measured: it may be larger."),
        ((400, 200, 450, 210), "No outline found."),
        (None, "No outline found."),
    ],
)
def test_what_limits_the_outline_is_said(
    outlining: Desk, tmp_path: Path, box: tuple[int, int, int, int] | None, finding: str
) -> None:
    outlining.open(spot(tmp_path / "limited.png", box))
    turn_on(outlining)
    assert bar_of(outlining).finding.text() == finding
    assert item_of(outlining).isVisible() == (finding != "No outline found.")


def test_a_lesion_that_is_smaller_than_those_tested_is_said_to_be(make_desk: MakeDesk, tmp_path: Path) -> None:
    description = contract(fit="crop", outline=outline_figures(smallest_share=0.5))
    desk = make_desk(write_outlining(tmp_path / "strict.onnx", description))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open(spot(tmp_path / "spot.png", (300, 100, 450, 250)))
    turn_on(desk)
    assert bar_of(desk).finding.text() == "The lesion is too small in the image."
    assert item_of(desk).isVisible()


def test_it_is_off_at_each_new_image_and_saves_nothing(outlining: Desk, tmp_path: Path) -> None:
    outlining.open_and_keep(spot(tmp_path / "first.png", (300, 100, 450, 250)))
    turn_on(outlining)
    outlining.open_and_keep(write_lesion(tmp_path / "second.png"))
    assert not item_of(outlining).isVisible()
    assert bar_of(outlining).isHidden()
    assert not outlining.parts.window.visit_page.tools.actions_by_id[LESION_OUTLINE.id].isChecked()


def test_a_model_without_outlines_disables_the_tool_and_says_why(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "without.onnx"))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open(write_lesion(tmp_path / "lesion.png"))
    action = desk.parts.window.visit_page.tools.actions_by_id[LESION_OUTLINE.id]
    assert not action.isEnabled()
    assert action.toolTip() == "The model in use draws no outlines."
    desk.parts.model.load(write_outlining(tmp_path / "outlines.onnx", contract(outline=outline_figures())))
    desk.wait(action.isEnabled)
    assert "(O)" in action.toolTip()


def test_it_can_be_drawn_before_the_answer_may_be_seen(make_desk: MakeDesk, tmp_path: Path) -> None:
    model = write_outlining(tmp_path / "outlines.onnx", contract(fit="crop", outline=outline_figures()))
    desk = make_desk(model, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    with desk.qtbot.waitSignal(desk.parts.open_image.held_back):
        desk.parts.window.open_files([spot(tmp_path / "spot.png", (300, 100, 450, 250))])
    turn_on(desk)
    assert item_of(desk).isVisible()
    assert desk.parts.open_image.answer is None
