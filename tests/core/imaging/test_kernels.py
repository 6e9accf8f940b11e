import numpy as np
import pytest

from desktop.core.imaging.kernels import KERNELS, Kernel, filtered
from tests.making import lesion


def kernel(name: str) -> Kernel:
    return next(one for one in KERNELS if one.id == name)


def test_the_identity_changes_nothing_in_an_image_of_several_strips() -> None:
    image = np.asarray(lesion(1, (90, 600)))
    np.testing.assert_array_equal(filtered(image, kernel("identity")), image)


@pytest.mark.parametrize("one", KERNELS, ids=lambda one: one.id)
def test_strips_leave_no_seam(one: Kernel) -> None:
    image = np.asarray(lesion(2, (40, 700)))
    around_the_seam = filtered(image, one)[250:262]
    np.testing.assert_array_equal(around_the_seam, filtered(image[240:272], one)[10:22])


@pytest.mark.parametrize("name", ["sobel", "sobel across", "prewitt", "laplacian"])
def test_edge_filters_are_black_on_an_even_image(name: str) -> None:
    assert filtered(np.full((20, 30, 3), 170, np.uint8), kernel(name)).max() == 0


@pytest.mark.parametrize("name", ["identity", "box blur", "gaussian blur", "emboss"])
def test_other_filters_keep_the_brightness_of_an_even_image(name: str) -> None:
    even = np.full((20, 30, 3), 170, np.uint8)
    np.testing.assert_array_equal(filtered(even, kernel(name)), even)


def test_slopes_are_detected_in_every_direction() -> None:
    ramp = np.repeat(np.arange(0, 100, 10, dtype=np.uint8)[None, :, None], 10, axis=0).repeat(3, axis=2)
    # 10 a pixel, over two pixels, by 1 + 2 + 1 and by 1 + 1 + 1
    for image in (ramp, ramp.transpose(1, 0, 2)):
        assert set(filtered(image, kernel("sobel"))[1:-1, 1:-1].ravel()) == {80}
        assert set(filtered(image, kernel("prewitt"))[1:-1, 1:-1].ravel()) == {60}


def test_one_way_sobel_detects_only_increasing_brightness_from_left_to_right() -> None:
    ramp = np.repeat(np.arange(0, 100, 10, dtype=np.uint8)[None, :, None], 10, axis=0).repeat(3, axis=2)
    for image, value in ((ramp, 80), (ramp[:, ::-1], 0), (ramp.transpose(1, 0, 2), 0)):
        assert set(filtered(image, kernel("sobel across"))[1:-1, 1:-1].ravel()) == {value}


def test_the_papers_laplacian_leaves_twice_the_brightness() -> None:
    even = np.full((20, 30, 3), 70, np.uint8)
    assert set(filtered(even, kernel("laplacian 6")).ravel()) == {140}
    even[10, 10] = 80
    assert set(filtered(even, kernel("laplacian 6"))[10, 10]) == {200}


def test_one_bright_pixel_shows_the_kernel_itself() -> None:
    image = np.zeros((5, 5, 3), np.uint8)
    image[2, 2] = 160
    blurred = filtered(image, kernel("gaussian blur"))[1:4, 1:4, 0]
    np.testing.assert_array_equal(blurred, np.array([[10, 20, 10], [20, 40, 20], [10, 20, 10]]))
    points = filtered(image, kernel("laplacian"))[1:4, 1:4, 0]
    np.testing.assert_array_equal(points, np.array([[0, 0, 0], [0, 255, 0], [0, 0, 0]]))
