"""A form in which something was entered asks before it is closed; one that was only looked at closes at once."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.core.imaging.capture import Capture
from desktop.core.records.influences import Influence, InfluenceKind, Span
from desktop.core.records.people import Lesion
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog

TODAY = dt.date(2026, 11, 29)
NOW = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
QUESTION = "Discard what was entered?"


def treatments() -> InfluenceDialog:
    return InfluenceDialog("P-1, L1", [], can_be_pregnant=True, today=TODAY)


def place() -> PlaceDialog:
    lesion = Lesion(1, 1, "L1", "")
    return PlaceDialog(lesion, [lesion])


def capture() -> CaptureDialog:
    return CaptureDialog([("3 May 2023", Capture())], [])


def type_note(form: QDialog) -> None:
    texts = form.findChildren(QPlainTextEdit)
    if texts:
        texts[0].setPlainText("x")
    else:
        form.findChildren(QLineEdit)[-1].setText("x")


def set_day(form: QDialog) -> None:
    day = form.findChildren(DayEdit)[-1]
    day.setDate(day.date().addDays(-3))


def tick(form: QDialog) -> None:
    next(one for one in form.findChildren(QCheckBox) if one.isVisible() and one.isEnabled()).click()


def choose_place(form: QDialog) -> None:
    assert isinstance(form, PlaceDialog)
    form.search.setText("left scapula")


ENTRIES = [
    (lambda: OutcomeDialog("P-1, L1"), type_note),
    (lambda: OutcomeDialog("P-1, L1"), set_day),
    (lambda: OutcomeDialog("P-1, L1"), tick),
    (treatments, type_note),
    (treatments, set_day),
    (capture, type_note),
    (place, choose_place),
]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, questions: list[str]) -> list[QMessageBox.StandardButton]:
    """Answer the questions in this order; without an answer a question fails."""
    given: list[QMessageBox.StandardButton] = []

    def answer(_parent: object, _title: str, text: str, *_buttons: object) -> QMessageBox.StandardButton:
        questions.append(text)
        return given.pop(0)

    monkeypatch.setattr(QMessageBox, "question", answer)
    return given


@pytest.mark.parametrize(("make", "enter"), ENTRIES)
def test_escape_asks_once_something_was_entered(
    qtbot: QtBot,
    questions: list[str],
    answers: list[QMessageBox.StandardButton],
    make: Callable[[], QDialog],
    enter: Callable[[QDialog], None],
) -> None:
    answers += [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    form = make()
    form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(form)
    form.show()
    enter(form)
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert form.isVisible()
    assert questions == [QUESTION]
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert questions == [QUESTION, QUESTION]


@pytest.mark.parametrize("make", [lambda: OutcomeDialog("P-1, L1"), treatments, capture, place])
def test_escape_closes_an_untouched_form_at_once(
    qtbot: QtBot, answers: list[QMessageBox.StandardButton], make: Callable[[], QDialog]
) -> None:
    form = make()
    form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(form)
    form.show()
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert answers == []


def test_what_a_correction_fills_in_was_not_entered(
    qtbot: QtBot, questions: list[str], answers: list[QMessageBox.StandardButton]
) -> None:
    known = Influence(
        1, InfluenceKind.TOPICAL, 1, Span(TODAY, None), "imiquimod", is_withdrawn=False, initials="MK", time=NOW
    )
    form = InfluenceDialog("P-1, L1", [known], can_be_pregnant=True, today=TODAY)
    form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(form)
    form.show()
    form.correct(known)
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert questions == answers == []
