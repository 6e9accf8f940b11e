"""The boxes of ISO base media files (HEIC, AVIF) and JPEG 2000 files."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_KIND = b"ftyp"


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kinds and contents of consecutive boxes (ISO/IEC 14496-12, 4.2), up to the first incomplete one."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">L4s", data, at)
        begin = at + 8
        if size == 1 and begin + 8 <= len(data):
            (size,) = struct.unpack_from(">Q", data, begin)
            begin += 8
        end = len(data) if size == 0 else at + size
        if end < begin:
            return
        yield kind, data[begin:end]
        at = end


def inner(data: bytes, *kinds: bytes) -> Iterator[bytes]:
    """Yield the contents of the boxes at the end of a path of kinds, each box of which contains the next."""
    first, *rest = kinds
    for kind, content in boxes(data):
        if kind == first:
            if rest:
                yield from inner(content, *rest)
            else:
                yield content


def brands(data: bytes) -> list[bytes]:
    """Return a file's brands, the major one first; none for a file of another kind."""
    if data[4:8] != _KIND:
        return []
    held = data[8 : min(int.from_bytes(data[:4]), len(data))]
    return [held[:4], *(held[at : at + 4] for at in range(8, len(held) - 3, 4))]
