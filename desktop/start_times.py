"""What a start takes, for the log: when the window took input and was whole, when there were a model and an answer."""

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
"""What blind-first makes of the first answer, as long as it is on: it is so until somebody switches it off."""

_LATEST = 1000
"""Milliseconds after which a window that has not been painted, on a locked screen say, counts as there."""


class StartTimes(QObject):
    """Writes each of them into the log once; the log's own times say the rest (benchmarks/start.py reads them)."""

    take_input = Signal()
    """The window is there: now is the time for all else."""

    def __init__(self, window: MainWindow, model: ModelChoice, consultation: OpenImage) -> None:
        super().__init__(window)
        self._noted: set[str] = set()
        window.installEventFilter(self)
        QTimer.singleShot(_LATEST, self, self._take_input)
        window.furnishing.done.connect(lambda: self._note(WHOLE))
        model.loaded.connect(lambda _classifier: self._note(LOADED))
        consultation.answered.connect(lambda _answer: self._note_when_idle(ANSWERED))
        consultation.held_back.connect(lambda: self._note_when_idle(HELD_BACK))

    def _note_when_idle(self, milestone: str) -> None:
        """Wait until what is to be painted is painted: a timer of zero fires once no event is left."""
        QTimer.singleShot(0, self, lambda: self._note(milestone))

    def _note(self, milestone: str) -> None:
        if milestone not in self._noted:
            self._noted.add(milestone)
            logger.info(milestone)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note the first painting of the window: what a person types or clicks is dealt with from then on."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._take_input)
        return False

    def _take_input(self) -> None:
        if TAKES_INPUT not in self._noted:
            self._note(TAKES_INPUT)
            self.take_input.emit()
