"""The dialog of a long step that the window waits for: its progress, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QProgressDialog, QWidget

from desktop.core.errors import AppError
from desktop.widgets.common.message_bar import MessageBar

T = TypeVar("T")

STEPS = 1000
"""Steps of a progress bar: the bytes and rows of a long history may exceed Qt's integers."""

_DELAY = 300
"""Milliseconds before the dialog appears: what is done by then needs none."""

_WIDTH = 420


class Stoppable(Protocol):
    """Work under way that can be stopped, such as a Task."""

    def cancel(self) -> None:
        """Ask it to stop early."""


def steps_done(step: object) -> int:
    """Return how many of `STEPS` are done, from what a task reports: (done, total), in any unit."""
    done, total = step if isinstance(step, tuple) else (0, 0)
    return min(STEPS * int(done) // int(total), STEPS) if total else 0


class ProgressDialog(QProgressDialog):
    """Shown until the task that `follow` starts calls what `end` returns, or `fail`."""

    def __init__(self, text: str, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._messages = messages
        self.setLabelText(text)
        self.setCancelButtonText(self.tr("Stop"))
        self.setWindowTitle("LesionLens")
        bar = QProgressBar(self)
        bar.setTextVisible(False)  # it is not high enough for text
        self.setBar(bar)
        self.setRange(0, STEPS)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self.setMinimumDuration(_DELAY)
        self.setMinimumWidth(_WIDTH)
        self.setValue(0)

    def follow(self, begin: Callable[[Callable[[object], None]], Stoppable]) -> None:
        """Start work that reports (done, total); the dialog's button stops it."""
        self.canceled.connect(begin(self._tell).cancel)

    def _tell(self, step: object) -> None:
        if not self.wasCanceled():
            self.setValue(min(steps_done(step), STEPS - 1))  # never full before the task has ended

    def end(self, say: Callable[[T], None], stopped: Callable[[], None] = lambda: None) -> Callable[[T | None], None]:
        """Return the task's `done`: it tells the outcome, or that the task was stopped if that is None."""

        def end(outcome: T | None) -> None:
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
