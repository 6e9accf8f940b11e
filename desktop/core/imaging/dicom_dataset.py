"""Reads a DICOM file's attributes, tolerating common violations of the standard."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.core.errors import ImageError
from desktop.core.imaging.limits import MAX_PIXELS, damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from desktop.core.imaging import pydicom
else:
    pydicom = Late("desktop.core.imaging.pydicom")

DEFLATED = "1.2.840.10008.1.2.1.99"
"""The transfer syntax whose data set is compressed as a whole (PS3.5, A.5)."""

_MOST_ATTRIBUTES = 4_000_000
"""Bytes that a deflated file may have before its pixels; a colour profile takes at most one million."""

_MOST_PIXELS = 3 * MAX_PIXELS
"""Bytes that a deflated file's pixels may take: as many as the largest image."""

_MOST_ELEMENTS = 10_000
"""Elements that a deflated file may hold: 4 MB of empty elements would make 500,000 objects."""

_PIXELS, _PIXELS_BEGIN, _PIXELS_HEAD = 0x7FE00010, b"\xe0\x7f\x10\0", 12
"""The tag of the element that holds the pixels, as it is written, and the bytes before its value."""

UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error)
"""The exceptions that pydicom may raise for an invalid value; it does not document them."""


_AROUND = '" \0'
"""Padding and quotes around a value."""


def is_dicom(data: bytes) -> bool:
    """Tell whether a file's bytes begin as DICOM's do (PS3.10, 7.1); 132 bytes are enough."""
    return data[128:132] == b"DICM"


def read_dataset(stream: BinaryIO, name: str, *, header_only: bool = False) -> Any:
    """Read a file's attributes, and the pixels as well unless only the header is wanted.

    A deflated file is inflated only up to the end of the pixels that its attributes declare.

    Raises:
        ImageError: the file is damaged, or inflates too far.
    """
    try:
        file_meta = _read_file_meta(stream)
        if text_of(file_meta, "TransferSyntaxUID") == DEFLATED:
            dataset = _read_deflated(stream.read(), name, header_only=header_only)
            dataset.file_meta = file_meta
            return dataset
        stream.seek(0)
        return pydicom.dcmread(stream, stop_before_pixels=header_only)
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        raise damaged(name) from error


def read_transfer_syntax(data: bytes, name: str) -> str:
    """Read only the transfer syntax of a file; empty if the file does not give one.

    Raises:
        ImageError: the file is damaged.
    """
    try:
        return text_of(_read_file_meta(io.BytesIO(data)), "TransferSyntaxUID")
    except Exception as error:
        raise damaged(name) from error


def _read_file_meta(stream: BinaryIO) -> Any:
    """Read the file meta information, and leave the stream at the start of the data set."""
    stream.seek(132)
    return pydicom.FileMetaDataset(pydicom.read_dataset(stream, False, True, stop_when=lambda tag, *_: tag >> 16 != 2))


def _read_deflated(deflated: bytes, name: str, *, header_only: bool) -> Any:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    stream = io.BytesIO(inflater.decompress(deflated, _MOST_ATTRIBUTES))
    count = itertools.count()
    dataset = pydicom.read_dataset(
        stream, False, True, stop_when=lambda tag, *_: tag >= _PIXELS or next(count) >= _MOST_ELEMENTS
    )
    head = stream.read(_PIXELS_HEAD)
    if header_only or head[:4] != _PIXELS_BEGIN:
        return dataset
    size = _pixel_bytes(dataset)
    if size > _MOST_PIXELS:
        raise ImageError(
            tr("“{name}” is deflated DICOM of {size} MB; at most {limit} MB are opened. Export it as JPEG or PNG."),
            name=name,
            size=size // 1_000_000,
            limit=_MOST_PIXELS // 1_000_000,
        )
    pixels = stream.read(size)
    pixels += inflater.decompress(inflater.unconsumed_tail, size - len(pixels)) if size > len(pixels) else b""
    dataset.add_new("PixelData", "OB", pixels)
    return dataset


def _pixel_bytes(dataset: Any) -> int:
    """Return the bytes of all pixels, as declared by the attributes."""
    width, height, samples = int(dataset.Columns), int(dataset.Rows), int(dataset.SamplesPerPixel)
    return width * height * samples * int(dataset.BitsAllocated) // 8 * number_of_frames(dataset)


def number_of_frames(dataset: Any) -> int:
    """Return the number of frames. pydicom rejects a quoted number, so the raw bytes are parsed."""
    try:
        value = dataset.get_item("NumberOfFrames").value
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    except UNREADABLE:
        return 1
    text = text.strip(_AROUND)
    return max(int(text), 1) if text.isdecimal() and len(text) <= 12 else 1


def readable_elements(dataset: Any, keys: Iterable[str | int]) -> Iterator[Any]:
    """Yield the elements with these keywords or tags that exist and have a value of the right kind."""
    for key in keys:
        try:
            yield dataset[key]
        except UNREADABLE:
            continue


def value_of(dataset: Any, keyword: str) -> Any:
    """Return a value as pydicom reads it; None if it is missing or of the wrong kind."""
    return next((element.value for element in readable_elements(dataset, [keyword])), None)


def text_of(dataset: Any, keyword: str) -> str:
    r"""Return a value as text, without the quotes that some programs put around it; empty if there is none.

    Multiple values stay one text: no attribute read with `text_of` may have several, so the backslash was meant literally.
    """
    value = value_of(dataset, keyword)
    texts = value if isinstance(value, list | pydicom.MultiValue) else [value]
    return "\\".join("" if text is None else str(text) for text in texts).strip(_AROUND)


def numbers_of(dataset: Any, keyword: str) -> list[float]:
    """Return the numbers of an attribute; an empty list if the attribute is missing or any value is not a number."""
    value = value_of(dataset, keyword)
    values = value if isinstance(value, list | pydicom.MultiValue) else [value]
    try:
        return [float(str(one).strip(_AROUND)) for one in values]
    except ValueError:
        return []


def known_uid(text: str) -> str:
    """Return the standard's name for a UID, empty if pydicom does not know it."""
    name: str = pydicom.UID(text).name
    return "" if name == text else name
