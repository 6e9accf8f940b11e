import csv
import datetime as dt
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from desktop.core.draft import Draft
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.image_status import read_image_status, write_assessment
from desktop.core.records.patient_file import read_patient_file
from desktop.core.records.people import (
    EXCISION,
    FOLLOW_UP,
    NO_PLAN,
    REFERRAL,
    Assessment,
    Margins,
    Outcome,
    OutcomeKind,
    worst_first,
)
from desktop.core.records.plans import PlannedFollowUp
from desktop.core.records.practice_reading import assembled
from desktop.core.records.reexcision import plan_reexcision
from desktop.core.records.tables import OF_PATIENT, TableFormat, TableRow, stream_table
from desktop.core.records.values import EntryFilter
from tests.core.records.history_contents import START, an_image, clock, keep, planned_biopsies
from tests.platforms import posix

TODAY = START.date()
LATER = dt.date(2027, 2, 23)


class Case(NamedTuple):
    """A patient with one lesion, one visit and one image of both."""

    patient: int
    lesion: int
    visit: int
    image: int
    entry: int


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


def kept_image(history: History, name: str) -> tuple[int, int]:
    entry_id = keep(history, name).entry_id
    image_id = history.people.image_id_of(an_image(name).sha256)
    assert image_id is not None
    return image_id, entry_id


def a_case(history: History, pseudonym: str = "P-0412", image: str = "a.jpg") -> Case:
    people = history.people
    patient = people.add_patient(pseudonym, "female", by="MK").id
    visit = people.begin_visit(patient, TODAY, "", by="MK").id
    lesion = people.add_lesion(patient, "L1", "", by="MK").id
    image_id, entry_id = kept_image(history, image)
    people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    return Case(patient, lesion, visit, image_id, entry_id)


def assess(history: History, case: Case, diagnosis: str = "nevus", **parts: object) -> Assessment:
    wanted = {"before_model": True, "visit_id": case.visit} | parts
    return history.assessments.assess(lesion_id=case.lesion, diagnosis=diagnosis, by="MK", **wanted)  # type: ignore[arg-type]


# Own views and outcomes


def test_own_assessment_is_read_back_unchanged(history: History) -> None:
    case = a_case(history)
    said = assess(
        history,
        case,
        "spitz_nevus",
        label="nevus",
        confidence="low",
        plan=FOLLOW_UP,
        plan_date=LATER,
        note="growing",
    )
    assert history.assessments.of([case.lesion]) == [said]
    assert (said.before_model, said.label, said.plan_date, said.note) == (True, "nevus", LATER, "growing")
    assert (said.lesion_id, said.visit_id, said.image_id, said.initials) == (case.lesion, case.visit, None, "MK")
    assert history.assessments.of(image_ids=[case.image]) == []


def test_change_since_the_visits_before_is_kept_with_the_entry_and_exported(history: History) -> None:
    case = a_case(history)
    assert not history.people.has_earlier_image(case.lesion, case.visit)
    later = history.people.begin_visit(case.patient, LATER, "", by="MK").id
    assert history.people.has_earlier_image(case.lesion, later)
    image_id, entry_id = kept_image(history, "b.jpg")
    history.people.place(image_id, kind="dermoscopy", lesion_id=case.lesion, visit_id=later, by="MK")
    status = read_image_status(history, an_image("b.jpg").sha256)
    assert status.is_follow_up
    assert not read_image_status(history, an_image("a.jpg").sha256).is_follow_up
    said = assess(history, case, visit_id=later, change="cannot tell", plan=EXCISION)
    assert history.assessments.of([case.lesion]) == [said]
    assert said.change == "cannot tell"
    assert [history.entry(one).change for one in (case.entry, entry_id)] == ["", "cannot tell"]
    columns = {column.name: column.value(TableRow.of_entry(history.entry(entry_id))) for column in OF_PATIENT}
    assert columns["own_change"] == "cannot tell"


def test_planned_follow_up_is_known_until_it_ends(history: History) -> None:
    case = a_case(history)
    sha256 = an_image("a.jpg").sha256
    assert read_image_status(history, sha256).plans.follow_up is None
    said = assess(history, case, plan=FOLLOW_UP, plan_date=LATER)
    visit = next(one for one in history.people.visits(case.patient) if one.id == case.visit)
    history.people.begin_visit(case.patient, LATER, "", by="MK")  # another visit's day is not that of the plan
    assert read_image_status(history, sha256).plans.follow_up == PlannedFollowUp(LATER, visit.date, said.id)
    assess(history, case, plan=NO_PLAN)
    assert read_image_status(history, sha256).plans.follow_up is None


def test_planned_follow_up_of_an_image_without_a_lesion_is_known(history: History) -> None:
    kept_image(history, "a.jpg")
    sha256 = an_image("a.jpg").sha256
    draft = Draft("nevus", plan=FOLLOW_UP, plan_date=LATER)
    made = write_assessment(history, sha256, draft, patient_id=None, before_model=True, by="MK")
    assert made is not None
    planned = PlannedFollowUp(LATER, made.time.astimezone().date(), made.id)
    assert read_image_status(history, sha256).plans.follow_up == planned


def test_a_finding_that_was_entered_at_one_image_is_known_at_the_others_of_its_lesion(history: History) -> None:
    first, _entry = kept_image(history, "a.jpg")
    found, withdrawn = (
        history.assessments.add_outcome(image_id=first, kind="histopathology", diagnosis=diagnosis, date=TODAY, by="MK")
        for diagnosis in ("melanoma", "nevus")
    )
    told = CareStep(Step.TOLD, found.id, TODAY, "AB", "by telephone")
    history.care_steps.record(told, by="MK")
    history.assessments.set_outcome_binned(withdrawn.id, binned=True, by="MK", reason="wrong finding")
    patient = history.people.add_patient("P-0412", "female", by="MK")
    lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
    visit = history.people.begin_visit(patient.id, TODAY, "", by="MK")
    second, _entry = kept_image(history, "b.jpg")
    for image_id in (first, second):
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    status = read_image_status(history, an_image("b.jpg").sha256)
    assert [one.id for one in status.outcomes] == [found.id]
    assert [one.outcome.id for one in status.withdrawn] == [withdrawn.id]
    assert [one.step for one in status.steps] == [told]


def test_change_belongs_to_a_lesion_alone(history: History) -> None:
    kept_image(history, "a.jpg")
    draft = Draft("nevus", change="changed", plan=EXCISION)
    said = write_assessment(history, an_image("a.jpg").sha256, draft, patient_id=None, before_model=True, by="MK")
    assert said is not None
    assert said.change == ""


def test_second_assessment_is_never_recorded_as_made_before_the_model(history: History) -> None:
    case = a_case(history)
    assert assess(history, case).before_model
    assert not assess(history, case, "melanoma").before_model
    assert [said.diagnosis for said in history.assessments.of([case.lesion])] == ["nevus", "melanoma"]


def test_assessment_after_a_disclosure_is_marked_after_the_model(history: History) -> None:
    case = a_case(history)
    history.disclosures.disclose(case.entry, "without own view", by="MK")
    assert not assess(history, case).before_model


def test_assessment_of_an_image_without_a_patient(history: History) -> None:
    image, _entry = kept_image(history, "a.jpg")
    said = history.assessments.assess(image_id=image, before_model=True, diagnosis="nevus", by="MK")
    assert (said.image_id, said.before_model) == (image, True)
    assert history.assessments.of(image_ids=[image]) == [said]
    assert not history.assessments.assess(image_id=image, before_model=True, diagnosis="nevus", by="MK").before_model


def test_outcome_is_read_back_unchanged_and_can_be_binned(history: History) -> None:
    case = a_case(history)
    outcome = history.assessments.add_outcome(
        lesion_id=case.lesion,
        kind="histopathology",
        diagnosis="superficial spreading melanoma",
        label="melanoma",
        breslow_mm=0.4,
        date=TODAY,
        note="report 77",
        by="AB",
    )
    assert history.assessments.outcomes(lesion_id=case.lesion) == [outcome]
    assert (outcome.breslow_mm, outcome.date, outcome.initials) == (0.4, TODAY, "AB")
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="AB")
    assert history.assessments.outcomes(lesion_id=case.lesion) == []
    history.assessments.set_outcome_binned(outcome.id, binned=False, by="AB")
    assert history.assessments.outcomes(lesion_id=case.lesion) == [outcome]


