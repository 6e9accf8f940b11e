"""Own figures, counted again from what was written, and which visit of a lesion counts."""

import datetime as dt
from collections.abc import Sequence

import pytest

from desktop.core.inference.judgement import Abstention
from desktop.core.judging.figures import FEWEST
from desktop.core.practice.cases import Case, Target
from desktop.core.practice.figures import OwnFigures, own_figures
from desktop.core.practice.shares import Share
from desktop.core.practice.target_figures import Judge, TargetFigures
from desktop.core.records import practice_reading
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.core.records.practice_reading import assembled
from tests.core.practice import recount
from tests.core.practice.clinic import CONTRACT, FIRST_DAY, TODAY, Clinic, MadeUp
from tests.core.practice.conftest import Clock
from tests.core.records.history_contents import an_answer, an_image


def figures_of(history: History, initials: str | None = None) -> OwnFigures:
    rows = assembled(history.practice_rows())
    return own_figures(rows, rows.models[0], TODAY, initials=initials)


def of(figures: OwnFigures, target: Target) -> TargetFigures:
    return next(one for one in figures.targets if one.target is target)


def ids(cases: Sequence[Case]) -> set[int | None]:
    return {case.at.subject.lesion_id for case in cases}


def check(share: Share[Case], lesions: Sequence[MadeUp], counted: Sequence[bool]) -> None:
    assert ids(share.counted) == {one.lesion_id for one, holds in zip(lesions, counted, strict=True) if holds}
    assert ids(share.others) == {one.lesion_id for one, holds in zip(lesions, counted, strict=True) if not holds}
    if len(lesions) < FEWEST:
        assert share.estimate is None
        return
    assert share.estimate is not None
    found = (share.estimate.value, share.estimate.low, share.estimate.high)
    assert found == pytest.approx(recount.interval(counted, [one.patient_id for one in lesions]), abs=1e-9)


@pytest.mark.parametrize("patients", [0.3, 1.0])
def test_every_figure_is_the_one_of_an_independent_count(clinic: Clinic, history: History, patients: float) -> None:
    made = clinic.add(240, patients=patients)
    figures = figures_of(history)
    proved = [one for one in made if one.histology]
    assert ids(figures.proved) == {one.lesion_id for one in proved}
    assert ids(figures.cases) == {one.lesion_id for one in made}
    for target in Target:
        positives, found = recount.positives_of(target), of(figures, target)
        assert [one.judge for one in found.judges] == list(Judge)
        for row in found.judges:
            said = [one for one in proved if recount.is_called(one, row.judge, positives) is not None]
            own = [one for one in said if one.histology in positives]
            others = [one for one in said if one.histology not in positives]
            check(row.sensitivity, own, [bool(recount.is_called(one, row.judge, positives)) for one in own])
            check(row.specificity, others, [not recount.is_called(one, row.judge, positives) for one in others])
        check(found.biopsied, proved, [one.histology in positives for one in proved])
        assert found.needed is not None
        share, low, high = recount.interval(
            [one.histology in positives for one in proved], [one.patient_id for one in proved]
        )
        needed = (found.needed.value, found.needed.low, found.needed.high)
        assert needed == pytest.approx((1 / share, 1 / high, 1 / low), abs=1e-9)
        assert found.agreement is not None
        seen = [one for one in made if one.before is not None]
        own_calls = [bool(recount.is_called(one, "before", positives)) for one in seen]
        alert_calls = [bool(recount.is_called(one, "alert", positives)) for one in seen]
        both = list(zip(own_calls, alert_calls, strict=True))
        check(found.agreement.share, seen, [own is alert for own, alert in both])
        for cases, wanted in (
            (found.agreement.both, (True, True)),
            (found.agreement.only_own, (True, False)),
            (found.agreement.only_alert, (False, True)),
            (found.agreement.neither, (False, False)),
        ):
            assert ids(cases) == {one.lesion_id for one, pair in zip(seen, both, strict=True) if pair == wanted}
        assert ids(found.unproved) == {
            one.lesion_id for one in made if not one.histology and not recount.is_called(one, "alert", positives)
        }


