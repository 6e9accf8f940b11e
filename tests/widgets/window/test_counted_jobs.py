"""The everyday jobs take as many actions as is promised, with the mouse and with keys.

One action is a click, a key, a word that is typed, or a file that is dropped or chosen.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QTableWidget,
    QToolButton,
    QWidget,
)

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, Lesion
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.test_follow_up import form, page_of, three, wait_for
from tests.widgets.follow_up.visits import open_lesion
from tests.widgets.patient.test_patient import bring, choose_patient, dialog, drop

MakeDesk = Callable[..., Desk]


class Hands:
    """Does what a user does, and counts it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.actions = 0

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        self.actions += 1
        self.desk.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Click the only visible button with these words."""

        def found() -> list[QAbstractButton]:
            buttons = (within or self.desk.parts.window).findChildren(QAbstractButton)
            return [one for one in buttons if one.text().replace("&", "").strip() == words and one.isVisible()]

        self.desk.wait(found)
        (button,) = found()
        self.click(button)

    def key(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.actions += 1
        self.desk.qtbot.keyClick(widget, key, modifier)

    def shortcut(self, action: QAction) -> None:
        """Press the keys of a menu entry."""
        assert not action.shortcut().isEmpty()
        window = self.desk.parts.window
        window.activateWindow()
        self.desk.wait(window.isActiveWindow)
        self.actions += 1
        self.desk.qtbot.keySequence(window, action.shortcut())

    def type(self, widget: QWidget, word: str) -> None:
        self.actions += 1
        self.desk.qtbot.keyClicks(widget, word)

    def drop(self, path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        self.actions += 1
        drop(self.desk.parts.window, mime, QPoint(600, 400))


@pytest.fixture
def blind(make_desk: MakeDesk, model_file: Path) -> Desk:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


# A follow-up, from the list of what is due until today's image can be assessed


def due_list(desk: Desk, folder: Path) -> tuple[WorklistsDialog, QTableWidget]:
    """Open the list of what is due: one lesion with images of earlier years."""
    patient, lesion = three(desk, folder)
    with History.open(desk.folder) as history:
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=history.people.visits(patient.id)[0].id,
            before_model=True,
            diagnosis="nevus",
            plan=FOLLOW_UP,
            plan_date=today(),
            by="MK",
        )
    desk.parts.window.menus.actions["due"].trigger()
    found = dialog(desk, WorklistsDialog)

    def tables() -> list[QTableWidget]:
        return [one for one in found.findChildren(QTableWidget) if one.isVisible() and one.rowCount()]

    desk.wait(tables)
    return found, tables()[0]


def check_ready(desk: Desk) -> None:
    """Check that today's image stands beside the last one, with the form for its assessment."""
    wait_for(desk, "2025.png", "today.png")
    assert desk.parts.window.workspaces.current == "follow_up"
    desk.wait(form(desk).isVisible)


def test_follow_up_from_due_takes_two_actions_with_the_mouse(blind: Desk, tmp_path: Path) -> None:
    todays = write_lesion(tmp_path / "today.png", seed=9)
    shown, _table = due_list(blind, tmp_path)
    hands = Hands(blind)
    hands.press("Open", shown)
    wait_for(blind, "2024.png", "2025.png")
    blind.settle()
    hands.drop(todays)
    check_ready(blind)
    assert hands.actions == 2


def test_follow_up_from_due_takes_two_actions_with_keys(
    blind: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    todays = write_lesion(tmp_path / "today.png", seed=9)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(todays)], ""))
    _shown, table = due_list(blind, tmp_path)
    hands = Hands(blind)
    hands.key(table, Qt.Key.Key_Return)
    wait_for(blind, "2024.png", "2025.png")
    blind.settle()
    hands.shortcut(blind.parts.window.menus.actions["open"])
    check_ready(blind)
    assert hands.actions == 2


# A new lesion, from its image until it can be assessed


def without_lesion(desk: Desk, folder: Path) -> None:
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(folder / "one.png"))
    desk.wait(desk.parts.window.visit_page.view.hasFocus)


def check_placed(desk: Desk) -> None:
    """Check that the image is that of a new lesion, whose assessment is asked for."""
    desk.wait(lambda: [one.site for one in desk.parts.open_patient.lesions] == ["scapula-left"])
    (lesion,) = desk.parts.open_patient.lesions
    desk.wait(lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [lesion.id])
    desk.wait(desk.parts.window.visit_page.assessment_panel.isVisible)