def test_withdrawn_outcome_stays_in_the_record_with_its_reason_and_counts_nowhere(history: History) -> None:
    case = a_case(history)
    assess(history, case, plan=EXCISION)
    outcome = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="melanoma", label="melanoma", date=TODAY, by="AB"
    )
    undone = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="AB"
    )
    history.assessments.set_outcome_binned(undone.id, binned=True, by="AB")
    assert history.worklists.open_biopsies() == []
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="CD", reason="wrong lesion")
    assert history.assessments.outcomes(lesion_id=case.lesion) == []
    (withdrawal,) = history.assessments.withdrawn((case.lesion,), ())
    assert (withdrawal.outcome, withdrawal.reason, withdrawal.initials) == (outcome, "wrong lesion", "CD")
    assert [one.lesion.id for one in history.worklists.open_biopsies() if one.lesion] == [case.lesion]
    assert all(item.diagnosis != "melanoma" for item in history.safety_net.items(TODAY)), "no result to tell"
    assert {entry.outcome for entry in history.entries()} == {""}
    assert history.count_practice(START, dt.datetime.max.replace(tzinfo=dt.UTC)).melanomas == 0
    history.assessments.set_outcome_binned(outcome.id, binned=False, by="CD")
    assert history.assessments.withdrawn((case.lesion,), ()) == []
    assert history.assessments.outcomes(lesion_id=case.lesion) == [outcome]


def test_withdrawing_an_outcome_with_what_it_corrects_leaves_the_lesion_as_before_any_of_them(history: History) -> None:
    case = a_case(history)
    assess(history, case, plan=FOLLOW_UP, plan_date=TODAY)
    (due,) = history.worklists.due(TODAY)
    seen = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="follow-up", diagnosis="nevus", date=TODAY, by="AB"
    )
    again = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="follow-up", diagnosis="melanoma", date=TODAY, by="AB"
    )
    entered: list[Outcome] = []
    for diagnosis in ("superficial", "melanoma", "nevus"):
        corrects = entered[-1].id if entered else None
        entered.append(
            history.assessments.add_outcome(
                lesion_id=case.lesion,
                kind="histopathology",
                diagnosis=diagnosis,
                date=TODAY,
                corrects=corrects,
                by="AB",
            )
        )
    first, second, third = entered
    standing = history.assessments.outcomes(lesion_id=case.lesion)
    assert [one.id for one in standing] == [seen.id, again.id, first.id, second.id, third.id]
    assert [one.correction(standing) for one in standing] == [again, None, standing[3], third, None]
    assert history.assessments.withdrawn((case.lesion,), ()) == []
    assert again.withdrawn_with(standing) == [seen]
    assert third.withdrawn_with(standing) == [], "what it corrects counts nowhere already"
    history.assessments.set_outcomes_binned((again.id, seen.id), binned=True, by="CD", reason="wrong lesion")
    history.assessments.set_outcome_binned(third.id, binned=True, by="CD", reason="wrong lesion")
    assert history.assessments.outcomes(lesion_id=case.lesion) == []
    assert history.worklists.due(TODAY) == [due]
    withdrawn = history.assessments.withdrawn((case.lesion,), ())
    assert [one.outcome for one in withdrawn] == [seen, again, first, second, third]
    acts = [(one.reason, one.initials, one.time) for one in withdrawn]
    assert acts[2:] == [acts[4]] * 3, (
        "what was corrected before was withdrawn with its correction, not when it was corrected"
    )
    assert {reason for reason, _by, _time in acts} == {"wrong lesion"}
    history.assessments.set_outcome_binned(third.id, binned=False, by="CD")
    assert history.assessments.outcomes(lesion_id=case.lesion) == standing[2:]


def test_a_planned_biopsy_is_found_with_and_without_its_histology_until_it_is_closed(history: History) -> None:
    case = a_case(history)
    plan = assess(history, case, plan=EXCISION)
    assert planned_biopsies(history, case.lesion) == [plan.id]
    history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="AB"
    )
    assert planned_biopsies(history, case.lesion) == [plan.id]
    history.care_steps.record(CareStep(Step.PLAN_CLOSED, plan.id, TODAY, "AB", "declined"), by="AB")
    assert planned_biopsies(history, case.lesion) == []


