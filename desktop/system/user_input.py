"""Input to any window of the program: how long there was none, and a key that works in every window."""

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.DragMove,
    }
)

_CHECKED = 2000
"""Milliseconds between two looks at the clocks."""


class UserInput(QObject):
    """Watches the native windows, through which all input comes: filtering every event of the program would cost time."""

    idle = Signal()
    """There was no input for the number of minutes."""
    pressed = Signal()
    """The key was pressed, in whatever window: a menu's shortcut works neither in another one nor behind a dialog."""

    def __init__(self, key: QKeySequence, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._minutes = 0
        self._last = _clocks()
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECKED)
        self._timer.timeout.connect(self._is_idle)
        for window in QGuiApplication.topLevelWindows():
            self._watch(window)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch)

    def wait(self, minutes: int) -> None:
        """Count from now on, and emit `idle` after so many minutes without input; 0 never emits it."""
        self._minutes = minutes
        self._last = _clocks()
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # once, however often this is called

    def _is_idle(self) -> bool:
        """Tell whether it was too long, and begin anew."""
        passed = max(now - last for now, last in zip(_clocks(), self._last, strict=True))
        if not self._minutes or passed < 60 * self._minutes:
            return False
        self._last = _clocks()
        self.idle.emit()
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note input. What comes after the time, before the timer has seen it, is discarded: the computer woke up."""
        if event.type() not in _INPUT:
            return False
        if self._is_idle():
            return True
        self._last = _clocks()
        if not isinstance(event, QKeyEvent) or QKeySequence(event.keyCombination()) != self._key:
            return False
        self.pressed.emit()
        return True


def _clocks() -> tuple[float, float]:
    """Return a clock that stands still while the computer sleeps, and one that somebody may set: the longer time counts."""
    return time.monotonic(), time.time()