def test_new_lesion_takes_three_actions_with_the_mouse(blind: Desk, tmp_path: Path) -> None:
    without_lesion(blind, tmp_path)
    hands = Hands(blind)
    hands.click(blind.parts.window.patients.lesions.new)
    asking = dialog(blind, PlaceDialog)
    hands.click(asking.map, asking.map.centre_of("scapula-left").toPoint())
    hands.press("Place L1 here", asking)
    check_placed(blind)
    assert hands.actions == 3


def test_new_lesion_takes_three_actions_with_keys(blind: Desk, tmp_path: Path) -> None:
    without_lesion(blind, tmp_path)
    hands = Hands(blind)
    hands.key(blind.parts.window.visit_page.view, Qt.Key.Key_N)
    asking = dialog(blind, PlaceDialog)
    assert asking.search.hasFocus()
    hands.type(asking.search, "left scapula")
    hands.key(asking.search, Qt.Key.Key_Return)
    check_placed(blind)
    assert hands.actions == 3


# The comparison of a lesion with the visit before, from its image


def test_comparing_with_the_last_visit_takes_one_action(desk: Desk, tmp_path: Path) -> None:
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    hands = Hands(desk)
    hands.key(desk.parts.window.visit_page.view, Qt.Key.Key_C)
    wait_for(desk, "2024.png", "2025.png")
    assert hands.actions == 1
    desk.parts.window.show_workspace("visit")
    desk.settle()
    hands = Hands(desk)
    (rail,) = [one for one in desk.parts.window.findChildren(QToolButton) if one.toolTip() == "Follow-up (Ctrl+3)"]
    hands.click(rail)
    desk.wait(page_of(desk).isVisible)
    wait_for(desk, "2024.png", "2025.png")
    assert hands.actions == 1


# A histology, from any image until it is saved


def with_biopsy(desk: Desk, folder: Path) -> Lesion:
    """Record that a biopsy was taken, whose result is missing."""
    _patient, lesion = three(desk, folder)
    with History.open(desk.folder) as history:
        visit = history.people.visits(lesion.patient_id)[0]
        plan = history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, today(), "AB", ""), by="AB")
    desk.parts.history_service.changed.emit()
    return lesion


def check_saved(desk: Desk, lesion: Lesion) -> None:
    def diagnoses() -> list[str]:
        with History.open(desk.folder) as history:
            return [one.diagnosis for one in history.assessments.outcomes(lesion_id=lesion.id)]

    desk.wait(lambda: diagnoses() == ["melanoma_in_situ"])


def outcome_dialog(desk: Desk) -> OutcomeDialog:
    """Wait for the form, and for what is recorded; what is typed goes to its diagnosis."""
    found = dialog(desk, OutcomeDialog)
    desk.wait(lambda: found.missing.text() != "Reading the history…")
    desk.wait(lambda: QApplication.focusWidget() in {found.diagnosis, found.diagnosis.field})
    return found


def test_histology_takes_four_actions_with_the_mouse(desk: Desk, tmp_path: Path) -> None:
    lesion = with_biopsy(desk, tmp_path)
    hands = Hands(desk)
    hands.press("Histology open 1")
    hands.press("Outcome…", dialog(desk, WorklistsDialog))
    asked = outcome_dialog(desk)
    hands.type(asked.diagnosis.field, "melanoma in situ")
    buttons = asked.findChild(QDialogButtonBox)
    assert buttons is not None
    hands.click(buttons.button(QDialogButtonBox.StandardButton.Save))
    check_saved(desk, lesion)
    assert hands.actions == 4


def test_histology_takes_four_actions_with_keys(desk: Desk, tmp_path: Path) -> None:
    lesion = with_biopsy(desk, tmp_path)
    hands = Hands(desk)
    hands.shortcut(desk.parts.window.menus.actions["histology"])
    dialog(desk, WorklistsDialog)
    desk.wait(lambda: isinstance(QApplication.focusWidget(), QTableWidget))
    hands.key(focused(), Qt.Key.Key_O)
    asked = outcome_dialog(desk)
    hands.type(asked.diagnosis.field, "melanoma in situ")
    hands.key(asked.diagnosis.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    check_saved(desk, lesion)
    assert hands.actions == 4


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found