def test_changed_assessments_are_those_of_an_independent_count(clinic: Clinic, history: History) -> None:
    made = clinic.add(200)
    found = figures_of(history).switches
    assert found is not None
    both = [(one, one.before, one.changed) for one in made if one.before is not None]
    assert found.seen == len(both)
    ways = {one.lesion_id: recount.direction(before, after) for one, before, after in both if after is not None}
    assert ids(found.otherwise) == {lesion for lesion, way in ways.items() if way == 0}
    truth = {one.lesion_id: one.histology for one in made}
    for one, way in zip(found.directions, (1, -1), strict=True):
        gone = {lesion for lesion, its in ways.items() if its == way}
        cancers = {lesion for lesion in gone if truth[lesion] in recount.CANCERS}
        benign = {lesion for lesion in gone if truth[lesion]} - cancers
        assert ids(one.better) == (cancers if way > 0 else benign)
        assert ids(one.worse) == (benign if way > 0 else cancers)
        assert ids(one.unverified) == gone - cancers - benign
        assert one.count == len(gone) > 0


def test_alerts_and_withheld_answers_are_those_of_an_independent_count(clinic: Clinic, history: History) -> None:
    made = clinic.add(90, patients=0.4)
    figures = figures_of(history)
    assert figures.images is not None
    answers = [
        (one.patient_id, alerts, withheld)
        for one in made
        for alerts, withheld in (*zip(one.alerts, one.withheld, strict=True), *([one.later] if one.later else ()))
    ]
    patients = [patient for patient, _, _ in answers]
    withheld = dict(figures.images.withheld)
    for share, counted in (
        (figures.images.alerted, [bool(alerts) for _, alerts, _ in answers]),
        (figures.images.melanoma, ["melanoma" in alerts for _, alerts, _ in answers]),
        (withheld[Abstention.QUALITY], [is_withheld for _, _, is_withheld in answers]),
    ):
        assert (share.k, share.n) == (sum(counted), len(answers))
        assert share.estimate is not None
        estimate = (share.estimate.value, share.estimate.low, share.estimate.high)
        assert estimate == pytest.approx(recount.interval(counted, patients), abs=1e-9)
    assert withheld[Abstention.NOVELTY].k == 0
    shown = figures.cases_at(figures.images.alerted.counted)
    assert ids(shown) == {one.lesion_id for one in made if any(one.alerts) or (one.later is not None and one.later[0])}


def test_calibration_is_the_one_of_an_independent_count(clinic: Clinic, history: History) -> None:
    made = clinic.add(160, proved=1.0)
    calibration = figures_of(history).calibration
    assert calibration is not None
    said = [sum(one.malignant) / len(one.malignant) for one in made]
    came = [one.histology in recount.CANCERS for one in made]
    assert (calibration.n, calibration.found) == (len(made), sum(came))
    assert calibration.expected == pytest.approx(sum(said), abs=1e-9)
    assert calibration.error == pytest.approx(recount.calibration_error(said, came), abs=1e-9)
    assert sum(n for _, _, n in calibration.points) == len(made)


def test_few_lesions_have_counts_and_no_share(clinic: Clinic, history: History) -> None:
    clinic.add(12, proved=1.0)
    figures = figures_of(history)
    for found in figures.targets:
        assert found.needed is None
        for row in found.judges:
            assert row.sensitivity.estimate is None
            assert row.specificity.estimate is None
            assert row.sensitivity.n + row.specificity.n > 0
    assert figures.calibration is not None
    assert (figures.calibration.error, figures.calibration.points) == (None, ())


def test_only_the_assessments_of_one_person_count(clinic: Clinic, history: History) -> None:
    made = clinic.add(80, proved=1.0)
    found = of(figures_of(history, "AB"), Target.MALIGNANT)
    by_judge = {row.judge: row for row in found.judges}
    assert Judge.BEFORE not in by_judge  # all of these are by MK
    after = by_judge[Judge.AFTER]
    changed = {one.lesion_id for one in made if one.changed is not None}
    assert ids((*after.sensitivity.counted, *after.sensitivity.others)) <= changed
    assert after.sensitivity.n + after.specificity.n == len(changed)


