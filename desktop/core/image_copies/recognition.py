"""Recognises a copy of a picture of which 256 bits are kept, and not its pixels.

The bits say which of the lowest 16 by 16 frequencies exceed their median. No picture can be made from them. Where both pictures
are at hand, `pairs_of_copies` is the better judge.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from desktop.core.image_copies.frequencies import low_frequencies, turned

WORDS = 4
"""Numbers of 64 bits for each picture."""

_FREQUENCIES, _LOWEST = 16, 8

_MOST_APART = 32
"""Bits of 256 in which a copy may differ. Measured on the training images of LL-1: of 567 copies of other size and quality (the
nine-class set, HAM10000 at 600 pixels, originals) 558 lie within, half of them within 12; of 289 test images, all of other
lesions, the nearest lies at 38. Of 279 close-up photographs of the same lesions one lies within."""

_MOST_APART_LOWEST = 12
"""Of these, in the first 64, which are of the lowest 8 by 8: a quick test that rules nearly all others out."""

_IS_HIGH = np.maximum.outer(np.arange(_FREQUENCIES), np.arange(_FREQUENCIES)).ravel() >= _LOWEST
_ORDER = np.argsort(_IS_HIGH, kind="stable")
"""The frequencies, the lowest 8 by 8 first."""

_FRAMES = ((1.0, 1.0), (1.0, 3 / 4), (1.0, 2 / 3), (3 / 4, 1.0))
"""What a kept picture may show of a frame, as shares of height and width: all of it, or the central square of 4:3 or 3:2."""


def bits_of(thumbnails: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the bits to keep of thumbnails [n, THUMBNAIL, THUMBNAIL, 3] of whole frames: [n, WORDS]."""
    return _bits(low_frequencies(thumbnails, _FREQUENCIES))


def recognised(
    thumbnails: NDArray[np.uint8], known: NDArray[np.uint64], compared: Callable[[], None] = lambda: None
) -> NDArray[np.bool_]:
    """Tell which pictures are copies of known ones: saved anew, of other size, mirrored, turned, or of their central square.

    Args:
        thumbnails: [n, THUMBNAIL, THUMBNAIL, 3], of whole frames.
        known: [m, WORDS], what `bits_of` returned for the known pictures.
        compared: called after each of several views.

    Returns:
        [n].
    """
    found = np.zeros(len(thumbnails), bool)
    lowest = np.ascontiguousarray(known[:, 0])
    for down, across in _FRAMES:
        low = low_frequencies(thumbnails, _FREQUENCIES, down, across)
        for quarters in range(4):
            for is_mirrored in (False, True):
                asked = _bits(turned(low, quarters, is_mirrored=is_mirrored))
                for place in np.flatnonzero(~found):
                    near = np.bitwise_count(lowest ^ asked[place, 0]) <= _MOST_APART_LOWEST
                    apart = np.bitwise_count(known[near] ^ asked[place]).sum(axis=1)
                    found[place] = bool((apart <= _MOST_APART).any())
                compared()
    return found


def _bits(low: NDArray[np.float32]) -> NDArray[np.uint64]:
    flat = low.reshape(len(low), -1)
    bits = np.packbits(flat[:, _ORDER] > np.median(flat, axis=1, keepdims=True), axis=1)
    return np.ascontiguousarray(bits).view(">u8").astype(np.uint64).reshape(-1, WORDS)