def test_the_worst_histopathology_counts_else_the_newest_follow_up(history: History) -> None:
    case = a_case(history)

    carcinoma = "basal_cell_carcinoma"
    steps: tuple[tuple[OutcomeKind, str, int | None, str], ...] = (
        ("follow-up", "nevus", None, "nevus"),
        ("follow-up", "melanoma", None, "melanoma"),
        ("histopathology", "nevus", None, "nevus"),
        ("histopathology", carcinoma, None, carcinoma),
        ("histopathology", "nevus", None, carcinoma),  # a re-excision without tumour
        ("histopathology", "melanoma", None, "melanoma"),
        ("histopathology", carcinoma, None, "melanoma"),
        ("histopathology", "nevus", 5, carcinoma),  # corrects the melanoma
        ("histopathology", "nevus", 6, carcinoma),
        ("histopathology", "nevus", 3, "nevus"),
        ("follow-up", "melanoma", None, "nevus"),
    )
    entered: list[Outcome] = []
    for kind, diagnosis, corrects, counts in steps:
        entered.append(
            history.assessments.add_outcome(
                lesion_id=case.lesion,
                kind=kind,
                diagnosis=diagnosis,
                label=diagnosis,
                date=TODAY,
                corrects=None if corrects is None else entered[corrects].id,
                by="MK",
            )
        )
        assert history.entry(case.entry).outcome == counts
        read = read_patient_file(history, case.patient, TODAY)
        assert read is not None
        assert (outcome := read.facts[case.lesion].outcome) is not None
        assert outcome.diagnosis == counts
        melanomas = history.count_practice(START, dt.datetime.max.replace(tzinfo=dt.UTC)).melanomas
        assert melanomas == (kind == "histopathology" and counts == "melanoma")
        for label in ("nevus", "melanoma", carcinoma):
            assert bool(history.entries(EntryFilter(outcome=label))) == (label == counts)
        table = io.BytesIO()
        export = stream_table(table, (), TableFormat.CSV, more=OF_PATIENT)
        export.write(TableRow.of_entry(history.entry(case.entry)))
        (row,) = csv.DictReader(table.getvalue().decode().splitlines())
        assert row["outcome"] == counts
    standing = history.assessments.outcomes(lesion_id=case.lesion)
    assert [one.id for one in standing] == [one.id for one in entered]
    found = {place: standing.index(it) for place, one in enumerate(standing) if (it := one.correction(standing))}
    assert found == {0: 10, 1: 10, 3: 9, 5: 7, 6: 8}


_SSM, _LMM, _BCC = "superficial_spreading_melanoma", "lentigo_maligna_melanoma", "basal_cell_carcinoma"


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (((_SSM, 1.1, "involved"), (_LMM, 0.3, "clear")), 0),
        (((_LMM, 0.3, "clear"), (_SSM, 1.1, "involved")), 1),
        (((_SSM, 0.3, "involved"), (_LMM, None, "clear")), 0),
        (((_SSM, None, "involved"), (_LMM, 0.0, "clear"), ("melanoma_in_situ", None, "clear")), 1),
        (((_SSM, 1.1, "involved"), (_LMM, 1.1, "clear")), 1),  # whether it is out is what the newer one says
        (((_BCC, None, "involved"), (_BCC, None, "clear")), 1),
        (((_BCC, None, "involved"), (_SSM, None, "clear"), ("melanoma_in_situ", None, "involved")), 1),
    ],
)
def test_of_equally_severe_findings_the_thickest_counts_else_the_newest(
    history: History, found: tuple[tuple[str, float | None, Margins], ...], counts: int
) -> None:
    """Else a melanoma of 1.1 mm with involved margins reads as the 0.3 mm that lay beside it."""
    case = a_case(history)
    entered = [
        history.assessments.add_outcome(
            lesion_id=case.lesion,
            kind="histopathology",
            diagnosis=diagnosis,
            breslow_mm=thickness,
            margins=margins,
            date=TODAY,
            by="MK",
        )
        for diagnosis, thickness, margins in found
    ]
    worst = entered[counts]
    assert worst_first(history.assessments.outcomes(lesion_id=case.lesion))[0].id == worst.id
    read = read_patient_file(history, case.patient, TODAY)
    assert read is not None
    facts = read.facts[case.lesion]
    others = [one for one in entered if one != worst]
    assert (facts.outcome, facts.other_specimen) == (worst, others[-1])
    assert history.entry(case.entry).outcome == worst.diagnosis
    for one in entered:
        assert bool(history.entries(EntryFilter(outcome=one.diagnosis))) == (one.diagnosis == worst.diagnosis)
    (counted,) = assembled(history.practice_rows()).outcomes.values()
    assert counted[0].id == worst.id


