"""The size of a lesion in the image's own pixels, and when two sizes are compared."""

import math

import numpy as np
import pytest

from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.lesion_size import (
    ComparedSizes,
    LesionSize,
    MeasuredLesion,
    SizeObstacle,
    compare,
    measure,
    measure_by_hand,
    size_of,
)
from desktop.core.inference.outline import trace
from desktop.core.registration.similarity import about
from tests.making import outline_figures

TEST = outline_figures(64)


def disc(radius: float, centre: tuple[float, float] = (0.5, 0.5)) -> np.ndarray:
    """Return a map of probabilities with a round lesion; sizes are shares of its side."""
    down, right = (np.mgrid[0:64, 0:64] + 0.5) / 64
    return np.clip((radius - np.hypot(right - centre[0], down - centre[1])) * 64 + 0.5, 0, 1)


def lesion(area: float) -> MeasuredLesion:
    return MeasuredLesion(np.zeros((3, 2)), LesionSize(area, math.sqrt(area)), error=0.2)


def test_round_lesion_is_measured_in_pixels_of_the_image() -> None:
    found = measure(trace(disc(0.2)), Box(100, 0, 740, 640), TEST)
    assert found.size is not None
    assert found.size.area == pytest.approx(math.pi * 128**2, rel=0.01)
    assert found.size.largest == pytest.approx(256, rel=0.01)
    assert found.error == TEST.area_error_most
    assert found.points is not None
    assert found.points.mean(axis=0) == pytest.approx((420, 320), abs=1)


def test_part_that_was_stretched_to_a_square_is_measured_as_it_is() -> None:
    found = measure(trace(disc(0.2)), Box(0, 0, 800, 400), TEST)
    assert found.size is not None
    assert found.size.area == pytest.approx(math.pi * 160 * 80, rel=0.01)
    assert found.size.largest == pytest.approx(320, rel=0.01)


def test_largest_diameter_of_a_rectangle_is_its_diagonal() -> None:
    found = size_of(np.array([(0, 0), (30, 0), (30, 40), (0, 40)], float))
    assert (found.area, found.largest) == (1200, 50)
    assert found.in_mm(0.1) == LesionSize(pytest.approx(12), pytest.approx(5))


@pytest.mark.parametrize(
    ("drawn", "obstacle"),
    [
        (np.zeros((64, 64)), SizeObstacle.NO_LESION),
        (disc(0.4, (0.0, 0.5)), SizeObstacle.CUT_OFF),
        (disc(0.04), SizeObstacle.TOO_SMALL),
    ],
)
def test_doubtful_outline_has_no_size(drawn: np.ndarray, obstacle: SizeObstacle) -> None:
    found = measure(trace(drawn), Box(0, 0, 64, 64), TEST)
    assert (found.size, found.obstacle) == (None, obstacle)


SQUARE = Box(100, 0, 740, 640)


@pytest.mark.parametrize(("left", "is_at_edge"), [(0.21, False), (0.195, True), (0.18, True)])
def test_lesion_that_reaches_the_edge_is_at_least_as_large(left: float, is_at_edge: bool) -> None:
    found = measure(trace(disc(0.2, (left, 0.5))), SQUARE, TEST)
    assert found.size is not None
    assert found.is_at_edge == is_at_edge
    for pair in ((found, lesion(found.size.area)), (lesion(found.size.area), found)):
        compared = compare(*pair, (0.1, 0.1), None)
        assert isinstance(compared, ComparedSizes)
        assert compared.at_least == tuple(one.is_at_edge for one in pair)
        assert (compared.growth is None, compared.is_within_error) == (is_at_edge, not is_at_edge)


def test_outline_that_is_pulled_elsewhere_still_runs_along_the_edge() -> None:
    frame = Box(0, 0, 840, 640)
    points = measure(trace(disc(0.2, (0.18, 0.5))), SQUARE, TEST).points
    assert points is not None
    pulled = points + np.where(points[:, :1] > 300, (40, 0), (0, 0))
    assert measure_by_hand(pulled, frame, SQUARE).is_at_edge
    whole = points + np.where(points[:, :1] < 105, (-30, 0), (0, 0))  # into skin that the model did not see
    assert not measure_by_hand(whole, frame, SQUARE).is_at_edge
    assert measure_by_hand(points - (101, 0), frame, SQUARE).is_at_edge, "beyond the edge of the image"


@pytest.mark.parametrize("right", [700, 737, 739, 741, 743, 800])
def test_outline_that_is_pulled_near_what_the_model_saw_reaches_no_edge_of_the_image(right: int) -> None:
    """It is pulled to the right, most of all in the middle, over the right edge of what the model saw or up to it."""
    points = measure(trace(disc(0.2, (0.7, 0.5))), SQUARE, TEST).points
    assert points is not None
    middle = int(points[:, 0].argmax())
    follows = np.exp(-0.5 * ((points[:, 1] - points[middle, 1]) / 60) ** 2) * (points[:, 0] > 500)
    pulled = points + follows[:, None] * (right - points[middle, 0], 0)
    assert not measure_by_hand(pulled, Box(0, 0, 840, 640), SQUARE).is_at_edge
    assert measure_by_hand(pulled, Box(0, 0, right, 640), SQUARE).is_at_edge, "an image that ends there"


def test_sizes_are_compared_in_millimetres_each_by_its_own_scale() -> None:
    found = compare(lesion(100), lesion(448), (0.2, 0.1), None)
    assert isinstance(found, ComparedSizes)
    assert (found.older.area, found.newer.area) == (pytest.approx(4), pytest.approx(4.48))
    assert found.growth == pytest.approx(0.12)
    assert found.is_within_error
    assert not found.is_checked


@pytest.mark.parametrize(("area", "is_within_error"), [(119, True), (121, False)])
def test_beside_an_outline_by_hand_the_error_of_the_other_one_counts(area: float, is_within_error: bool) -> None:
    by_hand, drawn = MeasuredLesion(np.zeros((3, 2)), LesionSize(area, 10)), lesion(100)
    found = compare(drawn, by_hand, (0.1, 0.1), None)
    assert isinstance(found, ComparedSizes)
    assert (found.errors, found.error, found.is_within_error) == ((0.2, None), 0.2, is_within_error)
    alone = compare(by_hand, by_hand, (0.1, 0.1), None)
    assert isinstance(alone, ComparedSizes)
    assert (alone.error, alone.is_within_error) == (None, False)


@pytest.mark.parametrize("scales", [(None, None), (0.1, None), (None, 0.1)])
def test_missing_scale_is_the_obstacle(scales: tuple[float | None, float | None]) -> None:
    assert compare(lesion(100), lesion(100), scales, None) is SizeObstacle.NO_SCALE


@pytest.mark.parametrize(("zoom", "fits"), [(0.96, True), (1.04, True), (0.94, False), (1.06, False)])
def test_alignment_confirms_scales_within_five_per_cent(zoom: float, fits: bool) -> None:
    """Millimetres a pixel halve from the first to the second image: its pixels are twice as fine."""
    found = compare(lesion(100), lesion(400), (0.2, 0.1), about(30, 2 * zoom, (0, 0), (5, 7)))
    assert isinstance(found, ComparedSizes) == fits
    assert fits or found is SizeObstacle.SCALES_DIFFER


def test_lesion_without_a_size_is_not_compared() -> None:
    cut = MeasuredLesion(obstacle=SizeObstacle.CUT_OFF)
    assert compare(lesion(100), cut, (0.1, 0.1), None) is SizeObstacle.CUT_OFF
    assert compare(cut, lesion(100), (0.1, 0.1), None) is SizeObstacle.CUT_OFF
