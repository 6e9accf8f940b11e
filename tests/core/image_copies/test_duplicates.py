from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from desktop.core.image_copies.duplicates import _Near, pairs_of_copies
from desktop.core.image_copies.hashes import THUMBNAIL, picture_hash
from tests.training.drawn import picture


def thumbnail(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS))


def copies(*images: Image.Image) -> set[tuple[int, int]]:
    thumbnails = [thumbnail(image) for image in images]
    hashes = np.array([picture_hash(one) for one in thumbnails], np.uint64)
    return set(pairs_of_copies(hashes, np.array(thumbnails)))


def lesion(seed: int) -> Image.Image:
    """A lesion on skin that is darker on one side, as under a lamp."""
    drawn = picture("nevus", seed).filter(ImageFilter.GaussianBlur(1))
    slope = np.linspace(1, 0.5 + 0.03 * (seed % 9), drawn.width)[None, :, None]
    return Image.fromarray((np.asarray(drawn) * slope).astype(np.uint8)).resize((240, 192))


def cropped(image: Image.Image, share: float) -> Image.Image:
    width, height = image.size
    x, y = (1 - share) / 2 * width, (1 - share) / 2 * height
    return image.crop((round(x), round(y), round(width - x), round(height - y)))


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        *(lambda image, turn=turn: image.transpose(turn) for turn in list(Image.Transpose)[2:]),
        lambda image: cropped(image, 0.9),
        lambda image: cropped(image, 0.83).transpose(Image.Transpose.ROTATE_90),
        lambda image: ImageEnhance.Brightness(image).enhance(1.12),
        lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    ],
)
def test_a_changed_copy_is_found_among_other_images(change: Callable[[Image.Image], Image.Image]) -> None:
    lesions = [lesion(seed) for seed in range(20)]
    assert copies(*lesions, change(lesions[7])) == {(7, 20)}


def test_a_single_image_has_no_copies() -> None:
    assert copies(lesion(0)) == set()


def test_many_copies_of_one_picture_are_all_found() -> None:
    assert copies(*[lesion(1)] * 4) == {(one, other) for one in range(4) for other in range(one + 1, 4)}


def test_the_index_finds_exactly_the_pairs_that_all_pairs_have_each_once() -> None:
    chance = np.random.default_rng(5)
    first = chance.integers(0, 1 << 63, 60, np.uint64)
    hashes = [first]
    for flips in range(9):  # near ones, at the limit, and beyond it
        bits = np.array(
            [
                np.bitwise_or.reduce(1 << chance.choice(64, flips, replace=False).astype(np.uint64), initial=0)
                for _ in first
            ]
        )
        hashes.append(first ^ bits.astype(np.uint64))
    every = np.concatenate(hashes)
    found = list(_Near(every).of(every))
    apart = np.bitwise_count(every[:, None] ^ every)
    np.fill_diagonal(apart, 64)
    assert sorted(found) == sorted(zip(*(places.tolist() for places in np.nonzero(apart <= 6)), strict=True))
    assert {int(apart[pair]) for pair in found} == set(range(7))
