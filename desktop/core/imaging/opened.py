"""An image of which only the header has been read, and the reader of one kind of file; `opening` lists the readers."""

from __future__ import annotations

import io
import logging
import math
import struct
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.icc import ADOBE_GAMMA, ADOBE_RGB, rgb_profile
from desktop.core.imaging.limits import check_memory, check_size, damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    pillow = Late("desktop.core.imaging.pillow")

logger = logging.getLogger(__name__)

_STORED = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Bytes of a pixel in Pillow's memory, where not 4."""

LONGEST_PIXEL = 4.0
"""The largest ratio of a pixel's sides; omitted video lines make it 2."""

UPRIGHT = 1
"""The EXIF orientation of an image that is stored upright."""

_ORIENTATION = 0x0112  # the EXIF tag

_EXIF, _INTEROPERABILITY = 0x8769, 0xA005  # tags of directories
_COLOUR_SPACE, _INDEX = 0xA001, 1
_UNCALIBRATED, _ADOBE_RGB = 0xFFFF, b"R03"

UNREADABLE = (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)
"""What Pillow may raise over bytes that are no EXIF block: it names no kinds. Of 919,000 broken blocks 110,000 raised
SyntaxError or struct.error, and of a PNG's text that holds one some ValueError; none raised another."""


class DecodedPixels(NamedTuple):
    """Decoded pixels, as stored; `is_damaged` if the decoder found some of them corrupt."""

    image: Image.Image
    is_damaged: bool = False


@frozen
class UndecodedImage:
    """An image whose header has been read and found acceptable, and whose pixels have not been decoded.

    `image` is a Pillow image of the stored size, not loaded yet; its `info` holds the ICC profile if there is one. `format`
    is the name that the user reads. `orientation` is the EXIF orientation that is still to be applied. `pixel_aspect` is the
    height of a stored pixel divided by its width.

    A kind that Pillow does not decode rightly by itself overrides `load`.
    """

    image: Image.Image
    name: str
    format: str
    orientation: int = UPRIGHT
    pixel_aspect: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the stored pixels."""
        return self.image.size

    def load(self, at_least: int | None) -> DecodedPixels:
        """Decode the pixels, as stored: neither turned nor converted to sRGB.

        Args:
            at_least: pixels that both sides keep where the decoder can scale down; None decodes every pixel.

        Raises:
            ImageError: they cannot be decoded.
        """
        if at_least is not None:
            self.image.draft(None, (at_least, at_least))
        load_whole(self.image, self.name)
        return DecodedPixels(self.image)


@frozen(kw_only=True)
class DeferredImage(UndecodedImage):
    """An image that Pillow does not decode; `decoder` is called when the pixels are needed.

    `image` is empty and only carries the ICC profile; `stored_size` is that of the pixels. `decoder` raises ImageError.
    """

    stored_size: tuple[int, int]
    decoder: Callable[[], Image.Image]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the stored pixels."""
        return self.stored_size

    def load(self, at_least: int | None) -> DecodedPixels:  # noqa: ARG002 - it is decoded whole
        """Decode the pixels, as stored."""
        image = self.decoder()
        image.info = self.image.info
        return DecodedPixels(image)


@frozen
class FormatReader:
    """Recognises files of one kind by their first bytes, and opens them.

    `open` raises ImageError for what is damaged, too large, or of a kind that is not opened.
    """

    begins: Callable[[bytes], bool]
    open: Callable[[bytes, str], UndecodedImage]


def square_size(size: tuple[int, int], pixel_aspect: float) -> tuple[int, int]:
    """Return the width and height that make pixels square: they are stretched, never shrunk."""
    width, height = size
    return (width, round(height * pixel_aspect)) if pixel_aspect >= 1 else (round(width / pixel_aspect), height)


def checked_aspect(height: float, width: float, name: str) -> float:
    """Return a pixel's height divided by its width, 1 if the file does not give the ratio.

    Raises:
        ImageError: the pixel is so long that it must be a slip.
    """
    if not (math.isfinite(height) and math.isfinite(width) and height > 0 and width > 0):
        return 1.0
    if not width <= LONGEST_PIXEL * height <= LONGEST_PIXEL**2 * width:
        raise ImageError(
            tr("“{name}” has pixels {sides} high and wide, which is not opened. Export it with square pixels."),
            name=name,
            sides=f"{height:g} × {width:g}",
        )
    return height / width


def open_with_pillow(data: bytes, name: str, image_format: str) -> Image.Image:
    """Read the header of a file of a format that Pillow knows; its size, and the memory that it will take, are accepted.

    Raises:
        ImageError: the file is damaged or too large.
    """
    try:
        image = pillow.Image.open(io.BytesIO(data), formats=(image_format,))
    except MemoryError:
        raise
    except Exception as error:  # Pillow names no kinds: damaged files raise SyntaxError, ValueError and others
        raise damaged(name) from error
    with ExitStack() as unless_accepted:
        unless_accepted.callback(image.close)
        check_size(*image.size, name)
        check_memory(image.width * image.height * _bytes_a_pixel(image), name)
        unless_accepted.pop_all()
    return image


def _bytes_a_pixel(image: Image.Image) -> int:
    """Return the bytes per pixel while an image is decoded, converted to sRGB and laid over white."""
    stored = _STORED.get(image.mode, 4)
    has_alpha = image.has_transparency_data
    size = stored + (4 if image.mode != "RGB" else 0) + (4 if has_alpha and image.mode != "RGBA" else 0)
    if "icc_profile" in image.info:  # the result, and colours and transparency apart from each other
        size += 4 + (9 if has_alpha else 0)
    return size


def load_whole(image: Image.Image, name: str) -> None:
    """Decode the pixels of a Pillow image.

    Raises:
        ImageError: they cannot be decoded.
    """
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise damaged(name) from error


def exif_profile(image: Image.Image) -> bytes:
    """Return the profile of Adobe RGB where the EXIF data of an RGB image name it as cameras do (DCF 2.0, 5.4), else none."""
    if image.mode != "RGB" or _ADOBE_RGB not in image.info.get("exif", b""):
        return b""
    try:
        exif = pillow.Image.Image.getexif(image)
        index = exif.get_ifd(_INTEROPERABILITY).get(_INDEX)
        colour_space = exif.get_ifd(_EXIF).get(_COLOUR_SPACE, _UNCALIBRATED)
    except UNREADABLE:
        return b""
    is_named = isinstance(index, str) and index.encode() == _ADOBE_RGB and colour_space == _UNCALIBRATED
    return rgb_profile(ADOBE_RGB, ADOBE_GAMMA) if is_named else b""


def exif_orientation(image: Image.Image) -> int:
    """Return the orientation in the EXIF data of an image, `UPRIGHT` if there is none."""
    try:
        # PNG's own getexif would decode the pixels, to look for a block behind them.
        orientation = pillow.Image.Image.getexif(image).get(_ORIENTATION)
    except UNREADABLE:
        logger.warning("an image's EXIF data cannot be read; it is shown as it is stored")
        return UPRIGHT
    return orientation if isinstance(orientation, int) else UPRIGHT
