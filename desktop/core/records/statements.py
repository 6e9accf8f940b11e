"""What was said and done about a lesion, or about an image without one, as values that do not depend on a history's ids.

Assessments, outcomes, withdrawals of outcomes and steps of care can so be carried from one history into another. In a history
the newest row counts, so rows from elsewhere are written in the order of time, and what stands there and is later than the
first of them is written again behind it (`merge_statements`). Both rows then have the same authorship: the later is a copy.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from desktop.core.records.database import as_list
from desktop.core.records.entries import Authorship, write_binning
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import OF_ANY, is_binned, visit_day, visit_of

Value = str | int | float | None
Read = Callable[[str, dict[str, Any]], list[sqlite3.Row]]
"""Returns the rows of a query with its values."""


class StatementKind(StrEnum):
    """The kinds, in the order in which those of one moment are written."""

    ASSESSMENT = "assessment"
    OUTCOME = "outcome"
    WITHDRAWAL = "withdrawal"
    STEP = "step"


_ORDER = tuple(StatementKind)

COLUMNS: dict[StatementKind, tuple[str, ...]] = {
    StatementKind.ASSESSMENT: (
        *("before_model", "diagnosis", "label", "confidence"),
        *("plan", "plan_date", "note", "change"),
    ),
    StatementKind.OUTCOME: (
        *("kind", "diagnosis", "label", "breslow_mm", "date", "note"),
        *("ulceration", "margins", "laboratory_number"),
    ),
    StatementKind.WITHDRAWAL: ("binned", "reason"),
    StatementKind.STEP: ("step", "day", "person", "note"),
}
"""The columns of each kind's table that say something."""


@dataclass(frozen=True)
class Statement:
    """One row: `values` by the names of `COLUMNS`; `day` is that of an assessment's visit, empty for an image without a lesion.

    The value `before_model` of an assessment is None where nobody said. `of` is the `key` of the assessment or outcome that a
    withdrawal or step is about, empty for the others.
    """

    kind: StatementKind
    values: Mapping[str, Value]
    written: Authorship
    day: str = ""
    of: str = ""

    @property
    def is_plan(self) -> bool:
        """Whether it is an assessment that is a plan alone, see `people.Assessment`."""
        return self.kind is StatementKind.ASSESSMENT and not self.values["diagnosis"]

    @property
    def key(self) -> str:
        """What tells it from every other of its lesion or image, in every history."""
        what = self.values.get("diagnosis") or self.values.get("step") or self.values.get("reason") or ""
        own = "|".join((self.kind, self.written.time, self.written.initials, str(what)))
        return f"{own}|{self.of}" if self.of else own

    @property
    def moment(self) -> tuple[str, int, str]:
        """The place in the order in which statements are written, the same in every history."""
        return self.written.time, _ORDER.index(self.kind), self.key


@dataclass(frozen=True)
class Subject:
    """What statements are about: a lesion, with the images that it has now, or an image that has none."""

    lesion_id: int | None = None
    image_id: int | None = None

    @property
    def listed(self) -> dict[str, str]:
        """The values of `OF_ANY`."""
        lesions, images = ([] if one is None else [one] for one in (self.lesion_id, self.image_id))
        return {"lesions": as_list(lesions), "images": as_list(images)}


@dataclass(frozen=True)
class StoredStatement:
    """A statement with the id of its row, and what that is about: what was said of an image counts for its lesion."""

    statement: Statement
    row_id: int
    subject: Subject


def read_statements(read: Read, subject: Subject) -> dict[str, StoredStatement]:
    """Return the statements about a lesion or image, by key, in the order in which they count.

    What was said of an image before it had the lesion is of the visit of the image, or of the day on which it was written if
    that has none. Outcomes that were undone, which are in the bin without a reason, are left out.
    """
    assessments = read(
        f"SELECT *, coalesce({visit_day(visit_of())}, date(time, 'localtime')) AS seen_on,"
        f" {is_made_elsewhere('assessment')} AS made_elsewhere"
        f" FROM assessment WHERE id IN ({OF_ANY.format(table='assessment')}) ORDER BY id",
        subject.listed,
    )
    has_visit = subject.lesion_id is not None
    found = [StoredStatement(_assessment(row, has_visit=has_visit), row["id"], _subject(row)) for row in assessments]
    acts: list[StoredStatement] = []
    for row in read(
        "SELECT outcome.*, act.id AS act, act.binned, act.reason, act.initials AS act_by, act.time AS act_time"
        " FROM outcome LEFT JOIN binning AS act ON act.id ="
        " (SELECT max(id) FROM binning WHERE subject = 'outcome' AND subject_id = outcome.id)"
        f" WHERE outcome.id IN ({OF_ANY.format(table='outcome')}) ORDER BY outcome.id",
        subject.listed,
    ):
        if row["binned"] and row["reason"] is None:
            continue
        outcome = _statement(StatementKind.OUTCOME, row)
        found.append(StoredStatement(outcome, row["id"], _subject(row)))
        if row["act"] is not None:
            act = {"binned": row["binned"], "reason": row["reason"]}
            written = Authorship(row["act_by"], row["act_time"])
            withdrawal = Statement(StatementKind.WITHDRAWAL, act, written, of=outcome.key)
            acts.append(StoredStatement(withdrawal, row["act"], _subject(row)))
    for one in tuple(found):
        about = one.statement
        steps = read(f"SELECT * FROM care_step WHERE {about.kind} = :about ORDER BY id", {"about": one.row_id})
        made = [(_statement(StatementKind.STEP, row, of=about.key), row["id"]) for row in steps]
        acts += [StoredStatement(step, row_id, one.subject) for step, row_id in made]
    by_key: dict[str, StoredStatement] = {}
    for one in (*found, *acts):
        by_key.pop(one.statement.key, None)  # of copies the last one counts, where it stands
        by_key[one.statement.key] = one
    return by_key


