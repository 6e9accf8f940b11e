"""Writes the audit log for the window, off the GUI thread.

Two rules. What leaves the program (exports, prints, reports, backups) is logged first, and not done if that fails
(`attempt`). What is shown is shown in any case; if it cannot be logged, that is told, and the log is caught up on with the next
act (`note`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, RecordsError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.records import audit_acts, refused_tries
    from desktop.core.records.audit_acts import Action, Detail
    from desktop.core.records.history import History
else:
    audit_acts = Late("desktop.core.records.audit_acts")
    refused_tries = Late("desktop.core.records.refused_tries")


@frozen
class _Note:
    """An act as it is to be logged."""

    action: Action
    detail: Mapping[str, Detail] | None
    patient_id: int | None
    sha256: str | None
    by: str
    time: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def write(self, history: History) -> int:
        return history.audit.note(
            self.action, self.detail, patient_id=self.patient_id, sha256=self.sha256, by=self.by, time=self.time
        )


class AuditTrail(QObject):
    """The audit log as the window writes it."""

    failed = Signal(object)
    """The AppError that something shown or done could not be logged. Not repeated until the log could be written again."""

    def __init__(self, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._waiting: list[_Note] = []
        self._has_failed = False

    def note(
        self,
        action: Action,
        detail: Mapping[str, Detail] | None = None,
        *,
        patient_id: int | None = None,
        sha256: str | None = None,
    ) -> None:
        """Log an act that has taken place; see `AuditLog.note`."""
        self._waiting.append(_Note(action, detail, patient_id, sha256, self._history_service.initials))
        self._write_waiting()

    def try_again(self) -> None:
        """Log what could not be logged; `failed` is emitted if that fails once more."""
        self._has_failed = False
        self._write_waiting()

    def take_refused(self) -> None:
        """Log the wrong passphrases that were noted while nobody had the key of the history."""
        folder = self._history_service.folder
        self._history_service.write(
            lambda history, _by: refused_tries.log_refused(history, folder),
            self._succeed,
            self._fail,
            is_shown=False,
            is_whole=False,
        )

    def note_change(self, action: Action, value: Detail, *, otherwise: Detail = None) -> None:
        """Log the value of a setting if it has changed; see `AuditLog.note_change`."""
        self._history_service.write(
            lambda history, by: history.audit.note_change(action, value, otherwise=otherwise, by=by),
            lambda _has_changed: None,
            self._fail,
            is_shown=False,
        )

    def attempt(
        self,
        action: Action,
        detail: Mapping[str, Detail],
        begin: Callable[[Callable[[AppError | None], None]], object],
        failed: Callable[[AppError], None],
        *,
        patient_id: int | None = None,
        sha256: str | None = None,
    ) -> None:
        """Log an act, then begin it.

        Args:
            action: what is done.
            detail: what matters of it.
            begin: called once the act is logged, with the function to call if it fails: that logs the failure and calls
                `failed`. With None, for an act that the user stopped, it only logs it.
            failed: called with the error if the act failed, or was not begun because it could not be logged.
            patient_id: the patient whom it concerns.
            sha256: the image that it concerns; it is logged with its patient.
        """
        note = _Note(action, detail, patient_id, sha256, self._history_service.initials)

        def go_on(row: int) -> None:
            begin(partial(end, row))

        def end(row: int, error: AppError | None) -> None:
            self.note(audit_acts.Action.FAILED, {"act": action, "row": row, "stopped": error is None})
            if error is not None:
                failed(error)

        self._history_service.write(
            lambda history, _by: note.write(history),
            go_on,
            lambda error: failed(
                RecordsError(tr("Not done, because it could not be recorded in the audit log: {detail}"), detail=error)
            ),
            is_shown=False,
        )

    def _write_waiting(self) -> None:
        notes, self._waiting = self._waiting, []

        def work(history: History, _by: str) -> None:
            for note in notes:
                note.write(history)

        def fail(error: AppError) -> None:
            self._waiting = notes + self._waiting
            self._fail(error)

        self._history_service.write(work, self._succeed, fail, is_shown=False)

    def _succeed(self, _nothing: None) -> None:
        self._has_failed = False

    def _fail(self, error: AppError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(
                RecordsError(tr("This could not be recorded in the audit log yet: {detail}"), detail=error)
            )
