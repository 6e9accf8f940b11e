"""Steps on a lesion's way, neither assessments nor outcomes: biopsy taken, patient told, a list left with a reason."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from enum import StrEnum

from desktop.core.frozen import frozen
from desktop.core.records.audit import AuditLog
from desktop.core.records.audit_acts import Action
from desktop.core.records.audit_rows import LESION, LOOK, STEP
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import Authorship, time_text
from desktop.core.records.newest import ANSWERS_OF_ANY, IS_LAST_COPY, LISTED_OF_ANY, OF_ANY, patient_of
from desktop.core.records.people import Outcome
from desktop.core.records.result_days import check_days, day_found


class Step(StrEnum):
    """What was done. The audit log has the values, and the table the words of `stored`: neither is ever changed."""

    TAKEN = "biopsy taken"
    TOLD = "patient told"
    PLAN_CLOSED = "plan closed"
    """A plan will not be carried out; `note` says why, as with the next three."""
    ALERT_CLOSED = "alert closed"
    """No plan is needed after an alert."""
    TELLING_CLOSED = "telling closed"
    """The patient will not be told of a malignant result."""
    FITS = "fits"
    """A histopathology that did not fit the assessment or the alert was looked at again."""
    LOOKED_AGAIN = "looked again"
    """So was a lesion on which, of two models, only the one that was tried on the history alerts."""
    ASSESSMENT_CLOSED = "assessment closed"
    """An image stays without an assessment; `note` says why, as with the next one."""
    REEXCISION_CLOSED = "re-excision closed"
    """No re-excision is planned although margins were involved."""

    @property
    def stored(self) -> str:
        """The word in the table, which has six of them: a plan is closed after an assessment, an image, or a finding."""
        return Step.PLAN_CLOSED if self in {Step.ASSESSMENT_CLOSED, Step.REEXCISION_CLOSED} else self


SUBJECTS = {
    Step.TAKEN: "assessment",
    Step.PLAN_CLOSED: "assessment",
    Step.ALERT_CLOSED: "prediction",
    Step.TOLD: "outcome",
    Step.TELLING_CLOSED: "outcome",
    Step.FITS: "outcome",
    Step.ASSESSMENT_CLOSED: "prediction",
    Step.REEXCISION_CLOSED: "outcome",
    Step.LOOKED_AGAIN: "look_again",
}
"""The table of which each step names a row."""

_TABLES = {Step.LOOKED_AGAIN: "looked_again"}
"""The tables of steps that are not in `care_step`."""

STORED = tuple(dict.fromkeys(step.stored for step in Step if step not in _TABLES))
"""The words that `care_step` knows."""

_STEPS = {(subject, step.stored): step for step, subject in SUBJECTS.items()}

_NAMES = {Step.LOOKED_AGAIN: LOOK}
"""The names of their ids in the audit log."""


@frozen
class CareStep:
    """A step as it was recorded: `person` did it, on `day`."""

    step: Step
    subject_id: int
    day: dt.date
    person: str
    note: str


@frozen
class EnteredStep:
    """A step that stands; `initials` and `time` (UTC) say who entered it and when.

    `sha256` is that of the image whose answer the step is about, be it one that was given or that of a model that was tried;
    empty for one about an assessment or an outcome. `is_of_taken` is whether the biopsy was taken that it is about.
    """

    step: CareStep
    initials: str
    time: dt.datetime
    sha256: str = ""
    is_of_taken: bool = False


_ENTERED = "step, day, person, note, initials, time"
_ABOUT = f"""
    SELECT * FROM (
        SELECT id, assessment, prediction, outcome, NULL AS look_again, {_ENTERED},
               (SELECT image.sha256 FROM prediction JOIN image ON image.id = prediction.image
                WHERE prediction.id = care_step.prediction) AS sha256
        FROM care_step WHERE day IS NOT NULL AND id IN (
            SELECT max(care_step.id) FROM care_step JOIN assessment ON assessment.id = care_step.assessment
            WHERE assessment IN ({OF_ANY.format(table="assessment")}) AND {IS_LAST_COPY} GROUP BY assessment, step
            UNION ALL SELECT max(id) FROM care_step
            WHERE outcome IN ({OF_ANY.format(table="outcome")}) GROUP BY outcome, step
            UNION ALL SELECT max(id) FROM care_step WHERE prediction IN ({ANSWERS_OF_ANY}) GROUP BY prediction, step)
        UNION ALL SELECT id, NULL, NULL, NULL, look_again, {_ENTERED},
               (SELECT image.sha256 FROM look_again AS listed JOIN image ON image.id = listed.image
                WHERE listed.id = looked_again.look_again)
        FROM looked_again WHERE day IS NOT NULL AND id IN (
            SELECT max(id) FROM looked_again WHERE look_again IN ({LISTED_OF_ANY}) GROUP BY look_again))
    ORDER BY day, look_again IS NOT NULL, id"""


def _table(step: Step) -> str:
    return _TABLES.get(step, "care_step")


def day_done(step: Step, subject_id: str) -> str:
    """Return the expression of the day of a step that stands, else NULL; `subject_id` is the expression of its row's id."""
    named = f"{SUBJECTS[step]} = {subject_id} AND step = '{step.stored}'"
    return f"(SELECT day FROM {_table(step)} WHERE {named} ORDER BY id DESC LIMIT 1)"


