"""Worklists: plans whose day has come, and pending histopathology."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from desktop.core.records.assessments import read_assessment
from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import IS_BINNED
from desktop.core.records.newest import OF_SUBJECT, WITH_SUBJECT, patient_of
from desktop.core.records.people import EXCISION, Assessment, DuePlan, HistologyOpen, Lesion, Patient
from desktop.core.records.people_rows import LESIONS, PATIENTS, read_lesion, read_patient
from desktop.core.records.result_days import CAME

_NEWER = (
    f"SELECT 1 FROM assessment WHERE id IN ({OF_SUBJECT.format(table='assessment', subject='plan')}) AND +id > plan.id"
)

_PLANS = f"""
    SELECT plan.*, image.name AS image_name FROM ({WITH_SUBJECT.format(table="assessment")} WHERE {{planned}}) AS plan
    LEFT JOIN image ON image.id = plan.of_image
    WHERE (plan.of_image IS NULL OR EXISTS (SELECT 1 FROM prediction WHERE image = plan.of_image AND {IS_BINNED} = 0))"""

_OPEN = f"{is_done(Step.PLAN_CLOSED, 'plan.id')} = 0"

# A plan holds until another is made (the plan 'none' counts as another; an empty plan does not), until the lesion is assessed
# again on the planned day or later, until an outcome comes, or until it is closed. The day is that of the clinic's clock: early
# in the morning it may still be the day before in UTC, in which times are stored.
_DUE = f"""
    {_PLANS.format(planned="assessment.plan_date <= ?")}
        AND NOT EXISTS ({_NEWER} AND (assessment.plan <> '' OR date(assessment.time, 'localtime') >= plan.plan_date))
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE {CAME}) AND {_OPEN}
    ORDER BY plan.plan_date, plan.id"""

# Another plan at the same visit cancels an excision; at a later visit only another excision does.
_BIOPSY_PLANNED = f"""
    {_PLANS.format(planned=f"assessment.plan = '{EXCISION}'")}
        AND NOT EXISTS ({_NEWER} AND (assessment.plan = '{EXCISION}'
                                      OR (assessment.plan <> '' AND assessment.visit IS plan.visit)))
        AND {_OPEN}"""
_HISTOLOGY_OPEN = f"""
    {_BIOPSY_PLANNED} AND NOT EXISTS (SELECT 1 FROM outcome WHERE {CAME} AND kind = 'histopathology') ORDER BY plan.id"""

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

        A plan is open until another one is made for the lesion, the lesion is assessed again on that day or later, or an
        outcome is entered.
        """
        return [
            DuePlan(*subject, plan=assessment.plan, date=assessment.plan_date, assessment=assessment)
            for subject, assessment in self._subjects(_DUE, (until.isoformat(),))
            if assessment.plan_date is not None
        ]

    def histology_open(self) -> list[HistologyOpen]:
        """Return the planned biopsies and excisions without histopathology, the oldest plan first.

        Another plan at the same visit cancels one; at a later visit only another excision does.
        """
        return [
            HistologyOpen(*subject, assessment=assessment)
            for subject, assessment in self._subjects(_HISTOLOGY_OPEN, ())
        ]

    def follow_ups_of(self, lesion_ids: Iterable[int]) -> dict[int, dt.date]:
        """Return the day of the open plan of each of these lesions that has one, be it due or still to come; see `due`."""
        query = f"SELECT of_lesion, plan_date FROM ({_DUE}) WHERE of_lesion IN (SELECT value FROM json_each(?))"
        rows = self._database.read(query, (dt.date.max.isoformat(), as_list(lesion_ids)))
        return {row["of_lesion"]: read_day(row["plan_date"]) for row in rows}

    def lesions_with_histology_open(self, lesion_ids: Iterable[int]) -> set[int]:
        """Return which of these lesions `histology_open` would name."""
        query = f"SELECT of_lesion FROM ({_HISTOLOGY_OPEN}) WHERE of_lesion IN (SELECT value FROM json_each(?))"
        return {row["of_lesion"] for row in self._database.read(query, (as_list(lesion_ids),))}

    def images_with_histology_open(self, image_ids: Iterable[int]) -> set[int]:
        """Return which of these images `histology_open` would name; none of them belongs to a lesion."""
        query = f"SELECT of_image FROM ({_HISTOLOGY_OPEN}) WHERE of_image IN (SELECT value FROM json_each(?))"
        return {row["of_image"] for row in self._database.read(query, (as_list(image_ids),))}

    def biopsies_planned(self, *, lesion_id: int | None = None, image_id: int | None = None) -> list[int]:
        """Return the assessments of a lesion, or of an image without one, that plan a biopsy, with or without its histology."""
        query = f"SELECT id FROM ({_BIOPSY_PLANNED}) WHERE of_lesion = ? OR of_image = ? ORDER BY id"
        return [row["id"] for row in self._database.read(query, (lesion_id, image_id))]

    def _subjects(
        self, query: str, values: tuple[Any, ...]
    ) -> list[tuple[tuple[Lesion | None, Patient | None, str], Assessment]]:
        """Return the lesion, patient and name that each row is about; those in the bin are left out."""
        rows = self._database.read(query, values)
        return [(subject, read_assessment(row)) for row, subject in subjects_of(self._database, rows)]


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
