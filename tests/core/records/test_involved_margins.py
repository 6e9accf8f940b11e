"""Findings with involved margins: which are in the list, and how they leave it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.lesion_facts import OpenHistology, read_lesion_facts
from desktop.core.records.patient_file import read_patient_file
from desktop.core.records.people import EXCISION, NO_PLAN, REFERRAL, Assessment, Lesion, Margins
from desktop.core.records.reexcision import plan_reexcision
from desktop.core.records.safety_net import Gap, OpenItem
from desktop.core.records.tables import OF_PATIENT, TableRow
from desktop.core.records.values import EntryFilter
from tests.core.records.clinic import DAY, LATER, Clinic
from tests.core.records.history_contents import clock

AFTER = LATER + dt.timedelta(days=14)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path, now=clock()) as history:
        yield Clinic(history)


def excised(clinic: Clinic) -> Lesion:
    """Return a lesion of which a biopsy was planned and taken."""
    lesion = clinic.lesion()
    plan = clinic.assess(lesion, EXCISION, diagnosis="melanoma")
    clinic.history.care_steps.record(CareStep(Step.TAKEN, plan, DAY, "AB", ""), by="MK")
    return lesion


def involved(clinic: Clinic) -> list[OpenItem]:
    return [item for item in clinic.items(AFTER) if item.gap is Gap.MARGINS]


def plan(clinic: Clinic, lesion: Lesion) -> Assessment:
    return plan_reexcision(
        clinic.history,
        lesion_id=lesion.id,
        image_id=None,
        note="Re-excision: 1 cm",
        today=LATER,
        by="AB",
    )


@pytest.mark.parametrize(
    ("diagnosis", "label", "is_listed"),
    [
        ("melanoma", "melanoma", True),
        ("basal_cell_carcinoma", "basal_cell_carcinoma", True),
        ("high_grade_dysplasia", "uncertain_malignant_potential", True),
        ("as suspected", None, True),  # nobody said that it is harmless
        ("nevus", "nevus", False),
    ],
)
def test_involved_margins_of_what_is_not_known_to_be_benign_are_listed(
    clinic: Clinic, diagnosis: str, label: str | None, is_listed: bool
) -> None:
    lesion = excised(clinic)
    outcome = clinic.result(lesion, diagnosis, label, margins="involved")
    assert [(item.lesion, item.since, item.margins) for item in involved(clinic)] == (
        [(lesion, LATER, "involved")] if is_listed else []
    )
    assert clinic.history.safety_net.unplanned(lesion_id=lesion.id) == ([outcome] if is_listed else [])


@pytest.mark.parametrize("margins", ["clear", "not assessable", None])
def test_other_margins_are_not_listed(clinic: Clinic, margins: str | None) -> None:
    clinic.result(excised(clinic), "melanoma", margins=margins)  # type: ignore[arg-type]
    assert involved(clinic) == []


def test_a_planned_re_excision_takes_it_away_and_is_followed_like_every_biopsy(clinic: Clinic) -> None:
    lesion = excised(clinic)
    first = clinic.result(lesion, "melanoma", margins="involved")
    made = plan(clinic, lesion)
    assert (made.lesion_id, made.visit_id, made.plan, made.initials) == (lesion.id, clinic.visit.id, EXCISION, "AB")
    assert (made.before_model, made.diagnosis, made.label) == (False, "", None)
    assert clinic.gaps(AFTER) == [Gap.NOT_TAKEN, Gap.NOT_TOLD]
    clinic.history.care_steps.record(CareStep(Step.TAKEN, made.id, AFTER, "AB", ""), by="MK")
    assert clinic.gaps(AFTER) == [Gap.NOT_TOLD, Gap.NO_RESULT]
    again = clinic.result(lesion, "melanoma", day=AFTER, margins="involved")
    assert [item.subject_id for item in involved(clinic)] == [again]
    taken = clinic.history.assessments.biopsies((lesion.id,), ())
    assert [(one.day, one.is_reexcision) for one in taken] == [(DAY, False), (AFTER, True)]
    found = clinic.history.assessments.outcomes(lesion_id=lesion.id)
    assert [(one.taken, one.is_of_reexcision) for one in found] == [(DAY, False), (AFTER, True)]
    corrected = clinic.result(lesion, "melanoma_in_situ", day=LATER, margins="involved", corrects=first)
    assert [item.subject_id for item in involved(clinic)] == [again], f"{corrected} is of the first specimen"


def test_a_plan_from_before_the_finding_and_a_referral_are_no_re_excision(clinic: Clinic) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    assert len(involved(clinic)) == 1
    clinic.assess(lesion, REFERRAL)
    assert len(involved(clinic)) == 1


def test_another_plan_at_the_visit_cancels_the_re_excision(clinic: Clinic) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    plan(clinic, lesion)
    assert involved(clinic) == []
    clinic.assess(lesion, NO_PLAN)
    assert len(involved(clinic)) == 1


def test_a_plan_that_is_closed_with_a_reason_does_not_bring_it_back(clinic: Clinic) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    plan(clinic, lesion)
    clinic.close(next(item for item in clinic.items(AFTER) if item.gap is Gap.NOT_TAKEN))
    assert clinic.gaps(AFTER) == [Gap.NOT_TOLD]


@pytest.mark.parametrize(
    ("diagnosis", "margins", "is_settled"),
    [
        ("melanoma", "clear", True),
        ("no_residual_tumour", None, True),
        ("melanoma", None, False),
        ("nevus", None, False),
    ],
)
def test_the_finding_of_a_re_excision_that_nobody_planned_settles_it(
    clinic: Clinic, diagnosis: str, margins: str | None, is_settled: bool
) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    clinic.result(lesion, diagnosis, day=AFTER, margins=margins)  # type: ignore[arg-type]
    assert (involved(clinic) == []) is is_settled


def test_another_specimen_of_the_same_day_does_not_settle_it(clinic: Clinic) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    clinic.result(lesion, "nevus", margins="clear")
    assert len(involved(clinic)) == 1


def test_closing_with_a_reason_is_of_its_finding_alone(clinic: Clinic) -> None:
    lesion = excised(clinic)
    clinic.result(lesion, "melanoma", margins="involved")
    step = clinic.close(involved(clinic)[0])
    assert involved(clinic) == []
    assert step.step is Step.REEXCISION_CLOSED
    assert [one.step for one in clinic.history.care_steps.about((lesion.id,))][-1] == step
    clinic.history.care_steps.take_back(step, by="MK")
    assert len(involved(clinic)) == 1


def test_a_withdrawn_finding_is_not_listed(clinic: Clinic) -> None:
    lesion = excised(clinic)
    outcome = clinic.result(lesion, "melanoma", margins="involved")
    clinic.history.assessments.set_outcome_binned(outcome, binned=True, by="MK", reason="wrong lesion")
    assert involved(clinic) == []


def test_the_plan_does_not_stand_for_the_assessment_of_a_visit(clinic: Clinic) -> None:
    """Else it would reveal an answer that waits for an assessment, and take its image off the list."""
    lesion = excised(clinic)
    newer = clinic.history.people.begin_visit(clinic.patient.id, AFTER, "", by="MK")
    clinic.image(lesion, newer)
    clinic.result(lesion, "melanoma", margins="involved")
    assert plan(clinic, lesion).visit_id == clinic.visit.id
    unassessed = clinic.lesion()
    clinic.result(unassessed, "melanoma", margins="involved")
    assert plan(clinic, unassessed).visit_id == newer.id, "it has no image there"


def test_the_plan_leaves_the_own_view_what_it_was(clinic: Clinic) -> None:
    """The finding of the laboratory is nobody's own view: not in the history, its table, the card, or the list of plans."""
    lesion = clinic.lesion()
    clinic.assess(lesion, diagnosis="nevus")
    clinic.result(lesion, "melanoma", "melanoma", margins="involved")
    plan(clinic, lesion)
    (entry,) = clinic.history.entries(EntryFilter())
    assert entry.assessment == "nevus"
    row = {column.name: column.value(TableRow.of_entry(entry)) for column in OF_PATIENT}
    assert (row["own_view"], row["outcome"]) == ("nevus", "melanoma")
    assert clinic.history.count(EntryFilter(assessment="nevus")) == 1
    assert clinic.history.count(EntryFilter(assessment="melanoma")) == 0
    facts = read_lesion_facts(clinic.history, [lesion.id], [], clinic.history.people.visits(clinic.patient.id))
    said = facts[lesion.id].assessment
    assert said is not None
    assert (said.diagnosis, said.is_plan) == ("nevus", False)
    (planned,) = clinic.history.worklists.open_biopsies()
    assert (planned.own_diagnosis, planned.own_label, planned.assessment.is_plan) == ("nevus", None, True)


