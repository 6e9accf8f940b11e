"""A baseline JPEG as a frame for DICOM: its own compressed pixels without anything that is not needed to decode them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.imaging.jpeg import JPEG, JpegSegment, segments

_APPLICATION = frozenset(range(0xE0, 0xF0))
_COMMENT, _SOS, _EOI, _BASELINE = 0xFE, 0xDA, 0xD9, 0xC0
_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0), 0xF7})
"""The markers of frames (ITU-T T.81, table B.1), and that of JPEG-LS."""

_JFIF, _ADOBE = b"JFIF\0", b"Adobe"
_JFIF_LENGTH, _ADOBE_LENGTH = 16, 14
"""Bytes of the segments as their length counts them: of JFIF without a thumbnail (ITU-T T.871, 10.1), and of Adobe's."""

_LETTERS = b"RGB"


@dataclass(frozen=True)
class JpegFrame:
    """A stream with size and number of components; `profile` is its colour profile, empty if it has none."""

    stream: bytes
    width: int
    height: int
    components: int
    profile: bytes


def baseline_frame(data: bytes, name: str) -> JpegFrame | None:
    """Return a JPEG as a frame; None if DICOM would not show it as it is meant.

    So it is with another kind of file, another compression than baseline, colours stored as RGB or CMYK, pixels that are not
    square, and an image that EXIF turns. Thumbnails, EXIF, XMP, comments and what follows the image are left out.

    Raises:
        ImageError: the file is damaged or too large.
    """
    if not JPEG.begins(data):
        return None
    opened = JPEG.open(data, name)
    with opened.image:
        profile = opened.image.info.get("icc_profile") or b""
    found = list(segments(data))
    frames = [segment for segment in found if segment.marker in _FRAMES]
    if [segment.marker for segment in frames] != [_BASELINE] or opened.orientation != 1 or opened.pixel_aspect != 1:
        return None
    header = data[frames[0].begin : frames[0].end]
    components = header[9]
    if header[4] != 8 or components not in {1, 3} or (components == 3 and _is_rgb(data, found, header)):
        return None
    if profile[16:20] != {1: b"", 3: b"RGB "}[components] and profile:
        return None
    width, height = opened.size
    return JpegFrame(b"".join(_parts(data, found)), width, height, components, profile)


def _is_rgb(data: bytes, found: list[JpegSegment], header: bytes) -> bool:
    """Whether three components are red, green and blue, as libjpeg decides."""
    contents = [data[segment.begin + 4 : segment.end] for segment in found if segment.marker in _APPLICATION]
    if any(content.startswith(_JFIF) for content in contents):
        return False
    adobe = next((content for content in contents if content.startswith(_ADOBE)), b"")
    if len(adobe) > 11:
        return adobe[11] == 0
    return header[10::3][:3] == _LETTERS


def _parts(data: bytes, found: list[JpegSegment]) -> Iterator[bytes]:
    yield data[:2]
    for segment, after in zip(found, [*found[1:], None], strict=True):
        content = data[segment.begin : segment.end]
        if segment.marker == _SOS:
            end = _end_of_scan(data, segment.end) if after is None else after.begin
            yield data[segment.begin : end]
        elif segment.marker in _APPLICATION:
            yield _application(content)
        elif segment.marker != _COMMENT:
            yield content
    yield bytes([0xFF, _EOI])


def _application(content: bytes) -> bytes:
    """Return the part of an application's segment that says how colours are stored; empty where it says nothing of them."""
    inner = content[4:]
    if inner.startswith(_JFIF) and len(content) >= _JFIF_LENGTH + 2:
        return content[:2] + _JFIF_LENGTH.to_bytes(2) + inner[: _JFIF_LENGTH - 4] + bytes(2)
    if inner.startswith(_ADOBE) and len(content) >= _ADOBE_LENGTH + 2:
        return content[:2] + _ADOBE_LENGTH.to_bytes(2) + inner[: _ADOBE_LENGTH - 2]
    return b""


def _end_of_scan(data: bytes, begin: int) -> int:
    end = data.find(bytes([0xFF, _EOI]), begin)
    return len(data) if end < 0 else end
