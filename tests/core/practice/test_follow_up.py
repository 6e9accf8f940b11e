"""Benign by follow-up: exactly the lesions that the rule allows, each condition in turn, and never mixed with histology."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Literal

import pytest

from desktop.core.practice.cases import Target
from desktop.core.practice.figures import own_figures
from desktop.core.practice.follow_up import FollowedUp, benign_lesions, months_later
from desktop.core.practice.switches import Direction
from desktop.core.practice.target_figures import Judge
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, ImageKind
from desktop.core.records.practice_reading import assembled
from tests.core.practice.clinic import CONTRACT, FIRST_DAY, TODAY
from tests.core.records.history_contents import an_answer, an_image

LAST_DAY = months_later(FIRST_DAY, 18)


@dataclass(frozen=True)
class Course:
    """A lesion that fulfils the rule; a test changes one thing."""

    site: str = "scapula-left"
    last: dt.date = LAST_DAY
    first_kind: ImageKind = "dermoscopy"
    last_kind: ImageKind = "dermoscopy"
    changes: tuple[str, str] = ("", "unchanged")
    diagnoses: tuple[str, str] = ("nevus", "nevus")
    outcomes: tuple[tuple[Literal["histopathology", "follow-up"], str], ...] = field(default=(("follow-up", "nevus"),))


def followed(history: History, course: Course, months: int = 18) -> FollowedUp:
    """Write a lesion with two visits, and return what is benign by follow-up."""
    people, assessments = history.people, history.assessments
    patient = people.add_patient("P-1", "female", by="MK").id
    lesion = people.add_lesion(patient, "L1", course.site, by="MK").id
    for number, (day, kind) in enumerate(((FIRST_DAY, course.first_kind), (course.last, course.last_kind))):
        visit = people.begin_visit(patient, day, "", by="MK").id
        image = an_image(f"{number}.png")
        history.save(image, an_answer(flags=()), CONTRACT, by="MK")
        image_id = people.image_id_of(image.sha256)
        assert image_id is not None
        people.place(image_id, kind=kind, lesion_id=lesion, visit_id=visit, by="MK")
        assessments.assess(
            lesion_id=lesion,
            visit_id=visit,
            before_model=False,
            diagnosis=course.diagnoses[number],
            change=course.changes[number],
            by="MK",
        )
    for kind_of_outcome, diagnosis in course.outcomes:
        assessments.add_outcome(lesion_id=lesion, kind=kind_of_outcome, diagnosis=diagnosis, date=course.last, by="MK")
    rows = assembled(history.practice_rows())
    found = own_figures(rows, rows.models[0], TODAY, months=months).followed_up
    assert set(benign_lesions(rows, months)) == {case.at.subject.lesion_id for case in found.cases}
    return found


RULE = Course()


def test_a_lesion_that_stayed_unchanged_for_the_months_is_benign_by_follow_up(history: History) -> None:
    found = followed(history, RULE)
    (case,) = found.cases
    assert (case.at.day, case.outcome, found.candidates) == (FIRST_DAY, None, ())
    rows = assembled(history.practice_rows())
    for initials, lesions in (("MK", 1), ("AB", 0)):
        mine = own_figures(rows, rows.models[0], TODAY, initials=initials)
        assert len(mine.followed_up.cases) == lesions
        assert [one.specificity.n for one in mine.by_follow_up if one.judge is Judge.ALERT] == [1] * lesions


@pytest.mark.parametrize(
    "course",
    [
        replace(RULE, last=LAST_DAY - dt.timedelta(days=1)),
        replace(RULE, changes=("", "")),
        replace(RULE, changes=("", "cannot tell")),
        replace(RULE, changes=("changed", "unchanged")),
        replace(RULE, first_kind="clinical"),
        replace(RULE, last_kind="clinical"),
        replace(RULE, diagnoses=("dermal_nevus", "nevus")),
        replace(RULE, diagnoses=("nevus", "melanoma")),
        replace(RULE, site=""),
        replace(RULE, site="cheek-left"),
        replace(RULE, site="palm-right"),
        replace(RULE, site="sole-left"),
        replace(RULE, site="nail-thumb-left"),
        replace(RULE, site="mouth"),
        replace(RULE, outcomes=(("follow-up", "melanoma"),)),
        replace(RULE, outcomes=(("follow-up", "undecided"),)),
        replace(RULE, outcomes=(("follow-up", "nevus"), ("histopathology", "nevus"))),
    ],
    ids=str,
)
def test_one_missing_condition_is_enough(history: History, course: Course) -> None:
    found = followed(history, course)
    assert (found.cases, found.candidates) == ((), ())


def test_a_shorter_time_can_be_chosen_and_whoever_has_no_outcome_is_a_candidate(history: History) -> None:
    course = replace(RULE, last=months_later(FIRST_DAY, 12), outcomes=())
    found = followed(history, course, months=12)
    assert (found.cases, len(found.candidates)) == ((), 1)


def test_a_lesion_that_was_biopsied_is_not_followed_before_its_histology_is_there(history: History) -> None:
    (case,) = followed(history, RULE).cases
    visit = case.at.visit_id
    assert visit is not None
    plan = history.assessments.assess(
        lesion_id=case.at.subject.lesion_id,
        visit_id=visit,
        before_model=False,
        diagnosis="nevus",
        plan=EXCISION,
        by="MK",
    )
    history.care_steps.record(CareStep(Step.TAKEN, plan.id, FIRST_DAY, "MK", ""), by="MK")
    rows = assembled(history.practice_rows())
    assert benign_lesions(rows) == {}
    assert own_figures(rows, rows.models[0], TODAY).followed_up.cases == ()


def test_it_is_in_no_figure_of_histology_and_verifies_a_suspicion_that_was_given_up(history: History) -> None:
    people, assessments = history.people, history.assessments
    found = followed(history, RULE)
    lesion = found.cases[0].at.subject.lesion_id
    patient = found.cases[0].at.owner.patient_id
    assert patient is not None
    visit = people.begin_visit(patient, FIRST_DAY + dt.timedelta(days=200), "", by="MK").id
    assessments.assess(
        lesion_id=lesion, visit_id=visit, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
    )
    image = an_image("between.png")
    history.save(image, an_answer(flags=("melanoma",)), CONTRACT, by="MK")
    image_id = people.image_id_of(image.sha256)
    assert image_id is not None
    people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    assessments.assess(lesion_id=lesion, visit_id=visit, before_model=False, diagnosis="nevus", plan="none", by="MK")
    rows = assembled(history.practice_rows())
    figures = own_figures(rows, rows.models[0], TODAY)
    assert figures.proved == ()
    assert all(case.truth(target) is None for case in figures.cases for target in Target)
    specificity = {one.judge: (one.specificity.k, one.specificity.n) for one in figures.by_follow_up}
    assert specificity[Judge.ALERT] == (1, 1)  # at the first visit, that time has borne out
    assert figures.switches is not None
    away = next(one for one in figures.switches.directions if one.direction is Direction.AWAY)
    assert (len(away.better), len(away.unverified)) == (1, 0)
