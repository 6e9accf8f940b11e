"""Times of a start for the log: when the window takes input and is complete, when the model and an answer are there."""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.widgets.window.main_window import MainWindow

logger = logging.getLogger(__name__)

TAKES_INPUT = "the window takes input"
WHOLE = "the window is whole"
LOADED = "the model is loaded"
ANSWERED = "an answer is on the screen"
HELD_BACK = "an answer waits for the clinician's own view"
"""Logged in place of `ANSWERED` while blind-first is on, which is the default."""

_LATEST = 1000
"""Milliseconds after which the window counts as shown even if it was not painted, for example on a locked screen."""


class StartTimes(QObject):
    """Logs each milestone once, with the log's own timestamp (benchmarks/start.py reads them)."""

    take_input = Signal()
    """The window takes input: everything else can start now."""

    def __init__(self, window: MainWindow, model: ModelChoice, open_image: OpenImage) -> None:
        super().__init__(window)
        self._noted: set[str] = set()
        window.installEventFilter(self)
        QTimer.singleShot(_LATEST, self, self._take_input)
        window.staged_start.done.connect(lambda: self._note(WHOLE))
        model.loaded.connect(lambda _classifier: self._note(LOADED))
        open_image.answered.connect(lambda _answer: self._note_when_idle(ANSWERED))
        open_image.held_back.connect(lambda: self._note_when_idle(HELD_BACK))

    def _note_when_idle(self, milestone: str) -> None:
        """Note a milestone after pending paints: a zero timer fires once the event queue is empty."""
        QTimer.singleShot(0, self, lambda: self._note(milestone))

    def _note(self, milestone: str) -> None:
        if milestone not in self._noted:
            self._noted.add(milestone)
            logger.info(milestone)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note the first paint of the window, after which it handles keys and clicks."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._take_input)
        return False

    def _take_input(self) -> None:
        if TAKES_INPUT not in self._noted:
            self._note(TAKES_INPUT)
            self.take_input.emit()
