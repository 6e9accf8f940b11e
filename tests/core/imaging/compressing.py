"""Encoders for formats that none of LesionLens's dependencies can write: DICOM's RLE, and lossless JPEG."""

import struct

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint8] | NDArray[np.uint16]


def rle(values: Words) -> bytes:
    """Compress [height, width] or [height, width, 3] as a frame of DICOM's RLE (PS3.5, annex G)."""
    planes = values.reshape(*values.shape[:2], -1).transpose(2, 0, 1)
    word = values.dtype.itemsize
    segments = [
        _packed(np.ascontiguousarray(plane).view(np.uint8).reshape(-1, word)[:, word - 1 - byte].tobytes())
        for plane in planes
        for byte in range(word)
    ]
    offsets = np.cumsum([64, *(len(segment) for segment in segments)])[:-1]
    return struct.pack("<16L", len(segments), *offsets, *[0] * (15 - len(segments))) + b"".join(segments)


def _packed(data: bytes) -> bytes:
    packed = bytearray()
    at = 0
    while at < len(data):
        run = next((n for n in range(1, 128) if data[at + n : at + n + 1] != data[at : at + 1]), 128)
        if run > 1:
            packed += bytes([257 - run, data[at]])
        else:
            run = min(16, len(data) - at)
            packed += bytes([run - 1]) + data[at : at + run]
        at += run
    return bytes(packed) + bytes(len(packed) % 2)


def lossless_jpeg(values: NDArray[np.uint8], names: bytes = b"\1\2\3", bits: int = 8) -> bytes:
    """Compress [height, width] or [height, width, 3] as lossless JPEG with first-order prediction (ITU-T T.81, annex H)."""
    height, width = values.shape[:2]
    planes = values.reshape(height, width, -1).astype(int)
    count = planes.shape[2]
    predicted = np.full(planes.shape, 1 << (bits - 1))
    predicted[0, 1:] = planes[0, :-1]
    predicted[1:, 0] = planes[:-1, 0]
    predicted[1:, 1:] = planes[1:, :-1]
    written = "".join(_coded(int(difference)) for difference in (planes - predicted).reshape(-1))
    written += "1" * (-len(written) % 8)
    stream = int(written, 2).to_bytes(len(written) // 8).replace(b"\xff", b"\xff\0")
    # A Huffman code of five bits for each of the 17 sizes that a difference may have.
    table = bytes([0, 0, 0, 0, 0, 17, *[0] * 11, *range(17)])
    frame = struct.pack(">BHHB", bits, height, width, count) + b"".join(bytes([n, 0x11, 0]) for n in names[:count])
    scan = bytes([count]) + b"".join(bytes([n, 0]) for n in names[:count]) + bytes([1, 0, 0])
    segments = ((0xC3, frame), (0xC4, table), (0xDA, scan))
    headers = b"".join(struct.pack(">BBH", 0xFF, marker, len(held) + 2) + held for marker, held in segments)
    return b"\xff\xd8" + headers + stream + b"\xff\xd9"


def _coded(difference: int) -> str:
    size = abs(difference).bit_length()
    value = difference if difference >= 0 else difference + (1 << size) - 1
    return f"{size:05b}" + (f"{value:0{size}b}" if size else "")
