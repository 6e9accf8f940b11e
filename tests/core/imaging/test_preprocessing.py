import io

import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import decode
from desktop.core.imaging.preprocessing import Box, Fit, model_input, seen_box
from tests.making import lesion


def encoded(image: Image.Image, image_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("size", "fit", "box"),
    [
        ((600, 450), "stretch", Box(0, 0, 600, 450)),
        ((600, 450), "crop", Box(75, 0, 525, 450)),
        ((450, 600), "crop", Box(0, 75, 450, 525)),
        ((451, 600), "crop", Box(0, 74, 451, 525)),
        ((1, 1), "crop", Box(0, 0, 1, 1)),
        ((30_000, 10), "crop", Box(14_995, 0, 15_005, 10)),
    ],
)
def test_what_the_model_sees(size: tuple[int, int], fit: Fit, box: Box) -> None:
    assert seen_box(*size, fit) == box


@pytest.mark.parametrize("fit", ["stretch", "crop"])
@pytest.mark.parametrize("size", [(1, 1), (30_000, 10), (31, 33), (640, 480)])
def test_any_size_becomes_the_input(size: tuple[int, int], fit: Fit) -> None:
    pixels = model_input(encoded(Image.new("RGB", size, (180, 120, 90))), 32, fit)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8
    assert (pixels == (180, 120, 90)).all()


def test_crop_leaves_the_sides_out_and_stretch_keeps_them() -> None:
    image = Image.new("RGB", (96, 32), "red")
    image.paste("blue", (32, 0, 64, 32))
    cropped = model_input(encoded(image), 32, "crop")
    assert (cropped == (0, 0, 255)).all()
    stretched = model_input(encoded(image), 32, "stretch")
    assert (stretched[:, 0] == (255, 0, 0)).all()
    assert (stretched[:, 16] == (0, 0, 255)).all()


def test_one_antialiased_bilinear_resampling() -> None:
    image = lesion(1, (300, 200))
    expected = np.asarray(image.resize((32, 32), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(model_input(encoded(image), 32, "stretch"), expected)


def test_effective_resolution_limits_the_detail_of_the_input() -> None:
    image = lesion(1, (300, 200))
    small = image.resize((20, 20), Image.Resampling.BILINEAR, box=(50, 0, 250, 200))
    expected = np.asarray(small.resize((32, 32), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(model_input(encoded(image), 32, "crop", effective_resolution=20), expected)


@pytest.mark.parametrize("detail", [None, 32, 33])
def test_without_a_lower_effective_resolution_there_is_one_resampling(detail: int | None) -> None:
    data = encoded(lesion(2, (2048, 1536)), "JPEG", quality=92)
    plain = model_input(data, 32, "stretch")
    np.testing.assert_array_equal(model_input(data, 32, "stretch", effective_resolution=detail), plain)


@pytest.mark.parametrize("seed", range(4))
def test_a_large_jpeg_gives_nearly_the_same_input_as_full_decoding(seed: int) -> None:
    data = encoded(lesion(seed, (2048, 1536)), "JPEG", quality=92)
    full = decode(data, "image").resize((128, 128), Image.Resampling.BILINEAR)
    difference = np.abs(model_input(data, 128, "stretch").astype(int) - np.asarray(full, int))
    assert difference.mean() < 0.5
    assert difference.max() <= 12


def test_a_jpeg_is_never_decoded_below_twice_the_input() -> None:
    fine = Image.fromarray(np.tile(np.array([[0, 255], [255, 0]], np.uint8), (64, 64)))  # grey from afar
    data = encoded(fine.convert("RGB"), "JPEG", quality=100, subsampling=0)
    assert decode(data, "image", at_least=2 * 32).size == (64, 64)
    assert decode(data, "image", at_least=2 * 33).size == (128, 128)


def test_an_image_turned_by_exif_gives_the_same_input() -> None:
    upright = lesion(4, (320, 240))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(upright.rotate(90, expand=True), exif=exif)
    np.testing.assert_array_equal(model_input(turned, 32, "crop"), model_input(encoded(upright), 32, "crop"))


def test_a_damaged_file_is_named() -> None:
    with pytest.raises(ImageError, match=r"“left arm\.jpg” is damaged"):
        model_input(encoded(lesion(), "JPEG")[:900], 32, "stretch", "left arm.jpg")
