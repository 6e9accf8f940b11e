"""The undo stack: every undoable change goes through it, and its position moves only after a write has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, UndoRefusedError
from desktop.core.frozen import frozen

Failed = Callable[[AppError], None]
Step = Callable[[Callable[["Step | None"], None], Failed], None]
"""A write. It calls its first argument with the step that reverses it (None if nothing has changed), or its second argument
with the error."""


@frozen
class _Change:
    """`number` counts the changes in the order in which they were begun."""

    text: str
    step: Step
    patient_ids: Collection[int]
    number: int


class UndoStack(QObject):
    """The undo stack, newest change last. While a change is being written, none can be undone or redone."""

    changed = Signal()
    """The change that can be undone or redone is a different one, or none."""
    failed = Signal(object, object)
    """The AppError of a write for which no caller handles errors, and a callable that tries it again."""
    refused = Signal(object)
    """Why nothing can be undone: a sentence, or the UndoRefusedError of a write."""
    confirmation_needed = Signal(object, bool, object)
    """None of the patients of a change is open: their ids, whether it is redone, and a callable that carries it out."""
    written = Signal(str)
    """The name of a change that was written, or written again by `redo`, unless another was begun meanwhile."""
    undone = Signal(str)
    """The name of the change that was undone; empty once that is no longer the last that happened."""

    def __init__(self, parent: QObject | None = None, open_patient_id: Callable[[], int | None] = lambda: None) -> None:
        """`open_patient_id` returns the id of the open patient, None if no patient is open."""
        super().__init__(parent)
        self._open_patient_id = open_patient_id
        self._done: list[_Change] = []
        self._undone: list[_Change] = []
        self._writing = 0
        self._clearings = 0
        self._begun = 0
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
        self,
        text: str,
        step: Step,
        done: Callable[[], None] = lambda: None,
        failed: Failed | None = None,
        *,
        patient_ids: Collection[int] = (),
    ) -> None:
        """Write a change and add it to the stack, below those that were begun later.

        Args:
            text: the name of the change.
            step: the write.
            done: called after the write.
            failed: called with its error; without it, the signal `failed` is emitted.
            patient_ids: the patients that the change acts on, empty if none. While none of them is open, it is undone and
                redone only after confirmation. Read at that time, because some are known only after a write.
        """
        clearings, number = self._clearings, self._count()

        def take(reverse: Step | None) -> None:
            self._writing -= 1
            if reverse is None or self._clearings != clearings:  # what ended the stack meanwhile also ended this change
                self.changed.emit()
            else:
                change = _Change(text, reverse, patient_ids, number)
                self._put(change)
                self.tell_written(change)
            done()

        def tell(error: AppError) -> None:
            self._writing -= 1
            self.changed.emit()
            if failed is not None:
                failed(error)
            else:
                self.failed.emit(error, lambda: self.carry_out(text, step, done, patient_ids=patient_ids))

        self._begin()
        step(take, tell)

    def add(self, text: str, reverse: Step, *, patient_ids: Collection[int] = ()) -> object:
        """Add a change that is written already; for `patient_ids` see `carry_out`. Return a token for `drop`."""
        change = _Change(text, reverse, patient_ids, self._count())
        self._put(change)
        return change

    def tell_written(self, change: object) -> None:
        """Emit `written` for a change that `add` returned, if it is the newest."""
        if self.is_newest(change):
            self.written.emit(self.undo_text)

    def is_newest(self, change: object) -> bool:
        """Return whether `undo` would reverse the change that `add` returned."""
        return bool(self._done) and self._done[-1] is change

    def drop(self, change: object) -> None:
        """Remove a change that `add` returned: nothing came of it."""
        for changes in (self._done, self._undone):
            changes[:] = [one for one in changes if one is not change]
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

    def end(self, reason: str, written: str = "") -> None:
        """Clear the stack after a change that cannot be undone.

        Args:
            reason: the sentence that explains why.
            written: the name of the change, if that is to be told.
        """
        self.clear()
        self._reason = reason
        self.changed.emit()
        if written:
            self.written.emit(written)

    def clear(self) -> None:
        """Clear the stack, with the changes that are being written: the data that it would change are gone."""
        self._clearings += 1
        self._done.clear()
        self._undone.clear()
        self._reason = ""
        self.changed.emit()
        self.undone.emit("")

    def _reverse(self, source: list[_Change], target: list[_Change], *, is_confirmed: bool = False) -> None:
        if self._writing or not source:
            return
        change = source[-1]

        def go_on(*, is_confirmed: bool) -> None:
            if source and source[-1] is change:
                self._reverse(source, target, is_confirmed=is_confirmed)

        if not is_confirmed and change.patient_ids and self._open_patient_id() not in change.patient_ids:
            ids = tuple(sorted(change.patient_ids))
            self.confirmation_needed.emit(ids, source is self._undone, lambda: go_on(is_confirmed=True))
            return

        def take(reverse: Step | None) -> None:
            self._writing -= 1
            if change in source:  # else the stack was cleared meanwhile
                source.remove(change)
                if reverse is not None:
                    target.append(_Change(change.text, reverse, change.patient_ids, change.number))
                self.undone.emit(change.text if source is self._done else "")
                if source is self._undone and reverse is not None:
                    self.written.emit(change.text)
            self.changed.emit()

        def tell(error: AppError) -> None:
            self._writing -= 1
            self.changed.emit()
            if isinstance(error, UndoRefusedError):
                self.refused.emit(error)
            else:
                self.failed.emit(error, lambda: go_on(is_confirmed=is_confirmed))

        self._begin()
        change.step(take, tell)

    def _begin(self) -> None:
        self._writing += 1
        self.changed.emit()

    def _count(self) -> int:
        self._begun += 1
        return self._begun

    def _put(self, change: _Change) -> None:
        self._done.append(change)
        self._done.sort(key=lambda one: one.number)
        self._undone.clear()
        self.changed.emit()
        self.undone.emit("")
