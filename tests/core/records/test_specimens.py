"""Which histopathology is of which biopsy, excision or re-excision: one is never said to be of another's day."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.lesion_facts import OpenHistology, read_lesion_facts
from desktop.core.records.people import EXCISION, Lesion, Outcome
from desktop.core.records.reexcision import plan_reexcision
from desktop.core.records.safety_net import Gap
from tests.core.records.clinic import DAY, Clinic
from tests.core.records.history_contents import clock, planned_biopsies

FIRST, SECOND = DAY + dt.timedelta(days=20), DAY + dt.timedelta(days=30)
LATE = DAY + dt.timedelta(days=40)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path, now=clock()) as history:
        yield Clinic(history)


def take(clinic: Clinic, plan: int, day: dt.date, named_with: Outcome | None = None) -> None:
    clinic.history.care_steps.record(CareStep(Step.TAKEN, plan, day, "AB", ""), by="MK", named_with=named_with)


def biopsied(clinic: Clinic) -> Lesion:
    """Return a lesion whose biopsy was taken, and showed a melanoma with involved margins."""
    lesion = clinic.lesion()
    take(clinic, clinic.assess(lesion, EXCISION, diagnosis="melanoma"), DAY)
    clinic.result(lesion, "melanoma", day=DAY, margins="involved")
    return lesion


def replan(clinic: Clinic, lesion: Lesion) -> int:
    plan = plan_reexcision(clinic.history, lesion_id=lesion.id, image_id=None, note="Re-excision", today=DAY, by="AB")
    return plan.id


def twice_open(clinic: Clinic, lesion: Lesion) -> tuple[int, int]:
    """Take two re-excisions, on `FIRST` and on `SECOND`."""
    plans: list[int] = []
    for day in (FIRST, SECOND):
        plans.append(replan(clinic, lesion))
        take(clinic, plans[-1], day)
    return plans[0], plans[1]


def found(clinic: Clinic, lesion: Lesion) -> list[tuple[str, dt.date | None, bool]]:
    outcomes = clinic.history.assessments.outcomes(lesion_id=lesion.id)
    return [(one.diagnosis, one.taken, one.is_of_reexcision) for one in outcomes]


def without_result(clinic: Clinic, lesion: Lesion) -> list[dt.date]:
    """Return the days of the open histologies: the same in every list."""
    days = [item.since for item in clinic.items(LATE) if item.gap is Gap.NO_RESULT]
    opened = [one.taken for one in clinic.history.worklists.open_biopsies() if one.taken is not None]
    of_lesion = [one.taken for one in clinic.history.worklists.open_biopsies_of([lesion.id]) if one.taken is not None]
    assert days == opened == of_lesion
    return days


def test_the_finding_of_a_re_excision_has_not_the_day_of_the_biopsy(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    plan = replan(clinic, lesion)
    assert plan in planned_biopsies(clinic.history, lesion.id), "its day can be entered"
    clinic.result(lesion, "melanoma_in_situ", day=SECOND, margins="clear")
    assert found(clinic, lesion) == [("melanoma", DAY, False), ("melanoma_in_situ", None, False)]
    assert Gap.NOT_TAKEN not in clinic.gaps(LATE)
    take(clinic, plan, FIRST)
    assert found(clinic, lesion) == [("melanoma", DAY, False), ("melanoma_in_situ", FIRST, True)]
    assert without_result(clinic, lesion) == []


def test_a_plan_of_an_assessment_after_the_finding_is_no_repeat_of_the_first(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    first = clinic.assess(lesion, EXCISION)
    take(clinic, first, DAY)
    clinic.assess(lesion, EXCISION)
    assert planned_biopsies(clinic.history, lesion.id) == [first], "that after the model's answer repeats it"
    clinic.result(lesion, "melanoma", day=DAY)
    again = clinic.assess(lesion, EXCISION)
    assert planned_biopsies(clinic.history, lesion.id) == [first, again]


def test_a_finding_closes_the_oldest_open_histology_and_no_other(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    assert without_result(clinic, lesion) == [FIRST, SECOND]
    clinic.result(lesion, "melanoma_in_situ", day=LATE)
    assert without_result(clinic, lesion) == [SECOND]
    assert found(clinic, lesion)[1:] == [("melanoma_in_situ", FIRST, True)]
    clinic.result(lesion, "nevus", day=LATE)
    assert without_result(clinic, lesion) == []
    assert found(clinic, lesion)[1:] == [("melanoma_in_situ", FIRST, True), ("nevus", SECOND, True)]
    clinic.result(lesion, "scar", day=LATE)
    assert found(clinic, lesion)[-1] == ("scar", None, False), "nobody recorded its biopsy"


def test_a_finding_is_of_the_biopsy_that_was_named_with_it(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    _first, second = twice_open(clinic, lesion)
    assessments = clinic.history.assessments
    named = assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis="melanoma_in_situ", date=LATE, by="MK"
    )
    take(clinic, second, SECOND, named)
    assert without_result(clinic, lesion) == [FIRST]
    assert found(clinic, lesion)[1:] == [("melanoma_in_situ", SECOND, True)]
    clinic.result(lesion, "nevus", day=LATE, corrects=named.id)
    assert without_result(clinic, lesion) == [FIRST]
    take(clinic, second, SECOND + dt.timedelta(days=1))
    assert found(clinic, lesion)[-1] == ("nevus", SECOND + dt.timedelta(days=1), True), "as its day was corrected"
    clinic.result(lesion, "scar", day=LATE)
    assert found(clinic, lesion)[-1] == ("scar", FIRST, True)
    assert without_result(clinic, lesion) == []


def test_the_card_names_every_open_histology(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    facts = read_lesion_facts(clinic.history, [lesion.id], [], [])[lesion.id]
    assert facts.taken == (OpenHistology(FIRST, is_reexcision=True), OpenHistology(SECOND, is_reexcision=True))


def test_a_finding_from_before_a_re_excision_is_not_of_it(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    clinic.result(lesion, "nevus", day=FIRST - dt.timedelta(days=1))
    assert without_result(clinic, lesion) == [FIRST, SECOND]
    assert found(clinic, lesion)[-1] == ("nevus", None, False)


def test_a_withdrawal_opens_its_own_histology_and_moves_no_other_finding(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    wrong = clinic.result(lesion, "melanoma_in_situ", day=LATE)
    for diagnosis in ("nevus", "scar"):
        clinic.result(lesion, diagnosis, day=LATE)
    clinic.history.assessments.set_outcome_binned(wrong, binned=True, by="MK", reason="wrong lesion")
    assert without_result(clinic, lesion) == [FIRST]
    assert found(clinic, lesion)[1:] == [("nevus", SECOND, True), ("scar", None, False)]
    (withdrawn,) = clinic.history.assessments.withdrawn((lesion.id,), ())
    assert withdrawn.outcome.taken == FIRST
    clinic.result(lesion, "melanoma", day=LATE)
    assert without_result(clinic, lesion) == []
    assert found(clinic, lesion)[-1] == ("melanoma", FIRST, True)


def test_a_histology_that_nobody_waits_for_takes_no_finding_from_one_that_is_open(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    clinic.close(next(item for item in clinic.items(LATE) if item.gap is Gap.NO_RESULT))
    clinic.result(lesion, "nevus", day=LATE)
    assert found(clinic, lesion)[-1] == ("nevus", SECOND, True)
    clinic.result(lesion, "scar", day=LATE)
    assert found(clinic, lesion)[-1] == ("scar", FIRST, True), "it came after all"


def test_what_is_said_of_another_biopsy_later_moves_no_finding(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    twice_open(clinic, lesion)
    closing = clinic.close(next(item for item in clinic.items(LATE) if item.gap is Gap.NO_RESULT))
    clinic.result(lesion, "nevus", day=LATE)
    clinic.history.care_steps.take_back(closing, by="MK")
    assert found(clinic, lesion)[-1] == ("nevus", SECOND, True)
    assert without_result(clinic, lesion) == [FIRST]


def test_a_day_that_is_recorded_late_moves_no_finding(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    first, second = replan(clinic, lesion), replan(clinic, lesion)
    take(clinic, second, SECOND)
    clinic.result(lesion, "nevus", day=LATE)
    take(clinic, first, FIRST)
    assert found(clinic, lesion)[-1] == ("nevus", SECOND, True)
    take(clinic, first, SECOND)
    take(clinic, second, LATE)
    assert found(clinic, lesion)[-1] == ("nevus", LATE, True), "its day was corrected"


def test_a_finding_is_of_no_biopsy_that_turns_out_to_be_later(clinic: Clinic) -> None:
    lesion = biopsied(clinic)
    first, second = replan(clinic, lesion), replan(clinic, lesion)
    clinic.result(lesion, "nevus", day=FIRST)
    take(clinic, second, FIRST)
    take(clinic, first, LATE)
    assert found(clinic, lesion)[-1] == ("nevus", FIRST, True)
    assert without_result(clinic, lesion) == [LATE]
