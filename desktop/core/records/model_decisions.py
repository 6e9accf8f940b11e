"""What was decided once a model had been tried on the history: adopted or kept out, why, and with which figures."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from desktop.core.records.damage import read_time
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship, write_model
from desktop.core.records.reasons import checked_reason

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract


class Decision(StrEnum):
    """What became of a model that was tried. The values are stored: one that was released is never changed."""

    ADOPTED = "adopted"
    KEPT = "kept"
    """The present model stays in use."""


@dataclass(frozen=True)
class ModelDecision:
    """A decision for or against a model (`name`) in the place of the one in use (`present_name`)."""

    decision: Decision
    model_sha256: str
    name: str
    present_sha256: str
    present_name: str
    reason: str
    figures: Mapping[str, object]
    initials: str
    time: dt.datetime


_DECISIONS = """
    SELECT model_decision.*, tried.name AS name, used.name AS present_name FROM model_decision
    JOIN model AS tried ON tried.sha256 = model_decision.model JOIN model AS used ON used.sha256 = model_decision.present"""


class ModelDecisions:
    """A part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.model_decisions`."""
        self._database = database
        self._now = now

    def record(
        self,
        decision: Decision,
        model: tuple[str, Contract],
        present: tuple[str, Contract],
        reason: str,
        figures: Mapping[str, object],
        *,
        by: str,
    ) -> None:
        """Record a decision.

        Args:
            decision: what was decided.
            model: SHA-256 and contract of the model that was tried.
            present: those of the model in use.
            reason: why, in the user's words.
            figures: what was known; it names no patient.
            by: the initials of whoever decides.

        Raises:
            RecordsError: there is no reason, or one that is too long.
        """
        text = checked_reason(reason)
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            for sha256, contract in (model, present):
                write_model(connection, sha256, contract, written)
            connection.execute(
                "INSERT INTO model_decision (decision, model, present, reason, figures, initials, time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (decision, model[0], present[0], text, msgspec.json.encode(figures).decode(), *written.values),
            )

    def adoption(self, model_sha256: str) -> ModelDecision | None:
        """Return the newest decision for a model, None if there is none."""
        query = f"{_DECISIONS} WHERE decision = ? AND model_decision.model = ? ORDER BY model_decision.id DESC LIMIT 1"
        return next(map(_read, self._database.read(query, (Decision.ADOPTED, model_sha256))), None)

    def all(self) -> list[ModelDecision]:
        """Return every decision, newest first."""
        return [_read(row) for row in self._database.read(f"{_DECISIONS} ORDER BY model_decision.id DESC")]


def _read(row: sqlite3.Row) -> ModelDecision:
    try:
        figures = msgspec.json.decode(row["figures"], type=dict[str, object])
    except msgspec.MsgspecError:  # a damaged row
        figures = {}
    return ModelDecision(
        Decision(row["decision"]),
        row["model"],
        row["name"],
        row["present"],
        row["present_name"],
        row["reason"],
        figures,
        row["initials"],
        read_time(row["time"]),
    )
