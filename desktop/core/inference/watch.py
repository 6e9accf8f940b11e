"""Watches a camera's export folder for new, complete images.

The folder is polled. This also works on network drives, where change notifications do not arrive, and finds images that came
while the drive was away.
"""

import logging
import os
import stat
import sys
import time
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from desktop.core.errors import ImageError
from desktop.core.imaging.frames import frames_of, holding_file
from desktop.core.inference.image_files import FoundFiles, find_files
from desktop.core.marking import tr
from desktop.core.paths import reachable

if sys.platform != "win32":
    import fcntl

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
"""Two looks must agree, so an image is reported one to three seconds after its last byte."""

_REST = 9
"""The least pause, as a multiple of the duration of the look before it: a look at 100,000 files takes long."""

_PATIENCE = 30
"""Looks after which a file that does not change, but is empty or cannot be opened, is told of all the same: then it is not
being written, and whoever opens it gets the sentence that says what is wrong."""

_REMEMBERED = 200_000
"""Files remembered in all, including missing ones, which return when a drive does."""


class Stop(Protocol):
    """What ends a watch: a `threading.Event`, or Ctrl-C."""

    def wait(self, seconds: float, /) -> bool:
        """Wait so long, or until the watch is to end; return whether it is."""


@dataclass(frozen=True)
class _State:
    """What changes when a file is written to."""

    size: int
    modified_ns: int


@dataclass
class _Pending:
    state: _State
    looks: int = 1
    """The number of consecutive looks that found it in this state."""


class NewImages:
    """The new images of a folder and its subfolders, each once, as soon as it is complete.

    Images of kinds that are not opened are told of as passed over, each once, as soon as it is there.

    Complete is a file that two looks found unchanged, that is not empty, and that opens without another program's lock.
    Which files are images is said by `find_files`; of a multi-frame DICOM file each frame is yielded. One that is renamed is
    new under its new name; one that is written again under its old name is new again. A folder that goes away, a network
    drive say, is waited for.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seen: Iterable[Path] | None = None,
        seconds_between_looks: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        """Take the first look: whatever comes after is new.

        Args:
            folder: the folder.
            seen: the files that are not new, as they are now; None means all that are in the folder now.
            seconds_between_looks: the pause between two looks.

        Raises:
            ImageError: the folder is not there, is none, or cannot be listed.
        """
        try:
            with os.scandir(reachable(folder)):
                pass
        except OSError as error:
            raise ImageError(
                tr("The folder “{name}” cannot be watched ({detail}). Choose another folder."),
                name=folder.name or str(folder),
                detail=error.strerror or error,
            ) from error
        self._folder = folder
        self._pause = seconds_between_looks
        self._reported: dict[Path, _State] = {}
        """The files that are not new, oldest first."""
        self._pending: dict[Path, _Pending] = {}
        self._passed_over: dict[Path, str] = {}
        """The images of unsupported kinds that are not new."""
        known = None if seen is None else {holding_file(path) for path in seen}
        states, passed_over = _look(folder, self._reported)
        for path, state in states:
            if known is None or path in known:
                self._reported[path] = state
            else:
                self._pending[path] = _Pending(state)
        if known is None:
            self._passed_over = passed_over

    def until(self, stop: Stop) -> Iterator[FoundFiles]:
        """Yield, for each look that found any, the images that have become complete, sorted by path, and those passed over.

        `stop` is heeded in the pauses, and so at the latest after the look that is being taken.
        """
        took = 0.0
        while not stop.wait(max(self._pause, _REST * took)):
            begin = time.monotonic()
            complete = self._complete()
            took = time.monotonic() - begin
            if complete.images or complete.passed_over:
                yield FoundFiles(list(frames_of(complete.images)), complete.passed_over)

    def _complete(self) -> FoundFiles:
        """Take a look; move the files that are complete now from the pending to the reported ones, and return them."""
        complete = []
        pending = {}
        present = set()
        states, others = _look(self._folder, self._reported)
        for path, state in states:
            present.add(path)
            if self._reported.get(path) == state:
                continue
            before = self._pending.get(path)
            if before is None or before.state != state:
                pending[path] = _Pending(state)
            elif before.looks >= _PATIENCE or (state.size and _opens(path)):
                complete.append(path)
                self._reported[path] = state
            else:
                pending[path] = _Pending(state, before.looks + 1)
        self._pending = pending
        passed_over = {path: kind for path, kind in others.items() if path not in self._passed_over}
        self._passed_over |= passed_over
        self._forget(present | others.keys())
        return FoundFiles(complete, passed_over)

    def _forget(self, present: set[Path]) -> None:
        known: dict[Path, Any]
        for known in (self._reported, self._passed_over):
            excess = len(known) - _REMEMBERED
            if excess > 0:
                gone = [path for path in known if path not in present]
                for path in gone[:excess]:
                    del known[path]


def _look(folder: Path, known: Container[Path]) -> tuple[list[tuple[Path, _State]], dict[Path, str]]:
    """Return the image files with their states, and the images of unsupported kinds."""
    found = find_files([folder], known=known)
    states = []
    for path in found.images:
        try:
            state = reachable(path).stat()
        except OSError:  # it was deleted meanwhile, or is a broken link
            continue
        if stat.S_ISREG(state.st_mode):
            states.append((path, _State(state.st_size, state.st_mtime_ns)))
    return states, found.passed_over


def _opens(path: Path) -> bool:
    """Tell whether a file can be read and no other program has locked it to write."""
    try:
        with reachable(path).open("rb") as file:  # Windows refuses if a program has opened the file exclusively
            return not _is_locked(file.fileno())
    except OSError as error:
        logger.info("a new file cannot be opened yet: %s", type(error).__name__)
        return False


def _is_locked(handle: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # not every network drive supports locks
            return False
    return False
