"""Crash handling: an unexpected exception goes to the log, into a report beside it, and to a dialog.

The log must hold no patient data. It gets the type and traceback of an exception but not its message, which may contain a
file name, and files are named after patients. The report holds everything; the user may read and send it, and the program
sends nothing. A fault in a library ends the process without an exception: Python's faulthandler writes its stack, and the
next start turns that into a report.
"""

import contextlib
import copy
import faulthandler
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO, cast

from desktop import __version__
from desktop.core.late import Late
from desktop.core.private_files import make_folder, private, take_from_others

if TYPE_CHECKING:
    import platform
else:
    platform = Late("platform")

logger = logging.getLogger(__name__)

LOG_NAME = "lesionlens.log"
_LOG_BYTES = 1_000_000
_LOG_FILES = 5
_REPORTS = 10
"""How many crash reports are kept; older ones are deleted."""
_FAULT = "fault.txt"
_OURS = re.compile(rf"{re.escape(LOG_NAME)}(\.[0-9]+)?|{re.escape(_FAULT)}|crash-[0-9-]+\.txt")
"""The names of the files that the program writes to the log's folder."""
_BEGINNING = (
    "LesionLens {version} met something unexpected at {time}.\n"
    "{system}, Python {python}\n"
    "\n"
    "This file was written on this computer and sent to nobody. It may name files of yours: read it before you send it.\n"
    "\n"
)


class _KindAndPlace(logging.Formatter):
    """Formats an exception without its message: its type and traceback, followed by those of its causes."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a copy: a record caches its formatted exception, which other handlers would share."""
        own = copy.copy(record)
        own.exc_text = None
        return super().format(own)

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        parts = []
        error = ei[1]
        while error is not None:
            parts += [f"{type(error).__name__}\n", *traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(parts).rstrip()


class _PrivateLog(logging.FileHandler):
    """A rotating log whose files only their owner can read.

    Importing `logging.handlers`, which has a rotating log too, also imports sockets and pickle: 6 ms before the window.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file, encoding="utf-8")
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, to a new file if the current one would become too long."""
        try:
            if self.stream is not None and self.stream.tell() + len(self.format(record)) >= _LOG_BYTES:
                self.stream.close()
                self.stream = None  # the next record opens it again
                self._rename()
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _rename(self) -> None:
        names = [self._file, *(Path(f"{self._file}.{number}") for number in range(1, _LOG_FILES))]
        for newer, older in reversed(list(pairwise(names))):
            if newer.exists():
                newer.replace(older)

    def _open(self) -> TextIOWrapper:
        return cast("TextIOWrapper", open(self.baseFilename, self.mode, encoding="utf-8", opener=private))


def start_log(folder: Path) -> Path | None:
    """Log to a rotating file in `folder`; return its path, or None if the folder is not writable."""
    file = folder / LOG_NAME
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        make_folder(folder)
        take_from_others(folder, _OURS)
        handler = _PrivateLog(file)
    except OSError as error:
        logger.warning("no log is written: %s", error)
        return None
    handler.setFormatter(_KindAndPlace("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return file


def _write_privately(file: Path) -> TextIO:
    return open(file, "w", encoding="utf-8", opener=private)


def watch_for_faults(folder: Path) -> None:
    """Have faulthandler write to `folder`, and turn what it wrote in the last session into a report."""
    file = folder / _FAULT
    try:
        if file.exists() and (stack := file.read_text(encoding="utf-8", errors="replace")):
            logger.error("the last start ended in a fault of a library")
            write_report(folder, stack)
        faulthandler.enable(_write_privately(file))  # faulthandler keeps the file open
    except OSError as error:
        logger.warning("faults leave no report: %s", error.strerror)


def keep_memory_off_the_disk() -> None:
    """Have the system write no image of this process's memory when it crashes: an open, encrypted history's key is in there.

    Windows decides for itself; it has no such switch for a process.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows lacks it

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        # Linux passes it to a collector, such as systemd-coredump, at any limit but one byte (fs/coredump.c).
        least = 1 if sys.platform == "linux" and hard else 0
        resource.setrlimit(resource.RLIMIT_CORE, (least, hard))


def end_watch(folder: Path) -> None:
    """Delete what faulthandler wrote: an orderly exit means that a library handled the fault itself."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        (folder / _FAULT).unlink()


def write_report(folder: Path, trace: str) -> Path | None:
    """Write a crash report to a new file; return its path, or None if it cannot be written."""
    time = datetime.now(UTC)
    file = folder / f"crash-{time:%Y%m%d-%H%M%S-%f}.txt"
    beginning = _BEGINNING.format(
        version=__version__,
        time=f"{time:%Y-%m-%d %H:%M:%S} UTC",
        system=platform.platform(),
        python=platform.python_version(),
    )
    try:
        with _write_privately(file) as report:
            report.write(beginning + trace)
        for old in sorted(folder.glob("crash-*.txt"))[:-_REPORTS]:
            old.unlink()
    except OSError as error:
        logger.warning("no crash report is written: %s", error.strerror)
        return None
    return file


def install(folder: Path, show: Callable[[str, Path | None], None]) -> None:
    """Write each unexpected exception, of any thread, to the log and a report, and call `show` with traceback and report."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logger.critical("unexpected", exc_info=(kind, error, trace))
        text = "".join(traceback.format_exception(kind, error, trace))
        show(text, write_report(folder, text))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook
