"""Area and largest diameter of a lesion at two visits: by each image's own pixels and scale, or not at all."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QToolButton

from desktop.core.imaging.scale import Device, Scale
from desktop.core.inference.lesion_size import size_of
from desktop.core.records.history import History
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.size_panel import SizePanel
from desktop.widgets.image.compare_bar import SIDE
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.minimap import Minimap
from desktop.widgets.image.ruler import Ruler
from tests.making import write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.growing import MM_PER_PIXEL, area_of, photograph, write_exact_model
from tests.widgets.follow_up.test_follow_up import page_of, press, shown, wait_for
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays

MakeDesk = Callable[..., Desk]

VISITS: dict[str, tuple[dt.date, dict[str, float]]] = {
    "2023.png": (dt.date(2023, 5, 3), {}),
    "2024.png": (dt.date(2024, 6, 9), {"growth": 0.06, "degrees": 25, "light": 0.9, "zoom": 0.8}),
    "2025.png": (dt.date(2025, 3, 12), {"growth": 0.12, "degrees": -40, "light": 1.1, "zoom": 1.25}),
}
GROWTH = {name: taken.get("growth", 0.0) for name, (_day, taken) in VISITS.items()}
SCALES = {name: MM_PER_PIXEL / taken.get("zoom", 1.0) for name, (_day, taken) in VISITS.items()}


def followed(
    make_desk: MakeDesk,
    folder: Path,
    model: Path,
    scales: dict[str, float],
    visits: dict[str, tuple[dt.date, dict[str, float]]] = VISITS,
    take: Callable[..., Path] = photograph,
) -> Desk:
    """Show the film of the growing lesion, of which some images have a scale."""
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    images = [(take(folder / name, **taken), day) for name, (day, taken) in visits.items()]
    patient, lesion = keep_at_visits(desk, images)
    with History.open(desk.folder) as history:
        for image in history.people.images(patient.id):
            if image.image.name in scales:
                history.scales.give(image.image_id, Scale(scales[image.image.name]), by="MK")
    open_lesion(desk, patient, lesion)
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    wait_for(desk, *list(visits)[-2:])
    return desk


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_exact_model(tmp_path / "exact.onnx")


def has_bar(view: ImageView) -> bool:
    """Return whether a scale bar stands in the lower right corner; nothing else there is white."""
    seen = view.viewport().grab().toImage()
    right, bottom = seen.width(), seen.height()
    return any(
        seen.pixelColor(x, y).lightness() > 250
        for x in range(right - 70, right - 10)
        for y in range(bottom - 16, bottom)
    )


def panel(desk: Desk) -> SizePanel:
    return page_of(desk).sizes


def texts(desk: Desk) -> str:
    desk.wait(lambda: panel(desk).isVisible() and "Measuring" not in desk.texts(panel(desk)))
    desk.settle()
    return desk.texts(panel(desk))


def test_growth_is_told_within_three_points_where_both_scales_are_known(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    for names in (("2024.png", "2025.png"), ("2023.png", "2025.png")):
        if shown(desk) != list(names):
            press(desk, Qt.Key.Key_Home)
            wait_for(desk, *names)
        found = texts(desk)
        told = re.search(r"Area (\S+) → (\S+) mm² \(±30 %\)  ([+\d]+) %", found)
        assert told is not None
        older, newer, change = map(float, told.groups())
        assert older == pytest.approx(area_of(GROWTH[names[0]]), rel=0.02)
        assert newer == pytest.approx(area_of(GROWTH[names[1]]), rel=0.02)
        assert change == pytest.approx(100 * ((1 + GROWTH[names[1]]) / (1 + GROWTH[names[0]]) - 1), abs=3)
        assert "Largest" in found
        assert "mm" in found
        assert "± holds for nine of ten areas in testing." in found
        assert "not confirmed" not in found, "their alignment shows the same zoom as their scales"


@pytest.mark.parametrize("known", [(), ("2025.png",), ("2024.png",)])
def test_no_number_is_told_where_a_scale_is_missing(
    make_desk: MakeDesk, tmp_path: Path, model: Path, known: tuple[str, ...]
) -> None:
    desk = followed(make_desk, tmp_path, model, {name: SCALES[name] for name in known})
    found = texts(desk)
    assert "Sizes cannot be compared: no scale." in found
    views = page_of(desk).compare.views
    assert all(map(has_bar, views))
    assert [view._scale for view in views] == [None, None], "the bars count pixels"
    press(desk, Qt.Key.Key_Space)
    desk.wait(lambda: page_of(desk).compare.is_aligned)
    assert "Sizes cannot be compared: no scale." in texts(desk)
    assert not any(has_bar(view) for view in views if view.isVisible()), "it would count the older image's pixels"
    assert "Sizes" not in page_of(desk).compare.bar.note.text(), "it is said once"
    assert not re.search(r"\d", texts(desk))
    for word in ("mm", "%", "grow", "larger"):
        assert word not in texts(desk)


def test_an_only_image_is_measured_in_millimetres_by_its_own_scale(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    visits = {"2025.png": VISITS["2025.png"]}
    desk = followed(make_desk, tmp_path, model, SCALES, visits)
    only = page_of(desk).compare.views[0]
    desk.wait(lambda: only._scale == pytest.approx(SCALES["2025.png"]))
    assert has_bar(only)
    assert "Sizes" not in page_of(desk).compare.bar.note.text()


def test_scale_that_the_alignment_contradicts_gives_no_number(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES | {"2025.png": 1.08 * SCALES["2025.png"]})
    assert "Zoom, pressure or scale differ. Size not compared." in texts(desk)
    assert not re.search(r"\d", texts(desk))
    views = page_of(desk).compare.views
    assert [view._scale for view in views] == [None, None], "the bars count pixels, though the pictures stand unaligned"
    press(desk, Qt.Key.Key_Home)
    wait_for(desk, "2023.png", "2025.png")
    desk.qtbot.keyClick(page_of(desk).axis, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    wait_for(desk, "2023.png", "2024.png")
    assert "mm²" in texts(desk)
    assert None not in [view._scale for view in views]


def set_spots(desk: Desk) -> None:
    """Align the images by hand, as if no zoom lay between them."""
    page = page_of(desk).compare
    desk.qtbot.mouseClick(page.bar.points, Qt.MouseButton.LeftButton)
    for spot in ((200.0, 240.0), (280.0, 240.0)):
        for view in page.views:
            desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(QPointF(*spot)))


def test_sizes_are_judged_by_the_alignment_that_is_shown(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    """Spots are set by hand before the automatic alignment, which the scales fit, has come out of a slow history."""
    desk = followed(make_desk, tmp_path, model, SCALES)
    page = page_of(desk).compare
    for name, names in ((Qt.Key.Key_Home, ("2023.png", "2025.png")), (Qt.Key.Key_End, ("2024.png", "2025.png"))):
        press(desk, name)
        wait_for(desk, *names)
        assert "mm²" in texts(desk)
    with desk.slow_history():
        press(desk, Qt.Key.Key_Home)
        wait_for(desk, "2023.png", "2025.png")
        set_spots(desk)
        assert page.is_aligned
    assert "Zoom, pressure or scale differ. Size not compared." in texts(desk), "by hand, no zoom lies between them"
    with History.open(desk.folder) as history:
        kept = history.alignments.of(*(picture.sha256 for picture in page.pictures))
    assert kept is not None
    assert kept.agreement is None


def mirrored(path: Path, **taken: float) -> Path:
    """Photograph the lesion; the last image as in a mirror, so that it matches no other."""
    photograph(path, **taken)
    if path.name == "2025.png":
        with Image.open(path) as image:
            ImageOps.mirror(image).save(path)
    return path


@pytest.fixture
def unlike(make_desk: MakeDesk, tmp_path: Path, model: Path) -> Desk:
    """Show two images with scales that cannot be aligned automatically."""
    desk = followed(make_desk, tmp_path, model, SCALES, take=mirrored)
    assert "Scales not confirmed: the images could not be aligned." in texts(desk)
    return desk


CONTRADICTED = "Zoom, pressure or scale differ. Size not compared."


@pytest.mark.parametrize("is_shown", [True, False])
def test_sizes_do_not_rest_on_an_alignment_by_hand_that_was_undone(unlike: Desk, *, is_shown: bool) -> None:
    page, undo, before = page_of(unlike).compare, unlike.parts.window.frame.undo_stack, texts(unlike)
    set_spots(unlike)
    assert CONTRADICTED in texts(unlike)
    if not is_shown:
        unlike.qtbot.mouseClick(page.bar.align, Qt.MouseButton.LeftButton)
        assert not page.is_aligned
        assert CONTRADICTED in texts(unlike), "they were aligned so, however they are shown"
    undo.undo()
    unlike.wait(lambda: not undo.is_writing)
    assert texts(unlike) == before
    undo.redo()
    unlike.wait(lambda: not undo.is_writing)
    assert CONTRADICTED in texts(unlike)


def test_sizes_do_not_rest_on_an_alignment_by_hand_that_was_removed_again(unlike: Desk) -> None:
    page, undo, before = page_of(unlike).compare, unlike.parts.window.frame.undo_stack, texts(unlike)
    set_spots(unlike)
    press(unlike, Qt.Key.Key_Escape)
    unlike.settle()
    unlike.qtbot.mouseClick(page.bar.automatic, Qt.MouseButton.LeftButton)
    unlike.wait(lambda: "could not be aligned" in page.messages.text())
    assert texts(unlike) == before
    undo.undo()
    unlike.wait(lambda: page.is_aligned)
    assert CONTRADICTED in texts(unlike)
    undo.redo()
    unlike.wait(lambda: not page.is_aligned)
    assert texts(unlike) == before


def test_scale_that_is_set_later_gives_the_numbers(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, {"2025.png": SCALES["2025.png"]})
    assert "no scale" in texts(desk)
    done: list[object] = []
    sha256 = page_of(desk).compare.pictures[0].sha256
    desk.parts.window.workspaces._scales.give(sha256, Scale(SCALES["2024.png"]))(done.append, pytest.fail)
    desk.wait(lambda: "mm²" in texts(desk))


def scale_button(desk: Desk) -> QToolButton:
    return panel(desk).scale


def kept_scale(desk: Desk, side: int) -> Scale | None:
    with History.open(desk.folder) as history:
        return history.scales.of(page_of(desk).compare.pictures[side].sha256)


def rulers(desk: Desk) -> tuple[Ruler, ...]:
    return desk.parts.window.workspaces.follow_up.scaling.rulers


def draw_and_type(desk: Desk, side: int, length: float, millimetres: str) -> None:
    """Draw a line of a length in pixels over an image, and type its millimetres: three actions with Enter."""
    pull(desk, side, (60, 200), (60 + length, 200))
    field = desk.parts.window.focusWidget()
    assert field is rulers(desk)[side].bar.millimetres
    desk.qtbot.keyClicks(field, millimetres)
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)


def test_scales_are_set_in_four_actions_where_the_images_stand(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, {})
    assert "no scale" in texts(desk)
    assert scale_button(desk).text() == "Ruler", "what sets the scale is on the ruler itself"
    desk.qtbot.mouseClick(scale_button(desk), Qt.MouseButton.LeftButton)
    assert rulers(desk)[0].bar.isVisible(), "the older image comes first"
    assert local_day(VISITS["2024.png"][0]) in desk.texts(rulers(desk)[0].bar)
    draw_and_type(desk, 0, 4 / SCALES["2024.png"], "4")
    desk.wait(rulers(desk)[1].bar.isVisible)
    assert not rulers(desk)[0].bar.isVisible()
    draw_and_type(desk, 1, 4 / SCALES["2025.png"], "4")
    desk.wait(lambda: not any(ruler.bar.isVisible() for ruler in rulers(desk)))
    for side, name in enumerate(("2024.png", "2025.png")):
        kept = kept_scale(desk, side)
        assert kept is not None
        assert kept.mm_per_pixel == pytest.approx(SCALES[name], rel=0.02)
    assert shown(desk) == ["2024.png", "2025.png"]
    assert any(view.hasFocus() for view in page_of(desk).compare.views)
    desk.wait(lambda: "mm²" in texts(desk))
    assert scale_button(desk).text() == "Ruler"
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: kept_scale(desk, 1) is None)
    assert "no scale" in texts(desk)


@pytest.mark.parametrize("size", [(1280, 800), (1024, 560)])
def test_ruler_covers_nothing_of_either_image(
    make_desk: MakeDesk, tmp_path: Path, model: Path, size: tuple[int, int]
) -> None:
    desk = followed(make_desk, tmp_path, model, {})
    desk.parts.window.resize(*size)
    texts(desk)
    desk.qtbot.mouseClick(scale_button(desk), Qt.MouseButton.LeftButton)
    desk.wait(rulers(desk)[0].bar.isVisible)
    desk.settle()
    for side, view in enumerate(page_of(desk).compare.views):
        picture = page_of(desk).compare.pictures[side]
        whole = view.mapFromScene(QRectF(0, 0, picture.width, picture.height)).boundingRect()
        assert view.viewport().rect().contains(whole)
    ruler = rulers(desk)[0]
    assert not ruler.item.isVisible(), "no line lies over the lesion before one is drawn"
    press(desk, Qt.Key.Key_Escape)
    desk.wait(lambda: not ruler.bar.isVisible())


def test_scale_of_a_device_is_offered_where_the_image_stands(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, {"2024.png": SCALES["2024.png"]})
    texts(desk)
    newer = page_of(desk).compare.pictures[1]
    desk.parts.window.workspaces._scales.keep_device(
        Device("Scope", newer.width, newer.height, SCALES["2025.png"], newer.taken.optics)
    )
    desk.qtbot.mouseClick(scale_button(desk), Qt.MouseButton.LeftButton)
    bar = rulers(desk)[1].bar
    assert bar.isVisible(), "the only one that lacks a scale"
    assert "Or choose a device at the right." in desk.texts(bar)
    bar.scales.setCurrentIndex(bar.scales.findText("Scope"))
    bar.scales.activated.emit(bar.scales.currentIndex())
    desk.wait(lambda: kept_scale(desk, 1) == Scale(SCALES["2025.png"], "Scope"))
    desk.wait(lambda: not bar.isVisible())


def test_ruler_is_put_away_by_key_by_another_way_and_by_other_images(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, {})
    bar = rulers(desk)[1].bar
    right = page_of(desk).compare.views[1]
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_L, Qt.Key.Key_Space, Qt.Key.Key_Home):
        desk.settle()
        desk.qtbot.keyClick(right, Qt.Key.Key_L)
        assert bar.isVisible()
        desk.qtbot.keyClick(right, leave)
        desk.wait(lambda: not bar.isVisible())
        if leave == Qt.Key.Key_Space:
            desk.settle()
            press(desk, Qt.Key.Key_Escape)


def test_outlines_that_cannot_be_shown_say_why(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    texts(desk)
    press(desk, Qt.Key.Key_Space)
    desk.wait(lambda: page_of(desk).compare.is_aligned)
    press(desk, Qt.Key.Key_O)
    assert "side by side" in page_of(desk).messages.text()
    assert not panel(desk).outlines.isChecked()


def test_outlines_look_off_in_ways_that_draw_none_and_come_back(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    texts(desk)
    outlines = panel(desk).outlines
    desk.qtbot.mouseClick(outlines, Qt.MouseButton.LeftButton)
    items = desk.parts.window.workspaces.follow_up.sizes.items
    for way in (Qt.Key.Key_Space, Qt.Key.Key_F):
        press(desk, way)
        desk.wait(lambda: page_of(desk).compare._ways.current != SIDE)
        assert not any(item.isVisible() for item in items)
        assert not outlines.isChecked()
        assert not outlines.isEnabled()
        assert "side by side" in outlines.toolTip()
        press(desk, Qt.Key.Key_Escape)
        assert all(item.isVisible() for item in items)
        assert outlines.isChecked()
        assert outlines.toolTip().endswith("(O)")


def test_outlines_go_off_with_the_patient(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    texts(desk)
    press(desk, Qt.Key.Key_O)
    desk.qtbot.mouseClick(panel(desk).correct, Qt.MouseButton.LeftButton)
    page = page_of(desk)
    desk.qtbot.mouseClick(page.compare.link, Qt.MouseButton.LeftButton)
    press(desk, Qt.Key.Key_Home)
    wait_for(desk, "2023.png", "2025.png")
    desk.wait(panel(desk).outlines.isChecked)  # they stay with the lesion, once this pair is measured
    with History.open(desk.folder) as history:
        other = history.people.add_patient("P-0500", "female", by="MK")
    desk.parts.open_patient.open(other)
    desk.wait(lambda: desk.parts.open_patient.patient == other)
    assert not panel(desk).outlines.isChecked()
    assert not panel(desk).correct.isChecked()
    assert page.compare.link.isChecked()


def test_minimap_never_covers_the_middle_of_a_compared_picture(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, {})
    view = page_of(desk).compare.views[0]
    (minimap,) = view.findChildren(Minimap)
    sizes = set()
    for _ in range(8):
        for _ in range(3):
            desk.qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        if minimap.isVisible():
            middle = view.mapFromScene(QRectF(160, 160, 160, 160)).boundingRect()  # of 480 x 480 pixels
            assert not minimap.geometry().intersects(middle)
            assert minimap.width() <= 0.3 * view.viewport().width() + 1
            sizes.add(minimap.pos().x() < view.viewport().width() / 2)
        press(desk, Qt.Key.Key_Plus)
    assert sizes, "it was there at some zoom"


def test_model_without_outlines_measures_nothing(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = followed(make_desk, tmp_path, write_model(tmp_path / "without.onnx"), SCALES)
    assert "the model in use draws no outlines" in texts(desk)
    assert not panel(desk).outlines.isEnabled()
    assert "the model in use draws no outlines" in panel(desk).outlines.toolTip()


def test_lesion_that_goes_on_beyond_what_the_model_sees_is_not_measured(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    near = VISITS | {"2025.png": (VISITS["2025.png"][0], {"zoom": 4.0})}
    desk = followed(make_desk, tmp_path, model, SCALES, near)
    assert "Sizes not measured: the lesion extends beyond the part that the model sees." in texts(desk)
    assert not re.search(r"\d", texts(desk))


NEAR = VISITS | {"2025.png": (VISITS["2025.png"][0], {"zoom": 2.5})}
"""The last image shows all of the lesion but what lies beyond it at one side."""


def test_lesion_that_reaches_the_edge_has_lower_bounds_and_no_change(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES | {"2025.png": MM_PER_PIXEL / 2.5}, NEAR)
    found = texts(desk)
    assert re.search(r"Area \d+\.\d → at least \d+\.\d mm²\n", found)
    assert re.search(r"Largest \d+\.\d → at least \d+\.\d mm\n", found)
    assert "The lesion reaches the edge of the part that was measured: it may be larger." in found
    assert "%" not in found
    assert "±" not in found
    assert "can differ as much" not in found


def test_outlines_are_shown_side_by_side_on_request(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    texts(desk)
    items = desk.parts.window.workspaces.follow_up.sizes.items
    assert not any(item.isVisible() for item in items)
    press(desk, Qt.Key.Key_O)
    assert all(item.isVisible() for item in items)
    for item, name in zip(items, ("2024.png", "2025.png"), strict=True):
        points = np.array([(point.x(), point.y()) for point in item.path.toFillPolygon()])
        assert size_of(points).in_mm(SCALES[name]).area == pytest.approx(area_of(GROWTH[name]), rel=0.02)
    press(desk, Qt.Key.Key_Space)
    desk.wait(lambda: page_of(desk).compare.is_aligned)
    assert not any(item.isVisible() for item in items)


def test_sizes_find_room_beside_the_form_in_the_smallest_window(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    open_todays(desk, photograph(tmp_path / "today.png", growth=0.15))
    window = desk.parts.window
    window.resize(1024, 560)
    press(desk, Qt.Key.Key_5)
    texts(desk)
    scroll = next(one for one in window.findChildren(PageScroll) if one.widget() is window.workspaces)
    assert (scroll.horizontalScrollBar().maximum(), scroll.verticalScrollBar().maximum()) == (0, 0)


def pull(desk: Desk, side: int, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag a point of an image to another, in its pixels."""
    view = page_of(desk).compare.views[side]
    first, last = (view.mapFromScene(QPointF(*point)) for point in (start, end))
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mousePress(view.viewport(), left, pos=first)
    desk.qtbot.mouseMove(view.viewport(), last)
    desk.qtbot.mouseRelease(view.viewport(), left, pos=last)
    desk.settle()