def test_lesions_that_the_model_learned_from_stand_apart(clinic: Clinic, history: History) -> None:
    clinic.add(60, proved=1.0)
    rows = assembled(history.practice_rows())
    whole = own_figures(rows, rows.models[0], TODAY)
    learned = {case.at.subject for case in whole.cases[:7]}
    without = own_figures(rows, rows.models[0], TODAY, learned=learned)
    assert {case.at.subject for case in without.learned} == learned
    assert not learned & {case.at.subject for case in without.cases}
    for found in without.targets:
        for row in found.judges:
            cases = (
                *row.sensitivity.counted,
                *row.sensitivity.others,
                *row.specificity.counted,
                *row.specificity.others,
            )
            assert not learned & {case.at.subject for case in cases}


def test_what_is_concealed_is_in_no_figure(clinic: Clinic, history: History) -> None:
    made = clinic.add(30, proved=1.0)
    hidden = an_image("1.png").sha256
    rows = assembled(history.practice_rows(), frozenset({hidden}))
    figures = own_figures(rows, rows.models[0], TODAY)
    assert figures.concealed == 1
    assert ids(figures.cases) == {one.lesion_id for one in made[1:]}


def test_the_last_visit_before_the_result_counts_on_which_something_was_said(
    history: History, set_clock: object
) -> None:
    people, assessments = history.people, history.assessments
    patient = people.add_patient("P-1", "female", by="MK").id
    lesion = people.add_lesion(patient, "L1", "scapula-left", by="MK").id
    for number, (diagnosis, flags) in enumerate((("nevus", ()), ("melanoma", ("melanoma",)), ("", ()))):
        day = FIRST_DAY + dt.timedelta(days=100 * number)
        visit = people.begin_visit(patient, day, "", by="MK").id
        if diagnosis:
            assessments.assess(
                lesion_id=lesion, visit_id=visit, before_model=True, diagnosis=diagnosis, plan=EXCISION, by="MK"
            )
        image = an_image(f"{number}.png")
        history.save(image, an_answer(flags=flags), CONTRACT, by="MK")
        image_id = people.image_id_of(image.sha256)
        assert image_id is not None
        people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    (case,) = figures_of(history).cases
    assert case.at.day == FIRST_DAY + dt.timedelta(days=100)
    assessments.add_outcome(
        lesion_id=lesion,
        kind="histopathology",
        diagnosis="nevus",
        date=FIRST_DAY + dt.timedelta(days=50),
        by="MK",
    )
    (case,) = figures_of(history).cases  # the visit after the finding is too late for it
    assert (case.at.day, case.at.alerts) == (FIRST_DAY, frozenset())
    assert case.truth(Target.MELANOMA) is False


def test_a_visit_between_biopsy_and_histology_is_too_late(clinic: Clinic, history: History) -> None:
    (made,) = clinic.add(1, proved=0.0)
    people, assessments = history.people, history.assessments
    (first, *_) = assessments.of([made.lesion_id])
    day = first.time.astimezone().date()
    visit = people.begin_visit(made.patient_id, day + dt.timedelta(days=3), "", by="MK").id  # the stitches are removed
    image = an_image("scar.png")
    history.save(image, an_answer(flags=("melanoma",)), CONTRACT, by="MK")
    image_id = people.image_id_of(image.sha256)
    assert image_id is not None
    people.place(image_id, kind="dermoscopy", lesion_id=made.lesion_id, visit_id=visit, by="MK")
    assessments.assess(lesion_id=made.lesion_id, visit_id=visit, before_model=False, diagnosis="keloid", by="MK")
    found = day + dt.timedelta(days=9)
    assessments.add_outcome(lesion_id=made.lesion_id, kind="histopathology", diagnosis="melanoma", date=found, by="MK")
    (case,) = figures_of(history).cases
    assert case.at.day == day + dt.timedelta(days=3)  # nobody recorded the day of the biopsy
    history.care_steps.record(CareStep(Step.TAKEN, first.id, day, "MK", ""), by="MK")
    (case,) = figures_of(history).cases
    assert case.at.day == day


