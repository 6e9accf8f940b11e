"""A form saves nothing while a day that was typed into it is refused, and says why."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.draft import Draft
from desktop.core.records.care_steps import Step
from desktop.core.records.influences import InfluenceKind
from desktop.core.records.people import FOLLOW_UP
from desktop.core.records.safety_net import Gap, OpenItem
from desktop.widgets.audit.audit_filter import AuditFilterRow
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from desktop.widgets.history.history_filter import HistoryFilter
from desktop.widgets.today.step_dialog import StepDialog
from desktop.widgets.visit.assessment_form import AssessmentForm
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.window.dicom_worklist_dialog import DicomWorklistDialog
from tests.days import today

Made = tuple[QWidget, DayEdit, Callable[[], bool]]


def treatment() -> Made:
    form = InfluenceDialog("P-1, L1", [], can_be_pregnant=True, today=today())
    form.kind.setCurrentIndex(form.kind.findData(InfluenceKind.TOPICAL))
    return form, form.since, form.save.isEnabled


def end_of_treatment() -> Made:
    form, _since, can_save = treatment()
    assert isinstance(form, InfluenceDialog)
    form.until.is_given.setChecked(True)
    return form, form.until.date, can_save


def step() -> Made:
    item = OpenItem(Gap.OVERDUE, today(), None, None, "a.png", 1, 1)
    form = StepDialog(Step.TAKEN, [item], "MK")
    return form, form.date, form.save.isEnabled


def outcome() -> Made:
    form = OutcomeDialog("P-1, L1", "follow-up")
    form.diagnosis.setEditText("nevus")
    save = next(one for one in form.findChildren(QPushButton) if one.text().replace("&", "") == "Save")
    return form, form.date, save.isEnabled


def telling() -> Made:
    form = OutcomeDialog("P-1, L1", "histopathology", initials="MK")
    form.diagnosis.setEditText("nevus")
    form.fields.told.day.is_given.setChecked(True)
    save = next(one for one in form.findChildren(QPushButton) if one.text().replace("&", "") == "Save")
    return form, form.fields.told.day.date, save.isEnabled


def follow_up() -> Made:
    form = AssessmentForm()
    form.show_draft(Draft(diagnosis="nevus", label="nevus", plan=FOLLOW_UP))
    return form, form.date, lambda: form.is_complete


@pytest.mark.parametrize("make", [treatment, end_of_treatment, step, outcome, telling, follow_up])
@pytest.mark.parametrize("typed", ["1.13.2026", "1 Au"])
def test_a_form_with_a_refused_day_is_not_saved_and_says_why(
    qtbot: QtBot, make: Callable[[], Made], typed: str
) -> None:
    form, day, can_be_saved = make()
    qtbot.addWidget(form)
    form.show()
    assert can_be_saved()
    day.setFocus()
    qtbot.waitUntil(day.hasFocus)
    qtbot.keyClick(day, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(day, typed)
    day.clearFocus()
    assert not can_be_saved()
    shown = [one.text() for one in form.findChildren(PlainLabel) if one.isVisibleTo(form)]
    assert any(text.startswith(f"“{typed}” is not a day. Type it like ") for text in shown)
    day.setFocus()
    qtbot.waitUntil(day.hasFocus)
    qtbot.keyClicks(day, f"{today():%d %b %Y}")
    assert can_be_saved()


def test_a_worklist_asks_for_the_day_that_its_field_shows(qtbot: QtBot) -> None:
    form = DicomWorklistDialog("LL", own_entries=False)
    qtbot.addWidget(form)
    asked: list[dt.date] = []
    form.asked.connect(lambda day, _own: asked.append(day))
    qtbot.keyClick(form.day, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(form.day, "1 Aug 20256")
    assert asked == [dt.date(2025, 8, 1)]
    assert form.state.text().startswith("“1 Aug 20256” is not a day.")


@pytest.mark.parametrize("make", [HistoryFilter, AuditFilterRow])
def test_a_filter_with_a_refused_day_lets_nothing_through_and_says_why(
    qtbot: QtBot, make: Callable[[], HistoryFilter | AuditFilterRow]
) -> None:
    form = make()
    qtbot.addWidget(form)
    form.show()
    form.period.setCurrentIndex(form.period.count() - 1)
    day = form.days.last
    qtbot.keyClick(day, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(day, "1 Aug 20256")
    assert form.wanted().since == form.wanted().until
    said = [one.text() for one in form.findChildren(PlainLabel) if one.isVisible()]
    assert any(text.startswith("“1 Aug 20256” is not a day.") for text in said)
    with qtbot.waitSignal(form.changed):
        qtbot.keyClick(day, Qt.Key.Key_Backspace)
    until = form.wanted().until
    assert until is not None
    assert until.date() == dt.date(2025, 8, 2)
    assert not form.days.reason.isVisible()
