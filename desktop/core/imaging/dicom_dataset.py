"""How a DICOM file's attributes are read: as they are meant, where programs wrote them as they should not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.core.imaging.limits import damaged
from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.imaging import pydicom
else:
    pydicom = Late("desktop.core.imaging.pydicom")


def is_dicom(data: bytes) -> bool:
    """Tell whether a file's bytes begin as DICOM's do (PS3.10, 7.1); 132 bytes are enough."""
    return data[128:132] == b"DICM"


def read_dataset(stream: BinaryIO, name: str, *, header_only: bool = False) -> Any:
    """Read a file's attributes; what stands behind them as well, unless only the header is wanted.

    Raises:
        ImageError: the file is damaged.
    """
    try:
        return pydicom.dcmread(stream, stop_before_pixels=header_only)
    except MemoryError:
        raise
    except Exception as error:
        raise damaged(name) from error


def number_of_frames(dataset: Any) -> int:
    """Return the number of frames; in quotes it is no number to pydicom, so the bytes are read."""
    text = text_of(dataset, "NumberOfFrames")
    return max(int(text), 1) if text.isdecimal() else 1


def text_of(dataset: Any, keyword: str) -> str:
    """Return a value as text, without the quotes that some programs put around it, empty where there is none."""
    try:
        item = dataset.get_item(keyword)
        value = "" if item is None else item.value
        if isinstance(value, bytes):
            value = value.decode("ascii") if keyword == "NumberOfFrames" else dataset[keyword].value
    except (ValueError, TypeError, OverflowError, LookupError):
        return ""
    return "" if value is None else str(value).strip('" \0')


def known_uid(dataset: Any, keyword: str) -> str:
    """Return the standard's name of what a UID stands for, empty where pydicom does not know it."""
    value = dataset.get(keyword)
    name = getattr(type(value)(text_of(dataset, keyword)), "name", "") if value else ""
    return "" if name == text_of(dataset, keyword) else name
