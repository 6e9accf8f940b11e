"""My assessment, Course and both reports say by one rule which of several plans holds."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN
from desktop.widgets.common.wording import local_day
from desktop.widgets.report import visit_words
from desktop.widgets.report.report_words import assessment_statements
from desktop.widgets.report.visit_subject import VisitSubject, read_visit
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.patient.test_patient import CTRL, press

TODAY = dt.datetime.now().astimezone().date()
FIRST, DUE = TODAY - dt.timedelta(days=200), TODAY - dt.timedelta(days=20)


@pytest.fixture
def planned(desk: Desk, tmp_path: Path) -> Desk:
    """P-0412 has L2 with an image of a visit at which a follow-up was planned; its day has come."""
    keep_at_visits(desk, [(write_lesion(tmp_path / "first.png", seed=1), FIRST)])
    assess(desk, FOLLOW_UP, DUE)
    return desk


def assess(desk: Desk, plan: str, day: dt.date | None = None, *, visit: dt.date = FIRST) -> None:
    """Add an assessment of the only lesion, for its visit of a day."""
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=history.people.begin_visit(patient.id, visit, "", by="MK").id,
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
    today, due = local_day(TODAY), local_day(DUE)
    none, follow_up = f"none; follow-up of {due} still due", f"follow-up on {due}"
    assert lines_of_panel(planned) == [f"Nevus, plan of {today}: {none}", f"Nevus, plan of {today}: {follow_up}"]
    assert lines_of_course(planned) == [
        f"Assessed on {today}: Nevus, plan: {none}",
        f"Assessed on {today}: Nevus, plan: {follow_up}",
    ]
    (part,) = report_of(planned).lesions
    said = [one.text for one in assessment_statements(part.assessments, part.plans)]
    assert said == [f"Nevus, plan: {follow_up}", f"Nevus, plan: {none}"]


def test_a_lesion_that_was_not_seen_at_the_visit_says_on_its_report_that_its_follow_up_is_still_due(
    planned: Desk, tmp_path: Path
) -> None:
    assess(planned, NO_PLAN)
    with History.open(planned.folder) as history:
        (patient,) = history.people.find_patients()
        history.people.begin_visit(patient.id, TODAY, "", by="MK")
    (other,) = visit_words.other_parts(report_of(planned).others, dt.datetime.now(dt.UTC), with_number=True)
    due = local_day(DUE)
    assert [line for line in other.lines if f"plan: none; follow-up of {due} still due" in line]
    assert [line for line in other.lines if line.replace("\N{NO-BREAK SPACE}", " ") == f"Follow-up due since {due}"]


def test_a_plan_that_was_replaced_is_called_earlier_everywhere(planned: Desk) -> None:
    assess(planned, NO_PLAN, visit=TODAY)
    later = TODAY + dt.timedelta(days=28)
    assess(planned, FOLLOW_UP, later, visit=TODAY)
    show(planned)
    today, wanted = local_day(TODAY), f"follow-up on {local_day(later)}"
    ended = f"follow-up on {local_day(DUE)}"
    assert lines_of_panel(planned) == [
        f"Nevus, plan of {today}: {wanted}",
        f"Nevus, earlier plan of {today}: none",
        f"Nevus, earlier plan of {today}: {ended}",
    ]
    assert lines_of_course(planned) == [
        f"Assessed: Nevus, plan: {wanted}",
        "Assessed: Nevus, earlier plan: none",
        f"Assessed on {today}: Nevus, earlier plan: {ended}",
    ]
    (part,) = report_of(planned).lesions
    said = [one.text for one in assessment_statements(part.assessments, part.plans)]
    assert said == ["Nevus, earlier plan: none", f"Nevus, plan: {wanted}"]


def test_a_biopsy_that_another_visit_does_not_cancel_is_not_called_earlier(planned: Desk) -> None:
    assess(planned, EXCISION)
    assess(planned, NO_PLAN, visit=TODAY)
    show(planned)
    today = local_day(TODAY)
    assert lines_of_panel(planned)[:2] == [
        f"Nevus, plan of {today}: none; biopsy still planned",
        f"Nevus, plan of {today}: biopsy or excision",
    ]


def test_two_open_histologies_are_told_apart_by_the_days_of_their_biopsies(planned: Desk) -> None:
    days = [TODAY - dt.timedelta(days=ago) for ago in (30, 12)]
    for day in days:
        assess(planned, EXCISION, visit=day)
        with History.open(planned.folder) as history:
            (plan,) = [one for one in history.worklists.open_biopsies() if one.taken is None]
            history.care_steps.record(CareStep(Step.TAKEN, plan.assessment.id, day, "AB", ""), by="MK")
    assess(planned, NO_PLAN, visit=TODAY)
    show(planned)
    open_now = [f"biopsy taken on {local_day(day)}, histology still open" for day in days]
    assert lines_of_panel(planned)[0] == f"Nevus, plan of {local_day(TODAY)}: none; {'; '.join(open_now)}"


def test_a_plan_that_is_just_committed_is_not_called_earlier(planned: Desk) -> None:
    show(planned)
    before = planned.parts.blinding.image_status
    assert before is not None
    assess(planned, NO_PLAN)
    with History.open(planned.folder) as history:
        written = history.assessments.of(lesion_id=before.lesion_id)[-1]
    assert not before.with_written(written).plans.is_earlier(written)
