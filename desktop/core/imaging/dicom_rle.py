"""RLE, DICOM's own lossless compression (PS3.5, annex G).

pydicom has a decoder; this one stops where a frame has all its bytes, whatever the file's 64 times as many unfold to.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np

    from desktop.core.imaging.dicom_pixels import PixelLayout
else:
    np = Late("numpy")

_HEADER = 64


def decode_rle(data: bytes, layout: PixelLayout) -> bytes:
    """Return the bytes of a frame, plane by plane, each word in little endian.

    Raises:
        ValueError: it is damaged.
    """
    count, *offsets = struct.unpack_from("<16L", data.ljust(_HEADER, b"\0"))
    word = layout.allocated // 8
    if count != layout.samples * word:
        raise ValueError("a frame has another number of segments than its words have bytes")
    ends = [*offsets[1:count], len(data)]
    size = layout.width * layout.height
    planes = np.empty((layout.samples, size, word), np.uint8)
    for number, (begin, end) in enumerate(zip(offsets[:count], ends, strict=True)):
        sample, byte = divmod(number, word)  # of a word the higher byte comes first
        planes[sample, :, word - 1 - byte] = np.frombuffer(_unpacked(data[begin:end], size), np.uint8)
    return planes.tobytes()


def _unpacked(segment: bytes, size: int) -> bytes:
    """Unfold a segment into exactly `size` bytes: a control byte is followed by bytes to copy, or by one to repeat."""
    parts = []
    at = held = 0
    while held < size:
        if at >= len(segment):
            raise ValueError("a segment ends too early")
        control = segment[at]
        if control < 128:
            part = segment[at + 1 : at + 2 + control]
            at += 2 + control
        else:
            part = segment[at + 1 : at + 2] * (257 - control if control > 128 else 0)
            at += 2 if control > 128 else 1
        parts.append(part)
        held += len(part)
    return b"".join(parts)[:size]
