"""The dialog of a long step that the window waits for: its progress, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QProgressBar, QProgressDialog

from desktop.core.errors import AppError
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from desktop.system.tasks import Task

_STEPS = 1000
"""Steps of the progress bar, because the bytes of a large history exceed Qt's integers."""


class StoppableProgress(QProgressDialog):
    """Shown until the task that `follow` starts calls what `end` returns, or `fail`."""

    def __init__(self, window: QMainWindow, messages: MessageBar, text: str) -> None:
        super().__init__(text, "", 0, _STEPS, window)
        self._messages = messages
        self.setCancelButtonText(self.tr("Stop"))
        self.setWindowTitle("LesionLens")
        bar = QProgressBar(self)
        bar.setTextVisible(False)  # it is not high enough for text
        self.setBar(bar)
        self.setMaximum(_STEPS)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self.setMinimumDuration(300)
        self.setMinimumWidth(420)
        self.setValue(0)

    def follow(self, begin: Callable[[Callable[[object], None]], Task]) -> None:
        """Start a task that reports (done, total); the dialog's button stops it."""

        def tell(step: object) -> None:
            if isinstance(step, tuple) and step[1] and not self.wasCanceled():
                self.setValue(min(_STEPS * step[0] // step[1], _STEPS - 1))

        self.canceled.connect(begin(tell).cancel)

    def end(
        self, say: Callable[[object], None], stopped: Callable[[], None] = lambda: None
    ) -> Callable[[object], None]:
        """Return the task's `done`: it tells the outcome, or that the task was stopped if that is None."""

        def end(outcome: object) -> None:
            self._remove()
            if outcome is not None:
                say(outcome)
            else:
                stopped()
                self._messages.say(self.tr("Stopped: nothing was changed."), error=False)

        return end

    def fail(self, error: AppError) -> None:
        """Tell why the task failed."""
        self._remove()
        self._messages.tell(error)

    def _remove(self) -> None:
        """Remove the dialog; if only hidden, it would reappear after its delay."""
        self.reset()
        self.hide()
        self.deleteLater()
