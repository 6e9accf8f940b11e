"""The readers of PNG, TIFF, BMP and WebP, which Pillow decodes."""

from __future__ import annotations

import struct

from desktop.core.imaging.opened import Opened, Reader, exif_orientation, open_with_pillow

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (b"II*\0", b"MM\0*", b"II\0*", b"MM*\0", b"II+\0", b"MM\0+")
"""TIFF and BigTIFF in both byte orders, and two that wrong writers make."""


def _open_png(data: bytes, name: str) -> Opened:
    image = open_with_pillow(data, name, "PNG")
    if "exif" not in image.info and (exif := _exif_behind_the_pixels(data)):
        image.info["exif"] = b"Exif\0\0" + exif
    return Opened(image, name, "PNG", exif_orientation(image))


def _exif_behind_the_pixels(data: bytes) -> bytes:
    """Return the content of the first eXIf chunk, which may stand behind the pixels; Pillow finds it there only by decoding."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf":
            return data[at + 8 : at + 8 + length]
        at += 12 + length
    return b""


def _open_tiff(data: bytes, name: str) -> Opened:
    return Opened(
        open_with_pillow(data, name, "TIFF"), name, "TIFF"
    )  # Pillow turns a TIFF by itself, its size included


def _open_webp(data: bytes, name: str) -> Opened:
    image = open_with_pillow(data, name, "WEBP")
    return Opened(image, name, "WEBP", exif_orientation(image))


def _open_bmp(data: bytes, name: str) -> Opened:
    return Opened(open_with_pillow(data, name, "BMP"), name, "BMP")


PNG = Reader(lambda data: data.startswith(_PNG), _open_png)
TIFF = Reader(lambda data: data.startswith(_TIFF), _open_tiff)
WEBP = Reader(lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _open_webp)
BMP = Reader(lambda data: data.startswith(b"BM"), _open_bmp)
