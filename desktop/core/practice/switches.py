"""Own assessments that were changed after the model's answer had been seen, for better or for worse by the outcome.

Whoever gives a suspicion up is right only if an outcome says so: until then the change is unverified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.core.diagnoses import is_malignant
from desktop.core.practice.cases import Case, Target, VisitCase, leading_histology, truth_of
from desktop.core.records.people import EXCISION, REFERRAL

if TYPE_CHECKING:
    from desktop.core.records.people import Assessment
    from desktop.core.records.practice_reading import PracticeRows, Subject


class Direction(StrEnum):
    """Which way an assessment was changed."""

    TOWARDS = "towards malignant or a biopsy"
    AWAY = "towards benign or no biopsy"


@dataclass(frozen=True)
class Switches:
    """The visits at which an assessment was changed in one direction.

    It was `better` or `worse` by what the lesion turned out to be; the `unverified` have no outcome, or one that is open.
    """

    direction: Direction
    better: tuple[Case, ...]
    worse: tuple[Case, ...]
    unverified: tuple[Case, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.better) + len(self.worse) + len(self.unverified)


@dataclass(frozen=True)
class SwitchFigures:
    """Of `seen` visits with an assessment before the answer, those at which it was changed: in a direction, or otherwise."""

    seen: int
    directions: tuple[Switches, ...]
    otherwise: tuple[Case, ...]


def switches(
    rows: PracticeRows,
    visits: Mapping[Subject, Sequence[VisitCase]],
    left_out: AbstractSet[Subject],
    benign_by_follow_up: AbstractSet[Subject],
) -> SwitchFigures | None:
    """Return the changed assessments, None if there is no visit with one before the answer.

    Args:
        rows: the history.
        visits: by lesion.
        left_out: the lesions that the model learned from.
        benign_by_follow_up: see `follow_up`.
    """
    found: dict[tuple[Direction, bool | None], list[Case]] = {}
    seen, otherwise = 0, []
    for subject, at in visits.items():
        if subject in left_out:
            continue
        outcome = leading_histology(rows, subject)
        is_bad = None if outcome is None else truth_of(outcome, Target.MALIGNANT)
        if outcome is None and subject in benign_by_follow_up:
            is_bad = False
        for visit in at:
            if visit.before is None or visit.after is None:
                continue
            seen += 1
            if visit.after.id == visit.before.id:
                continue
            direction = _direction(visit.before, visit.after)
            if direction is None:
                otherwise.append(Case(visit, outcome))
            else:
                found.setdefault((direction, is_bad), []).append(Case(visit, outcome))
    if not seen:
        return None
    return SwitchFigures(
        seen,
        tuple(
            Switches(
                direction,
                better=tuple(found.get((direction, direction is Direction.TOWARDS), ())),
                worse=tuple(found.get((direction, direction is Direction.AWAY), ())),
                unverified=tuple(reversed(found.get((direction, None), ()))),
            )
            for direction in Direction
        ),
        tuple(otherwise),
    )


def _direction(before: Assessment, after: Assessment) -> Direction | None:
    """Return which way an assessment was changed; by its diagnosis where its plan went the other way."""
    kind = _suspicion(after) - _suspicion(before)
    if not kind and after.plan:  # a plan that was not entered again still stands
        kind = float(_is_acted_on(after)) - float(_is_acted_on(before))
    if not kind:
        return None
    return Direction.TOWARDS if kind > 0 else Direction.AWAY


def _suspicion(assessment: Assessment) -> float:
    """Return how malignant a diagnosis is, from 0 to 1; one that leaves it open is between."""
    is_bad = is_malignant(assessment.diagnosis, assessment.label)
    return 0.5 if is_bad is None else float(is_bad)


def _is_acted_on(assessment: Assessment) -> bool:
    return assessment.plan in {EXCISION, REFERRAL}
