"""Each kind of augmentation stays within the range of its knob, and does nothing if it is off."""

import dataclasses
import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.training.drawn import picture
from training.networks.appearance import grey_gains, recoloured
from training.networks.degradation import degraded, saved_anew
from training.networks.dermoscopy_augmentation import augmented, moved
from training.networks.occlusion import with_cutout, with_hair, with_marks
from training.networks.paper_augmentation import Transform
from training.run.config import Config
from training.run.recipes import with_recipe

SIDE = 64
OFF = Config(
    input_size=SIDE,
    augmentation="dermoscopy",
    rotation=0,
    width_shift=0,
    height_shift=0,
    shear=0,
    zoom=0,
    horizontal_flip=False,
)
FULL = Config(**with_recipe({"recipe": "dermoscopy", "input_size": SIDE}))
STILL = Transform(0.0, 0.0, 0.0, 0.0, 1.0, 1.0, mirrored=False)


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def only(**settings: object) -> Config:
    return dataclasses.replace(OFF, **settings)  # type: ignore[arg-type]


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    return np.asarray(picture("nevus", 3).resize((SIDE, SIDE)))


@pytest.fixture
def image(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels)


def difference(one: object, other: object) -> NDArray[np.float64]:
    return np.abs(np.asarray(one, np.float64) - np.asarray(other, np.float64))


def test_with_all_knobs_off_nothing_changes(pixels: NDArray[np.uint8]) -> None:
    assert np.array_equal(augmented(pixels, random(), OFF), pixels)


def test_augmentation_depends_on_its_random_generator_alone(pixels: NDArray[np.uint8]) -> None:
    assert np.array_equal(augmented(pixels, random(1), FULL), augmented(pixels, random(1), FULL))
    assert not np.array_equal(augmented(pixels, random(1), FULL), augmented(pixels, random(2), FULL))


def test_augmentation_keeps_shape_and_type(pixels: NDArray[np.uint8]) -> None:
    for seed in range(60):
        drawn = augmented(pixels, random(seed), FULL)
        assert drawn.shape == (SIDE, SIDE, 3)
        assert drawn.dtype == np.uint8


@pytest.mark.parametrize(
    "transform",
    [
        Transform(33.0, 2.3, -4.1, 5.0, 0.9, 1.1, mirrored=True),
        Transform(-170.0, -3.0, 1.0, 0.0, 1.0, 1.0, mirrored=False),
    ],
)
def test_a_move_agrees_with_the_papers_arithmetic(transform: Transform, pixels: NDArray[np.uint8]) -> None:
    """Compared in the middle, where neither shows pixels from outside; Pillow rounds to whole grey levels."""
    middle = slice(SIDE // 4, 3 * SIDE // 4)
    expected = transform.apply(pixels.astype(np.float32))[middle, middle]
    found = np.asarray(moved(pixels, transform, 1.0, turned_over=False))[middle, middle]
    assert difference(found, expected).max() <= 1.01


def test_outside_the_image_its_mirror_image_continues(pixels: NDArray[np.uint8]) -> None:
    shifted = np.asarray(moved(pixels, dataclasses.replace(STILL, right=5.0), 1.0, turned_over=False))
    assert np.array_equal(shifted[:, :-5], pixels[:, 5:])
    assert np.array_equal(shifted[:, -5:], pixels[:, -6:-1][:, ::-1])


def test_scale_magnifies_about_the_centre() -> None:
    disc = np.zeros((SIDE, SIDE, 3), np.uint8)
    rows, columns = np.ogrid[:SIDE, :SIDE]
    disc[(rows - 31.5) ** 2 + (columns - 31.5) ** 2 < 10**2] = 255
    for scale in (0.8, 1.3):
        area = (np.asarray(moved(disc, STILL, scale, turned_over=False))[..., 0] > 127).sum()
        assert area == pytest.approx((disc[..., 0] > 127).sum() * scale**2, rel=0.06)
    assert np.array_equal(moved(disc, STILL, 1.0, turned_over=True), disc[::-1])


def test_every_combination_of_flips_occurs(pixels: NDArray[np.uint8]) -> None:
    flips = only(horizontal_flip=True, vertical_flip=True)
    drawn = {augmented(pixels, random(seed), flips).tobytes() for seed in range(40)}
    ways = {turned.tobytes() for turned in (pixels, pixels[::-1], pixels[:, ::-1], pixels[::-1, ::-1])}
    assert drawn == ways


@pytest.mark.parametrize("knob", ["brightness", "contrast", "white_balance"])
def test_colours_change_by_no_more_than_their_knob(knob: str, image: Image.Image) -> None:
    largest = max(difference(recoloured(image, random(seed), only(**{knob: 0.1})), image).max() for seed in range(30))
    assert 8 < largest <= 0.1 * 255 + 2


def test_hue_turns_colours_and_keeps_their_brightness(image: Image.Image) -> None:
    turned = [recoloured(image, random(seed), only(hue=20)) for seed in range(10)]
    assert max(difference(one, image).mean() for one in turned) > 4
    assert max(difference(one.convert("L"), image.convert("L")).mean() for one in turned) < 2


def test_without_saturation_an_image_is_grey(image: Image.Image) -> None:
    grey = [np.asarray(recoloured(image, random(seed), only(saturation=1.0)), int) for seed in range(60)]
    assert min(np.ptp(one, axis=-1).mean() for one in grey) < 3


def test_shades_of_grey_remove_the_colour_of_the_lamp(pixels: NDArray[np.uint8]) -> None:
    tinted = (pixels * np.array([1.0, 0.7, 0.5])).astype(np.uint8)
    corrected = tinted * grey_gains(tinted)
    light = (corrected**6).mean(axis=(0, 1)) ** (1 / 6)
    assert np.ptp(light) < 0.02 * light.mean()
    always = np.asarray(recoloured(Image.fromarray(tinted), random(), only(colour_constancy=1.0)))
    assert difference(always, corrected.clip(0, 255)).max() <= 1


def detail(image: object) -> float:
    """Return the mean difference of neighbouring pixels."""
    values = np.asarray(image, np.float64)
    return float(np.abs(np.diff(values, axis=0)).mean() + np.abs(np.diff(values, axis=1)).mean())


def test_copies_lose_or_gain_detail_by_their_knobs(image: Image.Image) -> None:
    lost = [detail(degraded(image, random(seed), only(resolution=0.4))) for seed in range(20)]
    assert max(lost) <= detail(image)
    assert min(lost) < 0.5 * detail(image)
    blurred = [detail(degraded(image, random(seed), only(blur=2.0))) for seed in range(30)]
    assert min(blurred) < 0.6 * detail(image)
    assert sum(one == detail(image) for one in blurred) > 10, "the others keep their focus"
    assert max(detail(degraded(image, random(seed), only(sharpen=2.0))) for seed in range(30)) > 1.3 * detail(image)
    for seed in range(20):
        assert degraded(image, random(seed), FULL).size == image.size


def test_one_side_may_lose_more_than_the_other() -> None:
    """As in squashed copies, whose central rectangle has a third more detail along one side."""
    noise = Image.fromarray(random().integers(0, 256, (SIDE, SIDE, 3), np.uint8))
    ratios = []
    for seed in range(80):
        values = np.asarray(degraded(noise, random(seed), only(resolution=0.5)), np.float64)
        ratios.append(np.abs(np.diff(values, axis=0)).mean() / np.abs(np.diff(values, axis=1)).mean())
    assert max(ratios) > 1.2
    assert min(ratios) < 1 / 1.2


def test_saving_again_is_jpeg_of_that_quality(image: Image.Image) -> None:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    with Image.open(file) as expected:
        assert np.array_equal(saved_anew(image, 40), expected)
    assert difference(saved_anew(image, 30), image).mean() > difference(saved_anew(image, 95), image).mean() > 0


def test_jpeg_is_applied_with_its_probability(image: Image.Image) -> None:
    kept = sum(np.array_equal(degraded(image, random(seed), only(jpeg=0.5)), image) for seed in range(200))
    assert 70 < kept < 130


def test_hair_is_thin_and_has_one_shade(image: Image.Image) -> None:
    white = Image.new("RGB", (SIDE, SIDE), "white")
    for seed in range(20):
        covered = difference(with_hair(white, random(seed)), white).max(axis=-1) > 20
        assert 0.005 < covered.mean() < 0.6
    assert not np.array_equal(with_hair(image, random(0)), image)


def test_marks_are_rulers_ink_and_dark_corners() -> None:
    skin = Image.new("RGB", (SIDE, SIDE), (220, 180, 160))
    covered = [difference(with_marks(skin, random(seed)), skin).max(axis=-1) > 20 for seed in range(60)]
    corners = [one for one in covered if one[0, 0] and one[-1, -1] and not one[SIDE // 2, SIDE // 2]]
    assert len(corners) > 8
    assert all(0.0 < one.mean() < 0.7 for one in covered)
    assert all(np.array_equal(with_marks(skin, random(seed)), with_marks(skin, random(seed))) for seed in range(3))


def test_a_cutout_hides_no_more_than_its_share(image: Image.Image) -> None:
    shares = [
        (difference(with_cutout(image, random(seed), only(cutout=0.2)), image).max(axis=-1) > 0).mean()
        for seed in range(60)
    ]
    assert 0.1 < max(shares) <= 0.21
