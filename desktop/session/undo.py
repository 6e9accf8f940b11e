"""The undo stack: every undoable change goes through it, and its position moves only after a write has succeeded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError

Failed = Callable[[AppError], None]
Step = Callable[[Callable[["Step | None"], None], Failed], None]
"""A write. It calls its first argument with the step that reverses it (None if nothing has changed), or its second argument
with the error."""


@dataclass(frozen=True)
class _Change:
    text: str
    step: Step


class UndoStack(QObject):
    """The undo stack, newest change last. While a change is being written, none can be undone or redone."""

    changed = Signal()
    """The change that can be undone or redone is a different one, or none."""
    failed = Signal(object, object)
    """The AppError of a write for which no caller handles errors, and a callable that tries it again."""
    refused = Signal(str)
    """A sentence that explains why nothing can be undone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: list[_Change] = []
        self._undone: list[_Change] = []
        self._writing = 0
        self._reason = ""

    @property
    def undo_text(self) -> str:
        """The name of the change that `undo` reverses, empty if there is none."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """The name of the change that `redo` repeats, empty if there is none."""
        return self._undone[-1].text if self._undone else ""

    @property
    def is_writing(self) -> bool:
        """Whether a change is being written."""
        return self._writing > 0

    @property
    def has_ended(self) -> bool:
        """Whether the newest change cannot be undone, so that `undo` emits `refused`."""
        return not self._done and bool(self._reason)

    def carry_out(
        self, text: str, step: Step, done: Callable[[], None] = lambda: None, failed: Failed | None = None
    ) -> None:
        """Write a change and add it under the name `text`; an error goes to `failed` if given, else to the signal."""

        def take(reverse: Step | None) -> None:
            self._writing -= 1
            if reverse is None:
                self.changed.emit()
            else:
                self.add(text, reverse)
            done()

        def tell(error: AppError) -> None:
            self._writing -= 1
            self.changed.emit()
            if failed is not None:
                failed(error)
            else:
                self.failed.emit(error, lambda: self.carry_out(text, step, done))

        self._begin()
        step(take, tell)

    def add(self, text: str, reverse: Step) -> None:
        """Add a change that is written already."""
        self._done.append(_Change(text, reverse))
        self._undone.clear()
        self.changed.emit()

    def undo(self) -> None:
        """Reverse the newest change, or emit why that is not possible."""
        if self.has_ended and not self._writing:
            self.refused.emit(self._reason)
        else:
            self._reverse(self._done, self._undone)

    def redo(self) -> None:
        """Repeat the change that was undone last."""
        self._reverse(self._undone, self._done)

    def end(self, reason: str) -> None:
        """Clear the stack after a change that cannot be undone; `reason` is the sentence that explains why."""
        self.clear()
        self._reason = reason
        self.changed.emit()

    def clear(self) -> None:
        """Clear the stack: the data that it would change are gone."""
        self._done.clear()
        self._undone.clear()
        self._reason = ""
        self.changed.emit()

    def _reverse(self, source: list[_Change], target: list[_Change]) -> None:
        if self._writing or not source:
            return
        change = source[-1]

        def take(reverse: Step | None) -> None:
            self._writing -= 1
            if change in source:  # else the stack was cleared meanwhile
                source.remove(change)
                if reverse is not None:
                    target.append(_Change(change.text, reverse))
            self.changed.emit()

        def again() -> None:
            if source and source[-1] is change:
                self._reverse(source, target)

        def tell(error: AppError) -> None:
            self._writing -= 1
            self.changed.emit()
            self.failed.emit(error, again)

        self._begin()
        change.step(take, tell)

    def _begin(self) -> None:
        self._writing += 1
        self.changed.emit()
