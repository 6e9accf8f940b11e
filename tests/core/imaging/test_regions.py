import io

import numpy as np
import pytest
from PIL import Image

from desktop.core.imaging.preprocessing import Box, model_input, seen_box
from desktop.core.imaging.regions import LEAST_SIDE, moved, parse_region, region_text, resized, square
from tests.making import lesion


def file_of(image: Image.Image, form: str, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **({"quality": 95} if form == "JPEG" else {}), **({"exif": exif} if exif else {}))
    return buffer.getvalue()


def test_a_region_equals_an_image_of_that_region_alone() -> None:
    image = lesion(4, (400, 300))
    box = Box(120, 40, 280, 200)
    alone = file_of(image.crop((120, 40, 280, 200)), "PNG")
    seen = model_input(file_of(image, "PNG"), 32, "crop", region=box)
    inside = slice(
        1, -1
    )  # at the rim the resampling looks at what lies beyond the region, as it does at the fit's square
    np.testing.assert_array_equal(seen[inside, inside], model_input(alone, 32, "stretch")[inside, inside])


def test_the_region_of_the_default_crop_gives_the_same_input() -> None:
    for form in ("PNG", "JPEG"):
        data = file_of(lesion(5, (1600, 1200)), form)
        seen = model_input(data, 32, "crop", region=seen_box(1600, 1200, "crop"))
        np.testing.assert_array_equal(seen, model_input(data, 32, "crop"))


def test_a_small_region_of_a_large_jpeg_keeps_its_detail() -> None:
    """At the scale that suffices for the whole image, the region would have fewer pixels than the model's input."""
    random = np.random.default_rng(0)
    stripes = np.zeros((1200, 1600, 3), np.uint8)
    stripes[:, ::4] = stripes[:, 1::4] = 255
    stripes[..., 1] = random.integers(0, 255, 1)
    seen = model_input(file_of(Image.fromarray(stripes), "JPEG"), 64, "crop", region=Box(800, 600, 928, 728))
    assert seen[..., 0].astype(float).std() > 30  # decoded at an eighth, the stripes are an even grey


def test_a_region_is_in_pixels_of_the_upright_image() -> None:
    image = lesion(6, (300, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by a quarter
    upright = image.transpose(Image.Transpose.ROTATE_270)
    box = Box(20, 130, 120, 230)
    turned = model_input(file_of(image, "PNG", exif), 32, "crop", region=box)
    np.testing.assert_array_equal(turned, model_input(file_of(upright, "PNG"), 32, "crop", region=box))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((10, 20), (60, 40), Box(10, 20, 60, 70)),
        ((60, 70), (10, 30), Box(10, 20, 60, 70)),
        ((-30, -30), (40, 20), Box(0, 0, 40, 40)),
        ((180, 50), (400, 90), Box(180, 50, 200, 70)),
        ((50, 50), (52, 53), None),
    ],
)
def test_a_drawn_rectangle_becomes_a_square_within_the_image(
    start: tuple[float, float], end: tuple[float, float], expected: Box | None
) -> None:
    assert square(start, end, 200, 100) == expected


def test_a_square_is_moved_and_resized_within_the_image() -> None:
    box = Box(10, 10, 60, 60)
    assert moved(box, 1000, -50, 200, 100) == Box(150, 0, 200, 50)
    assert resized(box, 100, 200, 100) == Box(0, 0, 100, 100)
    small = resized(box, 0.01, 200, 100)
    assert small.right - small.left == LEAST_SIDE
    assert small.bottom - small.top == LEAST_SIDE


def test_a_region_is_read_back_unchanged() -> None:
    assert parse_region(region_text(Box(1, 22, 333, 354))) == Box(1, 22, 333, 354)
    assert parse_region(region_text(None)) is None
    with pytest.raises(ValueError, match="unpack"):
        parse_region("1,2,3")
