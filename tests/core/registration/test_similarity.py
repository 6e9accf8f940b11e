"""The transform between two images, computed and from points set by hand."""

import math

import numpy as np
import pytest

from desktop.core.registration.similarity import PointsError, Similarity, about, from_points

TURNED = about(30, 1.2, (400, 300), (420, 280))
POINTS = [(100.0, 80.0), (700.0, 120.0), (350.0, 520.0)]


def test_rotation_and_scale_are_about_the_point_that_is_moved() -> None:
    assert TURNED.map(400, 300) == pytest.approx((420, 280))
    assert TURNED.scale == pytest.approx(1.2)
    right, down = about(90, 1, (0, 0), (0, 0)).map(1, 0)
    assert (right, down) == pytest.approx((0, 1)), "positive is clockwise on the screen"


def test_inverse_maps_back() -> None:
    for point in POINTS:
        assert TURNED.inverse().map(*TURNED.map(*point)) == pytest.approx(point)
        assert TURNED.after(TURNED.inverse()).map(*point) == pytest.approx(point)


def test_points_are_mapped_like_a_single_one() -> None:
    mapped = TURNED.map_points(np.array(POINTS))
    assert mapped == pytest.approx(np.array([TURNED.map(*point) for point in POINTS]))


def test_transform_of_resized_images_maps_the_resized_points() -> None:
    resized = TURNED.resized(0.5, 2.0)
    right, down = TURNED.map(100, 80)
    assert resized.map(50, 40) == pytest.approx((2 * right, 2 * down))


@pytest.mark.parametrize("count", [2, 3])
def test_exact_points_give_the_transform_back(count: int) -> None:
    before = POINTS[:count]
    found = from_points(before, [TURNED.map(*point) for point in before])
    assert found.factor == pytest.approx(TURNED.factor)
    assert (found.right, found.down) == pytest.approx((TURNED.right, TURNED.down))


def test_third_point_evens_out_a_slip_of_the_hand() -> None:
    after = [TURNED.map(*point) for point in POINTS]
    slipped = [(after[0][0] + 9, after[0][1]), *after[1:]]
    by_two = from_points(POINTS[:2], slipped[:2])
    by_three = from_points(POINTS, slipped)
    errors = [math.dist(found.map(*POINTS[0]), after[0]) for found in (by_two, by_three)]
    assert errors[0] == pytest.approx(9)
    assert errors[1] < 7


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(1.0, 1.0)], [(2.0, 2.0)]),
        (POINTS[:2], POINTS),
        ([(5.0, 5.0), (5.0, 5.0)], POINTS[:2]),
        (POINTS[:2], [(5.0, 5.0), (5.0, 5.0)]),
        # A square against its mirror image: no rotation is nearer than another.
        ([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], [(0.0, 0.0), (-1.0, 0.0), (-1.0, 1.0), (0.0, 1.0)]),
    ],
)
def test_points_that_determine_nothing_are_refused(
    before: list[tuple[float, float]], after: list[tuple[float, float]]
) -> None:
    with pytest.raises(PointsError):
        from_points(before, after)


def test_similarity_maps_by_default_to_the_same_place() -> None:
    assert Similarity().map(3, 4) == (3, 4)
