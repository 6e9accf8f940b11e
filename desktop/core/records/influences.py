"""What may change how a lesion looks though the lesion is the same: a treatment of it, or a pregnancy of the patient."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship


class InfluenceKind(StrEnum):
    """The kinds. The values are stored: one that was released is never changed."""

    CRYOTHERAPY = "cryotherapy"
    TOPICAL = "topical treatment"
    PREGNANCY = "pregnancy"
    """Of the patient, and so on the axis of each lesion; the others are of one lesion."""


@dataclass(frozen=True)
class Span:
    """The days of an influence, with both; `until` is None where it lasts, or its end is not known."""

    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True)
class Influence:
    """An influence as entered or corrected last, by `initials` at `time` (UTC).

    It is of a lesion, or of a patient (`lesion_id` is None). `kind` is an `InfluenceKind`, unless its row is damaged.
    """

    id: int
    kind: str
    lesion_id: int | None
    span: Span
    note: str
    is_withdrawn: bool
    initials: str
    time: dt.datetime


NEWEST_INFLUENCES = """
    SELECT influence.id, kind, lesion, patient, detail.since, detail.until, detail.note, detail.withdrawn,
        detail.initials, detail.time, entered.initials AS entered_by, entered.time AS entered_at,
        influence.initials AS made_by, influence.time AS made_at
    FROM influence JOIN influence_detail AS detail
        ON detail.id = (SELECT max(id) FROM influence_detail WHERE influence = influence.id)
    JOIN influence_detail AS entered ON entered.id = (
        SELECT min(id) FROM influence_detail AS same WHERE same.influence = influence.id AND same.since = detail.since
            AND same.until IS detail.until AND same.note = detail.note AND same.withdrawn = detail.withdrawn)"""
"""The influences as they are now, with who changed them last, who entered first what they are now, and who made them."""


def check_span(span: Span, today: dt.date) -> None:
    """Refuse days that cannot be: an end before the beginning, a day still to come.

    Raises:
        RecordsError: the sentence says which.
    """
    if max(span.since, span.until or span.since) > today:
        raise RecordsError(tr("A day cannot be later than today."))
    if span.until is not None and span.until < span.since:
        raise RecordsError(tr("The last day, {until}, cannot be before {since}."), until=span.until, since=span.since)


class Influences:
    """A part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.influences`."""
        self._database = database
        self._now = now

    def add(self, kind: InfluenceKind, lesion_id: int, span: Span, note: str = "", *, by: str) -> Influence:
        """Enter an influence on a lesion; one of a patient is that of the lesion's patient."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            if kind is InfluenceKind.PREGNANCY:
                query = "SELECT patient FROM lesion_detail WHERE lesion = ? ORDER BY id DESC LIMIT 1"
                patient_id = connection.execute(query, (lesion_id,)).fetchone()["patient"]
                made = insert_influence(connection, kind, None, patient_id, written)
            else:
                made = insert_influence(connection, kind, lesion_id, None, written)
            write_influence(connection, made, span, note, withdrawn=False, written=written)
        return self.influence(made)

    def correct(self, influence_id: int, span: Span, note: str, *, withdrawn: bool = False, by: str) -> Influence:
        """Correct the days and the note of an influence, withdraw it, or take that back; what was entered stays in the file."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            write_influence(connection, influence_id, span, note, withdrawn=withdrawn, written=written)
        return self.influence(influence_id)

    def influence(self, influence_id: int) -> Influence:
        """Return an influence, withdrawn or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{NEWEST_INFLUENCES} WHERE influence.id = ?", (influence_id,)):
            return read_influence(row)
        raise KeyError(influence_id)

    def of(self, lesion_id: int) -> list[Influence]:
        """Return the influences on a lesion, with those of its patient, without withdrawn ones, in the order of their days."""
        query = f"""
            SELECT * FROM ({NEWEST_INFLUENCES})
            WHERE NOT withdrawn AND (lesion = :lesion OR patient = (
                SELECT patient FROM lesion_detail WHERE lesion = :lesion ORDER BY id DESC LIMIT 1))
            ORDER BY since, id"""
        return [read_influence(row) for row in self._database.read(query, {"lesion": lesion_id})]


def insert_influence(
    connection: sqlite3.Connection,
    kind: str,
    lesion_id: int | None,
    patient_id: int | None,
    written: Authorship,
) -> int:
    """Write the row that gives an influence its identity; return its id."""
    row = connection.execute(
        "INSERT INTO influence (kind, lesion, patient, initials, time) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (kind, lesion_id, patient_id, *written.values),
    ).fetchone()
    return int(row["id"])


def write_influence(
    connection: sqlite3.Connection, influence_id: int, span: Span, note: str, *, withdrawn: bool, written: Authorship
) -> None:
    """Write the details of an influence, which count from now on."""
    connection.execute(
        "INSERT INTO influence_detail (influence, since, until, note, withdrawn, initials, time)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(influence_id, span.since.isoformat(), None if span.until is None else span.until.isoformat()),
            *(note, int(withdrawn), *written.values),
        ),
    )


def read_influence(row: sqlite3.Row) -> Influence:
    """Read an influence from a row of `NEWEST_INFLUENCES`."""
    return Influence(
        id=row["id"],
        kind=row["kind"],
        lesion_id=row["lesion"],
        span=read_span(row),
        note=row["note"],
        is_withdrawn=bool(row["withdrawn"]),
        initials=row["entered_by"],
        time=read_time(row["entered_at"]),
    )


def read_span(row: sqlite3.Row) -> Span:
    """Read the days from a row that has `since` and `until`."""
    return Span(read_day(row["since"]), None if row["until"] is None else read_day(row["until"]))
