"""The real window, offscreen, with the shipped model and a history of its own, to measure what a user waits for."""

import faulthandler
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

from desktop.__main__ import SWITCH, Parts, compose, spare_what_stays
from desktop.system.settings import BLIND_FIRST, INITIALS, Settings
from desktop.widgets.common.theme import apply_theme

_TICK = 1000
"""Milliseconds."""

_PATIENCE = 120
"""Ticks after which `wait` gives up."""


def application() -> QApplication:
    """Start Qt as the application does."""
    sys.setswitchinterval(SWITCH)
    made = QApplication([sys.argv[0], "-style", "Fusion"])
    made.setApplicationName("LesionLens")
    apply_theme("light")
    return made


@contextmanager
def window(folder: Path, model: Path) -> Iterator[Parts]:
    """Open the window, 1280 x 800, with its data in `folder`, its model loaded and blind-first switched off."""
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.put(BLIND_FIRST, False)  # otherwise an answer waits for an assessment
    settings.put(INITIALS, "MK")
    parts = compose(folder, settings)
    spare_what_stays(parts.window, parts.model)
    parts.window.resize(1280, 800)
    parts.window.show()
    parts.history_service.open()
    QTimer.singleShot(0, parts.window, lambda: parts.model.load(model))
    wait(parts.model.loaded)
    try:
        yield parts
    finally:
        parts.window.close()
        parts.close()
        pause(0)


def wait(signal: SignalInstance) -> None:
    """Run the event loop until a signal is emitted.

    Raises:
        TimeoutError: it is not emitted within two minutes in which the loop ran; where each thread is by then is printed. Time
            in which the machine stands still does not count: it once did for 165 s, and a benchmark failed for nothing.
    """
    loop = QEventLoop()
    signal.connect(loop.quit)
    ticks = count(1)
    patience = QTimer()
    patience.timeout.connect(lambda: loop.exit(1) if next(ticks) >= _PATIENCE else None)
    patience.start(_TICK)
    code = loop.exec()
    signal.disconnect(loop.quit)
    if code:
        faulthandler.dump_traceback()
        raise TimeoutError(f"{signal} was not emitted")


def pause(milliseconds: int) -> None:
    """Run the event loop for some time."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
