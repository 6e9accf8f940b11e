"""Rows of the audit log as acts. What their ids stand for is looked up: the log has no name and nothing that was entered."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

import msgspec

from desktop.core.records.assessments import read_assessment, read_outcome
from desktop.core.records.audit_acts import Act, Detail, RecordedStep
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.people_rows import LESIONS, read_lesion

T = TypeVar("T")

LESION, ASSESSMENT, OUTCOME, STEP = "lesion", "assessment", "outcome", "care step"
"""The names in a detail whose values are ids of rows."""

_SELECTED = "SELECT * FROM {table} WHERE id IN (SELECT value FROM json_each(?))"


def detail_text(detail: object) -> str:
    """Return a detail as it is stored."""
    return msgspec.json.encode(detail).decode()


def read_detail(text: str) -> dict[str, Detail]:
    """Read a stored detail; nothing where it is damaged."""
    try:
        return msgspec.json.decode(text, type=dict[str, Detail])
    except ValueError:
        return {}


def pseudonyms(database: Database) -> dict[int, str]:
    """Return the pseudonyms of all patients, by id."""
    rows = database.read("SELECT patient, pseudonym, max(id) FROM patient_detail GROUP BY patient")
    return {row["patient"]: row["pseudonym"] for row in rows}


def read_acts(database: Database, rows: Collection[sqlite3.Row]) -> list[Act]:
    """Return the acts of a page, with what their ids stand for."""
    details = [read_detail(row["detail"]) for row in rows]

    def look_up(name: str, query: str, read: Callable[[sqlite3.Row], T]) -> dict[int, T]:
        ids = as_list({number for detail in details if (number := _number(detail, name)) is not None})
        return {row["id"]: read(row) for row in database.read(query, (ids,))}

    lesions = look_up(LESION, f"{LESIONS} WHERE lesion.id IN (SELECT value FROM json_each(?))", read_lesion)
    assessments = look_up(ASSESSMENT, _SELECTED.format(table="assessment"), read_assessment)
    outcomes = look_up(OUTCOME, _SELECTED.format(table="outcome"), read_outcome)
    steps = look_up(STEP, _SELECTED.format(table="care_step"), _read_step)
    images = {
        row["id"]: row["name"]
        for row in database.read(_SELECTED.format(table="image"), (as_list({row["image"] for row in rows}),))
    }
    patients = pseudonyms(database)
    return [
        Act(
            time=read_time(row["time"]),
            initials=row["initials"],
            action=row["action"],
            patient_id=row["concerned"],
            patient=patients.get(row["concerned"]),
            image_id=row["image"],
            image=images.get(row["image"]),
            detail=detail,
            lesion_id=_number(detail, LESION),
            lesion=_found(lesions, detail, LESION),
            content=_found(assessments, detail, ASSESSMENT)
            or _found(outcomes, detail, OUTCOME)
            or _found(steps, detail, STEP),
        )
        for row, detail in zip(rows, details, strict=True)
    ]


def _found(rows: Mapping[int, T], detail: Mapping[str, Detail], name: str) -> T | None:
    number = _number(detail, name)
    return None if number is None else rows.get(number)


def _number(detail: Mapping[str, Detail], name: str) -> int | None:
    value = detail.get(name)
    return value if isinstance(value, int) else None


def _read_step(row: sqlite3.Row) -> RecordedStep:
    return RecordedStep(None if row["day"] is None else read_day(row["day"]), row["note"])
