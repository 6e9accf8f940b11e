"""Counts own figures: the first assessment, the model's alert and the assessment after it, against histology.

The unit is the lesion. Each of the three counts on the lesions of which it said something: the alert on all of them, the
assessments on fewer where none was made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop.core.judging.figures import FEWEST
from desktop.core.practice.cases import Case, Target, alerts_for, cases_of, leading_histology, visit_cases
from desktop.core.practice.drift import Month, drift
from desktop.core.practice.follow_up import MONTHS, FollowedUp, followed_up
from desktop.core.practice.image_figures import ImageFigures, image_figures
from desktop.core.practice.switches import SwitchFigures, switches
from desktop.core.practice.target_figures import JudgeFigures, TargetFigures, follow_up_figures, target_figures
from desktop.core.statistics.calibration import Binned

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow, ModelRow, PracticeRows, Subject


@dataclass(frozen=True)
class CalibrationFigures:
    """The model's percentages for malignancy on lesions with histology.

    By their sum, `expected` of `n` should be malignant; `found` were. `error` and `points` are those of `Binned`; None and
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
    every: Sequence[Case] = cases_of(rows, visits)
    followed = followed_up(rows, {one: at for one, at in visits.items() if one not in learned}, months)
    benign = {case.at.subject for case in followed.cases}
    every_alert = alerts_for(model, Target.MALIGNANT)
    if initials is not None:
        every = _with_assessment(every)
        followed = FollowedUp(months, _with_assessment(followed.cases), _with_assessment(followed.candidates))
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
        targets=tuple(target_figures(rows, cases, proved, model, target) for target in Target),
        calibration=_calibration(proved),
        followed_up=followed,
        by_follow_up=follow_up_figures(followed.cases, every_alert),
        switches=switches(rows, visits, learned, benign),
        images=image_figures(answers),
        months=drift(answers, rows.visits, today),
        concealed=len(rows.concealed),
        places={
            (subject, visit.visit_id): Case(visit, leading_histology(rows, subject))
            for subject, at in visits.items()
            for visit in at
        },
    )


def _with_assessment(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.at.before is not None or case.at.after is not None)


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
