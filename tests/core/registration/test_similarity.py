"""The transform between two images: rotation, scale and shift."""

import numpy as np
import pytest

from desktop.core.registration.similarity import Similarity, about

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


def test_similarity_maps_by_default_to_the_same_place() -> None:
    assert Similarity().map(3, 4) == (3, 4)
