"""The days of a result, and their order: when the biopsy was taken, the day of its finding, when the patient was told."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from desktop.core.diagnoses import LEAST_MALIGNANT
from desktop.core.errors import RecordsError
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.newest import IS_LAST_COPY, OF_ANY, OF_SUBJECT, WITH_SUBJECT, is_binned
from desktop.core.records.people import Outcome
from desktop.core.records.specimens import Specimens, first_entered, read_specimens

_IS_STANDING = """
    step.id = (SELECT max(id) FROM care_step WHERE {subject} = {id} AND step = '{step}') AND step.day IS NOT NULL"""
_IS_TAKEN = _IS_STANDING.format(subject="assessment", id="plan.id", step="biopsy taken")
_IS_TOLD = _IS_STANDING.format(subject="outcome", id="outcome.id", step="patient told")

# Compare row ids, not times: the clock may have been wrong. Plans of older versions lack `outcomes_before`; compare times
# there.
_OUTCOMES = OF_SUBJECT.format(table="outcome", subject="plan")


def is_reexcision(plan: str) -> str:
    """Return the expression that tells whether an assessment plans a re-excision, see `people.OpenBiopsy`.

    `plan` is the name of its row, one of `WITH_SUBJECT`.
    """
    return f"""
    EXISTS (SELECT 1 FROM outcome WHERE id IN ({OF_SUBJECT.format(table="outcome", subject=plan)})
        AND kind = 'histopathology' AND {is_binned("outcome")} = 0
        AND (severity(diagnosis, label) >= {LEAST_MALIGNANT} OR (severity(diagnosis, label) > 0 AND margins = 'involved'))
        AND CASE WHEN {plan}.outcomes_before IS NULL THEN time < {plan}.time
            ELSE {plan}.outcomes_before >= {first_entered("outcome", plan)} END)"""


CAME = f"""
    id IN ({_OUTCOMES}) AND {is_binned("outcome")} = 0
    AND CASE WHEN plan.outcomes_before IS NULL THEN time > plan.time
        ELSE {first_entered("outcome", "plan")} > plan.outcomes_before END"""
"""The condition that an outcome came after the assessment `plan`, a row of `WITH_SUBJECT`. One that is corrected after the plan
came before it. Of which biopsy a histopathology is, `specimens` says."""

_BIOPSIES = f"""
    SELECT plan.id, plan.of_lesion, plan.of_image, step.day, step.person, step.note, step.initials, step.time,
           {is_reexcision("plan")} AS is_reexcision
    FROM ({WITH_SUBJECT.format(table="assessment")}
          WHERE assessment.id IN ({OF_ANY.format(table="assessment")}) AND {IS_LAST_COPY}) AS plan
    JOIN care_step AS step ON {_IS_TAKEN}
    ORDER BY step.day, step.id"""

_SUBJECTS = f"""
    SELECT of_lesion, of_image FROM ({WITH_SUBJECT.format(table="{table}")}
                                     WHERE {{table}}.id IN (SELECT value FROM json_each(?)))"""
_AGAIN = f"""
    SELECT plan.id FROM ({WITH_SUBJECT.format(table="assessment")}
                         WHERE assessment.id IN (SELECT value FROM json_each(?))) AS plan
    WHERE {is_reexcision("plan")}"""
_TAKERS = f"""
    SELECT plan.id, step.person FROM assessment AS plan JOIN care_step AS step ON {_IS_TAKEN}
    WHERE plan.id IN (SELECT value FROM json_each(?))"""
_TOLD = f"""
    SELECT outcome.id, step.day, step.person FROM outcome JOIN care_step AS step ON {_IS_TOLD}
    WHERE outcome.id IN (SELECT value FROM json_each(?))"""


@frozen
class Biopsy:
    """A biopsy that was taken by `person`, with a `note`; `initials` and `time` (UTC) say who entered it and when.

    It was planned by an assessment of a lesion, or of an image without one. For `is_reexcision` see `OpenBiopsy`.
    """

    assessment_id: int
    lesion_id: int | None
    image_id: int | None
    day: dt.date
    person: str
    initials: str
    time: dt.datetime
    note: str = ""
    is_reexcision: bool = False


def check_days(
    *,
    taken: dt.date | None = None,
    found: dt.date | None = None,
    told: dt.date | None = None,
    today: dt.date | None = None,
) -> None:
    """Refuse days that cannot be: a finding before its biopsy, a patient told before the finding, a day still to come.

    Args:
        taken: when the biopsy was taken; None where that is not known, as for the next two.
        found: the day of the finding.
        told: when the patient was told.
        today: the last day that can be; None where the clock does not count: the history also takes what was entered while
            the clock was ahead.

    Raises:
        RecordsError: the sentence says which days do not fit; its fields are days.
    """
    if today is not None and any(day is not None and day > today for day in (taken, found, told)):
        raise RecordsError(tr("A day cannot be later than today."))
    if taken is not None and found is not None and found < taken:
        raise RecordsError(
            tr("The finding of {found} cannot be before the biopsy or excision of {taken}."), found=found, taken=taken
        )
    if told is not None and found is not None and told < found:
        raise RecordsError(tr("The patient cannot be told before the day of the finding, {found}."), found=found)


def read_biopsies(database: Database, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> list[Biopsy]:
    """Return the biopsies that were taken of lesions, and of images without one, in the order of their days."""
    rows = database.read(_BIOPSIES, {"lesions": as_list(lesion_ids), "images": as_list(image_ids)})
    return [
        Biopsy(
            row["id"],
            row["of_lesion"],
            row["of_image"],
            read_day(row["day"]),
            row["person"],
            row["initials"],
            read_time(row["time"]),
            row["note"],
            bool(row["is_reexcision"]),
        )
        for row in rows
    ]


def read_reexcisions(database: Database, assessment_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these assessments plan a re-excision, see `people.OpenBiopsy`, if they plan an excision at all."""
    return frozenset(database.read_ids(_AGAIN, (as_list(assessment_ids),)))


