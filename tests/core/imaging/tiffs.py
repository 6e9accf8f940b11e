"""TIFF files of any kind, written by the tests: in both byte orders, in strips or tiles, contiguous or in separate planes."""

import itertools
import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_CODES = {1: "B", 3: "H", 4: "I", 7: "B"}
SIDE = 16
"""Of a tile, and rows of a strip."""

Values = int | tuple[int, ...] | bytes


@dataclass
class Page:
    """One page: its samples [height, width, channels] as stored, and its tags besides the usual ones."""

    samples: NDArray[np.generic]
    photometric: int
    tags: dict[int, Values] = field(default_factory=dict)
    is_tiled: bool = False
    is_planar: bool = False
    is_deflated: bool = False
    bits: int = 0
    """Of a value, where not those of the samples' type; the samples are then stored packed."""


def tiff(*pages: Page, order: str = "<") -> bytes:
    """Return a file of these pages."""
    data = (b"II*\0" if order == "<" else b"MM\0*") + bytes(4)
    link = 4
    for page in pages:
        data, link = _with_page(data, link, page, order)
    return data


def _with_page(data: bytes, link: int, page: Page, order: str) -> tuple[bytes, int]:
    height, width, channels = page.samples.shape
    segments = [_stored(segment, page, order) for segment in _segments(page)]
    offsets = []
    for segment in segments:
        offsets.append(len(data))
        data += segment
    bits = page.bits or 8 * page.samples.dtype.itemsize
    tags: dict[int, Values] = {256: width, 257: height, 258: (bits,) * channels, 259: 8 if page.is_deflated else 1}
    tags |= {262: page.photometric, 277: channels, 284: 2 if page.is_planar else 1}
    where, sizes = (324, 325) if page.is_tiled else (273, 279)
    tags |= {where: tuple(offsets), sizes: tuple(map(len, segments))}
    tags |= {322: SIDE, 323: SIDE} if page.is_tiled else {278: SIDE}
    return _with_directory(data, link, tags | page.tags, order)


def _with_directory(data: bytes, link: int, tags: dict[int, Values], order: str) -> tuple[bytes, int]:
    entries = []
    for tag, value in sorted(tags.items()):
        values = (value,) if isinstance(value, int) else tuple(value)
        kind = 7 if isinstance(value, bytes) else 4 if tag in {273, 279, 324, 325, 330} else 3
        content = struct.pack(f"{order}{len(values)}{_CODES[kind]}", *values)
        if len(content) > 4:
            data += bytes(len(data) % 2)
            content, data = struct.pack(f"{order}I", len(data)), data + content
        entries.append(struct.pack(f"{order}HHI", tag, kind, len(values)) + content.ljust(4, b"\0"))
    data += bytes(len(data) % 2)
    begin = len(data)
    data += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    return data[:link] + struct.pack(f"{order}I", begin) + data[link + 4 :], len(data) - 4


def _segments(page: Page) -> list[NDArray[np.generic]]:
    channels = page.samples.shape[2]
    planes = [page.samples[..., [one]] for one in range(channels)] if page.is_planar else [page.samples]
    height, width = page.samples.shape[:2]
    if not page.is_tiled:
        return [plane[top : top + SIDE] for plane, top in itertools.product(planes, range(0, height, SIDE))]
    padded = [np.pad(plane, ((0, -height % SIDE), (0, -width % SIDE), (0, 0))) for plane in planes]
    corners = itertools.product(padded, range(0, height, SIDE), range(0, width, SIDE))
    return [plane[top : top + SIDE, left : left + SIDE] for plane, top, left in corners]


def _stored(segment: NDArray[np.generic], page: Page, order: str) -> bytes:
    if page.bits == 12:
        rows = np.unpackbits(segment.astype(">u2").view(np.uint8).reshape(*segment.shape, 2), axis=-1)
        content = np.packbits(rows[..., 4:].reshape(segment.shape[0], -1), axis=1).tobytes()
    else:
        content = segment.astype(segment.dtype.newbyteorder(order)).tobytes()
    return zlib.compress(content) if page.is_deflated else content
