"""Dermatoscope images that nobody has assessed: which are in the list, and how they leave it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.safety_net import Gap, OpenItem
from tests.core.records.clinic import DAY, LATER, Clinic
from tests.core.records.history_contents import an_answer, an_image, clock


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path, now=clock()) as history:
        yield Clinic(history, is_for_patients=True)


def unassessed(clinic: Clinic, today: dt.date = LATER) -> list[OpenItem]:
    return [item for item in clinic.items(today) if item.gap is Gap.NOT_ASSESSED]


def image_id(clinic: Clinic, number: int) -> int:
    found = clinic.history.people.image_id_of(an_image(f"{number}.jpg").sha256)
    assert found is not None
    return found


def test_images_of_a_lesion_and_visit_are_one_item_until_one_is_assessed(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.image(lesion, clinic.visit)
    (item,) = unassessed(clinic)
    assert (item.lesion, item.patient, item.since) == (lesion, clinic.patient, DAY)
    assert (item.image_id, len(item.subject_ids)) == (image_id(clinic, 2), 2)
    clinic.assess(lesion)
    assert unassessed(clinic) == []


def test_an_image_that_was_assessed_alone_counts_for_its_lesion_at_its_visit(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.image(lesion, clinic.visit)
    clinic.history.assessments.assess(image_id=image_id(clinic, 2), before_model=True, diagnosis="nevus", by="MK")
    assert unassessed(clinic) == []
    second = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    clinic.image(lesion, second)
    assert [item.since for item in unassessed(clinic)] == [LATER]


def test_each_visit_of_a_lesion_is_assessed_for_itself(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion)
    second = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    clinic.image(lesion, second)
    (item,) = unassessed(clinic)
    assert (item.since, item.image_id) == (LATER, image_id(clinic, 2))
    clinic.assess(lesion, visit=second)
    assert unassessed(clinic) == []


def test_seeing_the_answer_is_no_assessment(clinic: Clinic) -> None:
    entry = clinic.image(clinic.lesion(), clinic.visit)
    clinic.history.disclosures.disclose(entry, "without own view", by="MK")
    assert len(unassessed(clinic)) == 1


def test_an_image_without_a_lesion_is_assessed_for_itself(clinic: Clinic) -> None:
    clinic.image(None, clinic.visit)
    clinic.image(None, clinic.visit)
    assert [(item.name, item.patient) for item in unassessed(clinic)] == [
        ("1.jpg", clinic.patient),
        ("2.jpg", clinic.patient),
    ]
    clinic.history.assessments.assess(
        image_id=image_id(clinic, 1), before_model=True, diagnosis="nevus", plan="none", by="MK"
    )
    assert [item.name for item in unassessed(clinic)] == ["2.jpg"]


def test_photographs_and_images_of_nobody_and_of_no_visit_do_not_count(clinic: Clinic) -> None:
    lesion = clinic.history.people.add_lesion(clinic.patient.id, "L1", "back", by="MK")
    clinic.image(lesion, clinic.visit, kind="clinical")
    clinic.image(None, clinic.visit, kind="other")
    clinic.image(lesion, None)
    clinic.image(None, None)
    assert unassessed(clinic) == []


def test_an_image_in_the_bin_and_one_of_a_binned_lesion_do_not_count(clinic: Clinic) -> None:
    lesion = clinic.history.people.add_lesion(clinic.patient.id, "L1", "back", by="MK")
    entry = clinic.image(lesion, clinic.visit)
    clinic.history.bin([entry], by="MK")
    assert unassessed(clinic) == []
    clinic.history.restore([entry], by="MK")
    clinic.history.people.set_binned("lesion", lesion.id, binned=True, by="MK")
    assert unassessed(clinic) == []


def test_what_only_a_demonstration_model_answered_does_not_count(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        demonstration = Clinic(history)
        demonstration.lesion()
        assert unassessed(demonstration) == []


def test_a_visit_of_over_a_year_ago_does_not_count(clinic: Clinic) -> None:
    clinic.lesion()
    assert len(unassessed(clinic, DAY + dt.timedelta(days=365))) == 1
    assert unassessed(clinic, DAY + dt.timedelta(days=366)) == []


def test_histology_of_the_visit_or_later_makes_an_assessment_needless(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    before = clinic.result(lesion, "nevus", day=DAY - dt.timedelta(days=1))
    assert len(unassessed(clinic)) == 1
    after = clinic.result(lesion, "nevus", corrects=before)
    assert unassessed(clinic) == []
    clinic.history.assessments.set_outcome_binned(after, binned=True, by="MK", reason="wrong lesion")
    assert len(unassessed(clinic)) == 1


def test_closing_with_a_reason_holds_until_another_image_comes(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.image(lesion, clinic.visit)
    (item,) = unassessed(clinic)
    clinic.close(item)
    assert unassessed(clinic) == []
    clinic.image(lesion, clinic.visit)
    (again,) = unassessed(clinic)
    assert (again.image_id, again.others) == (image_id(clinic, 3), ())
    steps = clinic.history.care_steps.about((lesion.id,))
    assert {(one.step.step, one.step.person, one.step.note) for one in steps} == {
        (Step.ASSESSMENT_CLOSED, "AB", "because")
    }
    acts = clinic.history.audit.page(AuditFilter()).acts
    assert [act.detail["step"] for act in acts if act.action == Action.STEP_RECORDED] == ["assessment closed"] * 2


def test_closing_goes_with_its_image_alone(clinic: Clinic) -> None:
    """Else an image that is moved would take a lesion off the list that nobody has looked at."""
    first = clinic.lesion()
    clinic.close(unassessed(clinic)[0])
    other = clinic.lesion()
    people = clinic.history.people
    people.place(image_id(clinic, 1), kind="dermoscopy", lesion_id=other.id, visit_id=clinic.visit.id, by="MK")
    (item,) = unassessed(clinic)
    assert (item.lesion, item.image_id, item.others) == (other, image_id(clinic, 2), ())
    assert first != other


def test_closing_is_another_thing_than_closing_the_alert(clinic: Clinic) -> None:
    entry = clinic.image(clinic.lesion(), clinic.visit)
    clinic.history.disclosures.disclose(entry, "without own view", by="MK")
    assert sorted(clinic.gaps()) == sorted([Gap.NOT_ASSESSED, Gap.NO_PLAN])
    clinic.close(unassessed(clinic)[0])
    assert clinic.gaps() == [Gap.NO_PLAN]
    (alert,) = clinic.items()
    step = clinic.close(alert)
    assert clinic.gaps() == []
    clinic.history.care_steps.take_back(step, by="MK")
    assert clinic.gaps() == [Gap.NO_PLAN]


def test_another_model_does_not_open_what_was_closed(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    (item,) = unassessed(clinic)
    clinic.close(item)
    clinic.history.save(an_image("1.jpg"), an_answer(model="b" * 64), clinic.contract, by="MK")
    assert unassessed(clinic) == []
    clinic.history.care_steps.take_back(CareStep(Step.ASSESSMENT_CLOSED, item.subject_id, LATER, "AB", ""), by="MK")
    assert [one.lesion for one in unassessed(clinic)] == [lesion]
