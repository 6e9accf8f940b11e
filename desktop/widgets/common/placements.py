"""Where images belong, changed so that it can be undone: pushed onto the undo stack once it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from desktop.session.patient_edits import VisitChanges
from desktop.widgets.common.undo import Change

if TYPE_CHECKING:
    from desktop.core.records.people import Placement

Done = Callable[[list["Placement"]], None]


class Placements(QObject):
    """The only way in which the window moves images between lesions and patients."""

    def __init__(self, changes: VisitChanges, undo: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._changes = changes
        self._undo = undo

    def change(self, text: str, write: Callable[[Done], None]) -> None:
        """Carry out `write`, which gets what to call with the places before, and offer to take it back."""
        write(lambda before: self._offer(text, before))

    def _offer(self, text: str, before: list[Placement]) -> None:
        if not before:
            return
        there: list[list[Placement]] = [before, []]  # before and after the change

        def keep(step: int) -> Done:
            def take(others: list[Placement]) -> None:
                there[step] = others

            return take

        self._undo.push(
            Change(
                text,
                again=lambda: self._changes.put_back(there[1], keep(0)),
                take_back=lambda: self._changes.put_back(there[0], keep(1)),
            )
        )
