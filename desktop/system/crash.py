"""The last resort: what no one expected goes to the log, into a report beside it, then into one dialog.

The log holds no patient data, so of an exception it gets its kind and its place in the code: its message may name a file,
and files are named after patients. The report has all of it, for the user to read and to send or not; nothing is sent by
itself. What ends the process without an exception, a fault in a library, is written by Python's faulthandler, and made a
report at the next start.
"""

import contextlib
import copy
import faulthandler
import logging
import logging.handlers
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TextIO, cast

from desktop import __version__
from desktop.core.private_files import make_folder, private, take_from_others

logger = logging.getLogger(__name__)

LOG_NAME = "lesionlens.log"
_LOG_BYTES = 1_000_000
_LOG_FILES = 5
_REPORTS = 10
"""How many crash reports are kept; the oldest go."""
_FAULT = "fault.txt"
_OURS = re.compile(rf"{re.escape(LOG_NAME)}(\.[0-9]+)?|{re.escape(_FAULT)}|crash-[0-9-]+\.txt")
"""What is written into the log's folder."""
_BEGINNING = (
    "LesionLens {version} met something unexpected at {time}.\n"
    "{system}, Python {python}\n"
    "\n"
    "This file was written on this computer and sent to nobody. It may name files of yours: read it before you send it.\n"
    "\n"
)


class _KindAndPlace(logging.Formatter):
    """Formats an exception without its message: its kind and where it came from, down to the first cause."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a copy: a record remembers how its exception was formatted, for other handlers and from them."""
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


class _PrivateLog(logging.handlers.RotatingFileHandler):
    """Its files, those that it begins later as well, are for their owner alone."""

    def _open(self) -> TextIOWrapper:
        return cast("TextIOWrapper", open(self.baseFilename, self.mode, encoding="utf-8", opener=private))


def start_log(folder: Path) -> Path | None:
    """Log to a rotating file in `folder`; return its path, or None where the folder cannot be written."""
    file = folder / LOG_NAME
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        make_folder(folder)
        take_from_others(folder, _OURS)
        handler = _PrivateLog(file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=False)
    except OSError as error:
        logger.warning("no log is written: %s", error)
        return None
    handler.setFormatter(_KindAndPlace("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return file


def _write_privately(file: Path) -> TextIO:
    return open(file, "w", encoding="utf-8", opener=private)


def watch_for_faults(folder: Path) -> None:
    """Have a fault in a library leave its stack in `folder`; make a report of what the last start left there."""
    file = folder / _FAULT
    try:
        if file.exists() and (stack := file.read_text(encoding="utf-8", errors="replace")):
            logger.error("the last start ended in a fault of a library")
            write_report(folder, stack)
        faulthandler.enable(_write_privately(file))  # which keeps it open
    except OSError as error:
        logger.warning("faults leave no report: %s", error.strerror)


def end_watch(folder: Path) -> None:
    """Forget what faulthandler wrote: a process that ends in order had no fault, whatever a library caught on the way."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        (folder / _FAULT).unlink()


def write_report(folder: Path, trace: str) -> Path | None:
    """Write what happened into a file of its own; return its path, or None where it cannot be written."""
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
    """Send every unexpected exception, of any thread, to the log and a report; `show` its traceback and the report."""

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
