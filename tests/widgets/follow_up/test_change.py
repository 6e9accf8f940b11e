"""Changed, unchanged or cannot tell: part of the assessment of a lesion seen before, and of no other."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, REFERRAL, Assessment
from desktop.widgets.common.wording import local_day
from desktop.widgets.report.page import ReportPages
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.visit.assessment_form import AssessmentForm
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import key

NEVUS = Qt.Key.Key_5
THEN = dt.date(2025, 3, 12)


@pytest.fixture
def followed(desk: Desk, tmp_path: Path) -> Desk:
    """Open today's image of a lesion that was photographed last year."""
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "then.png", seed=1), THEN)])
    open_lesion(desk, patient, lesion)
    open_todays(desk, write_lesion(tmp_path / "now.png", seed=2))
    return desk


def form(desk: Desk) -> AssessmentForm:
    found = desk.parts.window.visit_page.assessment_panel.findChild(AssessmentForm)
    assert found is not None
    return found


def commit(desk: Desk) -> QPushButton:
    return next(button for button in form(desk).findChildren(QPushButton) if button.text() == "Commit")


def assessments(desk: Desk) -> list[Assessment]:
    with History.open(desk.folder) as history:
        lesion = desk.parts.open_patient.lesion
        return [] if lesion is None else history.assessments.of([lesion.id])


def test_change_is_asked_for_and_never_preset(followed: Desk) -> None:
    key(followed, NEVUS)
    assert form(followed).change.isVisible()
    assert form(followed).change.value() == ""
    key(followed, Qt.Key.Key_Return)
    followed.wait(lambda: assessments(followed))
    assert [one.change for one in assessments(followed)] == [""]


def test_change_is_chosen_by_key_and_saved(followed: Desk) -> None:
    for name in (NEVUS, Qt.Key.Key_V, Qt.Key.Key_V, Qt.Key.Key_Return):
        key(followed, name)
    followed.wait(lambda: assessments(followed))
    assert [one.change for one in assessments(followed)] == ["unchanged"]
    followed.wait(lambda: "Nevus, unchanged" in followed.texts(followed.parts.window.visit_page.assessment_panel))


@pytest.mark.parametrize(("presses", "change"), [(1, "changed"), (3, "cannot tell")])
def test_changed_or_cannot_tell_needs_a_plan(followed: Desk, presses: int, change: str) -> None:
    key(followed, NEVUS)
    for _ in range(presses):
        key(followed, Qt.Key.Key_V)
    assert "enter a plan" in followed.texts(form(followed))
    assert not commit(followed).isEnabled()
    key(followed, Qt.Key.Key_Return)
    followed.rest()
    assert assessments(followed) == []
    key(followed, Qt.Key.Key_Period)
    assert "enter a plan" not in followed.texts(form(followed))
    key(followed, Qt.Key.Key_Return)
    followed.wait(lambda: assessments(followed))
    assert [(one.change, one.plan) for one in assessments(followed)] == [(change, "none")]


def plan_follow_up(desk: Desk, day: dt.date | None, *, planned_on: dt.date = THEN, plan: str = FOLLOW_UP) -> None:
    """Plan a follow-up of the chosen lesion, or something else, at an earlier visit."""
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        visit = history.people.begin_visit(lesion.patient_id, planned_on, "", by=by)
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis="nevus",
            plan=plan,
            plan_date=day,
            by=by,
        )

    desk.parts.history_service.write(write, lambda _none: None, pytest.fail)
    desk.settle()


def due(desk: Desk) -> list[dt.date]:
    with History.open(desk.folder) as history:
        return [one.date for one in history.worklists.due(dt.date.max)]


@pytest.mark.parametrize("presses", [0, 2], ids=["no change entered", "unchanged"])
def test_follow_up_does_not_end_without_a_plan(followed: Desk, presses: int) -> None:
    plan_follow_up(followed, today())
    key(followed, NEVUS)
    for _ in range(presses):
        key(followed, Qt.Key.Key_V)
    text = f"This visit is the follow-up due {local_day(today())}. Choose the next plan; None ends the follow-up."
    assert text in followed.texts(form(followed))
    assert not commit(followed).isEnabled()
    key(followed, Qt.Key.Key_Return)
    followed.rest()
    assert len(assessments(followed)) == 1
    assert due(followed) == [today()], "still in the list"
    focused = followed.parts.window.focusWidget()
    assert focused is not None
    assert form(followed).plan.isAncestorOf(focused)
    followed.qtbot.keyClick(focused, Qt.Key.Key_Period)
    assert "None ends the follow-up: the lesion will be in no list." in followed.texts(form(followed))
    followed.qtbot.keyClick(focused, Qt.Key.Key_Return)
    followed.wait(lambda: len(assessments(followed)) == 2)
    assert assessments(followed)[-1].plan == NO_PLAN, "ended by a plan that is recorded"
    assert due(followed) == []


