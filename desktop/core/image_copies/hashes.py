"""The perceptual hash of a picture: near for copies that were saved anew, far for other pictures."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBNAIL = 32
"""Side of the square thumbnail that is hashed, in pixels."""

_FREQUENCIES = 8
"""Of the lowest frequencies in either direction the hash has a bit each: 64 bits."""

_WAVES = 2 * np.cos(np.pi / (2 * THUMBNAIL) * np.outer(np.arange(_FREQUENCIES), 2 * np.arange(THUMBNAIL) + 1))

_DECIMALS = 6
"""To which a frequency is rounded: far below what one grey level changes, far above what is lost in adding up."""


def picture_hash(thumbnail: NDArray[np.uint8]) -> int:
    """Return the 64 bits of a thumbnail, uint8 RGB of shape [`THUMBNAIL`, `THUMBNAIL`, 3]: which frequencies exceed the median.

    The frequencies are those of the discrete cosine transform of the grey levels (Zauner 2010, "pHash"). The bits are those of
    the `phash` of the package ImageHash, in the order of its rows.
    """
    grey = np.asarray(Image.fromarray(thumbnail).convert("L"), np.float64)
    frequencies = (_WAVES @ grey @ _WAVES.T).round(_DECIMALS)
    bits = (frequencies > np.median(frequencies)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes())
