"""Work that must be done on the GUI thread, in steps between which the window handles events."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

from desktop.core.errors import AppError
from desktop.system.tasks import unexpected

T = TypeVar("T")

Steps = Generator[tuple[int, int], None, T]
"""Work that yields (steps done, steps in all) after each step, and returns its result."""


class StepTask(QObject):
    """Runs steps one after the other until they end, one fails, or `cancel` is called; then it deletes itself."""

    def __init__(
        self,
        steps: Steps[T],
        done: Callable[[T | None], None],
        failed: Callable[[AppError], None],
        progress: Callable[[tuple[int, int]], None],
        parent: QObject,
    ) -> None:
        """Begin with the next event.

        Args:
            steps: the work; it is closed if it is cancelled.
            done: called with its result, None if it was cancelled.
            failed: called with the error. A bug in the work is raised once it was called, as by `Tasks`.
            progress: called with what each step yields.
            parent: the task goes with it, and the work is left.
        """
        super().__init__(parent)
        self._steps: Steps[Any] = steps
        self._done = done
        self._failed = failed
        self._progress = progress
        self._is_over = False
        self._timer = QTimer(self)  # of one step: `progress` may handle events, in which the next one must not run
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def cancel(self) -> None:
        """End the work after the step that runs."""
        if not self._is_over:
            self._steps.close()
            self._end()
            self._done(None)

    def _go_on(self) -> None:
        try:
            step = next(self._steps)
        except StopIteration as ended:
            self._end()
            self._done(ended.value)
        except AppError as error:
            self._end()
            self._failed(error)
        except Exception as error:
            self._end()
            self._failed(unexpected(error))
            raise
        else:
            self._progress(step)
            if not self._is_over:
                self._timer.start()

    def _end(self) -> None:
        self._is_over = True
        self._timer.stop()
        self.deleteLater()
