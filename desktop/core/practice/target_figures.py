"""What each of three says of lesions with histology, compared: the first assessment, the alert, and the assessment after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.core.judging.figures import FEWEST
from desktop.core.practice.cases import Case, Target, alerts_for, suspects
from desktop.core.practice.shares import Share, share_of
from desktop.core.statistics.bootstrap import Estimate

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import ModelRow, PracticeRows


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
    the target: the number needed to biopsy is its inverse. `unproved` are lesions without an alert for the target, of which no
    biopsy was taken.
    """

    target: Target
    judges: tuple[JudgeFigures, ...]
    agreement: Agreement | None
    biopsied: Share[Case]
    needed: Estimate | None
    unproved: tuple[Case, ...]


def is_called(case: Case, judge: Judge, target: Target, alerts: Collection[str]) -> bool | None:
    """Return whether one of them calls a lesion suspicious; None if they said nothing of it."""
    if judge is Judge.ALERT:
        return not case.at.alerts.isdisjoint(alerts)
    said = case.at.before if judge is Judge.BEFORE else case.at.after
    return None if said is None else suspects(said, target)


def target_figures(
    rows: PracticeRows, cases: Sequence[Case], proved: Sequence[Case], model: ModelRow, target: Target
) -> TargetFigures:
    """Count what was found and suspected, of all lesions (`cases`) and of those with histology (`proved`)."""
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
        unproved=tuple(
            case
            for case in cases
            if case.outcome is None and case.at.subject not in rows.biopsied and case.at.alerts.isdisjoint(alerts)
        ),
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


def follow_up_figures(benign: Sequence[Case], alerts: Collection[str]) -> tuple[JudgeFigures, ...]:
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


def _patient(case: Case) -> object:
    return case.at.patient