def kept_outline(desk: Desk, side: int) -> object:
    with History.open(desk.folder) as history:
        return history.outlines.of(page_of(desk).compare.pictures[side].sha256)


def test_outline_is_corrected_by_hand_kept_and_undone(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    before = texts(desk)
    assert not panel(desk).correct.isVisible()
    press(desk, Qt.Key.Key_O)
    desk.qtbot.mouseClick(panel(desk).correct, Qt.MouseButton.LeftButton)
    item = desk.parts.window.workspaces.follow_up.sizes.items[1]
    around = item.path.boundingRect()
    top = min(item.path.toFillPolygon(), key=lambda point: point.y())
    pull(desk, 1, (around.center().x(), around.center().y()), (around.center().x(), around.top()))
    assert texts(desk) == before, "what is far from the line pulls nothing"
    pull(desk, 1, (top.x(), top.y()), (top.x(), top.y() - 30))
    assert item.path.boundingRect().top() == pytest.approx(around.top() - 30, abs=4)
    found = texts(desk)
    assert re.search(r"Area \d+\.\d \(±30 %\) → \d+\.\d mm²  \+\d+ %\n", found), "that of the model's outline alone"
    assert f"Outline of {local_day(VISITS['2025.png'][0])} corrected by hand: its error is not known." in found
    assert "Two photographs of an unchanged lesion can differ as much." in found, "the model's alone may be wrong by it"
    assert kept_outline(desk, 0) is None
    assert kept_outline(desk, 1) is not None
    press(desk, Qt.Key.Key_Home)
    wait_for(desk, "2023.png", "2025.png")
    assert "by hand" in texts(desk), "it stays with its image"
    press(desk, Qt.Key.Key_End)
    wait_for(desk, "2024.png", "2025.png")
    assert "by hand" in texts(desk)
    desk.qtbot.mouseClick(panel(desk).reset, Qt.MouseButton.LeftButton)
    desk.settle()
    assert kept_outline(desk, 1) is None
    assert texts(desk) == before
    assert not panel(desk).reset.isVisible()
    desk.parts.window.frame.undo_stack.undo()
    desk.settle()
    assert "by hand" in texts(desk)


def test_outlines_that_are_both_by_hand_tell_no_error(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk = followed(make_desk, tmp_path, model, SCALES)
    texts(desk)
    press(desk, Qt.Key.Key_O)
    desk.qtbot.mouseClick(panel(desk).correct, Qt.MouseButton.LeftButton)
    for side, item in enumerate(desk.parts.window.workspaces.follow_up.sizes.items):
        top = min(item.path.toFillPolygon(), key=lambda point: point.y())
        pull(desk, side, (top.x(), top.y()), (top.x(), top.y() - 10))
    found = texts(desk)
    assert re.search(r"Area \d+\.\d → \d+\.\d mm²  [+\d]+ %\n", found)
    assert "Outlines corrected by hand: their errors are not known." in found
    assert "±" not in found
    assert "can differ as much" not in found


def test_scales_of_two_entries_of_the_history_are_known_and_changed_though_neither_was_opened(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    keep_at_visits(
        desk, [(photograph(tmp_path / name, **taken), day) for name, (day, taken) in list(VISITS.items())[1:]]
    )
    with History.open(desk.folder) as history:
        entries = history.entries()
        for entry in entries:
            image_id = history.people.image_id_of(entry.image.sha256)
            assert image_id is not None
            history.scales.give(image_id, Scale(SCALES[entry.image.name]), by="MK")
    desk.parts.window.workspaces.follow_up.compare_entries(entries)
    desk.wait(lambda: len(shown(desk)) == 2)
    desk.settle()
    assert "no scale" not in page_of(desk).compare.bar.note.text()
    press(desk, Qt.Key.Key_L)
    bar = rulers(desk)[0].bar
    desk.wait(bar.isVisible)
    bar.scales.setCurrentIndex(0)
    bar.scales.activated.emit(0)
    undo = desk.parts.window.frame.undo_stack
    text = "scale of P-0412, L2 left scapula, 2024.png"
    desk.wait(lambda: undo.undo_text == text and not undo.is_writing)
    undo.undo()  # neither image is of a patient who is open
    messages = desk.parts.window.workspaces.messages
    desk.wait(lambda: messages.text() == f"Undo “{text}”? P-0412 is not open.")
