"""Finds the images that are copies of one picture: saved anew, rescaled, mirrored, turned, cropped or brightened.

The hash finds candidates through an index, not by comparing all with all: two hashes that differ in few bits agree in at
least one of a few parts. The thumbnails' pixels then confirm them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.image_copies.frequencies import low_frequencies, middle, turned
from desktop.core.image_copies.hashes import THUMBNAIL

# Two images are copies when their hashes differ by few bits and their thumbnails by little of their own contrast. Both limits
# were set on 14,524 images of isic9, ISIC 2017 and HAM10000: all 2,135 pairs of re-encoded copies under one image id lie
# inside (at most 6 bits and 0.115), and so do 46 pairs of HAM10000 images under different ids, every one of them two pictures
# of the same lesion by the archive's own lesion id. From 0.2 on, different lesions meet.
_HASH_BITS = 6
_CONTRAST_SHARE = 0.15
_CHANGED_SHARE, _MOST_GAIN = 0.1, 2.0
"""The same in other views and where brightness and contrast are evened out, and by how much contrast may differ. With so many
ways to be alike the limit is closer. Mirrored copies saved as JPEG lie inside (0.06 at most in 99 of 100), copies cropped to
nine tenths mostly (0.07 in the middle, 0.13 in nine of ten)."""

_LOW = 8
"""Frequencies of the hash in either direction."""

_SHARES = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of the side that a copy keeps about the middle; 1 is not cropped."""

_PIECES = [
    np.bitwise_or.reduce(np.left_shift(np.uint64(1), bits))
    for bits in np.array_split(np.arange(64, dtype=np.uint64), _HASH_BITS + 1)
]
"""Masks of parts of the hash: hashes that differ in `_HASH_BITS` bits agree in one of the parts."""

_MOST_PAIRS = 1 << 20
"""Candidates that are looked at together: 8 MB for each number about them."""


@dataclass(frozen=True)
class _View:
    """How a copy shows a picture: the share of the side that it keeps, turned by quarters, then mirrored or not."""

    share: float
    quarters: int
    is_mirrored: bool

    def hashes(self, low: NDArray[np.float32]) -> NDArray[np.uint64]:
        """Return the hashes in this view of images whose low frequencies [n, _LOW, _LOW] are those of its share."""
        flat = turned(low, self.quarters, is_mirrored=self.is_mirrored).reshape(len(low), -1)
        return np.packbits(flat > np.median(flat, axis=1, keepdims=True), axis=1).view(">u8")[:, 0].astype(np.uint64)

    def of(self, thumbnail: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return a thumbnail in this view."""
        kept = thumbnail.astype(np.float32)
        if self.share < 1:
            weights = _MIDDLES[self.share]
            kept = weights @ (weights @ kept.reshape(THUMBNAIL, -1)).reshape(kept.shape)
        quartered: NDArray[np.float32] = np.rot90(kept, self.quarters)
        return quartered[:, ::-1] if self.is_mirrored else quartered


_AS_IT_IS = _View(1.0, 0, is_mirrored=False)
_MIDDLES = {share: middle(share) for share in _SHARES}
_VIEWS = [_View(share, turns, mirrored) for share in _SHARES for turns in range(4) for mirrored in (False, True)]
VIEWS = len(_VIEWS)
"""In how many views pictures are compared."""


def pairs_of_copies(
    hashes: NDArray[np.uint64], thumbnails: NDArray[np.uint8], compared: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of images that show the same picture, the smaller index first; a pair may come more than once.

    Args:
        hashes: [n], each a `picture_hash`.
        thumbnails: [n, THUMBNAIL, THUMBNAIL, 3], what was hashed.
        compared: called after each of `VIEWS` views, if there are images.
    """
    if not len(hashes):
        return
    index = [hashes & piece for piece in _PIECES]
    orders = [np.argsort(keys, kind="stable") for keys in index]
    low_of = {share: low_frequencies(thumbnails, _LOW, share, share) for share in _SHARES}
    for view in _VIEWS:
        seen = hashes if view == _AS_IT_IS else view.hashes(low_of[view.share])
        most = _CONTRAST_SHARE if view == _AS_IT_IS else _CHANGED_SHARE
        for piece, keys, order in zip(_PIECES, index, orders, strict=True):
            for ones, others in _same(seen & piece, keys, order):
                near = (ones != others) & (np.bitwise_count(seen[ones] ^ hashes[others]) <= _HASH_BITS)
                for one, other in zip(ones[near].tolist(), others[near].tolist(), strict=True):
                    if _are_alike(view.of(thumbnails[one]), thumbnails[other].astype(np.float32), most):
                        yield min(one, other), max(one, other)
        compared()


def _same(
    asked: NDArray[np.uint64], keys: NDArray[np.uint64], order: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs of an index into `asked` and one into `keys` whose values are the same; `order` sorts the keys."""
    ordered = keys[order]
    firsts = np.searchsorted(ordered, asked, "left")
    counts = np.searchsorted(ordered, asked, "right") - firsts
    ends = np.cumsum(counts)
    start = 0
    while start < len(asked):
        before = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + _MOST_PAIRS, "right")))
        here = counts[start:stop]
        ones = np.repeat(np.arange(start, stop), here)
        within = np.arange(len(ones)) - np.repeat(np.cumsum(here) - here, here)
        yield ones, order[np.repeat(firsts[start:stop], here) + within]
        start = stop


def _are_alike(one: NDArray[np.float32], other: NDArray[np.float32], most: float) -> bool:
    """Tell whether two pictures differ by at most a share of their contrast.

    If not as they are, perhaps with brightness and contrast evened out: for all channels together, so that lesions of other
    colours stay others.
    """
    contrast = min(one.std(axis=(0, 1)).mean(), other.std(axis=(0, 1)).mean())
    if np.abs(one - other).mean() <= most * contrast:
        return True
    centred, reference = one - one.mean(), other - other.mean()
    gain = float((centred * reference).sum() / max(float((reference**2).sum()), 1.0))
    if not 1 / _MOST_GAIN <= gain <= _MOST_GAIN:
        return False
    return bool(np.abs(centred - gain * reference).mean() <= _CHANGED_SHARE * contrast)
