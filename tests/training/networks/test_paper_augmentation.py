import numpy as np
import pytest
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from numpy.typing import NDArray

from tests.training.drawn import picture
from training.networks.paper_augmentation import Transform, random_transform
from training.run.config import Config

SIDE = 64


@pytest.fixture
def pixels() -> NDArray[np.float32]:
    return np.asarray(picture("nevus", 3).resize((SIDE, SIDE)), np.float32)


@pytest.mark.filterwarnings("ignore:Please import `affine_transform`:DeprecationWarning")
@pytest.mark.parametrize(
    "transform",
    [
        Transform(17.0, 0.0, 0.0, 0.0, 1.0, 1.0, mirrored=False),
        Transform(0.0, 7.3, -4.1, 0.0, 1.0, 1.0, mirrored=False),
        Transform(0.0, 0.0, 0.0, 12.0, 1.0, 1.0, mirrored=False),
        Transform(0.0, 0.0, 0.0, 0.0, 0.8, 1.17, mirrored=False),
        Transform(-20.0, 12.8, 12.8, 0.2, 1.2, 0.8, mirrored=True),
    ],
)
def test_a_transform_agrees_with_image_data_generator(transform: Transform, pixels: NDArray[np.float32]) -> None:
    generator = ImageDataGenerator(fill_mode="nearest", interpolation_order=1)
    expected = generator.apply_transform(
        pixels,
        {
            "theta": transform.rotation,
            "tx": transform.right,
            "ty": transform.down,
            "shear": transform.shear,
            "zx": transform.zoom_right,
            "zy": transform.zoom_down,
            "flip_horizontal": transform.mirrored,
        },
    )
    assert np.abs(transform.apply(pixels) - expected).max() < 1e-3


def test_random_transforms_fill_the_ranges_of_the_recipe_and_never_leave_them() -> None:
    config = Config(input_size=100)
    random = np.random.default_rng(0)
    drawn = [random_transform(random, config) for _ in range(2000)]
    for name, largest in (("rotation", 20), ("down", 20), ("right", 20), ("shear", 0.2)):
        values = np.array([getattr(one, name) for one in drawn])
        assert -largest <= values.min() < -0.95 * largest, name
        assert 0.95 * largest < values.max() <= largest, name
    for name in ("zoom_down", "zoom_right"):
        values = np.array([getattr(one, name) for one in drawn])
        assert 0.8 <= values.min() < 0.81, name
        assert 1.19 < values.max() <= 1.2, name
    assert 900 < sum(one.mirrored for one in drawn) < 1100


def test_height_shift_moves_rows_and_width_shift_moves_columns(pixels: NDArray[np.float32]) -> None:
    down = Transform(0.0, 5.0, 0.0, 0.0, 1.0, 1.0, mirrored=False).apply(pixels)
    assert np.allclose(down[:-5], pixels[5:])
    right = Transform(0.0, 0.0, 5.0, 0.0, 1.0, 1.0, mirrored=False).apply(pixels)
    assert np.allclose(right[:, :-5], pixels[:, 5:])


def test_outside_the_image_the_nearest_edge_repeats(pixels: NDArray[np.float32]) -> None:
    moved = Transform(0.0, 5.0, 0.0, 0.0, 1.0, 1.0, mirrored=False).apply(pixels)
    assert np.allclose(moved[-5:], pixels[-1])


def test_ranges_of_zero_change_nothing(pixels: NDArray[np.float32]) -> None:
    still = Config(rotation=0, width_shift=0, height_shift=0, shear=0, zoom=0, horizontal_flip=False, input_size=SIDE)
    assert np.array_equal(random_transform(np.random.default_rng(0), still).apply(pixels), pixels)
