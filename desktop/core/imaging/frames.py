"""The frames of a DICOM file as virtual paths, so that any code that takes an image by path takes a frame.

The three frames of `visit.dcm` are `visit.dcm/visit frame 1.dcm` to `... 3.dcm`. No such files exist: `held_frame` returns the
file that holds the frame, and `opening.read_file` extracts it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from desktop.core.errors import ImageError
from desktop.core.imaging import dicom
from desktop.core.imaging.dicom_dataset import is_dicom
from desktop.core.imaging.faults import as_image_error
from desktop.core.imaging.kinds import read_beginning
from desktop.core.imaging.limits import MAX_BYTES, MAX_FRAMES
from desktop.core.paths import reachable

logger = logging.getLogger(__name__)

_NAME = re.compile(r" frame ([1-9]\d{0,5})\.dcm")
_FRAME = re.compile(_NAME.pattern + r"\Z")


def frame_path(path: Path, number: int) -> Path:
    """Return the path of a frame of a file, counted from 1."""
    return path / f"{_short_name(path)} frame {number}.dcm"


def _short_name(path: PurePath) -> str:
    """Return a file's name without DICOM's extension; what follows the last dot of a UID is no extension."""
    return path.stem if path.suffix.lower() in dicom.EXTENSIONS else path.name


def held_frame(path: Path) -> tuple[Path, int] | None:
    """Return the file that holds the frame named by a path, and the frame's number; None for any other path."""
    file = path.parent
    for beginning in (_short_name(file), file.stem):  # the second: in histories from before names were kept whole
        number = _NAME.fullmatch(path.name[len(beginning) :]) if path.name.startswith(beginning) else None
        if number is not None:
            try:
                return (file, int(number[1])) if file.is_file() else None
            except OSError:
                return None
    return None


def order_of(text: str) -> tuple[str, int]:
    """Return a key that sorts the texts of paths, the frames of a file by their numbers: 2 before 10."""
    found = _FRAME.search(text)
    path = PurePath(text)
    if found is None or path.name[: -len(found[0])] not in {_short_name(path.parent), path.parent.stem}:
        return text, 0
    return str(path.parent), int(found[1])


def folder_of(text: str) -> str:
    """Return the folder of an image by the text of its path alone; that of a frame is the folder of its file."""
    name = order_of(text)[0]
    return name.rpartition("/")[0] if "://" in name else str(PurePath(name).parent)


def holding_file(path: Path) -> Path:
    """Return the file that a path stands for: the path itself, or the file that holds the frame."""
    held = held_frame(path)
    return path if held is None else held[0]


def frames_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield each path, but for a DICOM file of several frames the paths of its frames.

    A file that cannot be read, or holds more than `MAX_FRAMES`, is yielded itself: opening it gives the sentence.
    """
    for path in paths:
        count = _count(path)
        if 1 < count <= MAX_FRAMES:
            yield from (frame_path(path, number) for number in range(1, count + 1))
        else:
            yield path


def frames_in(path: Path, data: bytes) -> tuple[Path, ...]:
    """Return the paths of the frames that the bytes of a file hold; none where they are one image.

    Raises:
        ImageError: the file is damaged.
    """
    count = dicom.frame_count(data, path.name)
    return tuple(frame_path(path, number) for number in range(1, count + 1)) if 1 < count <= MAX_FRAMES else ()


def _count(path: Path) -> int:
    """Return how many frames a file holds."""
    file = reachable(path)
    if not is_dicom(read_beginning(file)):
        return 1
    try:
        if file.stat().st_size > MAX_BYTES:
            return 1
        with file.open("rb") as stream, as_image_error(path.name):
            return dicom.frame_count_of(stream, path.name)
    except (OSError, ImageError):
        logger.info("a DICOM file cannot be looked into; it is taken as one image")
        return 1
