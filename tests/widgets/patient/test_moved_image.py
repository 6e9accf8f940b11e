"""An image is moved by a deliberate act alone, and is shown with the patient and lesion to whom an undo or redo gave it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from desktop.session import opening_request
from desktop.widgets.patient.move_dialog import MoveDialog
from tests.making import write_lesion
from tests.widgets.common.test_undo import click_message
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, SHIFT, add_lesion, bring, choose_patient, dialog, images_of, press

LEFT = Qt.MouseButton.LeftButton
UNDO, REDO = CTRL, CTRL | SHIFT


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


def move(desk: Desk) -> None:
    by_button(desk, choose_place(desk))
    desk.settle()


def change(desk: Desk, modifiers: Qt.KeyboardModifier) -> None:
    press(desk, Qt.Key.Key_Z, modifiers)
    desk.settle()


def open_moved(desk: Desk) -> None:
    """Open the image that was moved, of the open patient."""
    image = next(one for one in desk.parts.open_patient.images if one.image.name == "moved.png")
    desk.parts.open_patient.choose(image.lesion_id)
    desk.parts.open_image.open(desk.parts.open_patient.request_for(image))
    desk.wait(lambda: shown(desk) == "moved.png")
    desk.settle()


def shown(desk: Desk) -> str:
    picture = desk.parts.open_image.picture
    return "" if picture is None else picture.name


def title(desk: Desk) -> str:
    return desk.texts(desk.parts.window.visit_page.head)


def test_an_image_that_an_undo_gives_back_is_closed_at_the_patient_who_is_open(two: Desk) -> None:
    move(two)
    choose_patient(two, "P-77")
    open_moved(two)
    assert "L1 left scapula" in title(two)
    change(two, UNDO)
    assert shown(two) == ""
    assert "L1 left scapula: choose an image below" in two.texts(two.parts.window.visit_page)
    assert len(images_of(two, "Q-12")) == 1


def test_an_image_that_a_redo_moves_is_closed_at_the_patient_who_is_open(two: Desk) -> None:
    move(two)
    change(two, UNDO)
    open_moved(two)
    change(two, REDO)
    assert shown(two) == ""
    assert images_of(two, "Q-12") == []


def test_an_image_of_nobody_open_is_named_by_whose_it_is_after_an_undo(two: Desk) -> None:
    move(two)
    two.parts.open_patient.close()
    entry = next(one for one in two.entries() if one.image.name == "moved.png")
    two.parts.open_image.open(opening_request.of_entry(entry))
    two.settle()
    messages = two.parts.window.visit_page.messages
    assert messages.text() == "This image is of P-77, L1 left scapula."
    change(two, UNDO)
    assert messages.text().startswith("Undo “move of ")
    click_message(two, "Undo")
    two.settle()
    assert messages.text() == "This image is of Q-12."
    click_message(two, "Open Q-12")
    two.settle()
    assert shown(two) == "moved.png"
    assert messages.text() == ""


def test_undo_and_redo_of_a_placing_choose_the_lesion_of_the_image_in_front(two: Desk) -> None:
    add_lesion(two, "nose")  # takes the image in front
    two.settle()
    assert "L1 nose" in title(two)
    change(two, UNDO)  # the place
    assert "L1" in title(two)
    while two.parts.open_patient.images[0].lesion_id is not None:
        change(two, UNDO)
    assert shown(two) == "moved.png"
    assert "L1" not in title(two)
    assert two.parts.open_patient.lesion is None
    change(two, REDO)
    assert two.parts.open_patient.images[0].lesion_id is not None
    assert "L1" in title(two)


def test_undo_of_a_move_between_lesions_shows_the_lesion_that_has_the_image_again(two: Desk, tmp_path: Path) -> None:
    for seed, place in enumerate(("nose", "chin"), 10):
        add_lesion(two, place)
        bring(two, write_lesion(tmp_path / f"{place}.png", seed=seed))
    first, second = two.parts.open_patient.lesions
    two.parts.open_patient.choose(first.id)
    two.settle()
    moved = shown(two)
    assert moved
    picture = two.parts.open_image.picture
    assert picture is not None
    two.parts.window.patients.moves.assign([picture.sha256], second.id)
    two.settle()
    assert "L2 chin" in title(two)
    change(two, UNDO)
    assert shown(two) == moved
    assert "L1 nose" in title(two)
    change(two, REDO)
    assert shown(two) == moved
    assert "L2 chin" in title(two)


def test_an_image_that_is_placed_and_taken_back_is_offered_again(two: Desk, tmp_path: Path) -> None:
    choose_patient(two, "P-77")
    two.parts.open_patient.close()
    two.open_and_keep(write_lesion(tmp_path / "loose.png", seed=3))
    choose_patient(two, "P-77")
    two.settle()
    offer = "Not filed under any patient. Add to P-77?"
    messages = two.parts.window.visit_page.messages
    assert messages.text() == offer
    click_message(two, "Place it with P-77")
    two.settle()
    assert len(images_of(two, "P-77")) == 2
    change(two, UNDO)
    assert (shown(two), messages.text()) == ("loose.png", offer)
    change(two, REDO)
    assert (shown(two), messages.text()) == ("loose.png", "")
