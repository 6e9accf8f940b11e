"""What people say: the clinician's own views, the outcomes, what was looked at without a view, and what is still to do."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import IS_BINNED, Written, write_binning
from desktop.core.records.newest import IN_BIN, JOIN_DETAIL, PLACED, UNSEEN, is_binned
from desktop.core.records.people import (
    EXCISION,
    Assessment,
    Due,
    HistologyOpen,
    Lesion,
    Outcome,
    OutcomeKind,
    Patient,
)
from desktop.core.records.people_rows import LESIONS, PATIENTS, read_lesion, read_patient
from desktop.core.records.placing import is_unseen

# What was said of an image counts for the lesion that the image is of by now.
_SUBJECT = """
    SELECT {table}.*, coalesce({table}.lesion, place.lesion) AS of_lesion,
           CASE WHEN coalesce({table}.lesion, place.lesion) IS NULL THEN {table}.image END AS of_image
    FROM {table} LEFT JOIN image_detail AS place
        ON place.id = (SELECT max(id) FROM image_detail WHERE image = {table}.image)"""

# Each part of the union finds its rows by an index.
_SAME = """
    SELECT id FROM {table} WHERE lesion = plan.of_lesion
    UNION ALL SELECT id FROM {table} WHERE image = plan.of_image
    UNION ALL SELECT {table}.id FROM image_detail AS place JOIN {table} ON {table}.image = place.image
    WHERE place.lesion = plan.of_lesion AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)"""

_NEWER = f"SELECT 1 FROM assessment WHERE id IN ({_SAME.format(table='assessment')}) AND +id > plan.id"
_CAME = f"""
    SELECT 1 FROM outcome WHERE id IN ({_SAME.format(table="outcome")}) AND time > plan.time AND {is_binned("outcome")} = 0"""

_PLANS = f"""
    SELECT plan.*, image.name AS image_name FROM ({_SUBJECT.format(table="assessment")} WHERE {{planned}}) AS plan
    LEFT JOIN image ON image.id = plan.of_image
    WHERE (plan.of_image IS NULL OR EXISTS (SELECT 1 FROM prediction WHERE image = plan.of_image AND {IS_BINNED} = 0))"""

# A plan holds until another is made, until the lesion was judged again on its day or later, or until an outcome came.
_DUE = f"""
    {_PLANS.format(planned="assessment.plan_date <= ?")}
        AND NOT EXISTS ({_NEWER} AND (assessment.plan <> '' OR substr(assessment.time, 1, 10) >= plan.plan_date))
        AND NOT EXISTS ({_CAME})
    ORDER BY plan.plan_date, plan.id"""

# The same visit may change its mind; a later visit does not make a specimen's report come.
_HISTOLOGY_OPEN = f"""
    {_PLANS.format(planned=f"assessment.plan = '{EXCISION}'")}
        AND NOT EXISTS ({_NEWER} AND (assessment.plan = '{EXCISION}'
                                      OR (assessment.plan <> '' AND assessment.visit IS plan.visit)))
        AND NOT EXISTS ({_CAME} AND kind = 'histopathology')
    ORDER BY plan.id"""


class Views:
    """What people say of lesions and images; a part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.views`."""
        self._database = database
        self._now = now

    def assess(
        self,
        *,
        lesion_id: int | None = None,
        visit_id: int | None = None,
        image_id: int | None = None,
        before_model: bool,
        diagnosis: str,
        label: str | None = None,
        confidence: str = "",
        plan: str = "",
        plan_date: dt.date | None = None,
        note: str = "",
        by: str,
    ) -> Assessment:
        """Keep a clinician's view of a lesion at a visit, or of an image; it is never changed, a later one is added.

        `before_model` is kept only as far as it is true: where there is a view or a disclosure already, the answer was
        seen. For the other parts see `Assessment`.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            is_before = before_model and self._is_unseen(connection, lesion_id, visit_id, image_id)
            row = connection.execute(
                "INSERT INTO assessment (lesion, visit, image, before_model, diagnosis, label, confidence, plan,"
                " plan_date, note, initials, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    *(lesion_id, visit_id, image_id, int(is_before), diagnosis, label, confidence, plan),
                    *(None if plan_date is None else plan_date.isoformat(), note, *written.values),
                ),
            ).fetchone()
        return _read_assessment(row)

    def assessments(self, *, lesion_id: int | None = None, image_id: int | None = None) -> list[Assessment]:
        """Return the views of a lesion at all visits, or those of an image itself, oldest first."""
        rows = self._database.read(
            "SELECT * FROM assessment WHERE lesion = ? OR image = ? ORDER BY id", (lesion_id, image_id)
        )
        return [_read_assessment(row) for row in rows]

    def add_outcome(
        self,
        *,
        lesion_id: int | None = None,
        image_id: int | None = None,
        kind: OutcomeKind,
        diagnosis: str,
        label: str | None = None,
        breslow_mm: float | None = None,
        date: dt.date,
        note: str = "",
        by: str,
    ) -> Outcome:
        """Keep what came out for a lesion, or for an image that has none; it is never changed, a correction is added."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO outcome (lesion, image, kind, diagnosis, label, breslow_mm, date, note, initials, time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    *(lesion_id, image_id, kind, diagnosis, label, breslow_mm, date.isoformat(), note),
                    *written.values,
                ),
            ).fetchone()
        return _read_outcome(row)

    def outcomes(self, *, lesion_id: int | None = None, image_id: int | None = None) -> list[Outcome]:
        """Return the outcomes of a lesion, or those of an image itself, oldest first, without those in the bin."""
        rows = self._database.read(
            f"SELECT * FROM outcome WHERE (lesion = ? OR image = ?) AND {is_binned('outcome')} = 0 ORDER BY id",
            (lesion_id, image_id),
        )
        return [_read_outcome(row) for row in rows]

    def set_outcome_binned(self, outcome_id: int, *, binned: bool, by: str) -> None:
        """Put an outcome into the bin (it was entered for the wrong lesion, say) or take it out."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            write_binning(connection, outcome_id, binned=binned, written=written, subject="outcome")

    # Blind-first

    def concealed(self, *, image_ids: Iterable[int] = (), entry_ids: Iterable[int] = ()) -> frozenset[int]:
        """Return which of these images, or of these entries, blind-first conceals while it is on.

        Concealed is what has neither an own view nor a disclosure without one for its lesion and visit, or for the image
        itself where it has not both.
        """
        images = self._database.read(
            f"SELECT image.id FROM {PLACED} WHERE image.id IN (SELECT value FROM json_each(?)) AND {UNSEEN}",
            (as_list(image_ids),),
        )
        entries = self._database.read(
            f"SELECT prediction.id FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}"
            f" WHERE prediction.id IN (SELECT value FROM json_each(?)) AND {UNSEEN}",
            (as_list(entry_ids),),
        )
        return frozenset(row["id"] for row in [*images, *entries])

    def concealed_hashes(self) -> frozenset[str]:
        """Return the SHA-256 of each image with an entry in the history that blind-first conceals while it is on."""
        rows = self._database.read(
            f"SELECT image.sha256 FROM {PLACED} WHERE {UNSEEN}"
            f" AND image.id IN (SELECT image FROM prediction WHERE id NOT IN ({IN_BIN}))"
        )
        return frozenset(row["sha256"] for row in rows)

    def disclose_unseen(self, entry_ids: Iterable[int] | None, *, hashes: Iterable[str] | None = None, by: str) -> int:
        """Record for all of the entries that are concealed that they were seen without an own view; return how many.

        Args:
            entry_ids: the entries; None for every one.
            hashes: only those of images with one of these SHA-256; None for all of them.
            by: the initials of who has seen them.
        """
        written = Written.by(by, self._now)
        conditions, values = [UNSEEN], [*written.values]
        for column, wanted in (("prediction.id", entry_ids), ("image.sha256", hashes)):
            if wanted is not None:
                conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
                values.append(as_list(wanted))
        with self._database.writing() as connection:
            return connection.execute(
                "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
                " SELECT prediction.id, place.lesion, place.visit, 'without own view', ?, ?"
                f" FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}"
                f" WHERE {' AND '.join(conditions)}",
                values,
            ).rowcount

    def note_shown(self, hashes: Iterable[str], *, by: str) -> None:
        """Record that answers to images with these SHA-256 stood in the rows of a batch, where no view is asked for."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO batch_shown (sha256, initials, time) SELECT value, ?, ? FROM json_each(?) WHERE true"
                " ON CONFLICT DO NOTHING",
                (*written.values, as_list(hashes)),
            )

    def was_shown(self, sha256: str) -> bool:
        """Tell whether an answer to an image stood in a row of a batch, be the image in the history or not."""
        return bool(self._database.read("SELECT 1 FROM batch_shown WHERE sha256 = ?", (sha256,)))

    # What is still to do

    def due(self, until: dt.date) -> list[Due]:
        """Return the plans whose day has come by `until` and which nothing has answered, the oldest day first.

        A plan holds until another one is made for the lesion, until the lesion was judged again on that day or later,
        or until an outcome came.
        """
        return [
            Due(*subject, plan=said.plan, date=said.plan_date, assessment=said)
            for subject, said in self._subjects(_DUE, (until.isoformat(),))
            if said.plan_date is not None
        ]

    def histology_open(self) -> list[HistologyOpen]:
        """Return what was planned to be cut out and has no histopathology yet, the oldest plan first.

        Another plan at the same visit takes it back; a later visit does not.
        """
        return [HistologyOpen(*subject, assessment=said) for subject, said in self._subjects(_HISTOLOGY_OPEN, ())]

    def _subjects(
        self, query: str, values: tuple[Any, ...]
    ) -> list[tuple[tuple[Lesion | None, Patient | None, str], Assessment]]:
        """Return the lesion, patient and name that each row is about; those in the bin are left out."""
        rows = self._database.read(query, values)
        lesions: dict[int, Lesion] = {}
        patients: dict[int, Patient] = {}
        if rows:
            ids = as_list({row["of_lesion"] for row in rows if row["of_lesion"] is not None})
            wanted = "SELECT value FROM json_each(?)"
            lesions = {
                row["id"]: read_lesion(row)
                for row in self._database.read(f"{LESIONS} WHERE lesion.id IN ({wanted})", (ids,))
            }
            owners = as_list({lesion.patient_id for lesion in lesions.values()})
            patients = {
                row["id"]: read_patient(row)
                for row in self._database.read(f"{PATIENTS} WHERE patient.id IN ({wanted})", (owners,))
            }
        found = []
        for row in rows:
            lesion = lesions.get(row["of_lesion"])
            patient = None if lesion is None else patients[lesion.patient_id]
            if (lesion and lesion.is_binned) or (patient and patient.is_binned):
                continue
            name = row["image_name"] if lesion is None else lesion.name
            found.append(((lesion, patient, name), _read_assessment(row)))
        return found

    def _is_unseen(
        self, connection: sqlite3.Connection, lesion_id: int | None, visit_id: int | None, image_id: int | None
    ) -> bool:
        if image_id is not None:
            return is_unseen(connection, image_id)
        query = f"SELECT {UNSEEN} FROM (SELECT NULL AS id) AS image, (SELECT ? AS lesion, ? AS visit) AS place"
        return bool(connection.execute(query, (lesion_id, visit_id)).fetchone()[0])


def _read_assessment(row: sqlite3.Row) -> Assessment:
    plan_date = row["plan_date"]
    return Assessment(
        id=row["id"],
        lesion_id=row["lesion"],
        visit_id=row["visit"],
        image_id=row["image"],
        before_model=bool(row["before_model"]),
        diagnosis=row["diagnosis"],
        label=row["label"],
        confidence=row["confidence"],
        plan=row["plan"],
        plan_date=None if plan_date is None else dt.date.fromisoformat(plan_date),
        note=row["note"],
        initials=row["initials"],
        time=dt.datetime.fromisoformat(row["time"]),
    )


def _read_outcome(row: sqlite3.Row) -> Outcome:
    return Outcome(
        id=row["id"],
        lesion_id=row["lesion"],
        image_id=row["image"],
        kind=row["kind"],
        diagnosis=row["diagnosis"],
        label=row["label"],
        breslow_mm=row["breslow_mm"],
        date=dt.date.fromisoformat(row["date"]),
        note=row["note"],
        initials=row["initials"],
        time=dt.datetime.fromisoformat(row["time"]),
    )
