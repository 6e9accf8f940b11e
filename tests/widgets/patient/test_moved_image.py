"""An image is moved by a deliberate act alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from desktop.widgets.patient.move_dialog import MoveDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient, dialog, images_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def two(desk: Desk, tmp_path: Path) -> Desk:
    """P-77 has a lesion with an image; Q-12 is open, with an image without a lesion in front."""
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "first.png", seed=1))
    choose_patient(desk, "Q-12")
    bring(desk, write_lesion(tmp_path / "moved.png", seed=2))
    desk.settle()
    return desk


def ask(desk: Desk) -> MoveDialog:
    desk.parts.window.menus.actions["patient move"].trigger()
    asking = dialog(desk, MoveDialog)
    desk.wait(lambda: asking.search.list.count() == 2)
    return asking


def row_of(rows: QListWidget, text: str) -> QPoint:
    return rows.visualItemRect(rows.findItems(text, Qt.MatchFlag.MatchContains)[0]).center()


def click_row(desk: Desk, rows: QListWidget, text: str) -> None:
    desk.qtbot.mouseClick(rows.viewport(), LEFT, pos=row_of(rows, text))


def choose_place(desk: Desk) -> MoveDialog:
    """Click the patient P-77 and their lesion."""
    asking = ask(desk)
    click_row(desk, asking.search.list, "P-77")
    desk.wait(lambda: asking.lesions.count() == 2)
    assert asking.isVisible()
    click_row(desk, asking.lesions, "left scapula")
    assert asking.isVisible()
    assert len(images_of(desk, "P-77")) == 1
    return asking


def by_button(desk: Desk, asking: MoveDialog) -> None:
    button = next(one for one in asking.findChildren(QPushButton) if one.text() == "Move")
    desk.qtbot.mouseClick(button, LEFT)


def by_enter(desk: Desk, asking: MoveDialog) -> None:
    desk.qtbot.keyClick(asking.lesions, Qt.Key.Key_Return)


def by_double_click(desk: Desk, asking: MoveDialog) -> None:
    desk.qtbot.mouseDClick(asking.lesions.viewport(), LEFT, pos=row_of(asking.lesions, "left scapula"))


Mover = Callable[[Desk, MoveDialog], None]


@pytest.mark.parametrize("act", [by_button, by_enter, by_double_click])
def test_a_click_chooses_patient_and_lesion_and_a_second_act_moves(two: Desk, act: Mover) -> None:
    changes = two.parts.window.frame.undo_stack
    act(two, choose_place(two))
    two.settle()
    (lesion_id,) = {one.lesion_id for one in images_of(two, "P-77")}
    assert lesion_id is not None
    assert images_of(two, "Q-12") == []
    changes.undo()
    two.settle()
    assert len(images_of(two, "Q-12")) == 1, "it was moved once"
