"""An image that was never placed with a lesion is placed and followed in a few steps, wherever one comes from."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.core.records.history import History
from desktop.core.records.reexcision import plan_reexcision
from desktop.widgets.history.history_table import FILE
from desktop.widgets.patient.lesion_rows import LESION_ID, UNPLACED
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.today.recent_patients import RecentPatients
from desktop.widgets.visit.lesion_words import day_text
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, add_lesion, bring, choose_patient, dialog, press


def click(desk: Desk, text: str) -> None:
    """Click the button with a text."""

    def found() -> list[QPushButton]:
        buttons = desk.parts.window.findChildren(QPushButton)
        return [one for one in buttons if text in one.text() and one.isVisible()]

    desk.wait(found)
    desk.qtbot.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def choose_lesion(desk: Desk, row: int) -> None:
    """Click a lesion in the list."""
    rows = desk.parts.window.patients.lesions.rows
    desk.wait(rows.isVisible)
    desk.qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.item(row)).center())


def is_open(desk: Desk, name: str) -> Callable[[], bool]:
    return lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == name


def press_c(desk: Desk) -> None:
    view = desk.parts.window.visit_page.view
    desk.parts.window.activateWindow()
    desk.wait(desk.parts.window.isActiveWindow)
    view.setFocus()
    desk.qtbot.keyClick(view, Qt.Key.Key_C)


def film(desk: Desk) -> list[str]:
    """Press C on the image; return the names of the images of the film."""
    desk.settle()
    press_c(desk)
    desk.wait(desk.parts.window.workspaces.follow_up.page.isVisible)
    desk.settle()
    return [frame.image.image.name for frame in desk.parts.window.workspaces.follow_up.film.frames]


@pytest.fixture
def loose(desk: Desk, tmp_path: Path) -> Desk:
    """P-77 has L1 with an image; another image belongs to nobody, and no patient is open."""
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.parts.open_patient.close()
    desk.settle()
    desk.open_and_keep(write_lesion(tmp_path / "loose.png", seed=2))
    desk.settle()
    return desk


def test_after_an_undone_placing_a_click_on_the_chosen_lesion_opens_its_own_image(desk: Desk, tmp_path: Path) -> None:
    messages = desk.parts.window.visit_page.messages
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    bring(desk, write_lesion(tmp_path / "two.png", seed=2))
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: messages.text().startswith("Not filed under any patient. Add to P-77?"))
    desk.settle()
    press_c(desk)
    desk.wait(lambda: "click its lesion in the list; then press “Place it with …”" in messages.text())
    choose_lesion(desk, 0)
    desk.wait(is_open(desk, "one.png"))
    desk.wait(lambda: "“two.png”, has no lesion" in messages.text())
    click(desk, "Place it with L1 left scapula")
    desk.wait(lambda: len(desk.parts.open_patient.images) == 2)


def test_from_visit_it_is_placed_with_a_lesion_of_the_patient_and_followed(loose: Desk) -> None:
    choose_patient(loose, "P-77")
    loose.settle()
    assert is_open(loose, "loose.png")()
    choose_lesion(loose, 0)
    click(loose, "Place it with L1 left scapula")
    loose.wait(lambda: len(loose.parts.open_patient.images_of(loose.parts.open_patient.lesions[0].id)) == 2)
    assert film(loose) == ["one.png", "loose.png"]


def test_a_new_lesion_is_one_key_away_and_c_says_both_ways(loose: Desk) -> None:
    view, messages = loose.parts.window.visit_page.view, loose.parts.window.visit_page.messages
    press_c(loose)
    loose.wait(lambda: "To follow it, choose its patient (Ctrl+L), then its lesion" in messages.text())
    choose_patient(loose, "P-77")
    click(loose, "Place it with P-77")
    loose.settle()
    press_c(loose)
    loose.wait(lambda: "To follow it, press N for a new lesion, or click its lesion" in messages.text())
    loose.qtbot.keyClick(view, Qt.Key.Key_N)
    asking = dialog(loose, PlaceDialog)
    loose.qtbot.keyClicks(asking.search, "right calf")
    loose.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    loose.wait(lambda: [lesion.name for lesion in loose.parts.open_patient.lesions] == ["L1", "L2"])
    assert film(loose) == ["loose.png"]


def test_from_today_it_is_a_card_of_the_patients_page(loose: Desk) -> None:
    choose_patient(loose, "P-77")
    click(loose, "Place it with P-77")
    loose.settle()
    loose.parts.open_patient.close()
    loose.parts.window.show_workspace("today")
    recent = loose.parts.window.workspaces.today.page
    loose.wait(lambda: recent.findChild(RecentPatients) is not None)
    rows = recent.findChild(RecentPatients)
    assert rows is not None
    loose.wait(lambda: rows.rowCount() == 1)
    rows.setCurrentCell(0, 0)
    loose.qtbot.keyClick(rows, Qt.Key.Key_Return)
    page = loose.parts.window.patients.page
    loose.wait(page.isVisible)
    loose.settle()
    cards = page.cards
    assert [cards.item(row).data(LESION_ID) == UNPLACED for row in range(cards.count())] == [False, True]
    assert cards.card(1).name == "Without a lesion"
    assert cards.card(1).images.startswith("1 image, ")
    lesions = loose.parts.window.patients.lesions
    lesions.fold(True)
    assert lesions.rows.item(1).text() == "No\nlesion"
    cards.setCurrentRow(1)
    loose.qtbot.keyClick(cards, Qt.Key.Key_C)
    assert page.isVisible(), "there is no film of it"
    loose.qtbot.keyClick(cards, Qt.Key.Key_Return)
    loose.wait(is_open(loose, "loose.png"))
    loose.settle()
    choose_lesion(loose, 0)
    click(loose, "Place it with L1 left scapula")
    loose.wait(lambda: len(loose.parts.open_patient.images_of(loose.parts.open_patient.lesions[0].id)) == 2)
    assert film(loose) == ["one.png", "loose.png"]


def test_from_the_history_it_is_placed_and_followed(loose: Desk) -> None:
    loose.parts.open_image.close()
    choose_patient(loose, "P-77")
    press(loose, Qt.Key.Key_4, CTRL)
    history = loose.parts.window.workspaces.history.page
    loose.wait(lambda: history.table.rowCount() == 2)
    loose.settle()
    rows = history.rows
    rows.selectRow(next(row for row in range(2) if "loose.png" in str(history.table.index(row, FILE).data())))
    loose.qtbot.keyClick(rows, Qt.Key.Key_Return)
    loose.wait(is_open(loose, "loose.png"))
    loose.settle()
    choose_lesion(loose, 0)
    click(loose, "Place it with L1 left scapula")
    loose.wait(lambda: len(loose.parts.open_patient.images_of(loose.parts.open_patient.lesions[0].id)) == 2)
    assert film(loose) == ["one.png", "loose.png"]


def open_from_history(desk: Desk, name: str) -> None:
    """Open an image as it stands in the history, and press C on it once its owner is known."""
    press(desk, Qt.Key.Key_4, CTRL)
    history = desk.parts.window.workspaces.history.page
    desk.wait(lambda: history.table.rowCount() == 2)
    desk.settle()
    rows = history.rows
    rows.selectRow(next(row for row in range(2) if name in str(history.table.index(row, FILE).data())))
    desk.qtbot.keyClick(rows, Qt.Key.Key_Return)
    desk.wait(is_open(desk, name))
    desk.settle()
    press_c(desk)


@pytest.mark.parametrize("other", ["", "P-2"])
def test_c_on_an_image_of_another_patients_lesion_says_whose_it_is_and_opens_them(loose: Desk, other: str) -> None:
    loose.parts.open_image.close()
    if other:
        choose_patient(loose, other)
    open_from_history(loose, "one.png")
    messages = loose.parts.window.visit_page.messages
    said = "This image is of P-77, L1 left scapula: open P-77 to follow it."
    loose.wait(lambda: messages.text() == said)
    click(loose, "Open P-77")
    loose.wait(lambda: (patient := loose.parts.open_patient.patient) is not None and patient.pseudonym == "P-77")
    assert film(loose) == ["one.png"]


def test_c_on_an_image_of_another_patient_without_a_lesion_offers_to_open_them(loose: Desk) -> None:
    choose_patient(loose, "P-77")
    click(loose, "Place it with P-77")
    loose.settle()
    choose_patient(loose, "P-2")
    open_from_history(loose, "loose.png")
    messages = loose.parts.window.visit_page.messages
    loose.wait(lambda: "To follow it, open P-77, then click its lesion in the list." in messages.text())
    click(loose, "Open P-77")
    loose.wait(lambda: (patient := loose.parts.open_patient.patient) is not None and patient.pseudonym == "P-77")


def test_the_offer_goes_with_the_lesion_and_the_patient(loose: Desk, tmp_path: Path) -> None:
    choose_patient(loose, "P-77")
    loose.settle()
    choose_lesion(loose, 0)
    messages = loose.parts.window.visit_page.messages
    loose.wait(lambda: "The image shown before, “loose.png”, has no lesion." in messages.text())
    loose.settle()
    assert is_open(loose, "one.png")()
    add_lesion(loose, "right calf")
    loose.settle()
    assert "loose.png" not in messages.text()


def test_its_card_opens_it_once(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    patients, open_patient, open_image = desk.parts.window.patients, desk.parts.open_patient, desk.parts.open_image
    open_patient.choose(None)
    bring(desk, write_lesion(tmp_path / "loose.png", seed=2))
    open_patient.choose(open_patient.lesions[0].id)
    desk.settle()
    open_image.close()
    opened: list[object] = []
    open_image.opening.connect(opened.append)
    patients.page.lesion_requested.emit(UNPLACED)
    desk.wait(is_open(desk, "loose.png"))
    assert len(opened) == 1
    open_image.close()
    patients.page.lesion_requested.emit(UNPLACED)
    desk.wait(is_open(desk, "loose.png"))
    assert len(opened) == 2


def show_page(desk: Desk) -> list[str]:
    """Show the patient's page; return the lines of the card of the images without a lesion."""
    desk.parts.window.menus.actions["patient page"].trigger()
    desk.parts.history_service.changed.emit()
    desk.settle()
    cards = desk.parts.window.patients.page.cards
    return [line.text for line in cards.card(cards.count() - 1).lines if line.text]


def test_its_card_says_what_is_known_and_open_of_it_but_nothing_of_an_answer(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "Q-12")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.settle()
    hint = "Open one, then choose its lesion, or press N for a new one."
    assert show_page(desk) == [hint], "nothing was entered of it"
    (image,) = desk.parts.open_patient.images
    today = desk.parts.open_patient.date
    with History.open(desk.folder) as history:
        history.assessments.assess(image_id=image.image_id, before_model=True, diagnosis="nevus", by="MK")
        history.assessments.add_outcome(
            image_id=image.image_id,
            kind="histopathology",
            diagnosis="melanoma",
            label="melanoma",
            margins="involved",
            date=today,
            by="MK",
        )
        plan_reexcision(history, lesion_id=None, image_id=image.image_id, note="", today=today, by="MK")
    known = [
        f"Melanoma, margins involved, histology {day_text(today)}",
        f"Re-excision planned since {day_text(today)}",
        "Assessed today: Nevus",
    ]
    assert show_page(desk) == [*known, hint]
    bring(desk, write_lesion(tmp_path / "two.png", seed=2))
    desk.settle()
    assert show_page(desk) == [*(f"one.png: {line}" for line in known), hint], "of several it is named"
