"""One vote a lesion: which visit counts, what was said there before and after the model's answer, and what came of it.

A lesion counts at the last visit on which something was said of it, else at its last. With histology only visits until its
biopsy have a vote, and what is said once the result is known is no assessment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop.core.diagnoses import is_malignant, is_melanoma
from desktop.core.labels import MELANOMA
from desktop.core.records.after_biopsy import is_after_biopsy
from desktop.core.records.people import EXCISION, REFERRAL

if TYPE_CHECKING:
    from desktop.core.records.people import Assessment, Outcome
    from desktop.core.records.practice_reading import AnswerRow, ModelRow, PracticeRows, Subject, SubjectRow


class Target(StrEnum):
    """What an assessment, an alert and a histology are compared on."""

    MALIGNANT = "malignant"
    MELANOMA = "melanoma"


@dataclass(frozen=True)
class VisitCase:
    """A lesion at one visit, or an image without a lesion, with what was said before any histology was known.

    `is_late` is whether the visit was after the biopsy or the histology: then it has no vote, and nothing that was said there
    is in it. `answers` are those of one model to its images, at least one. `before` is the assessment made before the model's
    answer was shown, `after` the one that stood once it had been seen, which is the same where nothing was changed; None where
    there is none. One that was made elsewhere is neither. `day` is that of the visit, None for images without one.
    """

    subject: Subject
    owner: SubjectRow
    visit_id: int | None
    day: dt.date | None
    answers: tuple[AnswerRow, ...]
    before: Assessment | None
    after: Assessment | None
    is_late: bool

    @property
    def alerts(self) -> frozenset[str]:
        """The alerts that at least one of the images raised."""
        return frozenset().union(*(answer.alerts for answer in self.answers))

    @property
    def is_withheld(self) -> bool:
        """Whether no image has an answer that was given."""
        return all(answer.withheld for answer in self.answers)

    @property
    def malignant(self) -> float | None:
        """The mean probability of a malignant label over its images, None where the model gives none."""
        known = [answer.malignant for answer in self.answers if answer.malignant is not None]
        return sum(known) / len(known) if known else None

    @property
    def patient(self) -> tuple[str, int]:
        """What a patient's lesions have in common; an image of nobody stands for itself."""
        if self.owner.patient_id is not None:
            return "patient", self.owner.patient_id
        return "image", self.answers[0].image_id


@dataclass(frozen=True)
class Case:
    """A lesion at the visit that counts, with the histology that counts, None without one."""

    at: VisitCase
    outcome: Outcome | None

    def truth(self, target: Target) -> bool | None:
        """Return what histology says; None without histology, or where it leaves it open."""
        return None if self.outcome is None else truth_of(self.outcome, target)


def truth_of(outcome: Outcome, target: Target) -> bool | None:
    """Return whether an outcome is malignant, or melanoma; None where that is open."""
    is_target, is_bad = _meaning(outcome.diagnosis, outcome.label)
    return is_bad if target is Target.MALIGNANT or is_bad is None else is_target


def suspects(assessment: Assessment, target: Target) -> bool:
    """Return whether an assessment names what is looked for.

    One that leaves open whether a lesion is malignant ("undecided") counts by its plan: a biopsy, excision or referral is the
    act of somebody who suspects it.
    """
    is_target, is_bad = _meaning(assessment.diagnosis, assessment.label)
    if is_bad is None:
        return assessment.plan in {EXCISION, REFERRAL}
    return is_bad if target is Target.MALIGNANT else is_target


@lru_cache(maxsize=10_000)
def _meaning(diagnosis: str, label: str | None) -> tuple[bool, bool | None]:
    return is_melanoma(diagnosis, label), is_malignant(diagnosis, label)


def alerts_for(model: ModelRow, target: Target) -> frozenset[str]:
    """Return the alerts that speak for what is looked for: every one for malignancy, those for melanoma alone for melanoma."""
    if target is Target.MALIGNANT:
        return frozenset(model.raises)
    return frozenset(one for one, labels in model.raises.items() if labels == (MELANOMA,))


def visit_cases(rows: PracticeRows, model: str, initials: str | None = None) -> dict[Subject, list[VisitCase]]:
    """Return the visits at which a model answered, by lesion, the earliest first.

    Args:
        rows: the history; what is concealed is left out.
        model: the model's SHA-256.
        initials: only assessments of this person count; None for everybody's.
    """
    answered: dict[Subject, dict[int | None, list[AnswerRow]]] = {}
    for answer in rows.answers:
        if answer.model == model and answer.subject not in rows.concealed:
            answered.setdefault(answer.subject, {}).setdefault(answer.visit_id, []).append(answer)
    return {
        subject: sorted(
            (_at_visit(rows, subject, visit_id, answers, initials) for visit_id, answers in by_visit.items()),
            key=lambda case: (case.day or dt.date.min, case.visit_id or 0),
        )
        for subject, by_visit in answered.items()
    }


def _at_visit(
    rows: PracticeRows, subject: Subject, visit_id: int | None, answers: Sequence[AnswerRow], initials: str | None
) -> VisitCase:
    day = None if visit_id is None else rows.visits.get(visit_id)
    said = [one for one in rows.assessments.get(subject, {}).get(visit_id, ()) if one.diagnosis]
    is_late = False
    if histologies(rows, subject):
        biopsied = rows.biopsied[subject]
        is_late = is_after_biopsy(day, biopsied)
        said = [
            one for one in said if one.time < rows.known[subject] and (day or one.time.astimezone().date()) <= biopsied
        ]
    before = next((one for one in reversed(said) if one.before_model is True), None)
    after = next((one for one in reversed(said) if one.before_model is False), before)
    return VisitCase(
        subject,
        rows.subjects[subject],
        visit_id,
        day,
        tuple(answers),
        _own(before, initials),
        _own(after, initials),
        is_late,
    )


def _own(assessment: Assessment | None, initials: str | None) -> Assessment | None:
    return assessment if assessment is not None and initials in {None, assessment.initials} else None


def histologies(rows: PracticeRows, subject: Subject) -> list[Outcome]:
    """Return the histologies of a lesion, the one that counts first."""
    return [one for one in rows.outcomes.get(subject, ()) if one.kind == "histopathology"]


def cases_of(rows: PracticeRows, visits: Mapping[Subject, Sequence[VisitCase]]) -> list[Case]:
    """Return the vote of each lesion that has a visit before its histology."""
    return [
        Case(_counting(in_time), leading_histology(rows, subject))
        for subject, at in visits.items()
        if (in_time := [one for one in at if not one.is_late])
    ]


def leading_histology(rows: PracticeRows, subject: Subject) -> Outcome | None:
    """Return the histology that counts, None if there is none."""
    return next(iter(histologies(rows, subject)), None)


def _counting(visits: Sequence[VisitCase]) -> VisitCase:
    """Return the last visit on which something was said, else the last one."""
    return next((one for one in reversed(visits) if one.before is not None or one.after is not None), visits[-1])
