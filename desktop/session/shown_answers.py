"""Records which answers were shown: on the screen, in rows of a batch, or by an image of an earlier visit.

An answer that is shown before the clinician's assessment is written to the history as a disclosure. It may be on the screen
before it is in the history, so what was shown in this session is also remembered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.records.history import History

_GATHER = 500
"""Milliseconds for which batch rows that scroll into view are collected, to be recorded in one write."""


class ShownAnswers(QObject):
    """The images whose answers were shown in this session, by SHA-256."""

    failed = Signal(object, object)
    """An AppError, and the callable that tries again (None if there is none)."""

    def __init__(
        self, history_service: HistoryService, is_assessed: Callable[[str], bool], parent: QObject | None = None
    ) -> None:
        """`is_assessed` tells whether an image is known to have an assessment: showing its answer then needs no record."""
        super().__init__(parent)
        self._history_service = history_service
        self._is_assessed = is_assessed
        self.hashes: set[str] = set()
        self._entries: dict[str, int] = {}
        self._recorded: set[str] = set()
        self._rows: set[str] = set()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHER)
        self._gathering.timeout.connect(self._record_rows)

    def note(self, sha256: str) -> None:
        """Note that an image's answer is on the screen; if no assessment came first, record that once the image is saved."""
        self.hashes.add(sha256)
        self._record(sha256)

    def note_row(self, sha256: str) -> None:
        """Note that an image's answer is shown in a row of a batch; this is recorded even if the image is never saved."""
        if sha256 not in self.hashes:
            self._rows.add(sha256)
            self._gathering.start()
            self.note(sha256)

    def note_saved(self, sha256: str, entry_id: int) -> None:
        """Set the entry of an image, and record what waited for it."""
        self._entries[sha256] = entry_id
        self._record(sha256)

    def record_earlier(self, hashes: frozenset[str]) -> None:
        """Record that the answers for these images of an earlier visit are shown before today's assessment."""
        self._history_service.write(
            lambda history, by: _disclose_last(history, hashes, by),
            lambda _nothing: None,
            lambda error: self.failed.emit(error, None),
        )

    def record_all(self) -> None:
        """Record every answer of the history that was not shown before."""
        self._disclose(None, None)

    def record_entries(self, entry_ids: Iterable[int]) -> None:
        """Record those of these entries whose answers were seen in the rows of a batch, where no assessment is possible."""
        ids = list(entry_ids)
        if ids:
            self._disclose(ids, frozenset(self.hashes))

    def forget(self, hashes: Iterable[str]) -> None:
        """Forget erased images: the ids of their entries may have been reused."""
        for sha256 in hashes:
            self.hashes.discard(sha256)
            self._recorded.discard(sha256)
            self._rows.discard(sha256)
            self._entries.pop(sha256, None)

    def _disclose(self, entry_ids: list[int] | None, hashes: frozenset[str] | None) -> None:
        self._history_service.write(
            lambda history, by: history.disclosures.disclose_unseen(entry_ids, hashes=hashes, by=by),
            lambda _count: None,
            lambda error: self.failed.emit(error, partial(self._disclose, entry_ids, hashes)),
        )

    def _record(self, sha256: str) -> None:
        entry_id = self._entries.get(sha256)
        if entry_id is None or sha256 not in self.hashes or sha256 in self._recorded or self._is_assessed(sha256):
            return
        self._recorded.add(sha256)

        def fail(error: AppError) -> None:
            self._recorded.discard(sha256)
            self.failed.emit(error, partial(self._record, sha256))

        self._history_service.write(
            lambda history, by: history.disclosures.disclose_unseen([entry_id], by=by), lambda _count: None, fail
        )

    def _record_rows(self) -> None:
        hashes, self._rows = self._rows, set()

        def fail(error: AppError) -> None:
            self._rows |= hashes
            self.failed.emit(error, self._record_rows)

        self._history_service.write(
            lambda history, by: history.disclosures.note_shown(hashes, by=by),
            lambda _nothing: None,
            fail,
            is_shown=False,
        )


def _disclose_last(history: History, hashes: frozenset[str], by: str) -> None:
    for sha256 in sorted(hashes):
        image_id = history.people.image_id_of(sha256)
        entries = [] if image_id is None else history.entries_of(image_id)
        if entries:
            history.disclosures.disclose(entries[-1].id, "without own view", by=by)
