"""Worklists: plans whose day has come, planned biopsies, and biopsies whose histology is open."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from desktop.core.records.assessments import read_assessment
from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import IS_BINNED
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import (
    IS_LAST_COPY,
    IS_VIEW,
    OF_ANY,
    OF_SUBJECT,
    WITH_SUBJECT,
    is_view,
    patient_of,
    visit_day,
)
from desktop.core.records.people import NO_PLAN, DuePlan, Lesion, OpenBiopsy, Patient
from desktop.core.records.people_rows import LESIONS, PATIENTS, read_lesion, read_patient
from desktop.core.records.plans import BiopsyState, PlannedFollowUp, Plans
from desktop.core.records.result_days import CAME, is_reexcision
from desktop.core.records.specimens import read_all_specimens, read_specimens

_NEWER = (
    f"SELECT 1 FROM assessment WHERE id IN ({OF_SUBJECT.format(table='assessment', subject='plan')}) AND +id > plan.id"
)

_PLANS = f"""
    SELECT plan.*, {is_made_elsewhere("plan")} AS made_elsewhere, image.name AS image_name
    FROM ({WITH_SUBJECT.format(table="assessment")} WHERE {{planned}} AND {IS_LAST_COPY}) AS plan
    LEFT JOIN image ON image.id = plan.of_image
    WHERE (plan.of_image IS NULL OR EXISTS (SELECT 1 FROM prediction WHERE image = plan.of_image AND {IS_BINNED} = 0))"""

_OPEN = f"{is_done(Step.PLAN_CLOSED, 'plan.id')} = 0"

# A plan holds until another is made (the plan 'none' counts as another), until an outcome comes, or until it is closed. An
# assessment without a plan does not end it: the window asks for one once the day has come, so whoever made it did not know of
# the plan. An import may bring such an assessment. Nor does 'none' that is entered once the day has come for the visit at which
# the plan was made, or one before it: that visit is not the follow-up, which is still to be done.
_IS_AFTERTHOUGHT = f"""
    assessment.plan = '{NO_PLAN}' AND date(assessment.time, 'localtime') >= plan.plan_date
    AND date(assessment.time, 'localtime') > {visit_day("plan.visit")}
    AND {visit_day("assessment.visit")} <= {visit_day("plan.visit")}"""
_OPEN_DATED = f"""
    {_PLANS.format(planned="{planned}")}
        AND NOT EXISTS ({_NEWER} AND assessment.plan <> '' AND coalesce({_IS_AFTERTHOUGHT}, 0) = 0)
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE {CAME}) AND {_OPEN}
    ORDER BY plan.plan_date, plan.id"""
_DUE = _OPEN_DATED.format(planned="assessment.plan_date <= ?")

# Of some lesions and images: the rows of their own are looked up by an index, and not all plans weighed.
_THEIRS = f"assessment.plan_date IS NOT NULL AND assessment.id IN ({OF_ANY.format(table='assessment')})"
_DATED_OF_ANY = f"""
    SELECT * FROM ({_OPEN_DATED.format(planned=_THEIRS)})
    WHERE of_lesion IN (SELECT value FROM json_each(:lesions)) OR of_image IN (SELECT value FROM json_each(:images))"""

# What was said with the plan; with a plan alone nothing was.
_OWN = f"""
    iif({is_view("found")}, found.{{column}}, (
        SELECT assessment.{{column}} FROM assessment
        WHERE id IN ({OF_SUBJECT.format(table="assessment", subject="found")}) AND {IS_VIEW} ORDER BY id DESC LIMIT 1))"""

_BIOPSIES = f"""
    SELECT *, {is_reexcision("found")} AS is_reexcision,
           {_OWN.format(column="diagnosis")} AS own_diagnosis, {_OWN.format(column="label")} AS own_label
    FROM ({_PLANS.format(planned="assessment.id IN (SELECT value FROM json_each(?))")}) AS found
    ORDER BY id"""

_NEWEST = f"""
    SELECT (SELECT max(id) FROM assessment
            WHERE id IN ({OF_SUBJECT.format(table="assessment", subject="subject")}) AND plan <> '') AS newest
    FROM (SELECT ? AS of_lesion, ? AS of_image) AS subject"""

_OWNERS = f"""
    SELECT image, patient FROM (
        SELECT image, {patient_of("place")} AS patient FROM image_detail AS place
        WHERE image IN (SELECT value FROM json_each(?))
            AND id = (SELECT max(id) FROM image_detail WHERE image = place.image))
    WHERE patient IS NOT NULL"""


class Worklists:
    """A part of `History`, with the same thread and errors. Lesions and patients in the bin are in none."""

    def __init__(self, database: Database) -> None:
        """Use `History.worklists`."""
        self._database = database

    def due(self, until: dt.date) -> list[DuePlan]:
        """Return the open plans whose day has come by `until`, the oldest day first.

        A plan is open until another one is made for the lesion, an outcome is entered, or it is closed.
        """
        rows = self._database.read(_DUE, (until.isoformat(),))
        found = [(subject, read_assessment(row)) for row, subject in subjects_of(self._database, rows)]
        return [
            DuePlan(*subject, plan=assessment.plan, date=assessment.plan_date, assessment=assessment)
            for subject, assessment in found
            if assessment.plan_date is not None
        ]

    def open_biopsies(self) -> list[OpenBiopsy]:
        """Return the planned biopsies and excisions without histopathology, the oldest plan first.

        Another plan at the same visit cancels one, at a later visit only another excision does; none cancels one that was
        taken.
        """
        waiting = {one.assessment_id: one for one in read_all_specimens(self._database).waiting}
        rows = self._database.read(_BIOPSIES, (as_list(waiting),))
        return [
            OpenBiopsy(
                *subject,
                assessment=read_assessment(row),
                taken=waiting[row["id"]].taken,
                is_reexcision=bool(row["is_reexcision"]),
                own_diagnosis=row["own_diagnosis"] or "",
                own_label=row["own_label"],
            )
            for row, subject in subjects_of(self._database, rows)
        ]

    def follow_ups_of(self, lesion_ids: Iterable[int]) -> dict[int, dt.date]:
        """Return the day of the open plan of each of these lesions that has one, be it due or still to come; see `due`."""
        rows = self._database.read(_DATED_OF_ANY, {"lesions": as_list(lesion_ids), "images": as_list(())})
        return {row["of_lesion"]: read_day(row["plan_date"]) for row in rows}

    def plans_of(self, *, lesion_id: int | None = None, image_id: int | None = None) -> Plans:
        """Return which plans of a lesion hold, or of an image without one."""
        return Plans(
            self._database.read(_NEWEST, (lesion_id, image_id))[0]["newest"],
            self.follow_up_of(lesion_id, image_id),
            tuple(self.open_biopsies_of(_ids(lesion_id), _ids(image_id))),
        )

    def follow_up_of(self, lesion_id: int | None, image_id: int | None) -> PlannedFollowUp | None:
        """Return the open plan with a day of a lesion, or of an image without one; None if there is none. See `due`."""
        query = f"SELECT *, {visit_day('due.visit')} AS visit_day FROM ({_DATED_OF_ANY}) AS due"
        rows = self._database.read(query, {"lesions": as_list(_ids(lesion_id)), "images": as_list(_ids(image_id))})
        if not rows:
            return None
        row = rows[-1]
        day = row["visit_day"]
        made = read_assessment(row).time.astimezone().date() if day is None else read_day(day)
        return PlannedFollowUp(read_day(row["plan_date"]), made, row["id"])

    def open_biopsies_of(self, lesion_ids: Iterable[int], image_ids: Iterable[int] = ()) -> list[BiopsyState]:
        """Return the biopsies of these lesions, and of images without one, that `open_biopsies` would name."""
        return [one for one in self.without_finding(lesion_ids, image_ids) if not one.is_closed]

    def without_finding(self, lesion_ids: Iterable[int], image_ids: Iterable[int] = ()) -> list[BiopsyState]:
        """Return the same with those that were closed."""
        return [one for one in self._states(lesion_ids, image_ids) if one.finding is None]

    def biopsies_of(self, *, lesion_id: int | None = None, image_id: int | None = None) -> list[BiopsyState]:
        """Return the biopsies of a lesion, or of an image without one, with and without histology, the oldest plan first.

        Those that were closed are left out.
        """
        return [one for one in self._states(_ids(lesion_id), _ids(image_id)) if not one.is_closed]

    def _states(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> list[BiopsyState]:
        """Return all biopsies; what a lesion has is named by it, and not by its images."""
        specimens = read_specimens(self._database, lesion_ids, image_ids)
        removals = {one.assessment_id: one for one in specimens.removals}
        return [
            BiopsyState(
                read_assessment(row),
                *(row["of_lesion"], row["of_image"], removals[row["id"]].taken, bool(row["is_reexcision"])),
                specimens.finding_of.get(row["id"]),
                removals[row["id"]].is_closed,
            )
            for row in self._database.read(_BIOPSIES, (as_list(removals),))
        ]


def _ids(only: int | None) -> tuple[int, ...]:
    return () if only is None else (only,)


def subjects_of(
    database: Database, rows: Sequence[sqlite3.Row]
) -> Iterator[tuple[sqlite3.Row, tuple[Lesion | None, Patient | None, str]]]:
    """Yield each row with its lesion, patient and name, by the columns `of_lesion`, `of_image` and `image_name`.

    The patient of an image without a lesion is that of its visit. Those whose lesion or patient is in the bin are left out.
    """
    wanted = "SELECT value FROM json_each(?)"
    ids = as_list({row["of_lesion"] for row in rows if row["of_lesion"] is not None})
    lesions = {row["id"]: read_lesion(row) for row in database.read(f"{LESIONS} WHERE lesion.id IN ({wanted})", (ids,))}
    images = as_list({row["of_image"] for row in rows if row["of_image"] is not None})
    owner_of = {row["image"]: row["patient"] for row in database.read(_OWNERS, (images,))}
    owners = as_list({lesion.patient_id for lesion in lesions.values()} | set(owner_of.values()))
    patients = {
        row["id"]: read_patient(row) for row in database.read(f"{PATIENTS} WHERE patient.id IN ({wanted})", (owners,))
    }
    for row in rows:
        lesion = lesions.get(row["of_lesion"])
        patient = patients.get(owner_of.get(row["of_image"])) if lesion is None else patients[lesion.patient_id]
        if not (lesion and lesion.is_binned) and not (patient and patient.is_binned):
            yield row, (lesion, patient, row["image_name"] if lesion is None else lesion.name)
