"""The body map on paper: each lesion at its pin or place, once, on the drawing that shows it."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage

from desktop.core.records.people import Pin
from desktop.widgets.common.body.body_marks import BodyMark, from_pin
from desktop.widgets.common.body.body_shapes import drawing
from desktop.widgets.common.body.body_views import DETAILS, FIGURES
from desktop.widgets.report.visit_map import map_views

RESOLUTION = 192
SCALE = RESOLUTION / 96


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    """Create the application, whose fonts the drawing needs."""


def mark(lesion_id: int, site: str, pin: Pin | None = None, *, is_secondary: bool = False) -> BodyMark:
    return BodyMark(lesion_id, f"L{lesion_id}", site, pin, f"L{lesion_id}", is_secondary)


def place_of(pin: Pin, *, inside: str) -> None:
    """Check that a pin of these tests is in the drawing of its site."""
    assert any(region.path.contains(from_pin(pin)) for region in drawing().regions if region.place == inside)


def is_dark(image: QImage, at: QPointF) -> bool:
    return QColor(image.pixel((at * SCALE).toPoint())).lightness() < 80


def test_a_pin_is_a_dot_at_its_point_and_a_place_a_ring() -> None:
    pin = (0.392, 0.262)
    place_of(pin, inside="scapula-left")
    (view,) = map_views((mark(1, "scapula-left", pin), mark(2, "calf-right")))
    assert view.area == FIGURES
    at = view.points()
    share = from_pin(pin) - FIGURES.topLeft()
    scale = view.size.width() / FIGURES.width()
    assert (at[1] - share * scale).manhattanLength() < 0.01
    image = view.image(RESOLUTION)
    assert is_dark(image, at[1])
    assert not is_dark(image, at[2])
    assert is_dark(image, at[2] + QPointF(4.5, 0))
    assert not is_dark(image, at[1] + QPointF(-30, 0))


def test_the_pin_of_a_lesion_that_was_not_seen_is_small_and_grey() -> None:
    pin = (0.392, 0.262)
    (seen,) = map_views((mark(1, "scapula-left", pin),))
    (behind,) = map_views((mark(1, "scapula-left", pin, is_secondary=True),))
    at = seen.points()[1]
    assert at == behind.points()[1]
    plain, grey = seen.image(RESOLUTION), behind.image(RESOLUTION)
    assert not is_dark(grey, at)
    assert QColor(grey.pixel((at * SCALE).toPoint())).lightness() < 160, "it is seen in print"
    edge = at + QPointF(0, 3.5)
    assert is_dark(plain, edge)
    assert QColor(grey.pixel((edge * SCALE).toPoint())).lightness() > 200


def test_each_lesion_is_on_one_drawing_alone() -> None:
    cheek, sole = (0.8, 0.17), (0.612, 0.75)
    place_of(cheek, inside="cheek-left")
    place_of(sole, inside="sole-right")
    marks = (mark(1, "cheek-left", cheek), mark(2, "abdomen-upper-right"), mark(3, "sole-right", sole))
    views = map_views((*marks, mark(4, "forehead"), mark(5, "nail-thumb-left")))
    head, _scalp, _palms, soles, nails = DETAILS
    assert [view.area for view in views] == [FIGURES, head, soles, nails]
    assert [[one.lesion_id for one in view.marks] for view in views] == [[2], [1, 4], [3], [5]]
    assert all(set(view.points()) == {one.lesion_id for one in view.marks} for view in views)
    for view in views:
        image = view.image(RESOLUTION)
        assert all(image.rect().contains((at * SCALE).toPoint()) for at in view.points().values())


def test_a_detail_alone_is_drawn_as_large_as_the_figures() -> None:
    (alone,) = map_views((mark(1, "cheek-left"),))
    _figures, beside = map_views((mark(1, "cheek-left"), mark(2, "calf-right")))
    assert alone.area == beside.area == DETAILS[0]
    assert alone.size.width() > beside.size.width()


def test_places_without_a_drawing_are_on_no_map() -> None:
    assert map_views((mark(1, "vulva"), mark(2, "mouth"))) == ()
    (view,) = map_views((mark(1, "vulva"), mark(2, "calf-right")))
    assert [one.lesion_id for one in view.marks] == [2]


def test_lesions_of_which_the_same_place_is_known_share_a_ring_with_all_their_numbers() -> None:
    pin = (0.392, 0.262)
    marks = (mark(1, "scapula-left"), mark(2, "scapula-left", pin), mark(3, "scapula-left"), mark(4, "calf-right"))
    (view,) = map_views(marks)
    assert [(one.name, one.pin) for one in view.marks] == [("L1, L3", None), ("L2", pin), ("L4", None)]


def test_lesions_that_were_not_seen_do_not_share_the_ring_of_those_that_were() -> None:
    marks = (mark(1, "scapula-left"), *(mark(n, "scapula-left", is_secondary=True) for n in (2, 3)))
    (view,) = map_views(marks)
    assert [(one.name, one.is_secondary) for one in view.marks] == [("L1", False), ("L2, L3", True)]


def test_many_lesions_all_have_their_numbers() -> None:
    pins = [(0.05 + number % 5 * 0.1, 0.12 + number // 5 * 0.11) for number in range(35)]
    (view,) = map_views(tuple(mark(number, "scapula-left", pin) for number, pin in enumerate(pins)))
    image, at = view.image(RESOLUTION), view.points()
    assert len(at) == 35
    beside = [[at[number] + QPointF(right, down) for right in range(9, 24) for down in range(-6, 7)] for number in at]
    assert all(any(is_dark(image, point) for point in points) for points in beside)