def test_a_plan_is_no_assessment_of_what_nobody_assessed(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        clinic = Clinic(history, is_for_patients=True)
        lesion = clinic.lesion()
        clinic.result(lesion, "melanoma", "melanoma", margins="involved")
        today = history.people.begin_visit(clinic.patient.id, AFTER, "", by="MK")
        clinic.image(lesion, today)
        waiting = history.disclosures.awaiting(AFTER)
        assert len(waiting) == 1
        made = plan(clinic, lesion)
        assert made.visit_id == today.id
        entries = history.entries(EntryFilter())
        assert [(one.is_concealed, one.assessment) for one in entries] == [(True, "")] * 2
        assert history.count(EntryFilter(has_assessment=True)) == 0
        assert history.disclosures.awaiting(AFTER) == waiting
        assert Gap.NOT_ASSESSED in clinic.gaps(AFTER)
        file = read_patient_file(history, clinic.patient.id, AFTER)
        assert file is not None
        assert file.assessed == frozenset()
        first = history.assessments.assess(
            lesion_id=lesion.id, visit_id=today.id, before_model=True, diagnosis="scar", by="MK"
        )
        assert first.before_model
        acts = [(act.action, act.detail.get("corrects")) for act in history.audit.page(AuditFilter()).acts]
        assert (Action.ASSESSED, 0) in acts
        assert (Action.PLANNED, 0) in acts


def test_each_malignant_specimen_is_told(clinic: Clinic) -> None:
    lesion = excised(clinic)
    worst = clinic.result(lesion, "melanoma")
    clinic.history.care_steps.record(CareStep(Step.TOLD, worst, LATER, "AB", ""), by="MK")
    assert clinic.gaps() == []
    lesser = clinic.result(lesion, "basal_cell_carcinoma", day=AFTER)
    clinic.result(lesion, "nevus", day=AFTER)
    clinic.result(lesion, "no_residual_tumour", day=AFTER)
    assert [(item.gap, item.subject_id) for item in clinic.items(AFTER)] == [(Gap.NOT_TOLD, lesser)]
    clinic.close(clinic.items(AFTER)[0])
    assert clinic.gaps(AFTER) == []


def test_the_card_says_since_when_the_re_excision_is_planned(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock(dt.timedelta(days=1))) as history:
        clinic = Clinic(history)
        lesion = excised(clinic)
        clinic.result(lesion, "melanoma", margins="involved")
        made = plan(clinic, lesion)
        facts = read_lesion_facts(history, [lesion.id], [], history.people.visits(clinic.patient.id))
        assert facts[lesion.id].biopsy == made.time.astimezone().date() != clinic.visit.date
        assert facts[lesion.id].reexcision == "Re-excision: 1 cm"
        history.care_steps.record(CareStep(Step.TAKEN, made.id, AFTER, "AB", ""), by="MK")
        facts = read_lesion_facts(history, [lesion.id], [], history.people.visits(clinic.patient.id))
        assert facts[lesion.id].reexcision is None
        assert facts[lesion.id].taken == (OpenHistology(AFTER, is_reexcision=True),)


@pytest.mark.parametrize(
    ("diagnosis", "label", "margins", "is_one"),
    [
        ("melanoma", "melanoma", None, True),
        ("high_grade_dysplasia", "uncertain_malignant_potential", "involved", True),
        ("high_grade_dysplasia", "uncertain_malignant_potential", "clear", False),
        ("nevus", "nevus", "involved", False),
    ],
)
def test_an_excision_planned_after_a_malignant_histology_is_a_re_excision(
    clinic: Clinic, diagnosis: str, label: str, margins: Margins | None, is_one: bool
) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis="melanoma")

    def reexcisions() -> list[bool]:
        found = clinic.history.worklists.open_biopsies_of([lesion.id])
        assert [one.is_reexcision for one in clinic.history.worklists.open_biopsies()] == [
            one.is_reexcision for one in found
        ]
        return [one.is_reexcision for one in found]

    assert reexcisions() == [False], "nobody knows yet what it is"
    first = clinic.result(lesion, diagnosis, label, margins=margins)
    made = plan(clinic, lesion)
    assert reexcisions() == [is_one]
    items = {item.gap: item for item in clinic.items(AFTER)}
    assert items[Gap.NOT_TAKEN].reexcision == (made.note if is_one else None)
    clinic.result(lesion, diagnosis, label, margins=margins, corrects=first)
    assert reexcisions() == [is_one], "the corrected finding is still that from before the plan"
