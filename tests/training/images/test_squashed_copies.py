"""A squashed copy gives nearly the same model input as its original: same position, same shape."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from desktop.core.imaging.preprocessing import model_input
from training.images.squashed_copies import crop_in_copy, input_of_copy

SIZE = 64


def saved(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def frame(width: int, height: int) -> Image.Image:
    """Draw a frame with a circle off its centre and a different shade at every position."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    shades = np.stack([across, down, 128 + 60 * np.sin(across / 9)], axis=-1).astype(np.uint8)
    image = Image.fromarray(shades)
    x, y, radius = width * 0.55, height * 0.4, min(width, height) * 0.2
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill="black")
    return image


def black(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    """Return width and height of the black circle."""
    dark = pixels.max(axis=-1) < 60
    return int(dark.any(axis=0).sum()), int(dark.any(axis=1).sum())


@pytest.mark.parametrize(("width", "height"), [(800, 600), (600, 800), (900, 600), (600, 600)])
@pytest.mark.parametrize("side", [180, 256])
def test_a_squashed_copy_gives_the_model_input_of_its_original(width: int, height: int, side: int) -> None:
    original = frame(width, height)
    expected = model_input(saved(original), SIZE, "crop").astype(np.int16)
    copy = saved(original.resize((side, side), Image.Resampling.LANCZOS))
    found = input_of_copy(copy, SIZE, "crop", width / height).astype(np.int16)
    assert np.abs(found - expected).mean() < 2
    for seen in (expected, found):
        wide, high = black(seen.astype(np.uint8))
        assert abs(wide - high) <= 1, "a circle is a circle"


def test_cropped_directly_a_squashed_copy_would_show_ovals() -> None:
    copy = saved(frame(800, 600).resize((180, 180)))
    wide, high = black(model_input(copy, SIZE, "crop"))
    assert high - wide >= 5


def test_the_square_of_the_original_is_a_centred_rectangle_of_the_copy() -> None:
    assert crop_in_copy(180, 180, 4 / 3) == pytest.approx((22.5, 0, 157.5, 180))
    assert crop_in_copy(180, 180, 3 / 4) == pytest.approx((0, 22.5, 180, 157.5))
    assert crop_in_copy(800, 600, 4 / 3) == pytest.approx((100, 0, 700, 600)), "a frame that was not squashed"


def test_stretching_networks_and_unsquashed_copies_use_the_apps_own_input() -> None:
    copy = saved(frame(180, 180))
    assert np.array_equal(input_of_copy(copy, SIZE, "stretch", 4 / 3), model_input(copy, SIZE, "stretch"))
    assert np.array_equal(input_of_copy(copy, SIZE, "crop", None), model_input(copy, SIZE, "crop"))


def test_a_large_squashed_jpeg_keeps_twice_the_input_within_the_crop() -> None:
    file = io.BytesIO()
    frame(1600, 1200).resize((1200, 1200)).save(file, "JPEG", quality=95)
    expected = model_input(saved(frame(1600, 1200)), SIZE, "crop").astype(np.int16)
    assert np.abs(input_of_copy(file.getvalue(), SIZE, "crop", 4 / 3) - expected).mean() < 2


def test_a_squashed_copy_is_reduced_to_the_same_effective_resolution() -> None:
    original = frame(800, 600)
    expected = model_input(saved(original), SIZE, "crop", effective_resolution=40).astype(np.int16)
    copy = saved(original.resize((256, 256), Image.Resampling.LANCZOS))
    found = input_of_copy(copy, SIZE, "crop", 4 / 3, effective_resolution=40).astype(np.int16)
    assert np.abs(found - expected).mean() < 2
    plain = input_of_copy(copy, SIZE, "crop", None, effective_resolution=40)
    assert np.array_equal(plain, model_input(copy, SIZE, "crop", effective_resolution=40))
