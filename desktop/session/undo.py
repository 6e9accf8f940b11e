"""The undo stack: every undoable change goes through it, and its position moves only after a write has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

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

    text: str | Callable[[], str]
    step: Step
    patient_ids: Collection[int]
    number: int

    @property
    def name(self) -> str:
        """The name of the change as it is now."""
        return self.text if isinstance(self.text, str) else self.text()


class UndoStack(QObject):
    """The undo stack, newest change last. While a change is being written, none can be undone or redone."""

    changed = Signal()
    """The change that can be undone or redone is a different one, or none."""
    failed = Signal(object, object)
    """The AppError of a write for which no caller handles errors, and a callable that tries it again: None for an undo that
    is not the newest change any more."""
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
        self._reversing: _Change | None = None
        """The change whose undo or redo is being written."""
        self._clearings = 0
        self._unsaved: dict[object, tuple[Callable[[], None], Collection[int]]] = {}
        """What tries each change again that the disk did not take, and its patients, if they are known."""
        self._begun = 0
        self._reason = ""

    @property
    def undo_text(self) -> str:
        """The name of the change that `undo` reverses, empty if there is none."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_text(self) -> str:
        """The name of the change that `redo` repeats, empty if there is none."""
        return self._undone[-1].name if self._undone else ""

    @property
    def is_writing(self) -> bool:
        """Whether a change is being written."""
        return self._writing > 0

    @property
    def unsaved(self) -> int:
        """How many changes the disk did not take. What was entered for them is held until they are saved."""
        return len(self._unsaved)

    def save_again(self) -> None:
        """Try every change again that the disk did not take."""
        waiting, self._unsaved = self._unsaved, {}
        for again, _patient_ids in waiting.values():
            again()

    def forget_unsaved(self, patient_id: int) -> None:
        """Forget the changes that the disk did not take, if they may be of a patient who is erased."""
        of_others = {one: kept for one, kept in self._unsaved.items() if kept[1] and patient_id not in kept[1]}
        self._unsaved = of_others
        self.changed.emit()

    @property
    def has_ended(self) -> bool:
        """Whether the newest change cannot be undone, so that `undo` emits `refused`."""
        return not self._done and bool(self._reason)

    def carry_out(
        self,
        text: str | Callable[[], str],
        step: Step,
        done: Callable[[], None] = lambda: None,
        failed: Failed | None = None,
        *,
        patient_ids: Collection[int] = (),
    ) -> None:
        """Write a change and add it to the stack, below those that were begun later.

        Args:
            text: the name of the change; or what returns it, called once it is written: some of it is known only then.
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
                change = _Change(text if isinstance(text, str) else text(), reverse, patient_ids, number)
                self._put(change)
                self.tell_written(change)
            done()

        def tell(error: AppError) -> None:
            self._writing -= 1
            again = partial(self.carry_out, text, step, done, patient_ids=patient_ids)
            if failed is None and error.__cause__ is not None:  # else it was refused for what it is, and would be again
                again = self._hold(again, patient_ids)
            self.changed.emit()
            if failed is not None:
                failed(error)
            else:
                self.failed.emit(error, again)

        self._begin()
        step(take, tell)

    def add(self, text: str | Callable[[], str], reverse: Step, *, patient_ids: Collection[int] = ()) -> object:
        """Add a change that is written already, or is being written; return a token for `drop`.

        `text` is its name, or what returns it whenever it is shown: call `tell_renamed` once that is another one. For
        `patient_ids` see `carry_out`.
        """
        change = _Change(text, reverse, patient_ids, self._count())
        self._put(change)
        return change

    def tell_written(self, change: object) -> None:
        """Emit `written` for a change that `add` returned, if it is the newest."""
        if self.is_newest(change):
            self.written.emit(self.undo_text)

    def tell_renamed(self) -> None:
        """Emit `changed`, because what was added as a change has another name now."""
        self.changed.emit()

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

        is_redo = source is self._undone
        number = self._count()  # a change that is added meanwhile comes after this one

        def take(reverse: Step | None) -> None:
            self._end_reversing()
            if change in source:  # else the stack was cleared meanwhile, or the change dropped
                source.remove(change)
                is_newest = all(one.number < number for one in self._done)
                if reverse is not None and (is_redo or is_newest):  # nothing is redone past a newer change
                    target.append(_Change(change.text, reverse, change.patient_ids, number))
                    if is_redo:
                        self._sort()
                self.undone.emit(change.name if not is_redo and is_newest else "")
                if is_redo and is_newest and reverse is not None:
                    self.written.emit(change.name)
            self.changed.emit()

        def tell(error: AppError) -> None:
            self._end_reversing()
            self.changed.emit()
            if isinstance(error, UndoRefusedError):
                self.refused.emit(error)
            else:
                can_go_on = bool(source) and source[-1] is change
                self.failed.emit(error, (lambda: go_on(is_confirmed=is_confirmed)) if can_go_on else None)

        self._reversing = change
        self._begin()
        change.step(take, tell)

    def _begin(self) -> None:
        self._writing += 1
        self.changed.emit()

    def _end_reversing(self) -> None:
        self._writing -= 1
        self._reversing = None

    def _sort(self) -> None:
        self._done.sort(key=lambda one: one.number)

    def _hold(self, again: Callable[[], None], patient_ids: Collection[int]) -> partial[None]:
        """Hold a change until it is tried again: the message that offers it may give way to another one."""
        token = object()
        self._unsaved[token] = again, patient_ids

        def go_on() -> None:
            if self._unsaved.pop(token, None) is not None:  # else it was tried already
                again()

        return partial(go_on)

    def _count(self) -> int:
        self._begun += 1
        return self._begun

    def _put(self, change: _Change) -> None:
        self._done.append(change)
        self._sort()
        self._undone[:] = [one for one in self._undone if one is self._reversing]
        self.changed.emit()
        self.undone.emit("")
