"""Staged start: the window is shown first, and the parts not visible yet are created afterwards, piece by piece."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

_OF_A_PERSON = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.DragEnter,
        QEvent.Type.Drop,
        QEvent.Type.Close,
    }
)


class StagedStart(QObject):
    """Creates the pieces while the user is idle. Any input first creates all that are missing, so that it finds them there."""

    done = Signal()
    """The window is complete."""

    def __init__(self, pieces: Iterator[None], window: QWidget) -> None:
        super().__init__(window)
        self._pieces = pieces
        self._window = window
        self._is_busy = False
        self.is_done = False
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._make_one)
        window.installEventFilter(self)

    def begin(self) -> None:
        """Create one piece after the other, handling events in between."""
        if not self.is_done:
            self._next.start()

    def finish(self) -> None:
        """Create all missing pieces at once."""
        while not self.is_done and not self._is_busy:
            self._make_one()

    def _make_one(self) -> None:
        self._is_busy = True
        try:
            next(self._pieces)
        except StopIteration:
            self.is_done = True
            self._next.stop()
        finally:
            self._is_busy = False
        if self.is_done:
            self._window.removeEventFilter(self)
            self.done.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Finish on any input: keys reach the window last, clicks reach its native window first."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() in _OF_A_PERSON:
            self.finish()
            watched.removeEventFilter(self)
        return False
