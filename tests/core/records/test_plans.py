"""Which plans of a lesion hold, by the rule of the worklists."""

import datetime as dt
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, REFERRAL, Lesion
from desktop.core.records.plans import Plans
from tests.core.records.clinic import DAY, LATER, Clinic
from tests.core.records.history_contents import START

WEEKS = dt.timedelta(days=28)


@pytest.fixture
def now() -> list[dt.datetime]:
    return [START]


@pytest.fixture
def clinic(tmp_path: Path, now: list[dt.datetime]) -> Iterator[Clinic]:
    seconds = count()  # what is written twice at one time is one row and its copy
    with History.open(tmp_path / "data", now=lambda: now[0] + dt.timedelta(seconds=next(seconds))) as history:
        yield Clinic(history)


def earlier(clinic: Clinic, lesion: Lesion) -> list[int]:
    """Return the assessments whose plan is called earlier."""
    plans = clinic.history.worklists.plans_of(lesion_id=lesion.id)
    return [one.id for one in clinic.history.assessments.of([lesion.id]) if plans.is_earlier(one)]


def leaving_open(clinic: Clinic, lesion: Lesion) -> list[int]:
    """Return the assessments whose plan left something to be done."""
    plans = clinic.history.worklists.plans_of(lesion_id=lesion.id)
    return [one.id for one in clinic.history.assessments.of([lesion.id]) if plans.left_open_by(one) != Plans()]


def test_nothing_is_planned_for_a_lesion_without_an_assessment(clinic: Clinic) -> None:
    assert clinic.history.worklists.plans_of(lesion_id=clinic.lesion().id) == Plans()


def test_another_plan_takes_the_place_of_a_follow_up(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    first = clinic.assess(lesion, FOLLOW_UP, LATER)
    assert earlier(clinic, lesion) == []
    clinic.assess(lesion)
    assert earlier(clinic, lesion) == [], "without a plan nothing is ended"
    second = clinic.assess(lesion, NO_PLAN)
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([first], [])
    clinic.assess(lesion, FOLLOW_UP, LATER)
    assert earlier(clinic, lesion) == [first, second]


def test_a_follow_up_that_none_did_not_end_holds(clinic: Clinic, now: list[dt.datetime]) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, FOLLOW_UP, DAY + WEEKS)
    now[0] = START + 2 * WEEKS
    none = clinic.assess(lesion, NO_PLAN)
    assert len(clinic.history.worklists.due(DAY + 2 * WEEKS)) == 1
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([], [none])
    again = clinic.assess(lesion, NO_PLAN)
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([none], [again])


def test_a_follow_up_that_none_at_a_later_visit_ended_is_earlier(clinic: Clinic, now: list[dt.datetime]) -> None:
    lesion = clinic.lesion()
    planned = clinic.assess(lesion, FOLLOW_UP, DAY + WEEKS)
    now[0] = START + 2 * WEEKS
    visit = clinic.history.people.begin_visit(clinic.patient.id, DAY + 2 * WEEKS, "", by="MK")
    clinic.assess(lesion, NO_PLAN, visit=visit)
    assert clinic.history.worklists.due(DAY + 2 * WEEKS) == []
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([planned], [])


@pytest.mark.parametrize("plan", [NO_PLAN, FOLLOW_UP, REFERRAL])
def test_a_biopsy_holds_until_the_worklists_have_it_no_more(clinic: Clinic, plan: str) -> None:
    lesion = clinic.lesion()
    planned = clinic.assess(lesion, EXCISION)
    visit = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    later = clinic.assess(lesion, plan, LATER + WEEKS if plan == FOLLOW_UP else None, visit=visit)
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([], [later])
    clinic.result(lesion, "nevus")
    assert (earlier(clinic, lesion), leaving_open(clinic, lesion)) == ([planned], [])


def test_plans_of_an_image_count_for_the_lesion_it_was_placed_with(clinic: Clinic) -> None:
    clinic.image(None, clinic.visit)
    (image,) = clinic.history.people.images(clinic.patient.id)
    said = clinic.history.assessments.assess(
        image_id=image.image_id, before_model=True, diagnosis="nevus", plan=FOLLOW_UP, plan_date=LATER, by="MK"
    )
    assert clinic.history.worklists.plans_of(image_id=image.image_id).newest == said.id
    lesion = clinic.history.people.add_lesion(clinic.patient.id, "L1", "back", by="MK")
    clinic.history.people.place(
        image.image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=clinic.visit.id, by="MK"
    )
    plans = clinic.history.worklists.plans_of(lesion_id=lesion.id)
    assert plans.newest == said.id
    assert plans.follow_up is not None
    assert plans.follow_up.assessment_id == said.id
