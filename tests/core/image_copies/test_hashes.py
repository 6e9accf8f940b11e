"""The hash against the package ImageHash, from which its algorithm was taken."""

import imagehash
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop.core.image_copies.hashes import THUMBNAIL, picture_hash
from tests.making import lesion

DOWN, ACROSS = np.mgrid[0:THUMBNAIL, 0:THUMBNAIL]


def in_grey(levels: NDArray[np.generic]) -> NDArray[np.uint8]:
    return np.repeat(np.asarray(levels, np.uint8)[..., None], 3, axis=2)


def of_imagehash(thumbnail: NDArray[np.uint8]) -> int:
    return int(str(imagehash.phash(Image.fromarray(thumbnail))), 16)


def test_drawn_lesions_and_noise_have_the_bits_of_imagehash() -> None:
    random = np.random.default_rng(0)
    thumbnails = [random.integers(0, 256, (THUMBNAIL, THUMBNAIL, 3), dtype=np.uint8) for _ in range(200)]
    thumbnails += [np.asarray(lesion(seed).resize((THUMBNAIL, THUMBNAIL))) for seed in range(60)]
    assert [picture_hash(one) for one in thumbnails] == [of_imagehash(one) for one in thumbnails]


@pytest.mark.parametrize(
    "levels",
    [
        *(np.full((THUMBNAIL, THUMBNAIL), level) for level in (0, 1, 128, 255)),
        *(8 * ACROSS, 8 * DOWN, 4 * (ACROSS + DOWN)),
        *(255 * (ACROSS < 16), 255 * ((ACROSS + DOWN) % 2), 255 * ((ACROSS < 3) & (DOWN < 3))),
        200 * ((ACROSS - 15.5) ** 2 + (DOWN - 15.5) ** 2 < 100),
    ],
)
def test_pictures_with_zero_frequencies_have_the_bits_of_imagehash(levels: NDArray[np.generic]) -> None:
    assert picture_hash(in_grey(levels)) == of_imagehash(in_grey(levels))
