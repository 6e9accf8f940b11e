"""The readers of BMP and WebP, which Pillow decodes."""

from __future__ import annotations

from desktop.core.imaging.limits import check_memory, check_size
from desktop.core.imaging.opened import Opened, Reader, exif_orientation, exif_profile, open_with_pillow

_BYTES_A_WEBP_PIXEL = 20
"""libwebp keeps two canvases of four bytes; the picture is copied out, into Pillow's memory, and laid over white."""


def _open_webp(data: bytes, name: str) -> Opened:
    width, height = _webp_size(data)
    check_size(width, height, name)
    check_memory(width * height * _BYTES_A_WEBP_PIXEL, name)  # Pillow takes it already to read the header
    image = open_with_pillow(data, name, "WEBP")
    image.info.setdefault("icc_profile", exif_profile(image))
    return Opened(image, name, "WEBP", exif_orientation(image))


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the size that the first chunk tells, 0 where it tells none (RFC 9649)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    return 0, 0


def _open_bmp(data: bytes, name: str) -> Opened:
    return Opened(open_with_pillow(data, name, "BMP"), name, "BMP")


WEBP = Reader(lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _open_webp)
BMP = Reader(lambda data: data.startswith(b"BM"), _open_bmp)
