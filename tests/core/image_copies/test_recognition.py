import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from desktop.core.image_copies.hashes import THUMBNAIL
from desktop.core.image_copies.recognition import WORDS, bits_of, recognised
from tests.judged import blotches


def thumbnails(*images: Image.Image) -> NDArray[np.uint8]:
    return np.array([np.asarray(one.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BILINEAR)) for one in images])


def saved_small(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.resize((180, 135)).save(file, "JPEG", quality=60)
    return Image.open(file).convert("RGB")


def central_square(image: Image.Image) -> Image.Image:
    left = (image.width - image.height) // 2
    return image.crop((left, 0, left + image.height, image.height))


ORIGINALS = [blotches(seed, (320, 240)) for seed in range(20)]
KNOWN = bits_of(thumbnails(*ORIGINALS))


@pytest.mark.parametrize(
    "copied",
    [
        saved_small,
        ImageOps.mirror,
        ImageOps.flip,
        lambda image: image.rotate(90, expand=True),
        lambda image: ImageOps.mirror(image.rotate(180)),
    ],
)
def test_a_copy_is_recognised(copied) -> None:
    assert recognised(thumbnails(*map(copied, ORIGINALS)), KNOWN).all()


def test_an_original_is_recognised_by_the_central_square_that_was_kept() -> None:
    squares = bits_of(thumbnails(*map(central_square, ORIGINALS)))
    assert recognised(thumbnails(*ORIGINALS), squares).all()


def test_another_picture_is_not_recognised() -> None:
    assert not recognised(thumbnails(*(blotches(seed, (320, 240)) for seed in range(100, 160))), KNOWN).any()


def test_four_numbers_are_kept_of_a_picture() -> None:
    assert KNOWN.shape == (len(ORIGINALS), WORDS)
    assert KNOWN.dtype == np.uint64