def test_finding_of_an_image_that_is_corrected_at_its_lesion_stands_with_its_correction(history: History) -> None:
    case = a_case(history)
    first = history.assessments.add_outcome(
        image_id=case.image, kind="histopathology", diagnosis="melanoma", date=TODAY, by="MK"
    )
    second = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, corrects=first.id, by="MK"
    )
    status = read_image_status(history, an_image("a.jpg").sha256)
    assert [(one.id, one.corrected_by) for one in status.outcomes] == [(first.id, second.id), (second.id, None)]
    assert status.withdrawn == ()


# What blind-first conceals


def concealed(history: History, *cases: Case) -> list[bool]:
    told = [history.disclosures.is_concealed(case.image) for case in cases]
    hashes = {image.sha256 for image in (entry.image for entry in history.entries() if entry.is_concealed)}
    assert history.disclosures.concealed_hashes() == hashes
    assert told == [history.entry(case.entry).is_concealed for case in cases]
    return told


def test_assessment_of_a_lesion_at_a_visit_reveals_only_its_images(history: History) -> None:
    one, other = a_case(history), a_case(history, "P-2", "b.jpg")
    image, entry = kept_image(history, "second.jpg")
    second = one._replace(image=image, entry=entry)
    history.people.place(image, kind="dermoscopy", lesion_id=one.lesion, visit_id=one.visit, by="MK")
    next_visit = history.people.begin_visit(one.patient, LATER, "", by="MK").id
    image, entry = kept_image(history, "later.jpg")
    later = one._replace(image=image, entry=entry)
    history.people.place(image, kind="dermoscopy", lesion_id=one.lesion, visit_id=next_visit, by="MK")
    assert concealed(history, one, second, other, later) == [True, True, True, True]
    assess(history, one)
    assert concealed(history, one, second, other, later) == [False, False, True, True]


def test_disclosure_without_assessment_reveals_and_one_despite_abstention_does_not(history: History) -> None:
    case = a_case(history)
    history.disclosures.disclose(case.entry, "despite abstention", by="MK")
    assert concealed(history, case) == [True]
    history.disclosures.disclose(case.entry, "without own view", by="MK")
    assert concealed(history, case) == [False]


def test_image_without_a_patient_has_its_own_rule(history: History) -> None:
    one, other = (Case(0, 0, 0, *kept_image(history, name)) for name in ("a.jpg", "b.jpg"))
    assert concealed(history, one, other) == [True, True]
    history.assessments.assess(image_id=one.image, before_model=True, diagnosis="nevus", by="MK")
    assert concealed(history, one, other) == [False, True]
    history.disclosures.disclose(other.entry, "without own view", by="MK")
    assert concealed(history, one, other) == [False, False]


def test_answer_shown_in_a_batch_counts_as_seen_before_and_after_saving(history: History) -> None:
    shown, other = an_image("a.jpg").sha256, an_image("b.jpg").sha256
    history.disclosures.note_shown([shown], by="MK")
    history.disclosures.note_shown([shown], by="AB")
    assert (history.disclosures.was_shown(shown), history.disclosures.was_shown(other)) == (True, False)
    assert (read_image_status(history, shown).is_unseen, read_image_status(history, other).is_unseen) == (False, True)
    keep(history, "a.jpg")
    keep(history, "b.jpg")
    assert history.disclosures.concealed_hashes() == {other}
    assert {entry.image.sha256: entry.is_concealed for entry in history.entries()} == {shown: False, other: True}


