"""Counts own figures: the first assessment, the model's alert and the assessment after it, against histology.

The three are counted on the same lesions, so that they can be compared. The unit is the lesion.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from desktop.core.judging.figures import FEWEST
from desktop.core.practice.cases import (
    Case,
    Target,
    alerts_for,
    cases_of,
    leading_histology,
    suspects,
    visit_cases,
)
from desktop.core.practice.drift import Month, drift
from desktop.core.practice.follow_up import MONTHS, FollowedUp, followed_up
from desktop.core.practice.image_figures import ImageFigures, image_figures
from desktop.core.practice.shares import Share, share_of
from desktop.core.practice.switches import SwitchFigures, switches
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.calibration import Binned

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow, ModelRow, PracticeRows, Subject


class Judge(StrEnum):
    """Who says what a lesion is, in the order in which they do."""

    BEFORE = "before"
    ALERT = "alert"
    AFTER = "after"


@dataclass(frozen=True)
class JudgeFigures:
    """What one of them found: `sensitivity` of the lesions that are, `specificity` of those that are not."""

    judge: Judge
    sensitivity: Share[Case]
    specificity: Share[Case]


@dataclass(frozen=True)
class Agreement:
    """The first assessment and the alert on lesions with or without histology: `share` agree.

    The four are the lesions that both, only the clinician, only the alert, and neither called suspicious.
    """

    share: Share[Case]
    both: tuple[Case, ...]
    only_own: tuple[Case, ...]
    only_alert: tuple[Case, ...]
    neither: tuple[Case, ...]


@dataclass(frozen=True)
class TargetFigures:
    """All that is counted for malignancy, or for melanoma.

    `judges` has a row for each of them that said something. `biopsied` is the share of the lesions with histology that are
    the target: the number needed to biopsy is its inverse. `unproved` are lesions without an alert and without histology.
    """

    target: Target
    judges: tuple[JudgeFigures, ...]
    agreement: Agreement | None
    biopsied: Share[Case]
    needed: Estimate | None
    unproved: tuple[Case, ...]


@dataclass(frozen=True)
class CalibrationFigures:
    """The model's percentages for malignancy on lesions with histology.

    `expected` of `n` were to be malignant by their sum, `found` were. `error` and `points` are those of `Binned`; None and
    empty with fewer than `FEWEST` lesions of either kind.
    """

    n: int
    expected: float
    found: int
    error: float | None
    points: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True)
class OwnFigures:
    """The figures of one model's answers in the history, and of the assessments before and after them.

    `cases` have a vote each, `learned` are lesions that the model learned from, which are in no figure, `open_outcomes` those
    whose histology leaves open whether they are malignant. `by_follow_up` has the specificity of each judge on the lesions that
    are benign by follow-up. `images` is None, and `months` is empty, where only one person's assessments count: answers are
    nobody's. `places` has every lesion at every visit that the model answered.
    """

    model: ModelRow
    cases: tuple[Case, ...]
    proved: tuple[Case, ...]
    learned: tuple[Case, ...]
    open_outcomes: tuple[Case, ...]
    targets: tuple[TargetFigures, ...]
    calibration: CalibrationFigures | None
    followed_up: FollowedUp
    by_follow_up: tuple[JudgeFigures, ...]
    switches: SwitchFigures | None
    images: ImageFigures | None
    months: tuple[Month, ...]
    concealed: int
    places: Mapping[tuple[Subject, int | None], Case]

    def cases_at(self, answers: Iterable[AnswerRow]) -> tuple[Case, ...]:
        """Return the lesions of images at the visits at which these were taken, each once."""
        return tuple({(one.subject, one.visit_id): self.places[one.subject, one.visit_id] for one in answers}.values())


def own_figures(
    rows: PracticeRows,
    model: ModelRow,
    today: dt.date,
    *,
    learned: AbstractSet[Subject] = frozenset(),
    initials: str | None = None,
    months: int = MONTHS,
) -> OwnFigures:
    """Count every figure.

    Args:
        rows: the history.
        model: whose answers count.
        today: the day, whose month is not complete.
        learned: the lesions that this model learned from.
        initials: only assessments of this person count; None for everybody's.
        months: the least time between the first and the last dermoscopy of a lesion that is benign by follow-up.
    """
    visits = visit_cases(rows, model.sha256, initials)
    every = cases_of(rows, visits)
    followed = followed_up(rows, {one: at for one, at in visits.items() if one not in learned}, months)
    every_alert = alerts_for(model, Target.MALIGNANT)
    if initials is not None:
        every = [case for case in every if case.at.before is not None or case.at.after is not None]
    answers: list[AnswerRow] = []
    if initials is None:
        answers = [one for one in rows.answers if one.model == model.sha256 and one.subject not in rows.concealed]
    apart = tuple(case for case in every if case.at.subject in learned)
    cases = tuple(case for case in every if case.at.subject not in learned)
    proved = tuple(case for case in cases if case.outcome is not None)
    return OwnFigures(
        model=model,
        cases=cases,
        proved=proved,
        learned=apart,
        open_outcomes=tuple(case for case in proved if case.truth(Target.MALIGNANT) is None),
        targets=tuple(_target_figures(cases, proved, model, target) for target in Target),
        calibration=_calibration(proved),
        followed_up=followed,
        by_follow_up=_by_follow_up(followed.cases, every_alert),
        switches=switches(rows, visits, learned, {case.at.subject for case in followed.cases}),
        images=image_figures(answers),
        months=drift(answers, rows.visits, today),
        concealed=len(rows.concealed),
        places={
            (subject, visit.visit_id): Case(visit, leading_histology(rows, subject))
            for subject, at in visits.items()
            for visit in at
        },
    )


def is_called(case: Case, judge: Judge, target: Target, alerts: Collection[str]) -> bool | None:
    """Return whether one of them calls a lesion suspicious; None if they said nothing of it."""
    if judge is Judge.ALERT:
        return not case.at.alerts.isdisjoint(alerts)
    said = case.at.before if judge is Judge.BEFORE else case.at.after
    return None if said is None else suspects(said, target)


def _target_figures(cases: Sequence[Case], proved: Sequence[Case], model: ModelRow, target: Target) -> TargetFigures:
    alerts = alerts_for(model, target)
    certain = [case for case in proved if case.truth(target) is not None]
    biopsied = share_of(certain, [case.truth(target) is True for case in certain], _patient)
    return TargetFigures(
        target=target,
        judges=tuple(
            found
            for judge in Judge
            if (judge is not Judge.ALERT or alerts)
            and (found := _judge_figures(certain, judge, target, alerts)) is not None
        ),
        agreement=_agreement(cases, target, alerts) if alerts else None,
        biopsied=biopsied,
        needed=_inverse(biopsied),
        unproved=tuple(case for case in cases if case.outcome is None and case.at.alerts.isdisjoint(alerts)),
    )


def _judge_figures(
    certain: Sequence[Case], judge: Judge, target: Target, alerts: Collection[str]
) -> JudgeFigures | None:
    def calls(case: Case) -> bool:
        return is_called(case, judge, target, alerts) is True

    said = [case for case in certain if is_called(case, judge, target, alerts) is not None]
    if not said:
        return None
    own = [case for case in said if case.truth(target)]
    others = [case for case in said if not case.truth(target)]
    return JudgeFigures(
        judge,
        share_of(own, [calls(case) for case in own], _patient),
        share_of(others, [not calls(case) for case in others], _patient),
    )


def _by_follow_up(benign: Sequence[Case], alerts: Collection[str]) -> tuple[JudgeFigures, ...]:
    """Return in how many of these lesions each of them suspected nothing."""
    found = []
    for judge in Judge:
        said = [
            (case, call) for case in benign if (call := is_called(case, judge, Target.MALIGNANT, alerts)) is not None
        ]
        if said and (judge is not Judge.ALERT or alerts):
            cases, calls = zip(*said, strict=True)
            found.append(
                JudgeFigures(judge, share_of((), (), _patient), share_of(cases, [not one for one in calls], _patient))
            )
    return tuple(found)


def _agreement(cases: Sequence[Case], target: Target, alerts: Collection[str]) -> Agreement | None:
    said = [case for case in cases if case.at.before is not None]
    if not said:
        return None

    by_calls: dict[tuple[bool, bool], list[Case]] = {}
    agreeing = []
    for case in said:
        own, alert = (is_called(case, judge, target, alerts) is True for judge in (Judge.BEFORE, Judge.ALERT))
        by_calls.setdefault((own, alert), []).append(case)
        agreeing.append(own is alert)
    return Agreement(
        share_of(said, agreeing, _patient),
        both=tuple(by_calls.get((True, True), ())),
        only_own=tuple(by_calls.get((True, False), ())),
        only_alert=tuple(by_calls.get((False, True), ())),
        neither=tuple(by_calls.get((False, False), ())),
    )


def _inverse(biopsied: Share[Case]) -> Estimate | None:
    """Return how many lesions were biopsied for each that was the target; None where there were few of them, or of others."""
    if biopsied.estimate is None or min(biopsied.k, biopsied.n - biopsied.k) < FEWEST:
        return None
    found = biopsied.estimate
    return Estimate(1 / found.value, 1 / found.high, 1 / found.low)


def _calibration(proved: Sequence[Case]) -> CalibrationFigures | None:
    counted = [
        (case.at.malignant, truth)
        for case in proved
        if case.at.malignant is not None and (truth := case.truth(Target.MALIGNANT)) is not None
    ]
    if not counted:
        return None
    said = np.array([one for one, _ in counted])
    came = np.array([truth for _, truth in counted], bool)
    is_enough = min(Counter(came.tolist()).get(kind, 0) for kind in (True, False)) >= FEWEST
    binned, weights = Binned(said, came), np.ones(len(came))
    return CalibrationFigures(
        n=len(came),
        expected=float(said.sum()),
        found=int(came.sum()),
        error=binned.error(weights) if is_enough else None,
        points=tuple(binned.points(weights)) if is_enough else (),
    )


def _patient(case: Case) -> object:
    return case.at.patient
