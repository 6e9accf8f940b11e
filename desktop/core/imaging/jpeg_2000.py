"""JPEG 2000, which Pillow decodes: files by themselves, and frames of DICOM files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.imaging.boxes import inner
from desktop.core.imaging.limits import check_memory, damaged
from desktop.core.imaging.opened import FormatReader, UndecodedImage, open_with_pillow

if TYPE_CHECKING:
    from PIL import Image

EXTENSIONS = frozenset({".j2c", ".j2k", ".jp2", ".jpc", ".jpf", ".jpx"})

_BYTES_A_PIXEL = 19
"""Bytes per pixel that OpenJPEG and Pillow use for an image of one tile, measured on a file of 49 megapixels."""

_BOXES = b"\0\0\0\x0cjP  \r\n\x87\n"
_STREAM = b"\xff\x4f\xff\x51"

_COD, _SOT = b"\xff\x52", b"\xff\x90"
"""Markers: the style of the coding, and the first tile (ITU-T T.800, table A.2)."""

_ANY_PROFILE = 2
"""The method of a colour specification that is an ICC profile (T.800, table I.9)."""


@frozen
class CodestreamHeader:
    """What a JPEG 2000 codestream says of its values: their bits and whether they are signed.

    Where it `is_transformed` colours were turned into luminance and differences, which the decoder undoes.
    """

    bits: int
    is_signed: bool
    is_transformed: bool


def open_stream(data: bytes, name: str) -> Image.Image:
    """Open a file or a codestream with Pillow; its size and its memory have been checked.

    Raises:
        ImageError: it is damaged or too large.
    """
    image = open_with_pillow(data, name, "JPEG2000")
    check_memory(image.width * image.height * _BYTES_A_PIXEL, name)
    return image


def read_stream(data: bytes, name: str) -> CodestreamHeader:
    """Read the header of a codestream, or of the one in a file.

    Raises:
        ImageError: it is damaged.
    """
    try:
        begin = data.index(_STREAM)
        (size,) = struct.unpack_from(">H", data, begin + 4)
        depth = data[begin + 42]
        at = begin + 4 + size
        while data[at : at + 2] not in {_COD, _SOT, b""}:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
        is_transformed = data[at : at + 2] == _COD and data[at + 8] == 1
    except (ValueError, IndexError, struct.error) as error:
        raise damaged(name) from error
    return CodestreamHeader((depth & 0x7F) + 1, depth >> 7 == 1, is_transformed)


def _icc_profile(data: bytes) -> bytes:
    """Return the ICC profile of a file; empty if its colours are specified in another way."""
    colours = inner(data, b"jp2h", b"colr")
    return next((held[3:] for held in colours if held[:1] == bytes([_ANY_PROFILE])), b"")


def _open(data: bytes, name: str) -> UndecodedImage:
    image = open_stream(data, name)
    profile = _icc_profile(data) if data.startswith(_BOXES) else b""
    if profile:
        image.info["icc_profile"] = profile
    return UndecodedImage(image, name, "JPEG 2000")


JPEG_2000 = FormatReader(lambda data: data.startswith((_BOXES, _STREAM)), _open)