def test_answer_shown_in_a_batch_counts_as_seen_wherever_its_image_is_placed(history: History) -> None:
    image_id, _ = kept_image(history, "b.jpg")
    case = a_case(history)
    history.disclosures.note_shown([an_image("b.jpg").sha256], by="MK")
    history.people.place(image_id, kind="dermoscopy", lesion_id=case.lesion, visit_id=case.visit, by="MK")
    assert not assess(history, case).before_model


@pytest.mark.parametrize("how", ["view", "disclosure"])
def test_seen_answer_stays_seen_wherever_its_image_is_moved(history: History, how: str) -> None:
    loose = Case(0, 0, 0, *kept_image(history, "a.jpg"))
    if how == "view":
        history.assessments.assess(image_id=loose.image, before_model=True, diagnosis="nevus", by="MK")
    else:
        history.disclosures.disclose(loose.entry, "without own view", by="MK")
    case = a_case(history, image="b.jpg")
    visit = history.people.begin_visit(case.patient, LATER, "", by="MK").id
    history.people.place(loose.image, kind="dermoscopy", lesion_id=case.lesion, visit_id=visit, by="MK")
    assert concealed(history, loose, case) == [False, True]
    assert not assess(history, case, visit_id=visit).before_model
    history.people.move([loose.image], None, None, by="MK")
    assert concealed(history, loose) == [False]


def test_moving_an_unseen_image_keeps_it_concealed(history: History) -> None:
    wrong, right = a_case(history), a_case(history, "P-2", "b.jpg")
    undo = history.people.move([wrong.image], right.lesion, right.visit, by="MK")
    assert concealed(history, wrong, right) == [True, True]
    history.people.put_back(undo, by="MK")
    assert concealed(history, wrong, right) == [True, True]
    assert assess(history, right).before_model


# Worklists


def due(history: History, until: dt.date = LATER) -> list[str]:
    return [
        f"{found.patient.pseudonym if found.patient else ''} {found.name}" for found in history.worklists.due(until)
    ]


def test_follow_up_is_due_from_its_day_until_done(history: History) -> None:
    case = a_case(history)
    said = assess(history, case, plan=FOLLOW_UP, plan_date=TODAY + dt.timedelta(days=2))
    assert due(history, TODAY + dt.timedelta(days=1)) == []
    (found,) = history.worklists.due(TODAY + dt.timedelta(days=2))
    assert (found.name, found.plan, found.date, found.assessment) == ("L1", FOLLOW_UP, said.plan_date, said)
    assert found.lesion == history.people.lesion(case.lesion)
    assess(history, case, note="after the model, nothing said of the plan")
    assert due(history) == ["P-0412 L1"]
    assess(history, case, plan=NO_PLAN)
    assert due(history) == []


def test_a_follow_up_stays_due_until_another_plan_or_an_outcome_comes(history: History) -> None:
    one, other = a_case(history), a_case(history, "P-2", "b.jpg")
    for case in (one, other):
        assess(history, case, plan=FOLLOW_UP, plan_date=TODAY)
    assert due(history) == ["P-0412 L1", "P-2 L1"]
    assess(history, one)
    assert due(history) == ["P-0412 L1", "P-2 L1"], "nobody decided that it ends"
    assess(history, one, plan=NO_PLAN)
    assert due(history) == ["P-2 L1"]
    outcome = history.assessments.add_outcome(
        lesion_id=other.lesion, kind="follow-up", diagnosis="unchanged", date=TODAY, by="MK"
    )
    assert due(history) == []
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK")
    assert due(history) == ["P-2 L1"]


