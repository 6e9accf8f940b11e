"""JPEG, decoded once by a decoder that reports damage.

Pillow ignores libjpeg's warnings: a file with half of its pixels destroyed opens silently. simplejpeg stops at the first
warning, and otherwise returns exactly Pillow's bytes at every scale. `seams` looks for damage that neither notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.limits import check_memory, check_scans
from desktop.core.imaging.opened import (
    DecodedPixels,
    FormatReader,
    UndecodedImage,
    checked_aspect,
    exif_orientation,
    exif_profile,
    load_whole,
    open_with_pillow,
)
from desktop.core.imaging.seams import has_seam
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    import simplejpeg
    from numpy.typing import NDArray
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow, simplejpeg = Late("numpy"), Late("desktop.core.imaging.pillow"), Late("simplejpeg")

_COLOURS = {"L": "GRAY", "RGB": "RGB"}
"""The colour space to ask simplejpeg for, by Pillow's mode; CMYK is left to Pillow, which knows Adobe's conventions."""

_LEAST_SIDE = 16
"""Pixels. A smaller image may have the same size at two scales, and simplejpeg is given only the size."""

_SOS, _EOI = 0xDA, 0xD9
_NO_CONTENT = frozenset({0x01, *range(0xD0, 0xD9)})
_NEEDED = frozenset({0xC4, 0xCC, 0xDB, 0xDD, 0xE0, 0xEE})
"""What decoding needs of a header besides the frame: tables of Huffman and arithmetic codes, quantization, restart interval,
and the marks of JFIF and Adobe, which tell how colours are stored."""

_DECODED = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
"""The frames that simplejpeg may decode. Decoding a lossless one scaled down crashes the process."""

_LOSSLESS = 0xC3
_KINDS = {
    **dict.fromkeys((0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA), ""),
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "hierarchical"),
    0xCB: "lossless, arithmetic codes",
    0xF7: "JPEG-LS",
}
"""The markers of frames (ITU-T T.81, table B.1), with the names of the unsupported kinds."""

_PROGRESSIVE = frozenset({0xC2, 0xCA})
_OTHER_BITS = frozenset(range(2, 17)) - {8}
"""Of a value, as lossless and extended frames may have them (T.81, table B.2); others are no JPEG's."""

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends entropy-coded data, in which a byte of 0xFF is followed by 0 or is a restart marker."""


class JpegSegment(NamedTuple):
    """A marker of a JPEG stream with its parameters, without the entropy-coded data that follow a scan's."""

    marker: int
    begin: int
    end: int


def segments(data: bytes) -> Iterator[JpegSegment]:
    """Yield the segments of a JPEG stream up to its end or the first damaged one."""
    at = 2
    while (found := _NEXT_MARKER.search(data, at)) is not None:
        begin, marker = found.start(), data[found.start() + 1]
        if marker == _EOI:
            return
        end = begin + 2 if marker in _NO_CONTENT else begin + 2 + int.from_bytes(data[begin + 2 : begin + 4])
        yield JpegSegment(marker, begin, end)
        at = end


def is_damaged(data: bytes) -> bool:
    """Whether the decoder warns of a JPEG stream's pixels: codes that do not exist, too few or too many of them.

    A stream of a kind that the decoder does not know is not judged.
    """
    stream = _stream(data)
    return bool(stream) and not _decodes(stream) and _decodes(stream, strict=False)


def _decodes(stream: bytes, *, strict: bool = True) -> bool:
    try:
        simplejpeg.decode_jpeg(stream, min_height=1, min_width=1, strict=strict)
    except ValueError:
        return False
    return True


def _stream(data: bytes) -> bytes:
    """Return a stream for simplejpeg, without the possibly malformed segments before the first scan that change no pixel.

    It is empty for kinds that simplejpeg must not decode, and if there is no first scan.
    """
    parts = [data[:2]]
    frames: list[int] = []
    for segment in segments(data):
        if segment.marker == _SOS:
            is_decoded = len(frames) == 1 and frames[0] in _DECODED
            return b"".join([*parts, data[segment.begin :]]) if is_decoded else b""
        if segment.marker in _KINDS:
            frames.append(segment.marker)
        if segment.marker in _NEEDED or segment.marker in _KINDS:
            parts.append(data[segment.begin : segment.end])
    return b""