def is_done(step: Step, subject_id: str) -> str:
    """Return the expression that tells whether a step stands."""
    return f"({day_done(step, subject_id)} IS NOT NULL)"


def _concerned_query(subject: str) -> str:
    """Return the query for the patient, the lesion and the image that a row concerns."""
    own = f"{subject}.lesion, " if subject in {"assessment", "outcome"} else ""
    return f"""
        SELECT {patient_of("place")} AS patient, place.lesion, place.sha256 FROM (
            SELECT coalesce({own}detail.lesion, NULL) AS lesion, detail.visit AS visit, image.sha256 AS sha256
            FROM {subject} LEFT JOIN image_detail AS detail
                ON detail.id = (SELECT max(id) FROM image_detail WHERE image = {subject}.image)
            LEFT JOIN image ON image.id = {subject}.image
            WHERE {subject}.id = ?) AS place"""


def _read_kind(row: sqlite3.Row) -> Step:
    """Return which step a row of `_ABOUT` is."""
    subject = next(subject for subject in dict.fromkeys(SUBJECTS.values()) if row[subject] is not None)
    return _STEPS[subject, row["step"]]


class CareSteps:
    """A part of `History`, with the same thread, errors and transactions. Each write is an act of the audit log too."""

    def __init__(self, database: Database, audit: AuditLog, now: Callable[[], dt.datetime]) -> None:
        """Use `History.care_steps`."""
        self._database = database
        self._audit = audit
        self._now = now

    def record(self, step: CareStep, *, by: str, named_with: Outcome | None = None) -> None:
        """Record a step; of several for the same row the newest counts.

        Args:
            step: what was done.
            by: the initials of whoever enters it.
            named_with: the histopathology of a biopsy that is recorded as taken, be it anew, in the act in which that was
                entered. The row has its time and initials: they say which biopsy it is of, see `specimens`.

        Raises:
            RecordsError: the day of a biopsy or of telling the patient does not fit that of the finding; see `check_days`.
        """
        self._check(step, named_with)
        written = Authorship.by(by, self._now)
        if named_with is not None:
            written = Authorship(named_with.initials, time_text(named_with.time))
        self._write(step.step, step.subject_id, step.day, step.person, step.note, written)

    def take_back(self, step: CareStep, *, by: str) -> None:
        """Take a step back; both entries stay in the history."""
        self._write(step.step, step.subject_id, None, step.person, "", Authorship.by(by, self._now))

    def of(self, step: Step, subject_ids: Iterable[int]) -> dict[int, CareStep]:
        """Return the steps of a kind that stand, by the ids of their rows."""
        subject = SUBJECTS[step]
        rows = self._database.read(
            f"SELECT {subject} AS subject, day, person, note FROM {_table(step)}"
            f" WHERE {subject} IN (SELECT value FROM json_each(?)) AND step = ? ORDER BY id",
            (as_list(subject_ids), step.stored),
        )
        newest = {row["subject"]: row for row in rows}
        return {
            subject_id: CareStep(step, subject_id, read_day(row["day"]), row["person"], row["note"])
            for subject_id, row in newest.items()
            if row["day"] is not None
        }

    def about(self, lesion_ids: Iterable[int], image_ids: Iterable[int] = ()) -> list[EnteredStep]:
        """Return all steps that stand of lesions, and of images without one, in the order of their days.

        Those about an outcome that was corrected or withdrawn are among them.
        """
        rows = self._database.read(_ABOUT, {"lesions": as_list(lesion_ids), "images": as_list(image_ids)})
        found = [(row, _read_kind(row)) for row in rows]
        taken = {row["assessment"] for row, step in found if step is Step.TAKEN}
        return [
            EnteredStep(
                CareStep(step, row[SUBJECTS[step]], read_day(row["day"]), row["person"], row["note"]),
                row["initials"],
                read_time(row["time"]),
                row["sha256"] or "",
                is_of_taken=row["assessment"] in taken,
            )
            for row, step in found
        ]

    def _check(self, step: CareStep, named_with: Outcome | None) -> None:
        if step.step is Step.TAKEN:
            found = day_found(self._database, step.subject_id) if named_with is None else named_with.date
            check_days(taken=step.day, found=found)
        elif step.step is Step.TOLD:
            (row,) = self._database.read("SELECT date FROM outcome WHERE id = ?", (step.subject_id,))
            check_days(found=read_day(row["date"]), told=step.day)

    def _write(
        self, step: Step, subject_id: int, day: dt.date | None, person: str, note: str, written: Authorship
    ) -> None:
        subject = SUBJECTS[step]
        with self._database.writing() as connection:
            (made,) = connection.execute(
                f"INSERT INTO {_table(step)} (step, {subject}, day, person, note, initials, time) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " RETURNING id",
                (step.stored, subject_id, None if day is None else day.isoformat(), person, note, *written.values),
            ).fetchall()
            (row,) = connection.execute(_concerned_query(subject), (subject_id,)).fetchall()
            self._audit.note(
                Action.STEP_RECORDED if day is not None else Action.STEP_TAKEN_BACK,
                {"step": step, "person": person, LESION: row["lesion"], _NAMES.get(step, STEP): made["id"]},
                patient_id=row["patient"],
                sha256=row["sha256"] if row["lesion"] is None else None,
                by=written.initials,
            )
