import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from desktop.core.imaging.quality import (
    Aspect,
    Quality,
    advice,
    measure,
    measure_full,
    parse_quality,
    shortfalls,
)

SIZE = 160
GOOD = Quality(sharpness=0.7, dark=0.0, bright=0.0, glare=0.0, side=600)


def skin(width: int = SIZE, height: int = SIZE, seed: int = 0) -> Image.Image:
    """Draw skin with dots and lines a few pixels wide, like the structures of a lesion."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), (205, 150, 130))
    draw = ImageDraw.Draw(image)
    for _ in range(width * height // 120):
        x, y, radius = random.integers(0, width), random.integers(0, height), random.integers(1, 4)
        shade = int(random.integers(60, 140))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(shade, shade // 2, shade // 3))
    return image


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image)


@pytest.mark.parametrize("seed", range(4))
def test_the_more_an_image_is_blurred_the_less_sharp_it_is(seed: int) -> None:
    series = [measure(pixels(blurred(skin(seed=seed), radius))).sharpness for radius in (0, 1, 2, 4)]
    assert series == sorted(series, reverse=True)
    assert series[0] > 2 * series[-1]


def test_contrast_alone_makes_no_image_sharper() -> None:
    image = skin()
    faint = Image.blend(Image.new("RGB", image.size, (205, 150, 130)), image, 0.4)
    assert measure(pixels(faint)).sharpness == pytest.approx(measure(pixels(image)).sharpness, abs=0.03)


def test_motion_along_one_side_is_found_too() -> None:
    moved = pixels(skin()).astype(np.float32)
    moved = np.mean([np.roll(moved, shift, axis=1) for shift in range(9)], axis=0).astype(np.uint8)
    assert measure(moved).sharpness < 0.6 * measure(pixels(skin())).sharpness


def test_exposure_counts_pixels_without_structure() -> None:
    good = measure(pixels(skin()))
    assert (good.dark, good.bright, good.glare) == (0, 0, 0)
    under = measure((pixels(skin()) * 0.15).astype(np.uint8))
    over = measure(np.clip(pixels(skin()).astype(int) * 2, 0, 255).astype(np.uint8))
    assert under.dark > 0.9
    assert over.bright > 0.5
    assert (under.bright, over.dark) == (0, 0)


def test_the_black_rim_of_a_dermatoscope_does_not_count_as_dark() -> None:
    framed = Image.new("RGB", (SIZE, SIZE))
    disc = Image.new("L", (SIZE, SIZE))
    ImageDraw.Draw(disc).ellipse((0, 0, SIZE - 1, SIZE - 1), fill=255)
    framed.paste(skin(), mask=disc)
    assert measure(pixels(framed)).dark < 0.01


def test_reflections_are_white_spots_not_overall_brightness() -> None:
    spotted = skin()
    draw = ImageDraw.Draw(spotted)
    for x, y in ((60, 60), (90, 80), (70, 110)):
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill="white")
    area = np.pi * (SIZE / 2) ** 2
    assert measure(pixels(spotted)).glare == pytest.approx(3 * np.pi * 6.5**2 / area, rel=0.15)
    assert measure(np.full((SIZE, SIZE, 3), 250, np.uint8)).glare == 0


def test_an_image_without_structure_is_measured_too() -> None:
    assert measure(np.full((32, 32, 3), 128, np.uint8)) == Quality(0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (700, 500), (64, 64)])
def test_any_size_is_measured_at_full_size(shape: tuple[int, int]) -> None:
    found = measure_full(pixels(skin(shape[1], shape[0])))
    assert found.side == min(shape)
    assert all(0 <= value <= 1 for value in (found.sharpness, found.dark, found.bright, found.glare))


def test_at_full_size_only_a_soft_image_gets_advice() -> None:
    image = skin(900, 700)
    assert advice(measure_full(pixels(image))) == ()
    (soft,) = advice(measure_full(pixels(blurred(image, 4))))
    assert soft.aspect is Aspect.SHARPNESS
    assert soft.value < soft.limit


def test_one_sharp_place_is_enough_at_full_size() -> None:
    image = blurred(skin(900, 900), 6)
    image.paste(skin(260, 260), (320, 320))
    assert advice(measure_full(pixels(image))) == ()


def test_a_value_at_its_limit_passes_and_a_missing_limit_is_ignored() -> None:
    poor = Quality(0.2, 0.3, 0.4, 0.1, 90)
    assert shortfalls(poor) == ()
    assert shortfalls(poor, sharpness_least=0.2, dark_most=0.3, bright_most=0.4, glare_most=0.1, side_least=90) == ()
    found = shortfalls(poor, sharpness_least=0.21, dark_most=0.29, bright_most=0.39, glare_most=0.09, side_least=91)
    assert {one.aspect for one in found} == set(Aspect)
    assert shortfalls(dataclasses.replace(poor, side=None), side_least=1000) == ()


def test_quality_is_read_back_from_the_history() -> None:
    found = measure(pixels(skin()))
    assert parse_quality(found.to_json()) == found
    assert parse_quality(GOOD.to_json()) == GOOD