@pytest.fixture
def east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the computer thirteen hours east of Greenwich, where eight in the evening in UTC is already the next day."""
    monkeypatch.setenv("TZ", "EAST-13")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@posix
def test_follow_up_decided_in_the_morning_of_its_day_is_done_east_of_greenwich(east: None, tmp_path: Path) -> None:
    morning = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)  # the 24th, nine in the morning
    now = [START]
    with History.open(tmp_path / "data", now=lambda: now[0]) as history:
        case = a_case(history)
        assess(history, case, plan=FOLLOW_UP, plan_date=dt.date(2026, 11, 24))
        assert due(history) == ["P-0412 L1"]
        now[0] = morning
        assess(history, case, plan=NO_PLAN)
        assert due(history) == ["P-0412 L1"], "entered for the visit at which it was planned"
        visit = history.people.begin_visit(case.patient, dt.date(2026, 11, 24), "", by="MK")
        assess(history, case, visit_id=visit.id, plan=NO_PLAN)
        assert due(history) == []


def test_outcome_completes_a_plan_made_while_the_clock_was_ahead(tmp_path: Path) -> None:
    now = [START + dt.timedelta(days=400)]
    with History.open(tmp_path / "data", now=lambda: now[0]) as history:
        case = a_case(history)
        assess(history, case, plan=EXCISION, plan_date=TODAY)
        now[0] = START
        outcome = history.assessments.add_outcome(
            lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="MK"
        )
        assert (history.worklists.open_biopsies(), due(history)) == ([], [])
        assert history.worklists.open_biopsies_of([case.lesion]) == []
        history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK")
        assert [one.lesion_id for one in history.worklists.open_biopsies_of([case.lesion])] == [case.lesion]


def test_outcome_after_an_erasure_still_completes_an_earlier_plan(history: History) -> None:
    stays, goes = a_case(history), a_case(history, "P-2", "b.jpg")
    history.assessments.add_outcome(
        lesion_id=goes.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="MK"
    )
    assess(history, stays, plan=EXCISION)
    history.erasures.erase_patient(goes.patient, by="MK")
    history.assessments.add_outcome(
        lesion_id=stays.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="MK"
    )
    assert open_names(history) == []


def test_follow_up_of_an_image_without_a_patient_is_not_lost(history: History) -> None:
    image, entry = kept_image(history, "a.jpg")
    history.assessments.assess(
        image_id=image, before_model=True, diagnosis="nevus", plan=FOLLOW_UP, plan_date=TODAY, by="MK"
    )
    (found,) = history.worklists.due(TODAY)
    assert (found.lesion, found.patient, found.name) == (None, None, "a.jpg")
    history.bin([entry], by="MK")
    assert due(history) == []
    history.restore([entry], by="MK")
    case = a_case(history, image="b.jpg")
    history.people.place(image, kind="dermoscopy", lesion_id=case.lesion, visit_id=case.visit, by="MK")
    assert due(history) == ["P-0412 L1"]


def test_binned_patients_and_lesions_are_on_no_worklist(history: History) -> None:
    case = a_case(history)
    assess(history, case, plan=EXCISION, plan_date=TODAY)
    assert (len(history.worklists.due(TODAY)), len(history.worklists.open_biopsies())) == (1, 1)
    history.people.set_binned("lesion", case.lesion, binned=True, by="MK")
    assert (history.worklists.due(TODAY), history.worklists.open_biopsies()) == ([], [])
    history.people.set_binned("lesion", case.lesion, binned=False, by="MK")
    history.people.set_binned("patient", case.patient, binned=True, by="MK")
    assert (history.worklists.due(TODAY), history.worklists.open_biopsies()) == ([], [])


def open_names(history: History) -> list[str]:
    return [found.name for found in history.worklists.open_biopsies()]


def test_biopsy_is_open_until_its_histology_is_entered(history: History) -> None:
    case = a_case(history)
    assess(history, case, "melanoma", plan=EXCISION)
    (found,) = history.worklists.open_biopsies()
    assert (found.patient, found.assessment.diagnosis) == (history.people.patient(case.patient), "melanoma")
    history.assessments.add_outcome(lesion_id=case.lesion, kind="follow-up", diagnosis="scar", date=TODAY, by="MK")
    assert open_names(history) == ["L1"]
    history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="MK"
    )
    assert open_names(history) == []
    assess(history, case, plan=EXCISION)  # and once more, for a recurrence
    assert open_names(history) == ["L1"]


@pytest.mark.parametrize("plan", [NO_PLAN, FOLLOW_UP, REFERRAL])
def test_a_planned_biopsy_is_cancelled_at_the_same_visit_only(history: History, plan: str) -> None:
    case = a_case(history)
    day = LATER if plan == FOLLOW_UP else None
    planned = assess(history, case, plan=EXCISION)
    visit = history.people.begin_visit(case.patient, LATER, "", by="MK").id
    assess(history, case, plan=plan, plan_date=day, visit_id=visit)
    assert [one.assessment for one in history.worklists.open_biopsies()] == [planned]
    again = assess(history, case, plan=EXCISION, visit_id=visit)
    assert [one.assessment for one in history.worklists.open_biopsies()] == [again], "it replaces the first"
    assess(history, case, plan=plan, plan_date=day, visit_id=visit)
    assert open_names(history) == []


def test_an_assessment_of_an_earlier_visit_that_is_entered_today_is_none_of_todays_visit(
    history: History, tmp_path: Path
) -> None:
    case = a_case(history)
    (sha256,) = (entry.image.sha256 for entry in history.entries())
    noon = dt.datetime(2027, 3, 1, 12, 0, tzinfo=dt.UTC)
    with History.open(tmp_path / "data", now=lambda: noon) as later:
        assess(later, case, before_model=False)
        assert later.disclosures.awaiting(noon.date(), case.patient) == frozenset(), "nothing of today is to come"
        visit = later.people.begin_visit(case.patient, noon.date(), "", by="MK")
        assert later.disclosures.awaiting(noon.date()) == {sha256}
        assess(later, case, visit_id=visit.id)
        assert later.disclosures.awaiting(noon.date()) == frozenset()


def test_an_earlier_answer_waits_while_its_lesion_is_to_be_assessed_at_a_visit_of_today(history: History) -> None:
    case = a_case(history)
    (sha256,) = (entry.image.sha256 for entry in history.entries())
    day = dt.date(2027, 3, 1)
    assert history.disclosures.awaiting(day) == frozenset(), "nobody is there"
    assert history.disclosures.awaiting(day, case.patient) == {sha256}, "the patient is open"
    visit = history.people.begin_visit(case.patient, day, "", by="MK")
    assert history.disclosures.awaiting(day) == {sha256}, "whoever is open"
    outcome = history.assessments.add_outcome(
        lesion_id=case.lesion, kind="histopathology", diagnosis="melanoma", date=TODAY, by="MK"
    )
    assert history.disclosures.awaiting(day, case.patient) == frozenset(), "histopathology has solved it"
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK", reason="wrong lesion")
    assert history.disclosures.awaiting(day) == {sha256}
    history.assessments.assess(lesion_id=case.lesion, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK")
    assert history.disclosures.awaiting(day) == frozenset()
    assert history.disclosures.awaiting(TODAY) == frozenset(), "of that visit itself"


def test_what_was_said_of_an_image_counts_for_the_other_images_of_its_lesion_and_visit(history: History) -> None:
    case = a_case(history)
    later = history.people.begin_visit(case.patient, LATER, "", by="MK")
    beside, after = (kept_image(history, name)[0] for name in ("b.jpg", "c.jpg"))
    for image, visit in ((beside, case.visit), (after, later.id)):
        history.people.place(image, kind="dermoscopy", lesion_id=case.lesion, visit_id=visit, by="MK")
    own = history.assessments.assess(image_id=case.image, before_model=True, diagnosis="nevus", by="MK")
    for name, is_here in (("a.jpg", True), ("b.jpg", True), ("c.jpg", False)):
        status = read_image_status(history, an_image(name).sha256)
        assert [one.id for one in status.assessments] == [own.id]
        assert bool(status.of_this_visit) is is_here
    assert {one.image.name: one.assessment for one in history.entries()} == {
        "a.jpg": "nevus",
        "b.jpg": "nevus",
        "c.jpg": "",
    }
    for wanted in (EntryFilter(has_assessment=True), EntryFilter(assessment="nevus")):
        assert {one.image.name for one in history.entries(wanted)} == {"a.jpg", "b.jpg"}


def test_a_re_excision_stands_with_the_visit_whose_image_was_assessed(history: History) -> None:
    case = a_case(history)
    history.assessments.assess(image_id=case.image, before_model=True, diagnosis="melanoma", by="MK")
    history.people.begin_visit(case.patient, LATER, "", by="MK")
    plan = plan_reexcision(history, lesion_id=case.lesion, image_id=None, note="", today=LATER, by="MK")
    assert plan.visit_id == case.visit
