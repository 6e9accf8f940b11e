"""Opens any supported image file as upright 8-bit sRGB.

The picture on the screen, the model's input and the arrays of training all come from here.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging import dicom, heif, jpeg_2000, jpeg_ls
from desktop.core.imaging.capture import Taken
from desktop.core.imaging.capture_reading import dicom_taken, exif_taken
from desktop.core.imaging.colours import over_white, to_eight_bits, to_srgb
from desktop.core.imaging.common_formats import BMP, WEBP
from desktop.core.imaging.faults import as_image_error
from desktop.core.imaging.frames import held_frame
from desktop.core.imaging.heif import HEIC_OR_AVIF
from desktop.core.imaging.jpeg import JPEG
from desktop.core.imaging.jpeg_2000 import JPEG_2000
from desktop.core.imaging.jpeg_ls import JPEG_LS
from desktop.core.imaging.kinds import unopened_kind
from desktop.core.imaging.limits import MAX_BYTES, check_size
from desktop.core.imaging.opened import DecodedPixels, UndecodedImage, square_size
from desktop.core.imaging.png import PNG
from desktop.core.imaging.tiff import TIFF
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    pillow = Late("desktop.core.imaging.pillow")

READERS = (dicom.DICOM, JPEG_LS, JPEG, PNG, TIFF, WEBP, HEIC_OR_AVIF, JPEG_2000, BMP)
"""All that is opened; the first whose beginning a file has reads it. DICOM leads: its first 128 bytes may be a TIFF's. What
begins as JPEG-LS begins as JPEG as well, and BMP's beginning is short."""

EXTENSIONS = frozenset({
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".dib", ".webp"),
    *(dicom.EXTENSIONS | heif.EXTENSIONS | jpeg_2000.EXTENSIONS | jpeg_ls.EXTENSIONS),
})  # fmt: skip
"""The extensions of images in a folder; a file named explicitly is always tried."""

FORMATS = "JPEG, PNG, TIFF, BMP, WebP, HEIC, AVIF, JPEG 2000, JPEG-LS, DICOM"
"""The supported formats, for the user."""

_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What makes an image upright, by its EXIF orientation (EXIF 2.32, table 6): the names of Pillow's transpositions."""


@frozen
class ImageHeader:
    """The header of an image, known before its pixels are decoded; `width` and `height` are those of the upright image."""

    format: str
    width: int
    height: int


def read_file(path: Path) -> bytes:
    """Return the bytes of an image file, or of a frame that a DICOM file holds (see `frames`).

    Raises:
        ImageError: the file cannot be read, is empty or is larger than `MAX_BYTES`, or holds no such frame.
    """
    held = held_frame(path)
    if held is None:
        return _read(path)
    file, number = held
    data = _read(file)
    with as_image_error(path.name):
        return dicom.single_frame(data, number, path.name)


def _read(path: Path) -> bytes:
    with explained_reading(path.name):
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ImageError(tr("“{name}” is a folder. Choose an image, or classify it as a folder."), name=path.name)
        if not stat.S_ISREG(found.st_mode):  # reading a named pipe would wait for ever
            raise ImageError(tr("“{name}” is not a file. Choose an image."), name=path.name)
        if found.st_size > MAX_BYTES:
            raise too_large(path.name, found.st_size)
        return checked_bytes(path.read_bytes(), path.name)