def with_days(database: Database, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return outcomes with the day of their biopsy, see `specimens`, and that on which the patient was told, and by whom."""
    found = list(outcomes)
    ids = [one.id for one in found]
    removal_of = _specimens(database, "outcome", ids).removal_of
    taken = {one: removal_of[one] for one in ids if one in removal_of and removal_of[one].taken is not None}
    plans = {one.assessment_id for one in taken.values()}
    again = read_reexcisions(database, plans)
    takers: dict[int | None, str] = {row["id"]: row["person"] for row in database.read(_TAKERS, (as_list(plans),))}
    told = {row["id"]: (read_day(row["day"]), row["person"]) for row in database.read(_TOLD, (as_list(ids),))}
    known = []
    for one in found:
        removal = taken.get(one.id)
        day, plan = (None, None) if removal is None else (removal.taken, removal.assessment_id)
        told_on, by = told.get(one.id, (None, ""))
        biopsy = replace(one, taken=day, taken_by=takers.get(plan, ""), is_of_reexcision=plan in again)
        known.append(replace(biopsy, told=told_on, told_by=by))
    return known


def day_found(database: Database, assessment_id: int) -> dt.date | None:
    """Return the day of the histopathology of the biopsy that an assessment planned, None if there is none."""
    found = _specimens(database, "assessment", (assessment_id,)).finding_of.get(assessment_id)
    return None if found is None else found.day


def _specimens(database: Database, table: str, ids: Iterable[int]) -> Specimens:
    """Return the specimens of the lesions, and of the images without one, that rows of a table are about."""
    rows = database.read(_SUBJECTS.format(table=table), (as_list(ids),))
    lesions = {row["of_lesion"] for row in rows if row["of_lesion"] is not None}
    return read_specimens(database, lesions, {row["of_image"] for row in rows if row["of_image"] is not None})
