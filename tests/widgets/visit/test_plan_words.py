"""My assessment, Course and both reports say by one rule which of several plans holds."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, REFERRAL
from desktop.widgets.common.wording import local_day
from desktop.widgets.report import visit_words
from desktop.widgets.report.report_words import assessment_statements
from desktop.widgets.report.visit_subject import VisitSubject, read_visit
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.patient.test_patient import CTRL, press


def first() -> dt.date:
    """Return the day of the visit that planned a follow-up."""
    return today() - dt.timedelta(days=200)


def due() -> dt.date:
    """Return the day of that follow-up."""
    return today() - dt.timedelta(days=20)


@pytest.fixture
def planned(desk: Desk, tmp_path: Path) -> Desk:
    """P-0412 has L2 with an image of a visit at which a follow-up was planned; its day has come."""
    keep_at_visits(desk, [(write_lesion(tmp_path / "first.png", seed=1), first())])
    assess(desk, FOLLOW_UP, due())
    return desk


def assess(desk: Desk, plan: str, day: dt.date | None = None, *, visit: dt.date | None = None) -> None:
    """Add an assessment of the only lesion, for its visit of a day, the first if none is given."""
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=history.people.begin_visit(patient.id, visit or first(), "", by="MK").id,
            before_model=False,
            diagnosis="nevus",
            plan=plan,
            plan_date=day,
            by="MK",
        )


def report_of(desk: Desk) -> VisitSubject:
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        found = read_visit(history, patient.id)
    assert found is not None
    return found


def show(desk: Desk) -> None:
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
    open_lesion(desk, patient, lesion)
    desk.settle()


def lines_of_panel(desk: Desk) -> list[str]:
    texts = desk.texts(desk.parts.window.visit_page.assessment_panel)
    return [line for line in texts.splitlines() if line.startswith("Nevus")]


def lines_of_course(desk: Desk) -> list[str]:
    press(desk, Qt.Key.Key_3, CTRL)
    page = desk.parts.window.workspaces.follow_up.page
    desk.wait(lambda: "Assessed" in desk.texts(page.course))
    return [line for line in desk.texts(page.course).splitlines() if line.startswith("Assessed")]


def test_none_that_did_not_end_a_follow_up_says_that_it_is_still_due(planned: Desk) -> None:
    assess(planned, NO_PLAN)
    show(planned)
    shown, due_day = local_day(today()), local_day(due())
    none, follow_up = f"none; follow-up of {due_day} still due", f"follow-up on {due_day}"
    assert lines_of_panel(planned) == [f"Nevus, plan of {shown}: {none}", f"Nevus, plan of {shown}: {follow_up}"]
    assert lines_of_course(planned) == [
        f"Assessed on {shown}: Nevus, plan: {none}",
        f"Assessed on {shown}: Nevus, plan: {follow_up}",
    ]
    (part,) = report_of(planned).lesions
    said = [one.text for one in assessment_statements(part.assessments, part.plans)]
    assert said == [f"Nevus, plan: {none}", f"Nevus, plan: {follow_up}"]


def test_a_lesion_that_was_not_seen_at_the_visit_says_on_its_report_that_its_follow_up_is_still_due(
    planned: Desk, tmp_path: Path
) -> None:
    assess(planned, NO_PLAN)
    with History.open(planned.folder) as history:
        (patient,) = history.people.find_patients()
        seen = history.people.add_lesion(patient.id, "L3", "", by="MK")
        visit = history.people.begin_visit(patient.id, today(), "", by="MK")
        history.assessments.assess(lesion_id=seen.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK")
    (other,) = visit_words.other_parts(report_of(planned).others, dt.datetime.now(dt.UTC), with_number=True)
    due_day = local_day(due())
    assert [line for line in other.lines if f"plan: none; follow-up of {due_day} still due" in line]
    assert [line for line in other.lines if line.replace("\N{NO-BREAK SPACE}", " ") == f"Follow-up due since {due_day}"]


def test_a_plan_that_was_replaced_is_called_earlier_everywhere(planned: Desk) -> None:
    assess(planned, NO_PLAN, visit=today())
    later = today() + dt.timedelta(days=28)
    assess(planned, FOLLOW_UP, later, visit=today())
    show(planned)
    shown, wanted = local_day(today()), f"follow-up on {local_day(later)}"
    ended = f"follow-up on {local_day(due())}"
    assert lines_of_panel(planned) == [
        f"Nevus, plan of {shown}: {wanted}",
        f"Nevus, earlier plan of {shown}: none",
        f"Nevus, earlier plan of {shown}: {ended}",
    ]
    assert lines_of_course(planned) == [
        f"Assessed: Nevus, plan: {wanted}",
        "Assessed: Nevus, earlier plan: none",
        f"Assessed on {shown}: Nevus, earlier plan: {ended}",
    ]
    (part,) = report_of(planned).lesions
    said = [one.text for one in assessment_statements(part.assessments, part.plans)]
    assert said == [f"Nevus, plan: {wanted}", "Nevus, earlier plan: none"]


@pytest.mark.parametrize("plan", [NO_PLAN, FOLLOW_UP, REFERRAL])
def test_the_last_plan_says_that_it_left_a_biopsy_planned(planned: Desk, plan: str) -> None:
    assess(planned, EXCISION)
    assess(planned, NO_PLAN, visit=today())
    later = today() + dt.timedelta(days=28)
    assess(planned, plan, later if plan == FOLLOW_UP else None, visit=today())
    show(planned)
    shown, said = local_day(today()), f"follow-up on {local_day(later)}" if plan == FOLLOW_UP else plan
    assert lines_of_panel(planned)[:3] == [
        f"Nevus, plan of {shown}: {said}; biopsy still planned",
        f"Nevus, earlier plan of {shown}: none",
        f"Nevus, plan of {shown}: biopsy or excision",
    ]
    assert lines_of_course(planned)[0] == f"Assessed: Nevus, plan: {said}; biopsy still planned"


def test_a_biopsy_that_takes_the_place_of_another_leaves_none_planned(planned: Desk) -> None:
    assess(planned, EXCISION)
    assess(planned, EXCISION, visit=today())
    show(planned)
    shown = local_day(today())
    assert lines_of_panel(planned)[:2] == [
        f"Nevus, plan of {shown}: biopsy or excision",
        f"Nevus, earlier plan of {shown}: biopsy or excision",
    ]


def test_two_open_histologies_are_told_apart_by_the_days_of_their_biopsies(planned: Desk) -> None:
    days = [today() - dt.timedelta(days=ago) for ago in (30, 12)]
    for day in days:
        assess(planned, EXCISION, visit=day)
        with History.open(planned.folder) as history:
            (plan,) = [one for one in history.worklists.open_biopsies() if one.taken is None]
            history.care_steps.record(CareStep(Step.TAKEN, plan.assessment.id, day, "AB", ""), by="MK")
    assess(planned, NO_PLAN, visit=today())
    show(planned)
    open_now = [f"biopsy taken on {local_day(day)}, histology still open" for day in days]
    assert lines_of_panel(planned)[0] == f"Nevus, plan of {local_day(today())}: none; {'; '.join(open_now)}"


def test_a_plan_that_is_just_committed_leaves_open_what_it_does_not_end(planned: Desk, tmp_path: Path) -> None:
    assess(planned, EXCISION)
    show(planned)
    open_todays(planned, write_lesion(tmp_path / "now.png", seed=2))
    before = planned.parts.blinding.image_status
    assert before is not None
    for plan, is_left in ((FOLLOW_UP, True), (EXCISION, False)):
        assess(planned, plan, due() if plan == FOLLOW_UP else None, visit=today())
        with History.open(planned.folder) as history:
            written = history.assessments.of([before.lesion_id])[-1]
        assert bool(before.with_written(written).plans.biopsies) == is_left


def test_a_plan_that_is_just_committed_is_not_called_earlier(planned: Desk) -> None:
    show(planned)
    before = planned.parts.blinding.image_status
    assert before is not None
    assess(planned, NO_PLAN)
    with History.open(planned.folder) as history:
        written = history.assessments.of([before.lesion_id])[-1]
    assert not before.with_written(written).plans.is_earlier(written)