@contextmanager
def explained_reading(name: str) -> Iterator[None]:
    """Say in a sentence why a file cannot be read.

    Raises:
        ImageError: it is not there, may not be read, or cannot be read for another reason.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise ImageError(tr("“{name}” is not there. Was it moved or renamed?"), name=name) from error
    except PermissionError as error:
        raise ImageError(tr("“{name}” may not be read. Check the file's permissions."), name=name) from error
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or error  # without the whole path, which the sentence does not need
        raise ImageError(tr("“{name}” cannot be read ({detail})."), name=name, detail=detail) from error


def too_large(name: str, size: int) -> ImageError:
    """Return the sentence about a file of more than `MAX_BYTES`."""
    return ImageError(
        tr("“{name}” is {size} MB large; at most {limit} MB are opened. Save the image smaller."),
        name=name,
        size=size // 1_000_000,
        limit=MAX_BYTES // 1_000_000,
    )


def checked_bytes(data: bytes, name: str) -> bytes:
    """Return the bytes of a file.

    Raises:
        ImageError: there are none.
    """
    if not data:
        raise ImageError(tr("“{name}” is empty (0 bytes). Export the image again."), name=name)
    return data


def read_header(data: bytes, name: str) -> ImageHeader:
    """Return format and upright size, with square pixels, without decoding them.

    Raises:
        ImageError: not an image of a supported format, too large, or its header is damaged.
    """
    with as_image_error(name):
        opened = _open(data, name)
        with opened.image:
            return _header_of(opened)


def read_header_and_taken(data: bytes, name: str) -> tuple[ImageHeader, Taken]:
    """Return the header, and what the file says of how the image was taken.

    Raises:
        ImageError: as `read_header`.
    """
    with as_image_error(name):
        opened = _open(data, name)
        with opened.image:
            return _header_of(opened), dicom_taken(data, name) or exif_taken(opened.image)


def _header_of(opened: UndecodedImage) -> ImageHeader:
    width, height = square_size(opened.size, opened.pixel_aspect)
    if opened.orientation in {5, 6, 7, 8}:
        width, height = height, width
    return ImageHeader(opened.format, width, height)


def decode(data: bytes, name: str, at_least: int | None = None) -> Image.Image:
    """Decode an image as `decode_checked` does, and return it even if it is damaged.

    Raises:
        ImageError: not an image of a supported format, not to be decoded at all, or too large.
    """
    return decode_checked(data, name, at_least).image


def decode_checked(data: bytes, name: str, at_least: int | None = None) -> DecodedPixels:
    """Decode an image to upright sRGB of 8 bits, square pixels, transparency over white; say whether it is damaged.

    Args:
        data: the bytes of the file.
        name: the file's name, for the sentence of an error.
        at_least: decode a JPEG scaled down in the DCT domain as far as both sides keep this many pixels (Pillow's draft
            mode); None decodes every pixel. Other formats are always decoded whole.

    Raises:
        ImageError: not an image of a supported format, not to be decoded at all, or too large.
    """
    with as_image_error(name):
        opened = _open(data, name)
        with opened.image:
            loaded = opened.load(at_least)
            eight_bits = _squared(to_eight_bits(loaded.image, name), opened.pixel_aspect)
            turn = _TURNS.get(opened.orientation)
            picture = over_white(
                to_srgb(eight_bits if turn is None else eight_bits.transpose(pillow.Image.Transpose[turn]))
            )
        picture.info = {}  # comments and EXIF may name the patient; Pillow would write some of them out again
        return DecodedPixels(picture, loaded.is_damaged)


def _squared(image: Image.Image, pixel_aspect: float) -> Image.Image:
    """Stretch an image whose pixels are not square, so that the eye, the model and the ruler see its true shape."""
    if pixel_aspect == 1:
        return image
    squared = image.resize(square_size(image.size, pixel_aspect), pillow.Image.Resampling.BILINEAR)
    squared.info = image.info
    return squared


def _open(data: bytes, name: str) -> UndecodedImage:
    for reader in READERS:
        if reader.begins(data):
            opened = reader.open(data, name)
            check_size(*square_size(opened.size, opened.pixel_aspect), name)
            return opened
    kind = unopened_kind(data)
    if kind:
        raise ImageError(
            tr("“{name}” is {kind}, which is not opened. Export it as JPEG or PNG and open that."), name=name, kind=kind
        )
    raise ImageError(tr("“{name}” is not an image that can be opened. Use {formats}."), name=name, formats=FORMATS)
