"""A form is of the patient for whom it was opened, although another one comes up meanwhile from a slow disk."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from desktop.core.errors import AppError
from desktop.core.records.history import History
from desktop.widgets.patient.erase_dialog import EraseDialog
from desktop.widgets.patient.patient_chooser import PatientChooser, PatientDetails
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, choose_patient, dialog, press


@pytest.fixture
def two(desk: Desk) -> Desk:
    """P-0501 is open, and P-0502 is in the history."""
    for pseudonym in ("P-0502", "P-0501"):
        choose_patient(desk, pseudonym)
    desk.settle()
    return desk


@contextmanager
def opening_the_other(desk: Desk) -> Iterator[None]:
    """Have P-0502 opened from a slow disk, and wait until they are."""
    with History.open(desk.folder) as history:
        other = history.people.patient_called("P-0502")
    assert other is not None
    with desk.slow_history():
        desk.parts.window.features.patients.open(other)
        yield
    desk.wait(lambda: desk.parts.open_patient.patient is not None and desk.parts.open_patient.patient.id == other.id)


def accept(desk: Desk, form: QDialog, words: str) -> None:
    button = next(one for one in form.findChildren(QPushButton) if one.text() == words)
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: not [one for one in QApplication.topLevelWidgets() if one is form and one.isVisible()])
    desk.settle()


def pseudonyms(desk: Desk) -> set[str]:
    with History.open(desk.folder) as history:
        return {one.pseudonym for one in history.people.find_patients()}


def test_a_correction_is_of_the_patient_who_was_shown(two: Desk) -> None:
    presenter = two.parts.window.patients.presenter
    with opening_the_other(two):
        presenter.correct()
        form = dialog(two, PatientDetails)
        form.pseudonym.setText("P-0601")
    accept(two, form, "Save")
    assert pseudonyms(two) == {"P-0601", "P-0502"}


def test_the_patient_whose_pseudonym_was_typed_is_erased(two: Desk) -> None:
    presenter = two.parts.window.patients.presenter
    with opening_the_other(two):
        presenter.erase()
        form = dialog(two, EraseDialog)
        two.qtbot.keyClicks(form.field, "P-0501")
    form.accept()
    two.settle()
    assert pseudonyms(two) == {"P-0502"}
    assert two.parts.open_patient.patient is not None
    assert two.parts.open_patient.patient.pseudonym == "P-0502"


@pytest.mark.parametrize(("more", "is_open"), [("2", False), ("", True)])
def test_enter_is_for_the_text_at_which_it_was_pressed(two: Desk, more: str, is_open: bool) -> None:
    press(two, Qt.Key.Key_L, CTRL)
    chooser = dialog(two, PatientChooser)
    two.wait(lambda: chooser.search.list.count() == 2)
    opened: list[object] = []
    chooser.search.chosen.connect(opened.append)
    with two.slow_history():
        two.qtbot.keyClicks(chooser.search.field, "P-050" if more else "P-0502")
        two.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
        two.qtbot.keyClicks(chooser.search.field, more)
    two.settle()
    assert bool(opened) == is_open


def test_list_that_is_still_being_read_says_so_and_makes_no_second_patient(two: Desk) -> None:
    with two.slow_history():
        press(two, Qt.Key.Key_L, CTRL)
        chooser = dialog(two, PatientChooser)
        search = chooser.search
        made: list[str] = []
        search.made.connect(made.append)
        assert search.note.text() == "Reading the history…"
        two.qtbot.keyClicks(search.field, "p-0502")
        for _ in range(3):
            two.qtbot.keyClick(search.field, Qt.Key.Key_Return)
        assert search.note.text() == "Reading the history…"
        assert search.list.count() == 0
    two.wait(lambda: (patient := two.parts.open_patient.patient) is not None and patient.pseudonym == "P-0502")
    assert made == []
    assert pseudonyms(two) == {"P-0501", "P-0502"}


def test_new_patient_who_was_offered_for_an_earlier_text_is_not_made(two: Desk) -> None:
    press(two, Qt.Key.Key_L, CTRL)
    search = dialog(two, PatientChooser).search
    two.qtbot.keyClicks(search.field, "P-050")
    two.wait(lambda: search.list.count() == 3)
    offered = search.list.item(2)
    assert "New patient" in offered.text()
    with two.slow_history():
        two.qtbot.keyClicks(search.field, "2")
        search.list.itemClicked.emit(offered)
        assert search.note.text() == "Reading the history…"
    two.wait(lambda: (patient := two.parts.open_patient.patient) is not None and patient.pseudonym == "P-0502")
    assert pseudonyms(two) == {"P-0501", "P-0502"}


def test_rows_stay_where_they_are_as_a_message_comes_and_goes(two: Desk) -> None:
    press(two, Qt.Key.Key_L, CTRL)
    chooser = dialog(two, PatientChooser)
    two.wait(lambda: chooser.search.list.count() == 2)
    rows, messages = chooser.search.list.viewport(), chooser.messages
    place, height = rows.mapTo(chooser, QPoint()), rows.height()
    chooser.fail(AppError("The drive is full."))
    two.wait(lambda: rows.height() < height)
    assert rows.mapTo(chooser, QPoint()) == place
    messages.hide()
    two.wait(lambda: rows.height() == height)
    assert rows.mapTo(chooser, QPoint()) == place


def test_closing_the_window_asks_while_something_is_entered_in_a_form(two: Desk, questions: list[str]) -> None:
    dialogs = two.parts.window.features.dialogs
    two.parts.window.patients.presenter.correct()
    form = dialog(two, PatientDetails)
    assert dialogs.may_close()
    assert questions == []
    form.pseudonym.setText("P-0601")
    assert dialogs.may_close()
    assert "A form is open in which something was entered." in questions.pop()
