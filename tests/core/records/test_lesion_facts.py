"""What people say of a lesion is gathered from its assessments and outcomes, and from those of its images."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.lesion_facts import LesionFacts, OpenHistology
from desktop.core.records.patient_file import LesionState, read_patient_file
from desktop.core.records.people import EXCISION, FOLLOW_UP, Outcome
from tests.core.records.history_contents import clock, planned_biopsies
from tests.core.records.test_assessments import LATER, TODAY, Case, a_case, assess


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


def facts_of(history: History, case: Case, today: dt.date = TODAY) -> LesionFacts:
    read = read_patient_file(history, case.patient, today)
    assert read is not None
    return read.facts[case.lesion]


def test_a_lesion_of_which_nobody_said_anything_has_no_facts(history: History) -> None:
    assert facts_of(history, a_case(history)) == LesionFacts()


def test_newest_assessment_counts_with_the_day_on_which_it_was_made(history: History) -> None:
    case = a_case(history)
    assess(history, case, "melanoma")
    newest = assess(history, case, "nevus", before_model=False)
    assert facts_of(history, case, LATER) == LesionFacts(newest, TODAY)
    before = TODAY - dt.timedelta(days=95)
    visit = history.people.begin_visit(case.patient, before, "", by="MK")
    late = history.assessments.assess(
        lesion_id=case.lesion, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
    )
    assert facts_of(history, case, LATER) == LesionFacts(late, TODAY, of_visit=before)


def test_assessment_of_an_image_counts_for_the_lesion_that_it_has_now(history: History) -> None:
    case = a_case(history)
    own = history.assessments.assess(image_id=case.image, before_model=True, diagnosis="nevus", by="MK")
    assert facts_of(history, case).assessment == replace(own, lesion_id=case.lesion, visit_id=case.visit)


def test_a_lesion_was_assessed_at_the_visit_whose_image_was_assessed_alone(history: History) -> None:
    case = a_case(history)
    history.assessments.assess(image_id=case.image, before_model=True, diagnosis="nevus", by="MK")
    today = read_patient_file(history, case.patient, TODAY)
    assert today is not None
    assert (today.states[case.lesion], today.assessed) == (LesionState.DONE, {case.lesion})
    history.people.begin_visit(case.patient, LATER, "", by="MK")
    later = read_patient_file(history, case.patient, LATER)
    assert later is not None
    assert (later.states[case.lesion], later.assessed) == (LesionState.EARLIER, set())


def test_an_image_of_an_earlier_visit_was_assessed_for_that_visit(history: History) -> None:
    case = a_case(history)
    before = TODAY - dt.timedelta(days=95)
    visit = history.people.begin_visit(case.patient, before, "", by="MK")
    history.assessments.assess(image_id=case.image, before_model=True, diagnosis="nevus", by="MK")
    history.people.place(case.image, kind="dermoscopy", lesion_id=case.lesion, visit_id=visit.id, by="MK")
    facts = facts_of(history, case)
    assert (facts.assessed, facts.of_visit) == (TODAY, before)
    read = read_patient_file(history, case.patient, TODAY)
    assert read is not None
    assert read.assessed == set()


def test_histopathology_counts_before_a_later_follow_up_and_not_from_the_bin(history: History) -> None:
    case = a_case(history)
    proven = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="melanoma", date=TODAY, by="MK"
    )
    seen = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="follow-up", diagnosis="nevus", date=LATER, by="MK"
    )
    assert facts_of(history, case).outcome == proven
    history.assessments.set_outcome_binned(proven.id, binned=True, by="MK")
    assert facts_of(history, case).outcome == seen


def test_the_newest_other_specimen_stands_beside_the_worst_finding(history: History) -> None:
    case = a_case(history)

    def add(diagnosis: str, corrects: int | None = None) -> Outcome:
        return history.assessments.add_outcome(
            lesion_id=case.lesion, kind="histopathology", diagnosis=diagnosis, date=LATER, corrects=corrects, by="MK"
        )

    melanoma = add("melanoma")
    assert facts_of(history, case).other_specimen is None
    add("nevus")
    scar = add("no_residual_tumour")
    found = facts_of(history, case)
    assert (found.outcome, found.other_specimen) == (melanoma, scar)
    nevus = add("nevus", corrects=melanoma.id)
    found = facts_of(history, case)
    assert (found.outcome, found.other_specimen) == (nevus, scar)


def test_plans_are_open_until_they_are_carried_out(history: History) -> None:
    case = a_case(history)
    assess(history, case, plan=FOLLOW_UP, plan_date=LATER)
    assert facts_of(history, case).follow_up == LATER
    assess(history, case, plan=EXCISION)
    found = facts_of(history, case)
    assert (found.follow_up, found.biopsy, found.taken) == (None, TODAY, ())
    (plan,) = planned_biopsies(history, case.lesion)
    history.care_steps.record(CareStep(Step.TAKEN, plan, TODAY, "AB", ""), by="MK")
    found = facts_of(history, case)
    assert (found.biopsy, found.taken) == (None, (OpenHistology(TODAY, is_reexcision=False),))
    history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=LATER, by="MK"
    )
    found = facts_of(history, case)
    assert (found.biopsy, found.taken) == (None, ())


def test_a_biopsy_that_was_closed_without_a_result_is_known_until_the_result_comes(history: History) -> None:
    case = a_case(history)
    assess(history, case, plan=EXCISION)
    (plan,) = planned_biopsies(history, case.lesion)
    taken, lost = (CareStep(step, plan, TODAY, "AB", "lost") for step in (Step.TAKEN, Step.PLAN_CLOSED))
    history.care_steps.record(lost, by="MK")
    found = facts_of(history, case)
    assert (found.biopsy, found.taken, found.closed) == (None, (), ()), "nothing was taken"
    history.care_steps.record(taken, by="MK")
    found = facts_of(history, case)
    assert (found.taken, found.closed) == ((), (OpenHistology(TODAY, is_reexcision=False),))
    read = read_patient_file(history, case.patient, TODAY)
    assert read is not None
    assert read.states[case.lesion] is LesionState.DONE, "no histology is open"
    history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=LATER, by="MK"
    )
    assert facts_of(history, case).closed == ()


def test_an_image_without_a_lesion_has_the_same_facts_until_it_has_one(history: History) -> None:
    case = a_case(history)
    image, lesion = case.image, case.lesion
    (placed,) = history.people.placements_of(lesion)
    history.people.put_back([replace(placed, lesion_id=None)], by="MK")

    def facts() -> dict[int, LesionFacts]:
        read = read_patient_file(history, case.patient, TODAY)
        assert read is not None
        return read.image_facts

    assert facts() == {}
    said = history.assessments.assess(
        image_id=image, before_model=True, diagnosis="nevus", plan=FOLLOW_UP, plan_date=LATER, by="MK"
    )
    assert facts() == {image: LesionFacts(said, TODAY, follow_up=LATER)}
    planned = history.assessments.assess(
        image_id=image, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
    )
    assert facts() == {image: LesionFacts(planned, TODAY, biopsy=TODAY)}
    taken, lost = (CareStep(step, planned.id, TODAY, "AB", "lost") for step in (Step.TAKEN, Step.PLAN_CLOSED))
    for step in (taken, lost):
        history.care_steps.record(step, by="MK")
    assert facts() == {image: LesionFacts(planned, TODAY, closed=(OpenHistology(TODAY, is_reexcision=False),))}
    for step in (taken, lost):
        history.care_steps.take_back(step, by="MK")
    found = history.assessments.add_outcome(
        image_id=image, kind="histopathology", diagnosis="melanoma", date=TODAY, by="MK"
    )
    assert facts() == {image: LesionFacts(planned, TODAY, found)}
    history.people.put_back([placed], by="MK")
    assert facts() == {}
    assert facts_of(history, case).outcome == found
