"""The clinicians' assessments, and the outcomes."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import Authorship, write_binning
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import CORRECTED, IS_LAST_COPY, OF_ANY, UNSEEN, WITH_SUBJECT, is_binned, visit_of
from desktop.core.records.people import (
    Assessment,
    Margins,
    Outcome,
    OutcomeKind,
    Ulceration,
    Withdrawal,
    WithdrawalReason,
)
from desktop.core.records.placing import is_unseen
from desktop.core.records.result_days import Biopsy, check_days, read_biopsies, with_days
from desktop.core.records.specimens import Specimens, read_specimens

_WITH_ACTS = """
    SELECT outcome.*, act.binned, act.reason, act.initials AS act_by, act.time AS act_time
    FROM outcome LEFT JOIN binning AS act ON act.id =
        (SELECT max(id) FROM binning WHERE subject = 'outcome' AND subject_id = outcome.id)
    WHERE lesion IN (SELECT value FROM json_each(?)) OR image IN (SELECT value FROM json_each(?)) ORDER BY outcome.id"""


class Assessments:
    """Assessments and outcomes of lesions and images; a part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.assessments`."""
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
        change: str = "",
        by: str,
    ) -> Assessment:
        """Save an assessment of a lesion at a visit, or of an image; it is never changed, later ones are added.

        `before_model` is saved only if true: after an earlier assessment or disclosure the answer had been seen. For the
        other fields see `Assessment`.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            is_before = before_model and self._is_unseen(connection, lesion_id, visit_id, image_id)
            row = connection.execute(
                "INSERT INTO assessment (lesion, visit, image, before_model, diagnosis, label, confidence, plan,"
                " plan_date, note, change, initials, time, outcomes_before)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM outcome))"
                " RETURNING *, 0 AS made_elsewhere",
                (
                    *(lesion_id, visit_id, image_id, int(is_before), diagnosis, label, confidence, plan),
                    *(None if plan_date is None else plan_date.isoformat(), note, change or None),
                    *written.values,
                ),
            ).fetchone()
        return read_assessment(row)

    def of(self, lesion_ids: Iterable[int] = (), image_ids: Iterable[int] = ()) -> list[Assessment]:
        """Return what was said of lesions, also of the images that they have now, and of images, oldest first.

        What was said of an image counts for its lesion, if it has one, at the visit of the image, and has both here.
        """
        query = f"""
            SELECT *, {visit_of("said")} AS of_visit, {is_made_elsewhere("said")} AS made_elsewhere
            FROM ({WITH_SUBJECT.format(table="assessment")}
                  WHERE assessment.id IN ({OF_ANY.format(table="assessment")}) AND {IS_LAST_COPY}) AS said
            ORDER BY id"""
        rows = self._database.read(query, {"lesions": as_list(lesion_ids), "images": as_list(image_ids)})
        return [_of_subject(row) for row in rows]

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
        ulceration: Ulceration | None = None,
        margins: Margins | None = None,
        laboratory_number: str = "",
        corrects: int | None = None,
        by: str,
    ) -> Outcome:
        """Save an outcome of a lesion, or of an image that has none; it is never changed, corrections are added.

        A histopathology is of a specimen of its own, unless it `corrects` another one, by its id, which is withdrawn with it.

        Raises:
            RecordsError: the day of a histopathology is before those of all biopsies; see `check_days`.
        """
        written = Authorship.by(by, self._now)
        biopsies = read_biopsies(self._database, _ids(lesion_id), _ids(image_id)) if kind == "histopathology" else []
        first = min((one.day for one in biopsies), default=None)  # a finding before a later one may be of this one
        check_days(taken=first, found=date)
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO outcome (lesion, image, kind, diagnosis, label, breslow_mm, date, note, ulceration, margins,"
                " laboratory_number, initials, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    *(lesion_id, image_id, kind, diagnosis, label, breslow_mm, date.isoformat(), note),
                    *(ulceration, margins, laboratory_number or None, *written.values),
                ),
            ).fetchone()
            if corrects is not None:
                write_binning(connection, corrects, binned=True, written=written, subject="outcome", reason=CORRECTED)
        return read_outcome(row)

    def outcomes(self, *, lesion_id: int | None = None, image_id: int | None = None) -> list[Outcome]:
        """Return the outcomes of a lesion and those of an image itself, oldest first; see `outcomes_of_all`."""
        return self.outcomes_of_all(_ids(lesion_id), _ids(image_id))

    def outcomes_of_all(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> list[Outcome]:
        """Return the outcomes of lesions and of images themselves, oldest first, with those that others of them correct.

        Without those that were withdrawn or undone, and what these correct.
        """
        standing, _withdrawn = self._settled(lesion_ids, image_ids)
        return with_days(self._database, standing)

    def binned(self, outcome_ids: Iterable[int]) -> set[int]:
        """Return which of these outcomes no longer count: they were corrected, withdrawn or undone."""
        query = f"SELECT id FROM outcome WHERE id IN (SELECT value FROM json_each(?)) AND {is_binned('outcome')}"
        return set(self._database.read_ids(query, (as_list(outcome_ids),)))

    def biopsies(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> list[Biopsy]:
        """Return the biopsies that were taken of lesions, and of images without one, in the order of their days."""
        return read_biopsies(self._database, lesion_ids, image_ids)

    def specimens(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> Specimens:
        """Return which histopathology is of which biopsy of lesions, and of images without one."""
        return read_specimens(self._database, lesion_ids, image_ids)

    def set_outcome_binned(
        self, outcome_id: int, *, binned: bool, by: str, reason: WithdrawalReason | None = None
    ) -> None:
        """Put an outcome into the bin, so that it counts nowhere, or take it out; with a `reason` it is one of `withdrawn`."""
        self.set_outcomes_binned((outcome_id,), binned=binned, by=by, reason=reason)

    def set_outcomes_binned(
        self, outcome_ids: Iterable[int], *, binned: bool, by: str, reason: WithdrawalReason | None = None
    ) -> None:
        """Do so with all of several outcomes or with none: of one that is withdrawn with those it corrects, none may stand."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            for outcome_id in outcome_ids:
                write_binning(connection, outcome_id, binned=binned, written=written, subject="outcome", reason=reason)

    def withdrawn(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> list[Withdrawal]:
        """Return the withdrawn outcomes of lesions and of images themselves, the oldest outcome first.

        Outcomes that were undone, without a reason, are not among them.
        """
        _standing, withdrawn = self._settled(lesion_ids, image_ids)
        outcomes = with_days(self._database, [one.outcome for one in withdrawn])
        return [replace(one, outcome=outcome) for one, outcome in zip(withdrawn, outcomes, strict=True)]

    def _settled(self, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> tuple[list[Outcome], list[Withdrawal]]:
        """Return the outcomes that stand, with those that are corrected by one that stands, and those that were withdrawn."""
        rows = self._database.read(_WITH_ACTS, (as_list(lesion_ids), as_list(image_ids)))
        corrections = {
            row["id"]: next((other["id"] for other in reversed(rows) if _corrects(other, row)), None)
            for row in rows
            if row["binned"] and row["reason"] == CORRECTED
        }
        by_id = {row["id"]: row for row in rows}

        def last(row: sqlite3.Row) -> sqlite3.Row:
            """Return the last of an outcome's corrections, which stands or was withdrawn for all; itself if it has none."""
            correction = corrections.get(row["id"])
            return row if correction is None else last(by_id[correction])

        standing, withdrawn = [], []
        for row in rows:
            outcome, act = read_outcome(row), last(row)
            if not act["binned"]:
                standing.append(replace(outcome, corrected_by=corrections.get(row["id"])))
            elif act["reason"] is not None:
                withdrawn.append(Withdrawal(outcome, act["reason"], act["act_by"], read_time(act["act_time"])))
        return standing, withdrawn

    def _is_unseen(
        self, connection: sqlite3.Connection, lesion_id: int | None, visit_id: int | None, image_id: int | None
    ) -> bool:
        if image_id is not None:
            return is_unseen(connection, image_id)
        query = f"SELECT {UNSEEN} FROM (SELECT NULL AS id) AS image, (SELECT ? AS lesion, ? AS visit) AS place"
        return bool(connection.execute(query, (lesion_id, visit_id)).fetchone()[0])


def read_assessment(row: sqlite3.Row) -> Assessment:
    """Read an assessment from a row of the table `assessment` with the column `made_elsewhere`."""
    plan_date = row["plan_date"]
    return Assessment(
        id=row["id"],
        lesion_id=row["lesion"],
        visit_id=row["visit"],
        image_id=row["image"],
        before_model=None if row["made_elsewhere"] else bool(row["before_model"]),
        diagnosis=row["diagnosis"],
        label=row["label"],
        confidence=row["confidence"],
        plan=row["plan"],
        plan_date=None if plan_date is None else read_day(plan_date),
        note=row["note"],
        change=row["change"] or "",
        initials=row["initials"],
        time=read_time(row["time"]),
    )


def _of_subject(row: sqlite3.Row) -> Assessment:
    """Read a row of `of`."""
    assessment = read_assessment(row)
    if row["of_lesion"] is None:
        return assessment
    return replace(assessment, lesion_id=row["of_lesion"], visit_id=row["of_visit"])


def _corrects(row: sqlite3.Row, other: sqlite3.Row) -> bool:
    """Return whether an outcome was written in the act that withdrew another one of the same lesion."""
    is_of_another = None not in (row["lesion"], other["lesion"]) and row["lesion"] != other["lesion"]
    return (
        not is_of_another
        and row["id"] > other["id"]
        and (row["time"], row["initials"]) == (other["act_time"], other["act_by"])
    )


def _ids(only: int | None) -> tuple[int, ...]:
    return () if only is None else (only,)


def read_outcome(row: sqlite3.Row) -> Outcome:
    """Read an outcome from a row of the table `outcome`, without the days of `with_days`."""
    return Outcome(
        id=row["id"],
        lesion_id=row["lesion"],
        image_id=row["image"],
        kind=row["kind"],
        diagnosis=row["diagnosis"],
        label=row["label"],
        breslow_mm=row["breslow_mm"],
        date=read_day(row["date"]),
        note=row["note"],
        initials=row["initials"],
        time=read_time(row["time"]),
        ulceration=row["ulceration"],
        margins=row["margins"],
        laboratory_number=row["laboratory_number"] or "",
    )
