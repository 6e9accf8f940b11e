"""Small files that would take much memory or time, each with the sentence that refuses it."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from desktop.core.imaging.jpeg import segments
from tests.core.imaging.pngs import png
from tests.core.imaging.profiles import swapped_profile
from tests.core.imaging.tiffs import Page, tiff

_PIXELS = "at most 100 megapixels are opened"
_SIDE = "at most 65535 a side are opened"
_MEMORY = "at most 1000 MB are used"
_SCANS = "scans, which would take too long to open"


def _saved(image_format: str, **options: object) -> bytearray:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, image_format, **options)
    return bytearray(buffer.getvalue())


def with_size(image_format: str, width: int, height: int, **options: object) -> bytes:
    """Return a small file whose header promises another size."""
    data = _saved(image_format, **options)
    if image_format == "JPEG":
        frame = next(segment.begin for segment in segments(bytes(data)) if segment.marker in {0xC0, 0xC2})
        data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    elif image_format == "BMP":
        data[18:26] = struct.pack("<ii", width, height)
    else:
        begin = data.index(b"\x9d\x01\x2a") + 3
        data[begin : begin + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def _webp_of_34_bytes(side: int) -> bytes:
    packed = (side - 1) | (side - 1) << 14
    chunk = b"VP8L" + struct.pack("<I", 14) + b"\x2f" + struct.pack("<I", packed) + bytes(9)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _tiff(bits: int, channels: int, **tags: int) -> bytes:
    small = np.zeros((16, 16, channels), np.uint16 if bits == 16 else np.uint8)
    numbers = {"width": 256, "height": 257, "rows": 278, "tile_width": 322, "tile_height": 323, "extra": 338}
    is_tiled = "tile_width" in tags
    return tiff(Page(small, 2, {numbers[name]: value for name, value in tags.items()}, is_tiled, is_deflated=True))


def _with_scans(count: int) -> bytes:
    data = bytes(_saved("JPEG", progressive=True))
    last = [segment for segment in segments(data) if segment.marker == 0xDA][-1].begin
    return data[:last] + data[last:-2] * count + data[-2:]


_PROFILE = (b"iCCP", b"x\0\0" + zlib.compress(swapped_profile()))

BOMBS = {
    "pixels.png": (png(30_000, 30_000, 8, 2, [b""]), _PIXELS),
    "pixels.bmp": (with_size("BMP", 30_000, 30_000), _PIXELS),
    "pixels.jpg": (with_size("JPEG", 30_000, 30_000), _PIXELS),
    "pixels.webp": (with_size("WEBP", 16_383, 16_383), _PIXELS),
    "pixels.tif": (_tiff(8, 3, width=30_000, height=30_000), _PIXELS),
    "line.png": (png(1, 100_000_000, 8, 0, [b""]), _SIDE),
    "row.png": (png(100_000_000, 1, 16, 6, [b""]), _SIDE),
    "profile.png": (png(10_000, 10_000, 8, 6, [b""], _PROFILE), _MEMORY),
    "progressive.jpg": (with_size("JPEG", 10_000, 10_000, progressive=True, subsampling=0), _MEMORY),
    "scans.jpg": (_with_scans(2000), _SCANS),
    "34 bytes.webp": (_webp_of_34_bytes(10_000), _MEMORY),
    "strip.tif": (_tiff(16, 4, width=10_000, height=10_000, rows=10_000, extra=2), _MEMORY),
    "tile.tif": (_tiff(8, 3, tile_width=65_520, tile_height=65_520), _MEMORY),
}