@frozen(kw_only=True)
class OpenedJpeg(UndecodedImage):
    """A JPEG whose header Pillow has read; `data` is the stream."""

    data: bytes

    def load(self, at_least: int | None) -> DecodedPixels:
        """Decode the pixels, scaled down in the DCT domain as far as Pillow's draft mode would."""
        image, longest = self.image, max(self.image.size)
        frame = _frame(self.data)
        if at_least is not None and not (frame is not None and frame.marker == _LOSSLESS):
            image.draft(None, (at_least, at_least))  # sets the size; nothing is decoded yet
        across, down = (8 * factor / round(longest / max(image.size)) for factor in _sampling(image))
        pixels = self._pixels(image)
        if pixels is None:
            load_whole(image, self.name)
            return DecodedPixels(image, is_damaged(self.data) or has_seam(np.asarray(image), across, down))
        decoded = pillow.Image.frombuffer(image.mode, image.size, pixels, "raw", image.mode, 0, 1)
        decoded.info = image.info
        return DecodedPixels(decoded, has_seam(pixels, across, down))

    def _pixels(self, image: Image.Image) -> NDArray[np.uint8] | None:
        """Return the pixels, uint8 [height, width, channels]; None if the decoder reports any warning."""
        colours, (width, height), stream = _COLOURS.get(image.mode), image.size, _stream(self.data)
        if colours is None or min(image.size) < _LEAST_SIDE or not stream:
            return None
        try:
            pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(stream, colours, min_height=height, min_width=width)
        except ValueError:
            return None
        return pixels if pixels.shape[:2] == (height, width) else None  # else they read the header differently


def _frame(data: bytes) -> JpegSegment | None:
    return next((segment for segment in segments(data) if segment.marker in _KINDS), None)


def _sampling(image: Any) -> tuple[int, int]:
    """Return the width and height of a JPEG's MCU in blocks of 8 x 8 pixels."""
    if len(image.layer) == 1:
        return 1, 1
    return max(layer[1] for layer in image.layer), max(layer[2] for layer in image.layer)


def _open(data: bytes, name: str) -> UndecodedImage:
    frame = _frame(data)
    if frame is not None:
        _check_kind(data, frame, name)
    image = open_with_pillow(data, name, "JPEG")
    pixels = image.width * image.height
    check_scans(pixels, _scans(data), name)
    if "progressive" in image.info:
        check_memory(pixels * _bytes_a_progressive_pixel(image), name)
    image.info.setdefault("icc_profile", exif_profile(image))
    image_format = image.format or "JPEG"  # MPO: a JPEG with more pictures inside
    return OpenedJpeg(image, name, image_format, exif_orientation(image), _pixel_aspect(image, name), data=data)


def _pixel_aspect(image: Image.Image, name: str) -> float:
    """Return a pixel's height by its width where JFIF tells the ratio alone (ITU-T T.871, 10.1).

    Densities in dots per inch are left aside: cameras and programs write figures that fit no picture.
    """
    across, down = image.info.get("jfif_density", (1, 1)) if image.info.get("jfif_unit") == 0 else (1, 1)
    return checked_aspect(across, down, name)


def _check_kind(data: bytes, frame: JpegSegment, name: str) -> None:
    """Refuse what the decoder does not know: it would be told to be damaged.

    Raises:
        ImageError: the stream is of a kind that is not opened.
    """
    bits = data[frame.begin + 4] if frame.end <= len(data) else 8
    kind = _KINDS[frame.marker] or (f"{bits} bits" if bits in _OTHER_BITS else "")
    if kind:
        raise ImageError(
            tr("“{name}” is a JPEG of a kind that is not opened ({kind}). Save it as JPEG with 8 bits, or as PNG."),
            name=name,
            kind=kind,
        )


def _bytes_a_progressive_pixel(image: Any) -> float:
    """Return the bytes per pixel while all coefficients (two bytes each) and two copies of the pixels are in memory."""
    across, down = _sampling(image)
    return 4 + sum(1 + 2 * int(layer[1]) * int(layer[2]) / (across * down) for layer in image.layer)


def _scans(data: bytes) -> int:
    """Return the number of scans; they are counted only if there can be more than one."""
    kinds = (segment for segment in segments(data) if segment.marker in _KINDS or segment.marker == _SOS)
    frame, first = next(kinds, None), next(kinds, None)
    if frame is None or first is None:
        return 0
    has_all = data[frame.begin + 9 : frame.begin + 10] == data[first.begin + 4 : first.begin + 5]  # how many components
    if has_all and frame.marker not in _PROGRESSIVE:
        return 1
    return 1 + sum(segment.marker == _SOS for segment in kinds)


JPEG = FormatReader(lambda data: data.startswith(b"\xff\xd8\xff"), _open)
