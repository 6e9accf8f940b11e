"""Finds the images that are copies of one picture: saved anew, rescaled, mirrored, turned, cropped or brightened.

The hash finds candidates through an index, not by comparing all with all: two hashes that differ in few bits have at least two
of their eight bytes in common. The thumbnails' pixels then confirm them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

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

_BYTES = 8
_PLACES = list(combinations(range(_BYTES), 2))
"""The places of two bytes of a hash. Hashes that differ in `_HASH_BITS` bits have two of eight bytes in common."""

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
    near_ones = _Near(hashes)
    for share, views in groupby(_VIEWS, lambda view: view.share):
        low = low_frequencies(thumbnails, _LOW, share, share)
        for view in views:
            most = _CONTRAST_SHARE if view == _AS_IT_IS else _CHANGED_SHARE
            for one, other in near_ones.of(hashes if view == _AS_IT_IS else view.hashes(low)):
                if _are_alike(view.of(thumbnails[one]), thumbnails[other].astype(np.float32), most):
                    yield min(one, other), max(one, other)
            compared()


class _Near:
    """An index of hashes by every two of their bytes, 4 bytes for each hash and two."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        self._hashes = np.ascontiguousarray(hashes)
        keys = [_two_bytes(self._hashes, places) for places in _PLACES]
        self._orders = [np.argsort(key, kind="stable").astype(np.int32) for key in keys]
        self._firsts = [np.concatenate(([0], np.cumsum(np.bincount(key, minlength=1 << 16)))) for key in keys]

    def of(self, seen: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
        """Yield each pair of an index into `seen` and another index, of a hash that differs in at most `_HASH_BITS` bits."""
        for places, order, firsts in zip(_PLACES, self._orders, self._firsts, strict=True):
            for ones, others in _same(_two_bytes(seen, places), firsts, order):
                different = seen[ones] ^ self._hashes[others]
                near = np.flatnonzero((ones != others) & (np.bitwise_count(different) <= _HASH_BITS))
                # Those that agree in more bytes are found by several twos: they count at the first.
                near = near[_first_same(different[near], places)]
                yield from zip(ones[near].tolist(), others[near].tolist(), strict=True)


def _bytes_of(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return hashes.view(np.uint8).reshape(-1, _BYTES)


def _two_bytes(hashes: NDArray[np.uint64], places: tuple[int, int]) -> NDArray[np.uint16]:
    """Return two bytes of each hash as one number."""
    found = _bytes_of(hashes)
    return np.ascontiguousarray(found[:, places]).view(np.uint16)[:, 0]


def _first_same(different: NDArray[np.uint64], places: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell where the first two bytes in which two hashes agree are in these places; `different` has their different bits."""
    same = _bytes_of(different) == 0
    earlier = [place for place in range(places[1]) if place != places[0]]
    is_first: NDArray[np.bool_] = ~same[:, earlier].any(axis=1)
    return is_first


def _same(
    asked: NDArray[np.uint16], starts: NDArray[np.int64], order: NDArray[np.int32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Yield the pairs of an index into `asked` and that of an equal key; those of a key stand in `order` from `starts` on."""
    firsts = starts[asked]
    counts = starts[1:][asked] - firsts
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
