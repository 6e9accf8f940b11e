"""The readers of BMP and WebP, which Pillow decodes."""

from __future__ import annotations

from desktop.core.frozen import frozen
from desktop.core.imaging.limits import check_memory, check_size
from desktop.core.imaging.opened import (
    DecodedPixels,
    FormatReader,
    UndecodedImage,
    exif_orientation,
    exif_profile,
    open_with_pillow,
)

_BYTES_A_WEBP_PIXEL = 20
"""libwebp keeps two canvases of four bytes; the picture is copied out, into Pillow's memory, and laid over white."""


_BMP_HEADER = 40
_BMP_UNCOMPRESSED = frozenset({0, 3})
"""The oldest header with a compression field, and the values that mean none (BITMAPINFOHEADER)."""


@frozen(kw_only=True)
class _Sized(UndecodedImage):
    """A file with the bytes `data` whose header says that it ends at `end`.

    Neither kind has a checksum; bytes beyond the end reveal that something was inserted.
    """

    data: bytes
    end: int

    def load(self, at_least: int | None) -> DecodedPixels:
        """Decode the pixels."""
        pushed_out = self.data[self.end + self.end % 2 :]
        return super().load(at_least)._replace(is_damaged=any(pushed_out))  # zeros pad a block


def _open_webp(data: bytes, name: str) -> UndecodedImage:
    width, height = _webp_size(data)
    check_size(width, height, name)
    check_memory(width * height * _BYTES_A_WEBP_PIXEL, name)  # Pillow already allocates it to read the header
    image = open_with_pillow(data, name, "WEBP")
    image.info.setdefault("icc_profile", exif_profile(image))
    return _Sized(image, name, "WEBP", exif_orientation(image), data=data, end=8 + int.from_bytes(data[4:8], "little"))


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the size given by the first chunk, or 0 if it gives none (RFC 9649)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    return 0, 0


def _open_bmp(data: bytes, name: str) -> UndecodedImage:
    image = open_with_pillow(data, name, "BMP")
    return _Sized(image, name, "BMP", data=data, end=_bmp_end(data, image.width * image.height))


def _bmp_end(data: bytes, pixels: int) -> int:
    """Return where a bitmap ends; the end of the data if the header gives no end or, as some programs write it, a wrong one."""
    end, begin = int.from_bytes(data[2:6], "little"), int.from_bytes(data[10:14], "little")
    is_packed = int.from_bytes(data[14:18], "little") < _BMP_HEADER or data[30] not in _BMP_UNCOMPRESSED
    bits = int.from_bytes(data[28:30], "little")
    return len(data) if is_packed or end < begin + pixels * bits // 8 else end


WEBP = FormatReader(lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _open_webp)
BMP = FormatReader(lambda data: data.startswith(b"BM"), _open_bmp)
