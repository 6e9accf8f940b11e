"""The pixels of one frame of a DICOM file, as a Pillow image."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.core.errors import ImageError
from desktop.core.imaging.limits import check_size, damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

_LETTERS = tuple(b"RGB")
"""The components of a JPEG that is stored as RGB, as libjpeg knows it by itself."""


@dataclass(frozen=True)
class Frame:
    """The bytes of one frame, a JPEG or bare pixels of 8 bits, and what the DICOM file says of them.

    `samples` values a pixel, 1 or 3; `photometric` is DICOM's name of what they mean; `is_planar` where all values of one
    kind come first.
    """

    data: bytes
    width: int
    height: int
    samples: int
    photometric: str
    is_planar: bool


def open_jpeg(frame: Frame, name: str) -> Image.Image:
    """Open a frame's JPEG, not decoded yet.

    Its own marks of how colours are stored outweigh what the DICOM file says, which is often wrong.

    Raises:
        ImageError: it is no JPEG, or too large.
    """
    try:
        image = pillow.Image.open(io.BytesIO(frame.data), formats=("JPEG",))
    except Exception as error:
        raise damaged(name) from error
    check_size(*image.size, name)
    if frame.photometric != "RGB" or image.mode != "RGB" or _tells_its_colours(image):
        return image
    # libjpeg takes three unmarked components for YCbCr: it is asked not to convert what it takes for that.
    image.draft("YCbCr", None)
    try:
        return pillow.Image.frombytes("RGB", image.size, image.tobytes())
    except MemoryError:
        raise
    except Exception as error:
        raise damaged(name) from error


def _tells_its_colours(image: Any) -> bool:
    components = image.layer
    is_subsampled = len({component[1:3] for component in components}) > 1  # nobody does that to RGB
    return "jfif" in image.info or "adobe" in image.info or is_subsampled or tuple(c[0] for c in components) == _LETTERS


def open_pixels(frame: Frame, name: str) -> Image.Image:
    """Make an image of bare pixels.

    Raises:
        ImageError: they are stored in a way that is not opened.
    """
    size = (frame.width, frame.height)
    if frame.photometric in {"MONOCHROME1", "MONOCHROME2"} and frame.samples == 1:
        grey = pillow.Image.frombytes("L", size, frame.data)
        return pillow.ImageOps.invert(grey) if frame.photometric == "MONOCHROME1" else grey
    is_whole = len(frame.data) == 3 * frame.width * frame.height
    if frame.photometric == "YBR_FULL_422" and not is_whole and frame.width % 2 == 0:
        return pillow.Image.frombytes("YCbCr", size, _every_colour(frame.data)).convert("RGB")
    if frame.photometric not in {"RGB", "YBR_FULL", "YBR_FULL_422"} or not is_whole:
        raise ImageError(
            tr("“{name}” is DICOM with colours that are not opened ({kind}). Export it as JPEG or PNG."),
            name=name,
            kind=frame.photometric or "-",
        )
    data = frame.data
    if frame.is_planar:
        data = np.frombuffer(data, np.uint8).reshape(3, -1).T.tobytes()
    if frame.photometric == "YBR_FULL":
        return pillow.Image.frombytes("YCbCr", size, data).convert("RGB")
    # Colours that are named as halved and are all there were decoded before, to RGB: the name alone was left.
    return pillow.Image.frombytes("RGB", size, data)


def _every_colour(frame: bytes) -> bytes:
    """Turn Y1 Y2 Cb Cr, two pixels (PS3.3, C.7.6.3.1.2), into Y1 Cb Cr, Y2 Cb Cr."""
    pairs = np.frombuffer(frame, np.uint8).reshape(-1, 4)
    return pairs[:, [0, 2, 3, 1, 2, 3]].tobytes()
