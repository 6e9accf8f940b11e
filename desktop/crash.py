"""The last resort: what no one expected goes to the log, then into one dialog."""

import logging
import logging.handlers
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

logger = logging.getLogger(__name__)

_LOG_BYTES = 1_000_000
_LOG_FILES = 5


def start_log(folder: Path) -> Path | None:
    """Log to a rotating file in `folder`; return its path, or None where the folder cannot be written."""
    file = folder / "lesionlens.log"
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=False
        )
    except OSError as error:
        logger.warning("no log is written: %s", error)
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return file


def install(show: Callable[[str], None]) -> None:
    """Send every unexpected exception, of any thread, to the log and its traceback to `show`."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logger.critical("unexpected", exc_info=(kind, error, trace))
        show("".join(traceback.format_exception(kind, error, trace)))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook
