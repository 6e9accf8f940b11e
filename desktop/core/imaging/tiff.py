"""TIFF, which can store pixels of any kind in any way. What Pillow shows wrongly is corrected or refused.

Pillow scrambles colours of 16 bits in separate planes, scales 12 bits as if they were 16, reads signed values as unsigned,
shows the palettes of some old programs black, and opens the preview of a camera's raw file as if it were the image.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging import tiff_directory as tiff
from desktop.core.imaging.jpeg import is_damaged
from desktop.core.imaging.limits import check_memory, check_size, damaged
from desktop.core.imaging.opened import (
    DecodedPixels,
    FormatReader,
    UndecodedImage,
    checked_aspect,
    load_whole,
    open_with_pillow,
)
from desktop.core.imaging.tiff_directory import TiffDirectory, read_directories
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

_BEGINNINGS = (b"II*\0", b"MM\0*", b"II\0*", b"MM*\0", b"II+\0", b"MM\0+")
"""TIFF and BigTIFF in both byte orders, and two wrong headers that some programs write."""

_COMPRESSIONS = {
    2: "CCITT", 3: "CCITT", 4: "CCITT", 5: "LZW", 6: "JPEG", 7: "JPEG", 8: "Deflate", 32773: "PackBits", 32946: "Deflate",
    34712: "JPEG 2000", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC", 34925: "LZMA",
    50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
}  # fmt: skip
_OPENED_COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946})
_JPEG = 7
_NO_UNIT, _INCHES = 1, 2
_AT_ONCE = 2**20  # bytes

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8
_GREY = frozenset({_WHITE_IS_ZERO, _BLACK_IS_ZERO})
_COLOURS = {4: "mask", 9: "ICC L*a*b*", 10: "ITU L*a*b*", 32844: "LogL", 32845: "LogLuv", _LAB: "L*a*b*"}
_RAW = frozenset({32803, 34892})
"""Photometric interpretations of raw sensor data (TIFF/EP, DNG)."""

_SIGNED, _FLOAT = 2, 3
_FORMATS = {_SIGNED: "signed", _FLOAT: "floating point", 5: "complex", 6: "complex"}

_BITS = {
    _WHITE_IS_ZERO: (1, 2, 4, 8, 16, 32),
    _BLACK_IS_ZERO: (1, 2, 4, 8, 12, 16, 32),
    _RGB: (8, 16),
    _PALETTE: (1, 2, 4, 8),
    _CMYK: (8, 16),
    _YCBCR: (8,),
    _LAB: (8,),
}
"""The supported bits per value, by photometric interpretation."""


@frozen(kw_only=True)
class OpenedTiff(UndecodedImage):
    """A page of a TIFF whose header Pillow has read; `data` are the bytes of the file."""

    data: bytes
    page: TiffDirectory

    def load(self, at_least: int | None) -> DecodedPixels:  # noqa: ARG002 - decoded whole
        """Decode the pixels."""
        image: Any = self.image
        colours = self.page.values.get(tiff.COLOUR_MAP, ())
        if image.mode in {"P", "PA"} and colours and max(colours) < 256:  # 8 bits where 16 are meant; as libtiff does
            image.palette = pillow.ImagePalette.raw("RGB;L", bytes(colours))
        load_whole(image, self.name)
        return DecodedPixels(_sixteen_bits(image) if self.page.get(tiff.BITS, 1) == 12 else image, self._is_damaged())

    def _is_damaged(self) -> bool:
        """Whether a strip or tile is damaged in a way that its compression reveals and libtiff does not report."""
        streams = (self.data[offset : offset + size] for offset, size in self.page.segments)
        match _COMPRESSIONS.get(self.page.get(tiff.COMPRESSION, 1)):
            case "JPEG":
                tables = bytes(self.page.values.get(tiff.JPEG_TABLES, ()))[:-2]  # without the mark of its end
                return any(is_damaged(tables + stream[2:] if tables else stream) for stream in streams)
            case "Deflate":
                return not all(map(_has_its_checksum, streams))
        return False


def _has_its_checksum(stream: bytes) -> bool:
    """Whether a zlib stream matches its checksum. A truncated stream has none; its pixels may still be complete."""
    inflating = zlib.decompressobj()
    try:
        while not inflating.eof and stream:
            inflating.decompress(stream, _AT_ONCE)
            stream = inflating.unconsumed_tail
    except zlib.error:
        return False
    return True


def _sixteen_bits(image: Image.Image) -> Image.Image:
    """Scale grey of 12 bits so that 4095 becomes 65535."""
    values = np.asarray(image).astype(np.uint32)
    scaled = pillow.Image.fromarray(((values * 65535 + 2047) // 4095).astype(np.uint16))
    scaled.info = image.info
    return scaled


def _open(data: bytes, name: str) -> UndecodedImage:
    try:
        pages = read_directories(data)
    except ValueError as error:
        raise damaged(name) from error
    if data[8:10] == b"CR" or any(_is_raw(page) for page in pages):
        raise ImageError(
            tr("“{name}” is a camera's raw file, which is not opened. Develop it, and save it as JPEG or TIFF."),
            name=name,
        )
    number = _full_page(pages, name)
    page = pages[number]
    if not _is_opened(page):
        raise _unopened(page, name)
    try:
        image = open_with_pillow(data, name, "TIFF")
        if number:
            image.seek(number)
    except (EOFError, SyntaxError, ValueError, OSError) as error:
        raise damaged(name) from error
    except ImageError as error:
        check_size(page.get(tiff.WIDTH, 1), page.get(tiff.HEIGHT, 1), name)
        raise (_unopened(page, name) if _is_all_there(page, data) else error) from error
    check_size(*image.size, name)
    check_memory(8 * image.width * image.height + _bytes_a_segment(page), name)
    # Pillow rotates a TIFF by itself, including its size.
    return OpenedTiff(image, name, "TIFF", pixel_aspect=_pixel_aspect(image, page, name), data=data, page=page)


def _pixel_aspect(image: Image.Image, page: TiffDirectory, name: str) -> float:
    """Return a pixel's height divided by its width if the resolution has no unit, so that only the ratio is known."""
    if page.get(tiff.RESOLUTION_UNIT, _INCHES) != _NO_UNIT:
        return 1.0
    across, down = map(float, image.info.get("resolution", (1, 1)))
    is_turned = page.get(tiff.ORIENTATION, 1) >= 5
    return checked_aspect(down, across, name) if is_turned else checked_aspect(across, down, name)


