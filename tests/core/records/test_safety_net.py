"""What was left undone: each list, how an item comes into it and how it leaves it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, Patient
from desktop.core.records.safety_net import Gap
from tests.core.records.clinic import DAY, LATER, Clinic
from tests.core.records.history_contents import an_image, clock


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path, now=clock()) as history:
        yield Clinic(history)


def test_a_follow_up_is_overdue_from_the_day_after_the_planned_one(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, FOLLOW_UP, LATER)
    assert clinic.gaps(LATER) == []
    (item,) = clinic.items(LATER + dt.timedelta(days=1))
    assert (item.gap, item.since, item.lesion, item.patient) == (Gap.OVERDUE, LATER, lesion, clinic.patient)
    clinic.close(item)
    assert clinic.gaps(LATER + dt.timedelta(days=1)) == []
    assert clinic.history.worklists.due(LATER) == []  # what will not be carried out is not due


def test_an_image_without_a_lesion_is_in_the_lists_with_the_patient_of_its_newest_visit(clinic: Clinic) -> None:
    people, assessments = clinic.history.people, clinic.history.assessments
    clinic.image(None, clinic.visit)
    image = people.image_id_of(an_image("1.jpg").sha256)
    assert image is not None
    assessments.assess(image_id=image, before_model=True, diagnosis="nevus", plan=EXCISION, by="MK")
    other = people.add_patient("P-202", "male", by="MK")
    visit = people.begin_visit(other.id, DAY, "", by="MK")

    def told() -> list[tuple[Gap, Patient | None, str]]:
        (planned,) = clinic.history.worklists.open_biopsies()
        assert planned.patient == clinic.items()[0].patient
        return [(item.gap, item.patient, item.name) for item in clinic.items()]

    assert told() == [(Gap.NOT_TAKEN, clinic.patient, "1.jpg")]
    people.place(image, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
    assert told() == [(Gap.NOT_TAKEN, other, "1.jpg")]
    assessments.add_outcome(image_id=image, kind="histopathology", diagnosis="melanoma", date=LATER, by="MK")
    assert {(item.gap, item.patient) for item in clinic.items()} == {(Gap.NOT_TOLD, other), (Gap.NO_FIT, other)}
    people.set_binned("patient", other.id, binned=True, by="MK")
    assert clinic.items() == []


def test_an_alert_without_a_plan_is_told_once_it_was_shown(clinic: Clinic) -> None:
    lesion = clinic.lesion(("melanoma",))
    assert clinic.gaps() == []  # blind-first conceals the answer, and it must not be told here either
    clinic.assess(lesion)
    (item,) = clinic.items()
    assert (item.gap, item.lesion, item.alerts) == (Gap.NO_PLAN, lesion, ("melanoma",))
    clinic.assess(lesion, NO_PLAN)
    assert clinic.gaps() == []  # to do nothing is a plan


def test_an_answer_that_was_seen_without_an_assessment_was_shown(clinic: Clinic) -> None:
    entry = clinic.image(clinic.lesion(), clinic.visit)
    clinic.history.disclosures.disclose(entry, "without own view", by="MK")
    assert clinic.gaps() == [Gap.NO_PLAN]


def test_a_plan_of_an_earlier_visit_is_none_for_a_new_alert_and_one_of_a_later_visit_is(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, NO_PLAN)
    second = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    clinic.image(lesion, second)
    clinic.assess(lesion, visit=second)
    assert clinic.gaps() == [Gap.NO_PLAN]
    third = clinic.history.people.begin_visit(clinic.patient.id, LATER + dt.timedelta(days=1), "", by="MK")
    clinic.assess(lesion, FOLLOW_UP, LATER + dt.timedelta(days=90), visit=third)
    assert clinic.gaps() == []


def test_a_plan_that_was_made_of_another_image_counts_for_its_lesion_at_its_visit(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.image(lesion, clinic.visit)
    clinic.assess(lesion)
    assert clinic.gaps() == [Gap.NO_PLAN]
    (first,) = (one for one in clinic.history.people.images(clinic.patient.id) if one.image.name == "1.jpg")
    clinic.history.assessments.assess(
        image_id=first.image_id, before_model=False, diagnosis="nevus", plan=NO_PLAN, by="MK"
    )
    assert clinic.gaps() == []
    second = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    clinic.image(lesion, second)
    clinic.assess(lesion, visit=second)
    assert clinic.gaps() == [Gap.NO_PLAN]


def test_a_plan_for_a_lesion_takes_the_place_of_that_of_its_image_at_the_same_visit(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    (image,) = clinic.history.people.images(clinic.patient.id)
    clinic.history.assessments.assess(
        image_id=image.image_id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
    )
    assert clinic.gaps() == [Gap.NOT_TAKEN]
    clinic.assess(lesion, FOLLOW_UP, LATER + dt.timedelta(days=90))
    assert (clinic.gaps(), clinic.history.worklists.open_biopsies()) == ([], [])


def test_a_histology_is_compared_with_what_was_said_of_the_image_before_it_had_its_lesion(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    (image,) = clinic.history.people.images(clinic.patient.id)
    clinic.history.assessments.assess(image_id=image.image_id, before_model=True, diagnosis="nevus", by="MK")
    clinic.history.assessments.assess(
        lesion_id=lesion.id, visit_id=clinic.visit.id, before_model=False, diagnosis="melanoma", by="MK"
    )
    clinic.result(lesion, "melanoma")
    (item,) = (one for one in clinic.items() if one.gap is Gap.NO_FIT)
    assert not item.is_after_model


def test_a_plan_of_today_counts_for_what_a_model_says_today_of_an_image_of_before(clinic: Clinic) -> None:
    people = clinic.history.people
    lesion = people.add_lesion(clinic.patient.id, "L1", "back", by="MK")
    before = people.begin_visit(clinic.patient.id, DAY - dt.timedelta(days=365), "", by="MK")
    clinic.assess(lesion, visit=before)
    clinic.assess(lesion)
    clinic.image(lesion, before)
    assert clinic.gaps() == [Gap.NO_PLAN]
    other = people.add_lesion(clinic.patient.id, "L2", "back", by="MK")
    clinic.assess(other, visit=before)
    clinic.assess(other, NO_PLAN)
    clinic.image(other, before)
    assert clinic.gaps() == [Gap.NO_PLAN], "of the first lesion"


def test_a_closed_alert_comes_back_with_a_newer_one(clinic: Clinic) -> None:
    lesion = clinic.lesion(("melanoma",))
    clinic.image(lesion, clinic.visit)  # two images of a lesion and visit are one item
    clinic.assess(lesion)
    (item,) = clinic.items()
    clinic.close(item)
    assert clinic.gaps() == []
    clinic.image(lesion, clinic.visit, ("carcinomas",))
    assert clinic.gaps() == [Gap.NO_PLAN]


def test_an_image_of_nobody_and_one_in_the_bin_are_in_no_list(clinic: Clinic) -> None:
    clinic.history.disclosures.disclose(clinic.image(None, None), "without own view", by="MK")
    lesion = clinic.lesion(("melanoma",))
    clinic.assess(lesion)
    assert clinic.gaps() == [Gap.NO_PLAN]
    clinic.history.bin([entry.id for entry in clinic.history.entries() if entry.lesion], by="MK")
    assert clinic.gaps() == []


def test_a_biopsy_goes_from_list_to_list_until_the_patient_is_told(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    plan = clinic.assess(lesion, EXCISION, diagnosis="melanoma")
    (item,) = clinic.items()
    assert (item.gap, item.since, item.subject_id) == (Gap.NOT_TAKEN, DAY, plan)
    steps = clinic.history.care_steps
    taken = CareStep(Step.TAKEN, plan, LATER, "AB", "punch")
    steps.record(taken, by="MK")
    (item,) = clinic.items()
    assert (item.gap, item.since, item.subject_id) == (Gap.NO_RESULT, LATER, plan)
    steps.take_back(taken, by="MK")
    assert clinic.gaps() == [Gap.NOT_TAKEN]
    steps.record(taken, by="MK")
    assert steps.of(Step.TAKEN, [plan]) == {plan: taken}
    result = clinic.result(lesion, "nodular_melanoma")
    (item,) = clinic.items()
    assert (item.gap, item.diagnosis, item.subject_id) == (Gap.NOT_TOLD, "nodular_melanoma", result)
    steps.record(CareStep(Step.TOLD, result, LATER, "AB", ""), by="MK")
    assert clinic.gaps() == []
    corrected = clinic.result(lesion, "melanoma_in_situ", corrects=result)  # the patient was told something else
    assert [(item.subject_id, item.told_before) for item in clinic.items()] == [(corrected, LATER)]
    again = clinic.result(lesion, "melanoma", corrects=corrected)
    assert [(item.subject_id, item.told_before) for item in clinic.items()] == [(again, LATER)]
    steps.take_back(CareStep(Step.TOLD, result, LATER, "AB", ""), by="MK")
    assert [(item.subject_id, item.told_before) for item in clinic.items()] == [(again, None)]


@pytest.mark.parametrize(("entered", "since"), [(9, 9), (2, 4)])
def test_a_correction_is_not_told_since_it_was_entered_and_never_before_the_earlier_one_was_told(
    tmp_path: Path, entered: int, since: int
) -> None:
    """The day of the finding is before both; a finding that nobody was told of stands there since that day."""
    found, told = DAY - dt.timedelta(days=4), DAY + dt.timedelta(days=4)
    day = [DAY]

    def now() -> dt.datetime:
        return dt.datetime.combine(day[0], dt.time(12)).astimezone()

    with History.open(tmp_path, now=now) as history:
        clinic = Clinic(history)
        lesion = clinic.lesion()
        result = clinic.result(lesion, "melanoma", day=found)
        history.care_steps.record(CareStep(Step.TOLD, result, told, "AB", ""), by="MK")
        other = clinic.lesion()
        clinic.result(other, "melanoma", day=DAY - dt.timedelta(days=1))
        day[0] = DAY + dt.timedelta(days=entered)
        clinic.result(lesion, "nodular_melanoma", day=found, corrects=result)
        items = clinic.items()
    assert [(item.lesion, item.since, item.found) for item in items] == [
        (other, DAY - dt.timedelta(days=1), DAY - dt.timedelta(days=1)),
        (lesion, DAY + dt.timedelta(days=since), found),
    ]


def test_a_scar_without_tumour_does_not_take_the_melanoma_off_the_lists(clinic: Clinic) -> None:
    """The melanoma that was proved counts until it is corrected; nobody has told the patient of it."""
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis="nevus")
    melanoma = clinic.result(lesion, "nodular_melanoma")
    scar = clinic.result(lesion, "nevus", day=LATER + dt.timedelta(days=30))
    found = [(item.gap, item.subject_id, item.diagnosis) for item in clinic.items()]
    assert found == [
        (Gap.NOT_TOLD, melanoma, "nodular_melanoma"),
        (Gap.NO_FIT, melanoma, "nodular_melanoma"),
    ]
    clinic.result(lesion, "nevus", corrects=melanoma)
    assert clinic.gaps() == []
    assert scar in [one.id for one in clinic.history.assessments.outcomes(lesion_id=lesion.id)]


def test_a_corrected_finding_closes_no_plan_that_was_made_after_it(clinic: Clinic) -> None:
    """A wider excision is planned; the laboratory then amends its report, twice, before anything was cut."""
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis="melanoma")
    first = clinic.result(lesion, "melanoma_in_situ")
    later = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    wider = clinic.assess(lesion, EXCISION, diagnosis="melanoma", visit=later)
    second = clinic.result(lesion, "melanoma", corrects=first)
    third = clinic.result(lesion, "nodular_melanoma", corrects=second)
    assert [(item.gap, item.subject_id) for item in clinic.items()] == [(Gap.NOT_TAKEN, wider), (Gap.NOT_TOLD, third)]
    clinic.result(lesion, "nevus", day=LATER + dt.timedelta(days=20))
    assert [(item.gap, item.subject_id) for item in clinic.items()] == [(Gap.NOT_TOLD, third)]


def test_a_corrected_finding_ends_no_follow_up_that_was_planned_after_it(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    first = clinic.result(lesion, "nevus")
    clinic.assess(lesion, FOLLOW_UP, LATER)
    clinic.result(lesion, "atypical_nevus", corrects=first)
    assert len(clinic.history.worklists.due(LATER)) == 1
    clinic.result(lesion, "nevus")
    assert clinic.history.worklists.due(LATER) == []


def test_no_later_plan_hides_a_specimen_that_is_at_the_laboratory(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    plan = clinic.assess(lesion, EXCISION)
    clinic.history.care_steps.record(CareStep(Step.TAKEN, plan, LATER, "AB", ""), by="MK")
    clinic.assess(lesion, FOLLOW_UP, LATER + dt.timedelta(days=90))
    assert [(item.gap, item.subject_id) for item in clinic.items()] == [(Gap.NO_RESULT, plan)]
    clinic.assess(lesion, EXCISION)  # the assessment after the model says the plan of this visit again
    assert [(item.gap, item.subject_id) for item in clinic.items()] == [(Gap.NO_RESULT, plan)]
    later = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    wider = clinic.assess(lesion, EXCISION, visit=later)
    found = [(item.gap, item.subject_id) for item in clinic.items()]
    assert sorted(found) == sorted([(Gap.NO_RESULT, plan), (Gap.NOT_TAKEN, wider)])
    states = [(one.assessment.id, one.taken) for one in clinic.history.worklists.open_biopsies_of([lesion.id])]
    assert states == [(plan, LATER), (wider, None)]


def test_a_biopsy_that_will_not_be_taken_leaves_the_worklist_too(clinic: Clinic) -> None:
    clinic.assess(clinic.lesion(), EXCISION)
    (item,) = clinic.items()
    step = clinic.close(item)
    assert clinic.gaps() == []
    assert clinic.history.worklists.open_biopsies() == []
    clinic.history.care_steps.take_back(step, by="MK")
    assert clinic.gaps() == [Gap.NOT_TAKEN]


@pytest.mark.parametrize(
    ("own", "flags", "result", "label", "fits"),
    [
        ("nevus", (), "melanoma", None, False),
        ("melanoma", (), "nevus", None, False),
        ("actinic_keratosis", (), "bowen_disease", None, False),
        ("melanoma", (), "basal_cell_carcinoma", None, True),  # both malignant
        ("nevus", (), "seborrheic_keratosis", None, True),
        ("undecided", (), "melanoma", None, True),
        ("melanoma", (), "high_grade_dysplasia", None, True),  # of uncertain potential
        ("nevus", ("melanoma",), "nevus", None, False),
        ("nevus", ("melanoma",), "melanoma", None, False),
        ("melanoma", ("melanoma",), "melanoma", None, True),
        ("nevus", (), "melanoma arising in a nevus", None, False),
        ("nevus", (), "as suspected", None, True),  # nobody said what it counts as
        ("melanoma", (), "as suspected", "nevus", False),
    ],
)
def test_a_histology_fits_or_is_looked_at_again(
    clinic: Clinic, own: str, flags: tuple[str, ...], result: str, label: str | None, *, fits: bool
) -> None:
    lesion = clinic.lesion(flags)
    clinic.assess(lesion, EXCISION, diagnosis=own)
    clinic.result(lesion, result, label)
    found = [item for item in clinic.items() if item.gap is Gap.NO_FIT]
    assert (found == []) is fits
    for item in found:
        clinic.close(item)
    assert Gap.NO_FIT not in clinic.gaps()


@pytest.mark.parametrize(
    ("first", "then", "result", "named"),
    [
        ("seborrheic_keratosis", "melanoma", "seborrheic_keratosis", ("melanoma", True)),
        ("melanoma", "nevus", "seborrheic_keratosis", ("melanoma", False)),
        ("melanoma", "melanoma", "nevus", ("melanoma", False)),
        ("nevus", "seborrheic_keratosis", "nevus", None),
    ],
)
def test_a_histology_is_compared_with_the_assessment_before_the_model_first(
    clinic: Clinic, first: str, then: str, result: str, named: tuple[str, bool] | None
) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis=first)
    clinic.assess(lesion, EXCISION, diagnosis=then)  # after the model: only the first of a visit is before it
    clinic.result(lesion, result)
    found = [(item.own_diagnosis, item.is_after_model) for item in clinic.items() if item.gap is Gap.NO_FIT]
    assert found == ([] if named is None else [named])


@pytest.mark.parametrize(
    ("result", "label", "is_open"),
    [
        ("SSM", None, True),
        ("as suspected", None, True),
        ("undecided", None, True),
        ("meltump", "uncertain_malignant_potential", True),
        ("odd lump", "other_malignant", True),
        ("odd lump", "other_benign", False),
        ("nevus", "nevus", False),
        ("spitz_nevus", None, False),
    ],
)
def test_a_patient_is_told_of_every_result_that_is_not_known_to_be_benign(
    clinic: Clinic, result: str, label: str | None, *, is_open: bool
) -> None:
    clinic.result(clinic.lesion(), result, label)
    found = [item for item in clinic.items() if item.gap is Gap.NOT_TOLD]
    assert [item.diagnosis for item in found] == ([result] if is_open else [])
    for item in found:
        clinic.history.care_steps.record(CareStep(Step.TOLD, item.subject_id, LATER, "AB", ""), by="MK")
    assert clinic.gaps() == []


def test_an_alert_that_was_not_shown_is_not_told_beside_the_histology(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION)
    unseen = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    entry = clinic.image(lesion, unseen)
    clinic.result(lesion, "nevus")
    assert clinic.items() == []
    clinic.history.disclosures.disclose(entry, "without own view", by="MK")
    assert [(item.gap, item.alerts) for item in clinic.items()] == [(Gap.NO_FIT, ("melanoma",))]


def test_an_assessment_after_the_histology_is_not_compared_with_it(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.result(lesion, "nevus")
    clinic.assess(lesion, diagnosis="melanoma")
    assert clinic.items() == []


def misfits(clinic: Clinic) -> list[tuple[int, dt.date]]:
    """Return the findings that are to be looked at again, with the days of their rows."""
    return [(item.subject_id, item.since) for item in clinic.items() if item.gap is Gap.NO_FIT]


@pytest.mark.parametrize(
    ("own", "first", "second", "is_second_listed"),
    [
        ("nevus", "nevus + BCC", "basal_cell_carcinoma", False),  # the same misfit
        ("nevus", "basal_cell_carcinoma", "nodular_melanoma", True),  # a worse one
        ("melanoma", "nevus", "nodular_melanoma", False),
        ("melanoma", "nevus", "seborrheic_keratosis", False),
        ("nevus", "basal_cell_carcinoma", "no_residual_tumour", False),
    ],
)
def test_a_later_finding_does_not_say_that_somebody_looked_again(
    clinic: Clinic, own: str, first: str, second: str, *, is_second_listed: bool
) -> None:
    """Else the misfit of the biopsy is struck out as done once the re-excision has its finding."""
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis=own)
    found = clinic.result(lesion, first)
    assert misfits(clinic) == [(found, LATER)]
    after = LATER + dt.timedelta(days=8)
    later = clinic.result(lesion, second, day=after)
    its_own = [(later, after)] if is_second_listed else []
    assert misfits(clinic) == [(found, LATER), *its_own]
    step = clinic.close(next(item for item in clinic.items() if item.gap is Gap.NO_FIT))
    assert misfits(clinic) == its_own, "the same misfit is not listed anew"
    clinic.history.care_steps.take_back(step, by="MK")
    clinic.result(lesion, own, corrects=found)
    assert (found, LATER) not in misfits(clinic)


def test_what_was_said_between_two_findings_has_to_fit_the_second(clinic: Clinic) -> None:
    lesion = clinic.lesion()
    clinic.assess(lesion, EXCISION, diagnosis="nevus")
    clinic.result(lesion, "nevus")
    assert misfits(clinic) == []
    later = clinic.history.people.begin_visit(clinic.patient.id, LATER, "", by="MK")
    clinic.assess(lesion, EXCISION, diagnosis="melanoma", visit=later)
    second = clinic.result(lesion, "nevus")
    assert misfits(clinic) == [(second, LATER)]
    clinic.close(next(item for item in clinic.items() if item.gap is Gap.NO_FIT))
    entry = clinic.image(lesion, later)
    clinic.history.disclosures.disclose(entry, "without own view", by="MK")
    assert misfits(clinic) == []
    third = clinic.result(lesion, "nevus")
    assert misfits(clinic) == [(third, LATER)], "the alert was shown after the second finding"


def test_the_oldest_is_first_and_what_is_binned_is_in_no_list(clinic: Clinic) -> None:
    late, early = clinic.lesion(), clinic.lesion()
    clinic.assess(late, FOLLOW_UP, LATER)
    clinic.assess(early, EXCISION)
    today = LATER + dt.timedelta(days=1)
    assert clinic.gaps(today) == [Gap.NOT_TAKEN, Gap.OVERDUE]
    clinic.history.people.set_binned("lesion", early.id, binned=True, by="MK")
    assert clinic.gaps(today) == [Gap.OVERDUE]
    clinic.history.people.set_binned("patient", clinic.patient.id, binned=True, by="MK")
    assert clinic.gaps(today) == []


def test_of_one_day_that_is_first_which_was_saved_first(tmp_path: Path) -> None:
    """The lists are mixed, in the order in which the day brought what is in them; the rows of a finding stay together."""
    with History.open(tmp_path, now=clock()) as history:
        clinic = Clinic(history, is_for_patients=True)
        planned, sampled, found, due = (clinic.lesion() for _ in range(4))
        clinic.assess(found)
        taken = clinic.assess(sampled, EXCISION)
        clinic.assess(planned, EXCISION)
        alerted = clinic.lesion(("melanoma",))
        clinic.assess(alerted)
        history.care_steps.record(CareStep(Step.TAKEN, taken, DAY, "AB", "punch"), by="MK")
        clinic.result(found, "nodular_melanoma", day=DAY, margins="involved")
        other = clinic.lesion(("melanoma",))
        clinic.assess(other)
        new = clinic.lesion()
        clinic.assess(due, FOLLOW_UP, DAY)
        items = clinic.items()
        assert {item.since for item in items} == {DAY}
        assert [(item.gap, item.lesion) for item in items] == [
            (Gap.NOT_TAKEN, planned),
            (Gap.NO_PLAN, alerted),
            (Gap.NO_RESULT, sampled),
            (Gap.NOT_TOLD, found),
            (Gap.NO_FIT, found),
            (Gap.MARGINS, found),
            (Gap.NO_PLAN, other),
            (Gap.NOT_ASSESSED, new),
            (Gap.OVERDUE, due),
        ]


def test_every_step_is_an_act_of_the_audit_log(clinic: Clinic) -> None:
    lesion = clinic.lesion(("melanoma",))
    clinic.assess(lesion)
    (item,) = clinic.items()
    step = clinic.close(item)
    clinic.history.care_steps.take_back(step, by="CD")
    wanted = AuditFilter(actions=frozenset({Action.STEP_RECORDED, Action.STEP_TAKEN_BACK}))
    back, done = clinic.history.audit.page(wanted).acts
    assert (done.action, done.initials, done.patient, done.detail["step"]) == (
        "step recorded",
        "MK",
        "P-0412",
        "alert closed",
    )
    assert (back.action, back.initials, back.patient) == ("step taken back", "CD", "P-0412")


def test_steps_that_stand_are_read_with_their_lesion(clinic: Clinic) -> None:
    lesion = clinic.lesion(("melanoma",))
    other = clinic.lesion(("melanoma",))
    clinic.assess(lesion)
    (item,) = clinic.items()
    closed = clinic.close(item)
    plan = clinic.assess(lesion, EXCISION)
    steps, taken = clinic.history.care_steps, CareStep(Step.TAKEN, plan, DAY, "AB", "punch")
    steps.record(taken, by="MK")
    found = steps.about((lesion.id,))
    assert [(one.step, one.initials, one.sha256) for one in found] == [
        (taken, "MK", ""),
        (closed, "MK", an_image("1.jpg").sha256),
    ], "in the order of their days"
    assert steps.about((other.id,)) == []
    steps.take_back(taken, by="MK")
    assert [one.step for one in steps.about((lesion.id,))] == [closed]


def test_steps_about_an_image_follow_it_to_its_lesion(clinic: Clinic) -> None:
    people, steps = clinic.history.people, clinic.history.care_steps
    clinic.image(None, clinic.visit, flags=())
    image = people.image_id_of(an_image("1.jpg").sha256)
    assert image is not None
    found = clinic.history.assessments.add_outcome(
        image_id=image, kind="histopathology", diagnosis="nevus", date=LATER, by="MK"
    )
    looked = CareStep(Step.FITS, found.id, LATER, "AB", "second slide")
    steps.record(looked, by="MK")
    assert [one.step for one in steps.about((), (image,))] == [looked]
    lesion = people.add_lesion(clinic.patient.id, "L1", "back", by="MK")
    people.place(image, kind="dermoscopy", lesion_id=lesion.id, visit_id=clinic.visit.id, by="MK")
    assert [one.step for one in steps.about((lesion.id,))] == [looked]