def test_the_form_says_that_a_plan_leaves_the_biopsy_of_an_earlier_visit_planned(followed: Desk) -> None:
    plan_follow_up(followed, None, plan=EXCISION)
    plan_follow_up(followed, today(), planned_on=THEN + dt.timedelta(days=28))
    key(followed, NEVUS)
    key(followed, Qt.Key.Key_Period)
    assert form(followed).plan.value() == NO_PLAN
    assert "None ends the follow-up; biopsy still planned." in followed.texts(form(followed))
    for plan, is_told in ((FOLLOW_UP, True), (EXCISION, False), (REFERRAL, True)):
        key(followed, Qt.Key.Key_Period)
        assert form(followed).plan.value() == plan
        assert ("Biopsy still planned." in followed.texts(form(followed)).splitlines()) == is_told


@pytest.mark.parametrize(
    ("planned_on", "day", "text", "months", "days"),
    [
        (dt.date(2025, 3, 12), dt.date(2025, 9, 12), "Again in 6 mo", 6, 0),
        (dt.date(2025, 3, 12), dt.date(2026, 3, 10), "Again in 12 mo", 12, 0),
        (dt.date(2025, 3, 12), dt.date(2025, 4, 9), "Again in 4 wk", 0, 28),
        (dt.date(2025, 3, 12), dt.date(2025, 3, 22), "Again in 10 d", 0, 10),
    ],
)
def test_same_interval_again_is_one_key_or_one_click(
    followed: Desk, planned_on: dt.date, day: dt.date, text: str, months: int, days: int
) -> None:
    plan_follow_up(followed, day, planned_on=planned_on)
    key(followed, NEVUS)
    again = next(one for one in form(followed).findChildren(QToolButton) if one.text() == text)
    wanted = QDate.currentDate().addMonths(months).addDays(days)
    key(followed, Qt.Key.Key_W)
    assert (form(followed).plan.value(), form(followed).date.date()) == (FOLLOW_UP, wanted)
    assert not again.isVisible()
    form(followed).plan.show_value("")
    form(followed).plan.changed.emit("")
    followed.qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    key(followed, Qt.Key.Key_Return)
    followed.wait(lambda: len(assessments(followed)) == 2)
    assert due(followed) == [dt.date(wanted.year(), wanted.month(), wanted.day())]


def test_follow_up_that_is_still_to_come_stands_without_another_plan(followed: Desk) -> None:
    later = today() + dt.timedelta(days=30)
    plan_follow_up(followed, later)
    key(followed, NEVUS)
    assert "Choose the next plan" not in followed.texts(form(followed))
    key(followed, Qt.Key.Key_Return)
    followed.wait(lambda: len(assessments(followed)) == 2)
    assert due(followed) == [later]


def test_plan_to_follow_up_says_for_which_lesions(followed: Desk) -> None:
    key(followed, NEVUS)
    assert "Flat lesions only" not in followed.texts(form(followed))
    form(followed).plan.step()
    form(followed).plan.step()
    assert form(followed).plan.value() == "follow-up"
    assert "Flat lesions only. Raised, firm or growing: do not monitor." in followed.texts(form(followed))


def test_lesion_seen_for_the_first_time_is_not_asked_about(desk: Desk, tmp_path: Path) -> None:
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "now.png", seed=1), today())])
    open_lesion(desk, patient, lesion)
    desk.settle()
    for name in (NEVUS, Qt.Key.Key_V):
        key(desk, name)
    assert not form(desk).change.isVisible()
    key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: assessments(desk))
    assert [one.change for one in assessments(desk)] == [""]


def test_change_stands_in_history_and_report(followed: Desk) -> None:
    for name in (NEVUS, Qt.Key.Key_V, Qt.Key.Key_V, Qt.Key.Key_Return):
        key(followed, name)
    followed.wait(lambda: followed.parts.open_image.answer is not None)
    followed.wait(lambda: assessments(followed))
    window = followed.parts.window
    window.menus.actions["report"].trigger()
    followed.wait(lambda: window.findChildren(ReportDialog))
    (report,) = window.findChildren(ReportDialog)
    assert "Nevus, unchanged" in ReportPages(report.report, 96).text()
    followed.qtbot.keyClick(report, Qt.Key.Key_Escape)
    window.show_workspace("history")
    followed.settle()
    window.history.rows.selectRow(0)
    followed.wait(lambda: "Nevus, unchanged" in followed.texts(window.history))