def _is_raw(page: TiffDirectory) -> bool:
    return tiff.DNG_VERSION in page.values or any(
        one.get(tiff.PHOTOMETRIC, 0) in _RAW for one in (page, *page.children)
    )


def _full_page(pages: tuple[TiffDirectory, ...], name: str) -> int:
    """Return the number of the first page that is not a smaller version of another.

    Raises:
        ImageError: there is none, or the full picture lies where it is not looked for.
    """
    full = [number for number, page in enumerate(pages) if not page.is_reduced]
    hidden = [child.pixels for page in pages for child in page.children if not child.is_reduced]
    if not full or max(hidden, default=0) > pages[full[0]].pixels:
        raise ImageError(
            tr("“{name}” shows a preview alone; the image in it is of a kind that is not opened. Export it as JPEG."),
            name=name,
        )
    return full[0]


def _is_opened(page: TiffDirectory) -> bool:
    """Whether Pillow shows the pixels of such a page correctly."""
    photometric, bits = page.get(tiff.PHOTOMETRIC, _BLACK_IS_ZERO), page.values.get(tiff.BITS, (1,))
    compression, samples = page.get(tiff.COMPRESSION, 1), page.get(tiff.SAMPLES, 1)
    subsampling = page.values.get(tiff.SUBSAMPLING, (2, 2))
    is_halved = photometric == _YCBCR and compression not in {6, _JPEG} and subsampling != (1, 1)
    return (
        compression in _OPENED_COMPRESSIONS
        and bits[0] in _BITS.get(photometric, ())
        and len(set(bits)) == 1
        and _has_known_format(page, bits[0], samples)
        and not (bits[0] > 8 and page.get(tiff.PLANES, 1) == 2)
        and not is_halved
    )


def _has_known_format(page: TiffDirectory, bits: int, samples: int) -> bool:
    """Whether the values are unsigned; of grey of 32 bits, floating point included, the decoded values' range tells."""
    formats = set(page.values.get(tiff.SAMPLE_FORMAT, (1,)))
    return not formats & _FORMATS.keys() or (samples == 1 and bits == 32 and formats <= {_SIGNED, _FLOAT})


def _bytes_a_segment(page: TiffDirectory) -> int:
    """Return the bytes of an unpacked strip or tile; the decoder unpacks each as a whole."""
    height = page.get(tiff.HEIGHT, 1)
    rows = page.get(tiff.TILE_HEIGHT, min(page.get(tiff.ROWS, height), height))
    channels = 1 if page.get(tiff.PLANES, 1) == 2 else page.get(tiff.SAMPLES, 1)
    return rows * page.get(tiff.TILE_WIDTH, page.get(tiff.WIDTH, 1)) * channels * page.get(tiff.BITS, 1) // 8


def _is_all_there(page: TiffDirectory, data: bytes) -> bool:
    return all(offset + size <= len(data) for offset, size in page.segments)


def _unopened(page: TiffDirectory, name: str) -> ImageError:
    bits, samples = page.values.get(tiff.BITS, (1,)), page.get(tiff.SAMPLES, 1)
    photometric, compression = page.get(tiff.PHOTOMETRIC, 1), page.get(tiff.COMPRESSION, 1)
    words = [
        f"{samples} × {'/'.join(map(str, sorted(set(bits))))} bits",
        _FORMATS.get(page.get(tiff.SAMPLE_FORMAT, 1), ""),
        "separate planes" if page.get(tiff.PLANES, 1) == 2 else "",
        "" if photometric in _BITS and photometric != _LAB else _COLOURS.get(photometric, f"colours {photometric}"),
        "" if compression == 1 else _COMPRESSIONS.get(compression, f"compression {compression}"),
    ]
    return ImageError(
        tr("“{name}” is a TIFF of a kind that is not opened ({kind}). Save it with 8 bits a channel, or as PNG."),
        name=name,
        kind=", ".join(filter(None, words)),
    )


TIFF = FormatReader(lambda data: data.startswith(_BEGINNINGS), _open)
