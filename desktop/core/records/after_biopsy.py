"""Which images were taken after the biopsy of their lesion: what that leaves, such as a scar, is not what histology found."""

# ruff: noqa: S608 - statements are put together from constants of ours

import datetime as dt
import sqlite3

from desktop.core.records.care_steps import Step, day_done
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database
from desktop.core.records.newest import IS_LAST_COPY, WITH_SUBJECT, is_binned

FIRST_BIOPSIES = f"""
    SELECT of_lesion, of_image, min(day) AS day FROM (
        SELECT of_lesion, of_image, date AS day FROM ({WITH_SUBJECT.format(table="outcome")}) AS outcome
        WHERE kind = 'histopathology' AND {is_binned("outcome")} = 0
        UNION ALL SELECT of_lesion, of_image, {day_done(Step.TAKEN, "plan.id")} FROM (
            {WITH_SUBJECT.format(table="assessment")} WHERE {IS_LAST_COPY}) AS plan
        WHERE plan.id IN (SELECT assessment FROM care_step WHERE step = '{Step.TAKEN.stored}'))
    WHERE day IS NOT NULL GROUP BY of_lesion, of_image"""
"""The query for the day of the first biopsy of each lesion, or image without one: when it was taken, else its finding."""


def first_biopsies(database: Database) -> dict[tuple[int | None, int | None], dt.date]:
    """Return the day of the first biopsy by the ids of lesion and image, of which one is None."""
    return {(row["of_lesion"], row["of_image"]): read_day(row["day"]) for row in database.read(FIRST_BIOPSIES)}


def is_after_biopsy(visit: dt.date | None, biopsied: dt.date | None) -> bool:
    """Tell whether a visit was after the first biopsy; False where either day is not known. Its own day is not after it."""
    return visit is not None and biopsied is not None and visit > biopsied


def read_visit_day(row: sqlite3.Row) -> dt.date | None:
    """Read the day of an image's visit from the column `visit_date`; None if it has none."""
    return None if row["visit_date"] is None else read_day(row["visit_date"])
