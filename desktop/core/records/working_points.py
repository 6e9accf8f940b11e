"""The working points at which the alerts are raised from now on, and every change of them with its reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.records.damage import read_time
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship, write_model
from desktop.core.records.reasons import checked_reason

if TYPE_CHECKING:
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.contract import Contract


@frozen
class WorkingPointChange:
    """Somebody set an alert from one working point to another. `model_sha256` is the model whose figures they were shown."""

    alert: str
    old: float
    new: float
    reason: str
    model_sha256: str
    initials: str
    time: datetime


class ChosenWorkingPoints:
    """The chosen working points; a part of `History`, with the same thread, errors and transactions.

    They hold for every model that has such a working point: a clinic's choice outlives an update of the model.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Use `History.working_points`."""
        self._database = database
        self._now = now

    def chosen(self) -> dict[str, float]:
        """Return the chosen working points by alert id; an alert whose working point was never changed is missing."""
        rows = self._database.read("SELECT alert, new FROM working_point ORDER BY id")
        return {row["alert"]: row["new"] for row in rows}

    def changes(self) -> list[WorkingPointChange]:
        """Return every change, newest first."""
        return [_read(row) for row in self._database.read("SELECT * FROM working_point ORDER BY id DESC")]

    def choose(
        self,
        before: WorkingPoints,
        after: WorkingPoints,
        reason: str,
        contract: Contract,
        *,
        model_sha256: str,
        by: str,
    ) -> None:
        """Choose working points; what was answered before keeps those under which it was answered.

        Args:
            before: by alert id, those in use.
            after: by alert id, those wanted; what is as before is not written.
            reason: why, in the user's words.
            contract: the contract of the model in use.
            model_sha256: that model.
            by: the initials of whoever chooses.

        Raises:
            RecordsError: there is no reason, or one of more than `MAX_REASON` characters.
        """
        reason = checked_reason(reason)
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            write_model(connection, model_sha256, contract, written)
            for alert, aim in after.items():
                if aim != before[alert]:
                    connection.execute(
                        "INSERT INTO working_point (model, alert, old, new, reason, initials, time)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (model_sha256, alert, before[alert], aim, reason, *written.values),
                    )


def _read(row: sqlite3.Row) -> WorkingPointChange:
    return WorkingPointChange(
        alert=row["alert"],
        old=row["old"],
        new=row["new"],
        reason=row["reason"],
        model_sha256=row["model"],
        initials=row["initials"],
        time=read_time(row["time"]),
    )
