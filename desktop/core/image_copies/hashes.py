"""The perceptual hash of a picture: similar for re-encoded copies, different for other pictures."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBNAIL = 32
"""Side of the square thumbnail that is hashed, in pixels."""

_FREQUENCIES = 8
"""Lowest frequencies in each direction; the hash has one bit for each pair, 64 in all."""

_WAVES = 2 * np.cos(np.pi / (2 * THUMBNAIL) * np.outer(np.arange(_FREQUENCIES), 2 * np.arange(THUMBNAIL) + 1))

_DECIMALS = 6
"""Rounding step of a frequency: far below the effect of one grey level, far above the error of summation."""


def picture_hash(thumbnail: NDArray[np.uint8]) -> int:
    """Return the 64 bits of a thumbnail, uint8 RGB of shape [`THUMBNAIL`, `THUMBNAIL`, 3]: which frequencies exceed the median.

    The frequencies are those of the discrete cosine transform of the grey levels (Zauner 2010, "pHash"). The bits are those of
    the `phash` of the package ImageHash, in the order of its rows.
    """
    grey = np.asarray(Image.fromarray(thumbnail).convert("L"), np.float64)
    frequencies = (_WAVES @ grey @ _WAVES.T).round(_DECIMALS)
    bits = (frequencies > np.median(frequencies)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes())
