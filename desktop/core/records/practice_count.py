"""Counts the lesions that a practice classified in a period, and those of them that histology proved to be melanoma."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from dataclasses import dataclass
from datetime import datetime

from desktop.core.labels import MELANOMA
from desktop.core.records.database import Database
from desktop.core.records.entries import IS_BINNED, time_text
from desktop.core.records.newest import JOIN_DETAIL, LEADING_OUTCOME, is_binned

# An image without a lesion counts as a lesion of its own.
_CLASSIFIED = f"""
    SELECT DISTINCT place.lesion AS lesion, CASE WHEN place.lesion IS NULL THEN image.id END AS image
    FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE prediction.time >= ? AND prediction.time < ? AND {IS_BINNED} = 0"""

_PROVED = f"""
    (SELECT coalesce(label, diagnosis) FROM outcome
     WHERE (lesion = subject.lesion OR image = subject.image) AND kind = 'histopathology' AND {is_binned("outcome")} = 0
     ORDER BY {LEADING_OUTCOME} LIMIT 1)"""


@dataclass(frozen=True)
class PracticeCount:
    """`melanomas` proven by histology among all `lesions` that were classified in a period."""

    melanomas: int
    lesions: int


def count_practice(database: Database, since: datetime, until: datetime) -> PracticeCount:
    """Count the lesions classified from `since` on and before `until`; a later histology of them counts."""
    (row,) = database.read(
        f"SELECT count(*) AS lesions, count(CASE WHEN {_PROVED} = ? THEN 1 END) AS melanomas"
        f" FROM ({_CLASSIFIED}) AS subject",
        (MELANOMA, time_text(since), time_text(until)),
    )
    return PracticeCount(row["melanomas"], row["lesions"])
