"""Saves answers to the history; an answer that cannot be saved is kept in memory."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.session.answers import GivenAnswer
    from desktop.session.history_service import SavedAnswer


class AnswerSaving(QObject):
    """Saves answers, and records that an answer was shown although the model abstained."""

    saved = Signal(object)  # SavedAnswer
    failed = Signal(object)  # AppError

    def __init__(self, history_service: HistoryService, blinding: Blinding, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._blinding = blinding
        self._unsaved: list[GivenAnswer] = []

    @property
    def unsaved(self) -> int:
        """How many answers are not saved yet."""
        return len(self._unsaved)

    def save(self, given: GivenAnswer) -> None:
        """Save an answer; one that cannot be saved waits for `save_again`."""
        self._history_service.save(
            given.picture, given.answer, partial(self._take_saved, given), partial(self._take_unsaved, given)
        )

    def save_again(self) -> None:
        """Retry every answer that could not be saved."""
        for given in list(self._unsaved):
            self.save(given)

    def disclose(self, given: GivenAnswer) -> None:
        """Record that an answer is shown although the model abstained: now, or once it is saved."""
        if not given.is_disclosed:
            given.is_disclosed = True
            self._record_disclosure(given)

    def _take_saved(self, given: GivenAnswer, saved: SavedAnswer) -> None:
        given.kept.entry_id = saved.entry.entry_id
        given.answer = replace(given.answer, time=saved.entry.time)  # of a known answer: not when it was made again
        self._blinding.note_saved(given.picture.sha256, saved.entry.entry_id)
        if given in self._unsaved:
            self._unsaved.remove(given)
        if given.is_disclosed:
            self._record_disclosure(given)
        self.saved.emit(saved)

    def _take_unsaved(self, given: GivenAnswer, error: AppError) -> None:
        if given not in self._unsaved:
            self._unsaved.append(given)
        self.failed.emit(error)

    def _record_disclosure(self, given: GivenAnswer) -> None:
        if given.kept.entry_id is not None:
            self._history_service.disclose(given.kept.entry_id)
