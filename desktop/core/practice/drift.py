"""What moved from month to month: alerts, the distance to the training images, and sharpness. Never why.

A month is compared with the months before it. Its limits are those between which its value would lie if its patients had been
drawn from all of these months together, a patient's images of a month as one: a permutation test, which holds for rare alerts
and few patients as well. With nothing moved, `FALSE_WARNINGS` values of all that is told lie outside in `YEARS` years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.core.practice.image_figures import patient_of

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow

FEWEST_IMAGES = 50
"""Images of a month below which it is neither judged nor compared with."""

FEWEST_MONTHS = 3
"""Months with so many images before one that is judged."""

MOST_MONTHS = 24
"""Months that one is compared with: the newest before it."""

SHOWN = 12
"""Months that are told, the newest first."""

FALSE_WARNINGS = 0.8
YEARS = 3

DRAWS = 1349
_SEED = 20_261_129
_ROUNDING = 1e-9


class Measure(StrEnum):
    """What is told of a month."""

    ALERTS = "alerts"
    DISTANCE = "distance"
    SHARPNESS = "sharpness"


_SHARE_OUTSIDE = FALSE_WARNINGS / (12 * YEARS * len(Measure))
"""How often one value of one month may lie outside its limits."""


@dataclass(frozen=True)
class MonthValue:
    """The mean of a measure over a month's images, with its limits; None where too few months were before it."""

    value: float
    low: float | None
    high: float | None

    @property
    def has_moved(self) -> bool:
        """Whether it lies outside of its limits."""
        return self.low is not None and self.high is not None and not self.low <= self.value <= self.high


@dataclass(frozen=True)
class Month:
    """A month by its `first` day, with its images, newest first, and so many patients. Measures without a value are missing."""

    first: dt.date
    images: tuple[AnswerRow, ...]
    patients: int
    values: Mapping[Measure, MonthValue]


@dataclass(frozen=True)
class _Units:
    """The images of each patient in a month: `sums` and `counts` [patients, measures]."""

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]


def drift(
    answers: Sequence[AnswerRow], days: Mapping[int, dt.date], today: dt.date, *, shown: int = SHOWN, draws: int = DRAWS
) -> tuple[Month, ...]:
    """Return the complete months, the newest first.

    Args:
        answers: of one model.
        days: of the visits; an image without a visit counts on the day of its answer.
        today: the day, whose month is not complete.
        shown: how many months are returned.
        draws: of the limits; with fewer they are as rarely exceeded, and wider.
    """
    by_month: dict[dt.date, list[AnswerRow]] = {}
    for answer in answers:
        day = None if answer.visit_id is None else days.get(answer.visit_id)
        first = (day or answer.time.astimezone().date()).replace(day=1)
        if first < today.replace(day=1):
            by_month.setdefault(first, []).append(answer)
    months = sorted(by_month)
    units = {month: _units(by_month[month]) for month in months}
    judged = [month for month in months if len(by_month[month]) >= FEWEST_IMAGES]
    told = []
    for month in reversed(months[-shown:]):
        before = [one for one in judged if one < month][-MOST_MONTHS:]
        values: Mapping[Measure, MonthValue] = {}
        if month in judged:
            values = _values(month, units[month], [units[one] for one in before], draws)
        told.append(Month(month, tuple(reversed(by_month[month])), len(units[month].sums), values))
    return tuple(told)


def _units(answers: Sequence[AnswerRow]) -> _Units:
    by_patient: dict[object, list[AnswerRow]] = {}
    for answer in answers:
        by_patient.setdefault(patient_of(answer), []).append(answer)
    measured = [[[_measured(one, measure) for measure in Measure] for one in own] for own in by_patient.values()]
    sums = [
        [sum(value for value in column if value is not None) for column in zip(*own, strict=True)] for own in measured
    ]
    counts = [[sum(value is not None for value in column) for column in zip(*own, strict=True)] for own in measured]
    return _Units(np.array(sums, np.float64), np.array(counts, np.float64))


def _measured(answer: AnswerRow, measure: Measure) -> float | None:
    match measure:
        case Measure.ALERTS:
            return float(bool(answer.alerts))
        case Measure.DISTANCE:
            return answer.novelty
        case Measure.SHARPNESS:
            return answer.sharpness


def _values(month: dt.date, own: _Units, before: Sequence[_Units], draws: int) -> dict[Measure, MonthValue]:
    found = _means(own.sums.sum(axis=0), own.counts.sum(axis=0))
    low = high = np.full(len(Measure), np.nan)
    if len(before) >= FEWEST_MONTHS:
        low, high = _limits(own, before, np.random.default_rng((_SEED, month.year, month.month)), draws)
    return {
        measure: MonthValue(
            float(found[place]),
            None if np.isnan(low[place]) else float(low[place]),
            None if np.isnan(high[place]) else float(high[place]),
        )
        for place, measure in enumerate(Measure)
        if not np.isnan(found[place])
    }


def _limits(
    own: _Units, before: Sequence[_Units], random: np.random.Generator, draws: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the limits of a month's means [measures], NaN where no month before has the measure.

    With nothing moved, the month is one more draw: it lies below the k-th smallest of so many with a probability of k in
    `draws` + 1, and likewise above the k-th greatest.
    """
    size = len(own.sums)
    units = np.concatenate([np.hstack([one.sums, one.counts]) for one in (own, *before)])
    chosen = (random.choice(len(units), size, replace=False, shuffle=False) for _ in range(draws))
    sums, counts = np.hsplit(np.array([units[one].sum(axis=0) for one in chosen]), 2)
    drawn = _means(sums, counts)
    rank = int((draws + 1) * _SHARE_OUTSIDE / 2 + _ROUNDING)
    drawn.sort(axis=0)  # NaN last
    known = len(drawn) - np.isnan(drawn).sum(axis=0)
    is_known = (known == draws) & (rank > 0) & (units[size:, len(Measure) :].sum(axis=0) > 0)
    return np.where(is_known, drawn[rank - 1], np.nan), np.where(is_known, drawn[-rank], np.nan)


def _means(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return means