@pytest.mark.parametrize("is_corrected", [True, False], ids=["corrected", "withdrawn and entered anew"])
def test_what_was_said_once_a_wrong_result_was_known_does_not_count(
    history: History, set_clock: Clock, clinic: Clinic, is_corrected: bool
) -> None:
    (made,) = clinic.add(1, proved=0.0)
    assessments, lesion = history.assessments, made.lesion_id
    (first, *_) = assessments.of([lesion])
    day = first.time.astimezone().date() + dt.timedelta(days=9)
    set_clock.now += dt.timedelta(days=9)
    wrong = assessments.add_outcome(lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=day, by="MK")
    assessments.assess(lesion_id=lesion, visit_id=first.visit_id, before_model=False, diagnosis="keloid", by="MK")
    if not is_corrected:
        assessments.set_outcome_binned(wrong.id, binned=True, by="MK", reason="wrong finding")
    assessments.add_outcome(
        lesion_id=lesion,
        kind="histopathology",
        diagnosis="melanoma",
        date=day,
        corrects=wrong.id if is_corrected else None,
        by="MK",
    )
    (case,) = figures_of(history).proved
    assert case.truth(Target.MELANOMA) is True
    assert case.at.after is not None
    assert case.at.after.diagnosis != "keloid"


def test_an_open_histology_counts_neither_way_and_a_follow_up_proves_nothing(clinic: Clinic, history: History) -> None:
    made = clinic.add(3, proved=0.0)
    day = FIRST_DAY + dt.timedelta(days=400)
    add = history.assessments.add_outcome
    add(lesion_id=made[0].lesion_id, kind="histopathology", diagnosis="atypical_spitz", date=day, by="MK")
    add(lesion_id=made[1].lesion_id, kind="follow-up", diagnosis="nevus", date=day, by="MK")
    figures = figures_of(history)
    assert ids(figures.open_outcomes) == {made[0].lesion_id}
    assert ids(figures.proved) == {made[0].lesion_id}
    assert all(not row.sensitivity.n and not row.specificity.n for one in figures.targets for row in one.judges)


def test_a_lesion_whose_biopsy_was_taken_was_not_left_without_one(clinic: Clinic, history: History) -> None:
    made = clinic.add(30, proved=0.0)
    spared = [one for one in made if one.before is not None and not any(one.alerts)]
    assert spared
    assert {one.lesion_id for one in spared} <= ids(of(figures_of(history), Target.MALIGNANT).unproved)
    (assessment, *_) = history.assessments.of([spared[0].lesion_id])
    day = assessment.time.astimezone().date()
    history.care_steps.record(CareStep(Step.TAKEN, assessment.id, day, "MK", ""), by="MK")
    assert spared[0].lesion_id not in ids(of(figures_of(history), Target.MALIGNANT).unproved)


def test_a_withdrawn_histology_and_a_lesion_in_the_bin_count_nowhere(clinic: Clinic, history: History) -> None:
    made = clinic.add(4, proved=1.0)
    (outcome,) = history.assessments.outcomes(lesion_id=made[0].lesion_id)
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK", reason="wrong lesion")
    history.people.set_binned("lesion", made[1].lesion_id, binned=True, by="MK")
    figures = figures_of(history)
    assert ids(figures.proved) == {made[2].lesion_id, made[3].lesion_id}
    assert ids(figures.cases) == {made[0].lesion_id, made[2].lesion_id, made[3].lesion_id}


def test_copies_of_an_assessment_are_looked_for_among_those_of_its_lesion(history: History) -> None:
    """Not among all with its diagnosis: with 11,000 assessments that takes 7.7 s in the place of 0.1 s."""
    plan = history._database.read(f"EXPLAIN QUERY PLAN {practice_reading._ASSESSMENTS}")
    steps = " ".join(row["detail"] for row in plan)
    assert "SEARCH again USING INDEX assessment_lesion" in steps
    assert "assessment_diagnosis" not in steps
