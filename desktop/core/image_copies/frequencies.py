"""The lowest frequencies of thumbnails, from which hashes are made: of all or the middle of a picture, mirrored, turned."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.image_copies.hashes import THUMBNAIL

_GREY = np.array((0.299, 0.587, 0.114), np.float32)

_BLOCK = 1024
"""Thumbnails that are taken as floating point numbers at a time, 13 MB."""


def middle(share: float) -> NDArray[np.float32]:
    """Return how much of each row of a thumbnail lies in each row of its middle part, [THUMBNAIL, THUMBNAIL]."""
    edges = np.linspace((1 - share) / 2, (1 + share) / 2, THUMBNAIL + 1) * THUMBNAIL
    places = np.arange(THUMBNAIL)
    covered = (np.minimum(edges[1:, None], places + 1) - np.maximum(edges[:-1, None], places)).clip(0)
    weights: NDArray[np.float32] = (covered / covered.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights


def low_frequencies(
    thumbnails: NDArray[np.uint8], count: int, down: float = 1.0, across: float = 1.0
) -> NDArray[np.float32]:
    """Return the lowest frequencies in grey of the middle part of thumbnails, [n, count, count].

    Args:
        thumbnails: [n, THUMBNAIL, THUMBNAIL, 3].
        count: frequencies in either direction, of the discrete cosine transform.
        down: the share of the height that the middle part has.
        across: the share of the width.
    """
    waves = np.cos(np.pi / THUMBNAIL * (np.arange(THUMBNAIL) + 0.5) * np.arange(count)[:, None])
    of_rows, of_columns = ((waves @ middle(share)).astype(np.float32) for share in (down, across))
    blocks = np.array_split(thumbnails, len(thumbnails) // _BLOCK + 1)
    low: NDArray[np.float32] = np.concatenate([of_rows @ (block @ _GREY) @ of_columns.T for block in blocks])
    return low


def turned(low: NDArray[np.float32], quarters: int, *, is_mirrored: bool) -> NDArray[np.float32]:
    """Return frequencies [n, count, count] of the same pictures turned by quarters, then mirrored or not.

    A mirrored image has the odd frequencies of that direction with the other sign, a turned one those of the other direction.
    """
    odd = ((-1.0) ** np.arange(low.shape[1])).astype(np.float32)
    for _ in range(quarters):
        low = low.transpose(0, 2, 1) * odd[:, None]
    return low * odd if is_mirrored else low
