"""Treatments of lesions and pregnancies of patients, entered, corrected and withdrawn as steps for the `UndoStack`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.session.history_service import HistoryService
from desktop.session.undo import Step

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence, InfluenceKind, Span


class InfluenceEdits:
    """Nothing is deleted: undoing an entry withdraws it, with the initials of whoever undid it."""

    def __init__(self, history_service: HistoryService) -> None:
        self._history_service = history_service

    def add(self, kind: InfluenceKind, lesion_id: int, span: Span, note: str) -> Step:
        """Enter an influence on a lesion, or on its patient."""
        return self._history_service.step(
            lambda history, by: history.influences.add(kind, lesion_id, span, note, by=by),
            lambda made: self.correct(made, span, note, withdrawn=True),
        )

    def correct(self, before: Influence, span: Span, note: str, *, withdrawn: bool = False) -> Step:
        """Correct the days and the note of an influence, withdraw it, or put it back."""
        return self._history_service.step(
            lambda history, by: history.influences.correct(before.id, span, note, withdrawn=withdrawn, by=by),
            lambda after: self.correct(after, before.span, before.note, withdrawn=before.is_withdrawn),
        )
