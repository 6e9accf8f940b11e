"""Finds the images that are copies of one picture."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Two images are copies when their perceptual hashes differ by few bits and their thumbnails by little of their own
# contrast. Both limits were set on 14,524 images of isic9, ISIC 2017 and HAM10000: all 2,135 pairs of re-encoded copies
# under one image id lie inside (at most 6 bits and 0.115), and so do 46 pairs of HAM10000 images under different ids,
# every one of them two pictures of the same lesion by the archive's own lesion id. From 0.2 on, different lesions meet.
_HASH_BITS = 6
_CONTRAST_SHARE = 0.15
_BLOCK = 512
"""Rows of the distance table at a time: 512 x 12,000 distances are 49 MB."""


def pairs_of_copies(hashes: NDArray[np.uint64], thumbnails: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of images that show the same picture: similar hashes, confirmed by the pixels.

    Args:
        hashes: [n], each a `picture_hash`.
        thumbnails: [n, side, side, 3], the pictures that were hashed.
    """
    contrast = np.array([one.std(axis=(0, 1)).mean() for one in thumbnails])
    for start in range(0, len(hashes), _BLOCK):
        distance = np.bitwise_count(hashes[start : start + _BLOCK, None] ^ hashes[None, :])
        for row, other in np.argwhere(distance <= _HASH_BITS):
            one = start + int(row)
            if one < other:
                difference = np.abs(thumbnails[one].astype(np.int16) - thumbnails[other]).mean()
                if difference <= _CONTRAST_SHARE * min(contrast[one], contrast[other]):
                    yield one, int(other)
