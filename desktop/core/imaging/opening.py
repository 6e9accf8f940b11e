"""Any supported image file, as upright 8-bit RGB in the sRGB colour space.

Everything that looks at an image goes through here: the picture on the screen, the model's input, the training's arrays.
"""

from __future__ import annotations

import io
import logging
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import ImageError
from desktop.core.imaging import dicom
from desktop.core.imaging.colours import over_white, to_eight_bits, to_srgb
from desktop.core.imaging.dicom_dataset import is_dicom
from desktop.core.imaging.frames import held_frame
from desktop.core.imaging.limits import MAX_BYTES, check_size, damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    pillow = Late("desktop.core.imaging.pillow")

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
"""Pillow's names of what is opened; its JPEG includes MPO, a JPEG with a second picture inside that some cameras write.
DICOM (`dicom.FORMAT`) comes on top."""

EXTENSIONS = dicom.EXTENSIONS | {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".dib", ".webp"}
"""The extensions by which an image is recognised in a folder; a file named explicitly is always tried."""

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})

_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")
"""How files of the formats begin; WebP's is told apart below."""

_ORIENTATION = 0x0112  # the EXIF tag
_UPRIGHT = 1
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

_UNREADABLE = (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)
"""What Pillow may raise over bytes that are no EXIF block: it names no kinds. Of 919,000 broken blocks 110,000 raised
SyntaxError or struct.error, and of a PNG's text that holds one some ValueError; none raised another."""


@dataclass(frozen=True)
class Header:
    """What is known of an image before its pixels are decoded; `width` and `height` are those of the upright image."""

    format: str
    width: int
    height: int


def read_file(path: Path) -> bytes:
    """Return the bytes of an image file, or of a frame that a DICOM file holds (see `frames`).

    Raises:
        ImageError: the file cannot be read, is empty or is larger than `MAX_BYTES`, or holds no such frame.
    """
    held = held_frame(path)
    if held is not None:
        file, number = held
        return dicom.single_frame(read_file(file), number, path.name)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ImageError(tr("“{name}” is a folder. Choose an image, or classify it as a folder."), name=path.name)
        if not stat.S_ISREG(found.st_mode):  # reading a named pipe would wait for ever
            raise ImageError(tr("“{name}” is not a file. Choose an image."), name=path.name)
        if found.st_size > MAX_BYTES:
            raise ImageError(
                tr("“{name}” is {size} MB large; at most {limit} MB are opened. Save the image smaller."),
                name=path.name,
                size=found.st_size // 1_000_000,
                limit=MAX_BYTES // 1_000_000,
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ImageError(tr("“{name}” is not there. Was it moved or renamed?"), name=path.name) from error
    except PermissionError as error:
        raise ImageError(tr("“{name}” may not be read. Check the file's permissions."), name=path.name) from error
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or error  # without the whole path, which the sentence does not need
        raise ImageError(tr("“{name}” cannot be read ({detail})."), name=path.name, detail=detail) from error
    if not data:
        raise ImageError(tr("“{name}” is empty (0 bytes). Export the image again."), name=path.name)
    return data


def read_header(data: bytes, name: str) -> Header:
    """Return format and upright size, without decoding the pixels where there is another way.

    Raises:
        ImageError: not an image of a supported format, or too large; damaged, where the pixels had to be decoded.
    """
    with _enough_memory(name), _open(data, name) as image:
        if image.format == "PNG" and "exif" not in image.info and b"eXIf" in data:
            _load(image, name)  # the EXIF block may stand behind the pixels
        width, height = image.size
        if _orientation(image, data) in {5, 6, 7, 8}:
            width, height = height, width
        return Header(dicom.FORMAT if is_dicom(data) else image.format or "", width, height)


def decode(data: bytes, name: str, at_least: int | None = None) -> Image.Image:
    """Decode an image to upright RGB, 8 bits a channel, sRGB, transparency over white.

    Args:
        data: the bytes of the file.
        name: the file's name, for the sentence of an error.
        at_least: decode a JPEG scaled down in the DCT domain as far as both sides keep this many pixels (Pillow's draft
            mode); None decodes every pixel. Other formats are always decoded whole.

    Raises:
        ImageError: not an image of a supported format, damaged, or too large.
    """
    with _enough_memory(name), _open(data, name) as image:
        if at_least is not None:
            image.draft(None, (at_least, at_least))
        _load(image, name)  # before all else that would load it: where it is damaged Pillow says so only the first time
        turn = _TURNS.get(_orientation(image, data))
        eight_bits = to_eight_bits(image, name)
        picture = over_white(
            to_srgb(eight_bits if turn is None else eight_bits.transpose(pillow.Image.Transpose[turn]))
        )
        picture.info = {}  # comments and EXIF may name the patient; Pillow would write some of them out again
        return picture


@contextmanager
def _enough_memory(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise ImageError(
            tr("“{name}” needs more memory than is free. Close other programs, or save the image smaller."), name=name
        ) from error


def _load(image: Image.Image, name: str) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise damaged(name) from error


def _open(data: bytes, name: str) -> Image.Image:
    if is_dicom(data):
        return dicom.open_image(data, name)
    try:
        image = pillow.Image.open(io.BytesIO(data), formats=FORMATS)
    except MemoryError:
        raise
    except Exception as error:
        raise _unsupported(data, name) from error
    try:
        check_size(*image.size, name)
    except ImageError:
        image.close()
        raise
    return image


def _unsupported(data: bytes, name: str) -> ImageError:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return ImageError(
            tr("“{name}” is a HEIC or AVIF image, which is not opened. Export it as JPEG or PNG and open that."),
            name=name,
        )
    if data.startswith(_BEGINNINGS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return damaged(name)
    return ImageError(
        tr("“{name}” is not an image that can be opened. Use JPEG, PNG, TIFF, BMP, WebP or DICOM."), name=name
    )


def _orientation(image: Image.Image, data: bytes) -> int:
    """Return the EXIF orientation that is still to be obeyed.

    Pillow turns a TIFF by itself, its size included; the pixels of a DICOM file are meant as they are.
    """
    if image.format == "TIFF" or is_dicom(data):
        return _UPRIGHT
    try:
        # PNG's own getexif would decode the pixels, to look for a block behind them; here that is done, or there is none.
        orientation = pillow.Image.Image.getexif(image).get(_ORIENTATION)
    except _UNREADABLE:
        logger.warning("an image's EXIF data cannot be read; it is shown as it is stored")
        return _UPRIGHT
    return orientation if isinstance(orientation, int) else _UPRIGHT