def undone_outcomes(read: Read, subject: Subject) -> frozenset[str]:
    """Return the keys of the outcomes of a lesion or image that are in the bin, withdrawn or undone."""
    rows = read(
        f"SELECT * FROM outcome WHERE id IN ({OF_ANY.format(table='outcome')}) AND {is_binned('outcome')} = 1",
        subject.listed,
    )
    return frozenset(_statement(StatementKind.OUTCOME, row).key for row in rows)


def merge_statements(
    connection: sqlite3.Connection,
    subject: Subject,
    added: Sequence[Statement],
    visit_on: Callable[[str], int],
    by: Authorship,
) -> list[int]:
    """Write statements that a lesion or image does not have, so that the latest one counts wherever it comes from.

    Args:
        connection: within a transaction.
        subject: the lesion or image.
        added: the statements; none is there yet, and each that one of them is about is there or among them.
        visit_on: returns the id of the visit of a day.
        by: who does so, and when.

    Returns:
        The ids of the assessments that were written of which nobody said whether they came before the model's answer.
    """
    if not added:
        return []
    here = read_statements(lambda query, values: connection.execute(query, values).fetchall(), subject)
    begin = min(statement.written.time for statement in added)
    again = {key: one for key, one in here.items() if one.statement.written.time > begin}
    ids = {key: one.row_id for key, one in here.items()}
    unsaid = []
    for statement in sorted((*added, *(one.statement for one in again.values())), key=lambda one: one.moment):
        copied = again.get(statement.key)
        if statement.kind is StatementKind.OUTCOME and copied is not None:
            # The row that stands already must not count beside the one that is written again.
            write_binning(connection, ids[statement.key], binned=True, written=by, subject="outcome")
        about = subject if copied is None else copied.subject
        ids[statement.key] = _write(connection, about, statement, ids, visit_on)
        if statement.kind is StatementKind.ASSESSMENT and statement.values["before_model"] is None:
            unsaid.append(ids[statement.key])
    return unsaid


def _subject(row: sqlite3.Row) -> Subject:
    return Subject(row["lesion"], row["image"])


def _assessment(row: sqlite3.Row, *, has_visit: bool) -> Statement:
    said = _statement(StatementKind.ASSESSMENT, row, day=row["seen_on"] if has_visit else "")
    return replace(said, values={**said.values, "before_model": None if row["made_elsewhere"] else row["before_model"]})


def _statement(kind: StatementKind, row: sqlite3.Row, *, day: str = "", of: str = "") -> Statement:
    values = {name: row[name] for name in COLUMNS[kind]}
    return Statement(kind, values, Authorship(row["initials"], row["time"]), day, of)


def _write(
    connection: sqlite3.Connection,
    subject: Subject,
    statement: Statement,
    ids: Mapping[str, int],
    visit_on: Callable[[str], int],
) -> int:
    values = dict(statement.values)
    match statement.kind:
        case StatementKind.ASSESSMENT:
            visit = None if subject.lesion_id is None else visit_on(statement.day)
            place: dict[str, Value] = {"lesion": subject.lesion_id, "visit": visit, "image": subject.image_id}
            (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM outcome").fetchone()
            stored = {**place, **values, "before_model": values["before_model"] or 0, "outcomes_before": newest}
            return _insert(connection, "assessment", stored, statement.written)
        case StatementKind.OUTCOME:
            place = {"lesion": subject.lesion_id, "image": subject.image_id}
            return _insert(connection, "outcome", place | values, statement.written)
        case StatementKind.WITHDRAWAL:
            about: dict[str, Value] = {"subject": "outcome", "subject_id": ids[statement.of]}
            return _insert(connection, "binning", about | values, statement.written)
        case StatementKind.STEP:
            table = statement.of.split("|", 1)[0]
            return _insert(connection, "care_step", {table: ids[statement.of], **values}, statement.written)


def _insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Value], written: Authorship) -> int:
    row = {**values, "initials": written.initials, "time": written.time}
    query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) RETURNING id"
    return int(connection.execute(query, tuple(row.values())).fetchone()["id"])
