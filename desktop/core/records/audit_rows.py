"""Rows of the audit log as acts. What their ids stand for is looked up: the log has no name and nothing that was entered."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

import msgspec

from desktop.core.late import Late
from desktop.core.records.assessments import read_assessment, read_outcome
from desktop.core.records.audit_acts import HELD_LESIONS, Act, Detail, RecordedInfluence, RecordedStep
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.made_elsewhere import ASSESSMENTS
from desktop.core.records.people_rows import LESIONS, read_lesion
from desktop.core.records.recorded_acts import EARLIER_ASSESSMENT, EARLIER_OUTCOME
from desktop.core.records.result_days import read_reexcisions

if TYPE_CHECKING:
    from desktop.core.records import influences
else:
    influences = Late("desktop.core.records.influences")

T = TypeVar("T")

LESION, ASSESSMENT, OUTCOME, STEP, INFLUENCE = "lesion", "assessment", "outcome", "care step", "influence"
LOOK = "looked again"
"""The names in a detail whose values are ids of rows."""

_INFLUENCES = """
    (SELECT detail.*, kind FROM influence_detail AS detail JOIN influence ON influence.id = detail.influence)"""
_SELECTED = "SELECT * FROM {table} WHERE id IN (SELECT value FROM json_each(?))"

_BEFORE = """
    SELECT earlier.*, act.id AS later FROM {table} AS act JOIN {table} AS earlier ON earlier.id = (
        SELECT max(earlier.id) FROM {table} AS earlier WHERE {condition})
    WHERE act.id IN (SELECT value FROM json_each(?))"""
_EARLIER_STEP = """
    earlier.id < act.id AND earlier.step = act.step AND (earlier.assessment = act.assessment
        OR earlier.prediction = act.prediction OR earlier.outcome = act.outcome)"""
_EARLIER_LOOK = "earlier.id < act.id AND earlier.look_again = act.look_again"
_EARLIER_INFLUENCE = "earlier.id < act.id AND earlier.influence = act.influence"


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

    def ids_of(name: str) -> set[int]:
        return {number for detail in details if (number := _number(detail, name)) is not None}

    def look_up(name: str, query: str, read: Callable[[sqlite3.Row], T]) -> dict[int, T]:
        return {row["id"]: read(row) for row in database.read(query, (as_list(ids_of(name)),))}

    def look_back(name: str, table: str, condition: str, read: Callable[[sqlite3.Row], T]) -> dict[int, T]:
        query = _BEFORE.format(table=table, condition=condition.format(act="act"))
        return {row["later"]: read(row) for row in database.read(query, (as_list(ids_of(name)),))}

    held = [_lesion_ids(detail) for detail in details]
    wanted = as_list(ids_of(LESION).union(*held))
    lesions = {
        row["id"]: read_lesion(row)
        for row in database.read(f"{LESIONS} WHERE lesion.id IN (SELECT value FROM json_each(?))", (wanted,))
    }
    assessments = look_up(ASSESSMENT, _SELECTED.format(table=ASSESSMENTS), read_assessment)
    step_findings: dict[int, int | None] = look_up(
        STEP, _SELECTED.format(table="care_step"), lambda row: row["outcome"]
    )
    entered = ids_of(OUTCOME).union(one for one in step_findings.values() if one is not None)
    outcomes = {
        row["id"]: read_outcome(row) for row in database.read(_SELECTED.format(table="outcome"), (as_list(entered),))
    }
    steps = look_up(STEP, _SELECTED.format(table="care_step"), _read_step)
    step_plans: dict[int, int | None] = look_up(
        STEP, _SELECTED.format(table="care_step"), lambda row: row["assessment"]
    )
    assessments_before = look_back(ASSESSMENT, ASSESSMENTS, EARLIER_ASSESSMENT, read_assessment)
    planned = ids_of(ASSESSMENT).union(one for one in step_plans.values() if one is not None)
    reexcisions = read_reexcisions(database, planned.union(one.id for one in assessments_before.values()))
    outcomes_before = look_back(OUTCOME, "outcome", EARLIER_OUTCOME, read_outcome)
    looks = look_up(LOOK, _SELECTED.format(table="looked_again"), _read_step)
    looks_before = look_back(LOOK, "looked_again", _EARLIER_LOOK, _read_step)
    steps_before = look_back(STEP, "care_step", _EARLIER_STEP, _read_step)
    recorded = look_up(INFLUENCE, _SELECTED.format(table=_INFLUENCES), _read_recorded)
    recorded_before = look_back(INFLUENCE, _INFLUENCES, _EARLIER_INFLUENCE, _read_recorded)
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
            or _found(steps, detail, STEP)
            or _found(looks, detail, LOOK)
            or _found(recorded, detail, INFLUENCE),
            before=_found(assessments_before, detail, ASSESSMENT)
            or _found(outcomes_before, detail, OUTCOME)
            or _found(steps_before, detail, STEP)
            or _found(looks_before, detail, LOOK)
            or _found(recorded_before, detail, INFLUENCE),
            finding=outcomes.get(_found(step_findings, detail, STEP) or 0),
            lesions={number: lesions.get(number) for number in of_act},
            is_reexcision=(_number(detail, ASSESSMENT) or _found(step_plans, detail, STEP)) in reexcisions,
            was_reexcision=(earlier := _found(assessments_before, detail, ASSESSMENT)) is not None
            and earlier.id in reexcisions,
        )
        for row, detail, of_act in zip(rows, details, held, strict=True)
    ]


def _found(rows: Mapping[int, T], detail: Mapping[str, Detail], name: str) -> T | None:
    number = _number(detail, name)
    return None if number is None else rows.get(number)


def _number(detail: Mapping[str, Detail], name: str) -> int | None:
    value = detail.get(name)
    return value if isinstance(value, int) else None


def _lesion_ids(detail: Mapping[str, Detail]) -> tuple[int, ...]:
    value = detail.get(HELD_LESIONS)
    return tuple(int(part) for part in value.split() if part.isdecimal()) if isinstance(value, str) else ()


def _read_step(row: sqlite3.Row) -> RecordedStep:
    return RecordedStep(None if row["day"] is None else read_day(row["day"]), row["note"], row["person"])


def _read_recorded(row: sqlite3.Row) -> RecordedInfluence:
    return RecordedInfluence(row["kind"], influences.read_span(row), row["note"])
