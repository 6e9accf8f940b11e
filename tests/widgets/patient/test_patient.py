"""Patients in the window: chosen by typing, lesions on the body map, images grouped, moved and undone."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QRadioButton, QWidget
from shiboken6 import isValid

from desktop.core.body_places import MUCOSA, NAIL, ROWS
from desktop.core.draft import Draft
from desktop.core.inference.contract import Flag, QualityLimits
from desktop.core.paths import SAMPLES
from desktop.core.records.history import History
from desktop.core.records.patient_file import LesionState
from desktop.core.records.people import PlacedImage, SkinType
from desktop.core.records.values import KeptImage
from desktop.widgets.answer.alert_context import not_tested_site, patient_context
from desktop.widgets.common.body_places import places
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.wording import local_day, percent
from desktop.widgets.patient.erase_dialog import EraseDialog
from desktop.widgets.patient.lesion_list import FOLDED, WIDTH
from desktop.widgets.patient.move_dialog import MoveDialog
from desktop.widgets.patient.patient_chooser import PatientChooser, PatientDetails
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.visit.image_drag import drag_data
from tests.alerts import ALWAYS, NEVER, melanoma_alert
from tests.core.imaging.dicoms import dicom, jpeg
from tests.making import contract, lesion, write_lesion, write_model
from tests.widgets.conftest import Desk

D = TypeVar("D", bound=QDialog)
MakeDesk = Callable[[Path], Desk]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def dialog(desk: Desk, kind: type[D]) -> D:
    desk.wait(lambda: any(isinstance(one, kind) and one.isVisible() for one in QApplication.allWidgets()))
    return next(one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible())


def press(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press keys in the window once it has the focus again after a dialog."""
    desk.wait(lambda: QApplication.activeModalWidget() is None)
    desk.parts.window.activateWindow()
    desk.wait(desk.parts.window.isActiveWindow)
    desk.qtbot.keyClick(desk.parts.window, key, modifiers)


def choose_patient(desk: Desk, text: str) -> None:
    """Press Ctrl+L, type, press Enter; once more for a new patient."""
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, text)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)

    def is_open() -> bool:
        return (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == text

    desk.wait(lambda: is_open() or (isValid(chooser) and "once more" in chooser.search.note.text()))
    if not is_open():
        desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(is_open)


def add_lesion(desk: Desk, place: str = "") -> None:
    """Add a lesion with the keyboard, and place it with the searchable list."""
    count = len(desk.parts.open_patient.lesions)
    press(desk, Qt.Key.Key_B, CTRL | SHIFT)
    asking = dialog(desk, PlaceDialog)
    if place:
        desk.qtbot.keyClicks(asking.search, place)
        desk.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    else:
        asking.reject()
    desk.wait(lambda: len(desk.parts.open_patient.lesions) == count + 1)
    desk.wait(lambda: not place or bool(desk.parts.open_patient.lesions[-1].site))


def bring(desk: Desk, *paths: Path) -> None:
    """Open images and wait until all of them are placed."""
    before = len(desk.parts.open_patient.images)
    desk.parts.window.open_files(list(paths))
    desk.wait(
        lambda: not desk.parts.import_queue.waiting and len(desk.parts.open_patient.images) == before + len(paths)
    )


def bring_lesion(desk: Desk, folder: Path) -> tuple[int, int]:
    """Bring an image of a new patient's lesion; return the ids of the lesion and of the visit."""
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(folder / "one.png", seed=1))
    (lesion,) = desk.parts.open_patient.lesions
    visit = desk.parts.open_patient.visit
    assert visit is not None
    return lesion.id, visit.id


def hover(target: QWidget, mime: QMimeData, at: QPoint) -> None:
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(at, copy, mime, left, no_key))
    QApplication.sendEvent(target, QDragMoveEvent(at, copy, mime, left, no_key))


def drop(target: QWidget, mime: QMimeData, at: QPoint) -> None:
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    hover(target, mime, at)
    QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, mime, left, no_key))


def images_of(desk: Desk, pseudonym: str) -> list[PlacedImage]:
    """Return a patient's images from the history file, read over a separate connection."""
    with History.open(desk.folder) as history:
        patient = next(one for one in history.people.find_patients() if one.pseudonym == pseudonym)
        return history.people.images(patient.id)


def three(folder: Path) -> list[Path]:
    return [write_lesion(folder / f"{number}.png", seed=number) for number in range(3)]


def test_patient_is_added_and_found_by_typing(desk: Desk) -> None:
    banner = desk.parts.window.patients.banner
    assert "No patient" in desk.texts(banner)
    choose_patient(desk, "P-0412")
    assert "P-0412" in desk.texts(banner)
    choose_patient(desk, "P-0413")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "0412")
    desk.wait(lambda: chooser.search.list.count() == 2)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Down)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(
        lambda: desk.parts.open_patient.patient is not None and desk.parts.open_patient.patient.pseudonym == "P-0412"
    )


def test_enter_opens_no_patient_whose_id_is_only_partly_typed(desk: Desk) -> None:
    choose_patient(desk, "P-12")
    choose_patient(desk, "P-3")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "P-1")
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: chooser.search.list.count() == 2)
    desk.wait(lambda: chooser.search.note.text() == "Several rows: mark one with the arrow keys, then Enter.")
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.rest()
    assert chooser.isVisible()
    assert desk.parts.open_patient.patient.pseudonym == "P-3"  # type: ignore[union-attr]
    desk.qtbot.keyClicks(chooser.search.field, "2")
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "P-12")


def test_a_typing_error_makes_no_patient_by_the_enter_that_opens_one(desk: Desk) -> None:
    choose_patient(desk, "P-0412")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "P-0142")
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    text = "There is no patient “P-0142”. Enter in the search field once more makes a new one."
    desk.wait(lambda: chooser.search.note.text() == text)
    assert chooser.isVisible()
    with History.open(desk.folder) as history:
        assert [one.pseudonym for one in history.people.find_patients()] == ["P-0412"]
    chooser.search.field.clear()
    desk.qtbot.keyClicks(chooser.search.field, "P-0412")
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "P-0412")


def test_a_new_patient_is_made_by_enter_in_the_search_field_and_in_none_below(desk: Desk) -> None:
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "P-" + "9" * 38)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: "Enter in the search field once more" in chooser.search.note.text())
    size = chooser.size()
    for _ in range(3):
        desk.qtbot.keyClick(chooser.focusWidget(), Qt.Key.Key_Tab)
        field = chooser.focusWidget()
        if field is chooser.search.list:
            continue
        desk.qtbot.keyClick(field, Qt.Key.Key_Return)
        desk.settle()
        assert chooser.isVisible(), "Enter in another field makes nobody"
    assert chooser.size() == size
    note = chooser.search.note
    assert note.heightForWidth(note.width()) <= note.height()
    chooser.search.field.setFocus()
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym[:3] == "P-9")


def test_no_patient_is_selected_before_typing_and_the_last_visit_is_shown(desk: Desk) -> None:
    choose_patient(desk, "P-0412")
    desk.parts.window.menus.actions["patient visit"].trigger()
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    choose_patient(desk, "P-0413")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.wait(lambda: chooser.search.list.count() == 2)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.rest()
    assert chooser.isVisible()
    assert (chooser.search.list.currentRow(), desk.parts.open_patient.patient.pseudonym) == (-1, "P-0413")  # type: ignore[union-attr]
    rows = {chooser.search.list.item(row).text().strip() for row in range(2)}
    today = local_day(dt.datetime.now().astimezone().date())
    assert {
        f"P-0412   ·   Sex not known   ·   last visit {today}",
        "P-0413   ·   Sex not known   ·   no visit yet",
    } == rows
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Down)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.parts.window.findChildren(PatientChooser))


def test_letters_typed_right_after_the_key_are_not_lost(desk: Desk) -> None:
    """As the window system sends them: to the focused window, without event processing in between."""
    window = desk.parts.window
    window.activateWindow()
    desk.wait(window.isActiveWindow)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_L, CTRL)
    for letter in "p-0412":
        QTest.keyClick(window.windowHandle(), letter)
    chooser = dialog(desk, PatientChooser)
    assert chooser.search.field.text() == "p-0412"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_1, CTRL)  # must not switch the workspace behind it
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    desk.wait(lambda: not window.findChildren(PatientChooser))
    assert desk.parts.open_patient.patient is None


def test_known_patient_is_found_by_any_spelling_of_the_id(desk: Desk) -> None:
    choose_patient(desk, "A B 1")
    choose_patient(desk, "P-2")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "a  b 1")
    desk.wait(lambda: chooser.search.list.count() == 1)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "A B 1")


def test_chooser_can_be_closed_before_its_list_arrives(desk: Desk) -> None:
    with desk.slow_history():
        press(desk, Qt.Key.Key_L, CTRL)
        dialog(desk, PatientChooser).reject()
        desk.wait(lambda: not desk.parts.window.findChildren(PatientChooser))
    assert desk.parts.open_patient.patient is None


def test_chooser_stays_open_while_a_patient_is_being_added(desk: Desk) -> None:
    """Escape during the write would leave nothing to report its outcome to."""
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "P-1")
    desk.wait(lambda: chooser.search.list.count() == 1)
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    with desk.slow_history():
        desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
        desk.qtbot.keyClick(chooser, Qt.Key.Key_Escape)
        assert chooser.isVisible()
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "P-1")
    desk.wait(lambda: not desk.parts.window.findChildren(PatientChooser))


def test_no_other_patient_is_opened_while_one_is_being_added(desk: Desk) -> None:
    """Otherwise the new patient would replace the one who was chosen last."""
    choose_patient(desk, "P-12")
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, "P-1")
    desk.wait(lambda: chooser.search.list.count() == 2)
    known, new = sorted((chooser.search.list.item(row) for row in range(2)), key=lambda item: "New" in item.text())
    with desk.slow_history():
        chooser.search.list.itemClicked.emit(new)
        chooser.search.list.itemClicked.emit(known)
        assert chooser.isVisible()
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "P-1")
    desk.wait(lambda: not desk.parts.window.findChildren(PatientChooser))


def test_banner_shows_corrected_sex_and_age_band(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    desk.parts.window.menus.actions["patient correct"].trigger()
    details = dialog(desk, PatientDetails)
    details.details.show_values("female", "60-69", "")
    desk.qtbot.keyClick(details.pseudonym, Qt.Key.Key_Return)
    banner = desk.parts.window.patients.banner
    desk.wait(lambda: "60–69" in banner.accessibleName() and "Female" in banner.accessibleName())
    assert banner._facts.isVisible()
    assert "skin" not in banner.accessibleName()


def test_skin_type_is_chosen_with_the_keys_and_shown_in_the_banner(desk: Desk) -> None:
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    skin_type = chooser.details.skin_type
    desk.qtbot.keyClicks(chooser.search.field, "P-1")
    skin_type.setFocus()
    for _ in range(2):
        desk.qtbot.keyClick(skin_type, Qt.Key.Key_Down)
    assert skin_type.currentText() == "Skin type II"
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: "once more" in chooser.search.note.text())
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    banner = desk.parts.window.patients.banner
    desk.wait(lambda: "skin II" in banner.accessibleName())
    desk.qtbot.mouseClick(banner._facts, Qt.MouseButton.LeftButton)
    details = dialog(desk, PatientDetails)
    assert details.details.chosen_skin_type == "II"
    desk.qtbot.keyClick(details.details.skin_type, Qt.Key.Key_Down)
    desk.qtbot.keyClick(details.pseudonym, Qt.Key.Key_Return)
    desk.wait(lambda: "skin III" in banner.accessibleName())
    undo = desk.parts.window.frame.undo_stack
    assert undo.undo_text == "skin type of P-1"
    undo.undo()
    desk.wait(lambda: "skin II," in f"{banner.accessibleName()}," and "skin III" not in banner.accessibleName())


def test_use_for_training_is_chosen_in_the_form_and_can_be_undone(desk: Desk) -> None:
    choose_patient(desk, "P-1")

    def stored() -> str:
        with History.open(desk.folder) as history:
            return history.people.patient(1).training_use

    desk.parts.window.menus.actions["patient correct"].trigger()
    details = dialog(desk, PatientDetails)
    assert details.training_use.currentText() == "not asked"
    details.training_use.setFocus()
    for _ in range(2):
        desk.qtbot.keyClick(details.training_use, Qt.Key.Key_Down)
    assert details.training_use.currentText() == "yes"
    desk.qtbot.keyClick(details.pseudonym, Qt.Key.Key_Return)
    desk.wait(lambda: stored() == "yes")
    desk.wait(lambda: (now := desk.parts.open_patient.patient) is not None and now.training_use == "yes")
    desk.parts.window.menus.actions["patient correct"].trigger()
    again = dialog(desk, PatientDetails)
    assert again.training_use.currentText() == "yes"
    again.reject()
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: stored() == "")


def test_age_of_years_ago_is_kept_with_its_year(desk: Desk) -> None:
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        history.people.begin_visit(patient.id, dt.date(2024, 3, 12), "60-69", by="MK")
    choose_patient(desk, "P-1")
    assert "60–69 in 2024" in desk.parts.window.patients.banner.accessibleName()


def test_two_patients_of_one_pseudonym_are_refused(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    choose_patient(desk, "P-2")
    desk.parts.window.menus.actions["patient correct"].trigger()
    details = dialog(desk, PatientDetails)
    details.pseudonym.setText("p-1")
    desk.qtbot.keyClick(details.pseudonym, Qt.Key.Key_Return)
    desk.wait(lambda: "There is a patient “P-1” already" in details.messages.text())
    assert desk.parts.open_patient.patient is not None
    assert desk.parts.open_patient.patient.pseudonym == "P-2"
    details.reject()


def test_offer_to_undo_names_its_patient_also_when_another_one_is_open(desk: Desk) -> None:
    undo = desk.parts.window.frame.undo_stack
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    desk.wait(lambda: undo.undo_text == "place of P-1, L1: left scapula")
    choose_patient(desk, "P-2")
    desk.wait(lambda: undo.undo_text == "new patient P-2")
    undo.undo()
    desk.wait(lambda: undo.undo_text == "place of P-1, L1: left scapula")
    offers = [button.text() for button in desk.parts.window.findChildren(QPushButton) if button.isVisible()]
    assert any(
        "Undo: place of P-1, L1: left scapula".startswith(one.rstrip("…")) for one in offers if one.startswith("Undo")
    )


def test_adding_and_correcting_a_patient_can_be_undone_and_redone(desk: Desk) -> None:
    visit, undo = desk.parts.open_patient, desk.parts.window.frame.undo_stack
    choose_patient(desk, "P-1")
    desk.parts.window.menus.actions["patient correct"].trigger()
    details = dialog(desk, PatientDetails)
    details.pseudonym.setText("P-2")
    details.details.show_values("female", "60-69", "")
    desk.qtbot.keyClick(details.pseudonym, Qt.Key.Key_Return)

    def known() -> tuple[str, str, str] | None:
        return None if visit.patient is None else (visit.patient.pseudonym, visit.patient.sex, visit.age_band)

    desk.wait(lambda: known() == ("P-2", "female", "60-69"))
    assert undo.undo_text == "new pseudonym of P-1: P-2"
    undo.undo()
    desk.wait(lambda: known() == ("P-1", "unknown", ""))
    undo.redo()
    desk.wait(lambda: known() == ("P-2", "female", "60-69"))
    undo.undo()
    desk.wait(lambda: undo.undo_text == "new patient P-1")
    undo.undo()
    desk.wait(lambda: visit.patient is None and undo.redo_text == "new patient P-1")
    assert pseudonyms(desk) == []
    undo.redo()
    desk.wait(lambda: known() == ("P-1", "unknown", ""))
    assert pseudonyms(desk) == ["P-1"]
    desk.wait(lambda: undo.undo_text == "new patient P-1" and not undo.is_writing)
    press(desk, Qt.Key.Key_L, CTRL | SHIFT)
    desk.wait(lambda: visit.patient is None)
    press(desk, Qt.Key.Key_Z, CTRL)
    messages = desk.parts.window.workspaces.messages
    desk.wait(lambda: messages.text() == "Undo “new patient P-1”? P-1 is not open.")
    assert pseudonyms(desk) == ["P-1"]


def pseudonyms(desk: Desk) -> list[str]:
    with History.open(desk.folder) as history:
        return [one.pseudonym for one in history.people.find_patients()]


@pytest.mark.parametrize("is_by_key", [True, False], ids=["key", "button"])
def test_adding_a_patient_is_not_undone_once_they_have_an_image(desk: Desk, tmp_path: Path, *, is_by_key: bool) -> None:
    visit, undo, window = desk.parts.open_patient, desk.parts.window.frame.undo_stack, desk.parts.window
    choose_patient(desk, "P-1")
    desk.wait(lambda: undo.undo_text == "new patient P-1")
    with History.open(desk.folder) as history:  # as another window does
        assert visit.patient is not None
        begun = history.people.begin_visit(visit.patient.id, visit.date, "", by="MK")
        image = KeptImage("1" * 64, "one.png", "PNG", 8, 8, 1, tmp_path / "one.png", stored=False)
        history.people.save_clinical(image, lesion_id=None, visit_id=begun.id, by="MK")
    if is_by_key:
        press(desk, Qt.Key.Key_Z, CTRL)
    else:
        desk.qtbot.mouseClick(window.frame.strip._undo, Qt.MouseButton.LeftButton)
    messages = window.workspaces.messages
    desk.wait(lambda: messages.text() == "P-1 has an image. Move it to another patient, or erase the patient.")
    desk.rest()
    assert not [one.text() for one in messages.findChildren(QPushButton) if one.isVisible()], (
        "there is nothing to retry"
    )
    assert visit.patient is not None
    assert (visit.patient.pseudonym, undo.undo_text, undo.redo_text) == ("P-1", "new patient P-1", "")
    assert [one.image.name for one in images_of(desk, "P-1")] == ["one.png"]


def test_opened_images_are_classified_saved_and_placed_with_the_chosen_lesion(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    assert desk.parts.open_patient.lesions[0].site == "scapula-left"
    bring(desk, *three(tmp_path))
    placed = images_of(desk, "P-1")
    assert [len(image.entries) for image in placed] == [1, 1, 1]
    assert {image.lesion_id for image in placed} == {desk.parts.open_patient.lesions[0].id}
    strip = desk.parts.window.visit_page.strip
    desk.wait(lambda: [image.caption for image in strip.images()] == ["derm 1", "derm 2", "derm 3"])
    assert "L1 left scapula" in desk.texts(desk.parts.window.visit_page)


def test_files_dropped_on_a_lesion_are_placed_with_it(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    add_lesion(desk)
    rows = desk.parts.window.patients.lesions.rows
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in three(tmp_path)])
    drop(rows.viewport(), mime, rows.visualItemRect(rows.item(0)).center())
    desk.wait(lambda: len(desk.parts.open_patient.images) == 3)
    assert desk.parts.open_patient.lesion == desk.parts.open_patient.lesions[0]
    assert {image.lesion_id for image in images_of(desk, "P-1")} == {desk.parts.open_patient.lesions[0].id}


def test_drop_works_after_the_list_was_rebuilt_during_the_drag(desk: Desk, tmp_path: Path) -> None:
    """As happens while other images are imported."""
    choose_patient(desk, "P-1")
    add_lesion(desk)
    rows = desk.parts.window.patients.lesions.rows
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in three(tmp_path)])
    at = rows.visualItemRect(rows.item(0)).center()
    hover(rows.viewport(), mime, at)
    add_lesion(desk)
    drop(rows.viewport(), mime, at)
    desk.wait(lambda: len(desk.parts.open_patient.images) == 3)
    assert {image.lesion_id for image in images_of(desk, "P-1")} == {desk.parts.open_patient.lesions[0].id}


def test_images_are_grouped_by_dragging_and_undone(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    bring(desk, *three(tmp_path))
    assert [image.lesion_id for image in images_of(desk, "P-1")] == [None, None, None]
    window = desk.parts.window
    new = window.patients.lesions.new
    desk.wait(lambda: len(window.visit_page.strip.images()) == 3)
    keys = [image.key for image in window.visit_page.strip.images()[:2]]
    drop(new, drag_data(keys), new.rect().center())
    dialog(desk, PlaceDialog).reject()
    desk.wait(lambda: sum(image.lesion_id is not None for image in desk.parts.open_patient.images) == 2)
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: all(image.lesion_id is None for image in desk.parts.open_patient.images))


@pytest.mark.parametrize("by_key", [True, False], ids=["key", "button"])
def test_new_lesion_takes_the_image_on_the_screen_and_asks_for_its_site(
    desk: Desk, tmp_path: Path, by_key: bool
) -> None:
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(tmp_path / "one.png"))
    if by_key:
        press(desk, Qt.Key.Key_B, CTRL | SHIFT)
    else:
        desk.qtbot.mouseClick(desk.parts.window.patients.lesions.new, Qt.MouseButton.LeftButton)
    asking = dialog(desk, PlaceDialog)
    desk.qtbot.keyClicks(asking.search, "left palm")
    desk.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    desk.wait(
        lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [desk.parts.open_patient.lesions[0].id]
    )
    desk.wait(lambda: desk.parts.open_patient.lesions[0].site == "palm-left")
    assert desk.parts.window.visit_page.messages.text() == ""
    add_lesion(desk)  # the image on the screen has its lesion by now and stays there
    desk.rest()
    assert [image.lesion_id for image in images_of(desk, "P-1")] == [desk.parts.open_patient.lesions[0].id]


def test_files_dropped_beside_the_lesions_add_one_and_ask_for_its_site(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    new = desk.parts.window.patients.lesions.new
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(write_lesion(tmp_path / "one.png")))])
    drop(new, mime, new.rect().center())
    asking = dialog(desk, PlaceDialog)
    desk.qtbot.keyClicks(asking.search, "vertex")
    desk.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    desk.wait(lambda: [lesion.site for lesion in desk.parts.open_patient.lesions] == ["scalp-top"])
    desk.wait(
        lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [desk.parts.open_patient.lesions[0].id]
    )


def test_offer_to_place_an_image_is_withdrawn_once_it_is_placed(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    desk.parts.open_patient.choose(None)
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    messages = desk.parts.window.visit_page.messages
    desk.wait(lambda: "not placed with a lesion" in messages.text())
    (key,) = [image.key for image in desk.parts.window.visit_page.strip.images()] or [
        images_of(desk, "P-1")[0].image.sha256
    ]
    rows = desk.parts.window.patients.lesions.rows
    drop(rows.viewport(), drag_data([key]), rows.visualItemRect(rows.item(0)).center())
    desk.wait(lambda: images_of(desk, "P-1")[0].lesion_id == desk.parts.open_patient.lesions[0].id)
    desk.wait(lambda: messages.text() == "")


def test_image_moves_to_another_patient_and_back_and_both_show_it(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-2")
    add_lesion(desk)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png"))
    window = desk.parts.window
    window.menus.actions["patient move"].trigger()
    asking = dialog(desk, MoveDialog)
    desk.qtbot.keyClicks(asking.search.field, "P-3")
    desk.wait(lambda: "There is no patient “P-3” yet: make them first" in asking.note.text())
    asking.search.field.clear()
    desk.qtbot.keyClicks(asking.search.field, "P-2")
    desk.wait(lambda: asking.lesions.count() == 2)
    assert "Images go to that patient's visit of their day" in asking.note.text()
    asking.lesions.setCurrentRow(1)
    desk.qtbot.keyClick(asking.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.parts.open_patient.images)
    assert len(images_of(desk, "P-2")) == 1
    assert desk.parts.open_image.picture is None
    with History.open(desk.folder) as history:
        for patient in history.people.find_patients():
            assert [move.name for move in history.people.moved(patient.id)] == ["one.png"]
    moved = desk.parts.window.patients.lesions.moved
    desk.wait(lambda: moved.isVisible() and "one.png: from P-1 L1 to P-2 L1" in moved.menu().actions()[0].text())
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1)
    assert images_of(desk, "P-2") == []
    strip = window.visit_page.strip
    desk.wait(strip.isVisible)
    place = strip.visualItemRect(strip.item(strip.count() - 1)).center()
    desk.qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "one.png")


def test_patient_with_images_is_not_shown_as_empty(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    desk.wait(lambda: "No image of P-1 yet" in desk.texts(desk.parts.window.visit_page))
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png"))
    choose_patient(desk, "P-2")
    desk.wait(lambda: "No image of P-2 yet" in desk.texts(desk.parts.window.visit_page))
    choose_patient(desk, "P-1")
    desk.wait(lambda: "P-1: 1 lesion" in desk.texts(desk.parts.window.visit_page))


def test_image_of_another_patient_stays_with_that_patient(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "one.png")
    choose_patient(desk, "P-1")
    bring(desk, path)
    choose_patient(desk, "P-2")
    desk.wait(lambda: desk.parts.open_image.picture is None)
    desk.parts.window.open_files([path])
    desk.wait(lambda: "is an image of P-1 already" in desk.parts.window.visit_page.messages.text())
    assert images_of(desk, "P-2") == []
    assert len(images_of(desk, "P-1")) == 1
    assert desk.parts.window.visit_page.strip.images() == []


def test_image_of_another_lesion_stays_there_until_the_user_moves_it(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "one.png")
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    bring(desk, path)
    add_lesion(desk)
    first, second = desk.parts.open_patient.lesions
    page = desk.parts.window.visit_page
    desk.wait(lambda: desk.parts.open_image.picture is None)
    desk.parts.window.open_files([path])
    desk.wait(lambda: "“one.png” is an image of L1 left scapula already" in page.messages.text())
    assert [image.lesion_id for image in images_of(desk, "P-1")] == [first.id]
    assert desk.parts.open_patient.lesion == first
    desk.wait(lambda: "L1 left scapula" in desk.texts(page) and len(page.strip.selected_images()) == 1)
    button = next(one for one in page.messages.findChildren(QPushButton) if "Place it with L2" in one.text())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [second.id])
    assert desk.parts.open_patient.lesion == second
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [first.id])


def test_image_of_the_history_is_not_shown_as_the_open_patients(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    (entry,) = desk.entries()
    choose_patient(desk, "P-1")
    window = desk.parts.window
    window.features.sources.open_entry(entry)
    desk.wait(lambda: "Not filed under any patient" in window.visit_page.messages.text())
    assert images_of(desk, "P-1") == []
    button = next(
        one for one in window.visit_page.messages.findChildren(QPushButton) if "Place it with P-1" in one.text()
    )
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1)


def test_unassigned_image_is_not_titled_with_a_lesion_added_after_it(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    choose_patient(desk, "P-1")
    window = desk.parts.window
    desk.wait(lambda: "Not filed under any patient" in window.visit_page.messages.text())
    add_lesion(desk)
    desk.wait(lambda: desk.parts.open_patient.lesion is not None)
    assert "one.png" in desk.texts(window.visit_page)
    assert "· one.png" not in desk.texts(window.visit_page)
    button = next(
        one for one in window.visit_page.messages.findChildren(QPushButton) if "Place it with L1" in one.text()
    )
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(
        lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [desk.parts.open_patient.lesions[0].id]
    )
    desk.wait(lambda: "· one.png" in desk.texts(window.visit_page))


def test_offer_to_place_an_image_is_withdrawn_when_its_patient_is_closed(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    choose_patient(desk, "P-1")
    messages = desk.parts.window.visit_page.messages
    desk.wait(lambda: "Add to P-1?" in messages.text())
    choose_patient(desk, "P-2")
    desk.wait(lambda: "Add to P-2?" in messages.text())
    button = next(one for one in messages.findChildren(QPushButton) if "Place it with P-2" in one.text())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1)
    assert images_of(desk, "P-1") == []


def test_pasted_image_is_placed_with_the_chosen_lesion_and_one_opened_after_it_is_not(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    (entry,) = desk.entries()
    choose_patient(desk, "P-1")
    add_lesion(desk)
    window = desk.parts.window
    QApplication.clipboard().setImage(QImage(str(write_lesion(tmp_path / "pasted.png", seed=7))))
    window.features.sources.paste()
    window.features.sources.open_entry(entry)  # before the pasted one has arrived
    desk.wait(lambda: "Not filed under any patient" in window.visit_page.messages.text())
    assert images_of(desk, "P-1") == []
    window.features.sources.paste()
    desk.wait(
        lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [desk.parts.open_patient.lesions[0].id]
    )


def test_clinical_photograph_is_saved_and_never_classified(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    path = write_lesion(tmp_path / "overview.jpg", size=(320, 240))
    window = desk.parts.window
    monkeypatch.setattr(window.patients.new_images._files, "choose_images", lambda: [path])
    window.menus.actions["patient clinical"].trigger()
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1)
    strip = window.visit_page.strip
    desk.wait(lambda: [image.caption for image in strip.images()] == ["clin 1"])
    strip.step(1)
    desk.wait(lambda: "never classified" in desk.texts(window.visit_page.result_panel))
    desk.rest()
    assert desk.entries() == []
    assert desk.parts.open_image.answer is None


def test_images_of_one_lesion_show_mean_and_spread_below_their_flag(make_desk: MakeDesk, tmp_path: Path) -> None:
    low = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.95, 0.4, 4, 88, "validation split, 448 images")
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(flags=(low,))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *three(tmp_path))
    summary = desk.parts.window.patients.summary
    desk.wait(lambda: summary.isVisible() and "3 images" in desk.texts(summary))
    malignant = []
    for image in images_of(desk, "P-1"):
        answer = image.entries[-1].answer
        assert answer.malignant_probability is not None
        malignant.append(answer.malignant_probability)
    text = desk.texts(summary)
    assert "Melanoma alert" not in text
    assert "Melanoma alert\n3 of 3 images" in desk.texts(desk.parts.window.visit_page.result_panel)
    mean, lowest, highest = (percent(p) for p in (sum(malignant) / 3, min(malignant), max(malignant)))
    spread = f"Malignant {mean}, mean of 3 images, from {lowest} to {highest}."
    assert spread.replace(" %", "\N{NO-BREAK SPACE}%") in text, "no line begins with a per cent sign"


def test_alert_is_shown_once_for_all_images_of_the_lesion(make_desk: MakeDesk, tmp_path: Path) -> None:
    images = three(tmp_path)
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(ALWAYS),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *images)
    window = desk.parts.window
    desk.wait(lambda: "3 of 3 images" in desk.texts(window.visit_page.result_panel))
    scores = [melanoma_alert(ALWAYS).score(image.entries[-1].answer.probabilities) for image in images_of(desk, "P-1")]
    assert desk.texts(window.visit_page.result_panel).count("Melanoma alert") == 1
    assert "alert" not in desk.texts(window.patients.summary).casefold()
    assert len(set(scores)) == 3


def test_every_palm_sole_nail_and_mucosa_of_the_body_map_is_named() -> None:
    told: dict[str, set[str]] = {}
    for place in places().values():
        told.setdefault(not_tested_site(place.id), set()).add(place.id.removesuffix("-left").removesuffix("-right"))
    assert told["Not tested on palms."] == {"palm", "fingers-front"}
    assert told["Not tested on soles."] == {"heel", "sole", "sole-front", "toes-under"}
    assert told["Not tested on nails."] == {row.id for row in ROWS if row.group == NAIL}
    assert told["Not tested on mucosa."] == {"lips", *(row.id for row in ROWS if row.group == MUCOSA)}
    assert "scapula" in told[""]


@pytest.mark.parametrize(
    ("site", "sentence"),
    [
        ("left sole", "Not tested on soles."),
        ("Sole", "Not tested on soles."),
        ("Fußsohle links", "Not tested on soles."),
        ("palmar, left hand", "Not tested on palms."),
        ("Handteller rechts", "Not tested on palms."),
        ("Handinnenfläche", "Not tested on palms."),
        ("right thenar", "Not tested on palms."),
        ("nail", "Not tested on nails."),
        ("subungual, right thumb", "Not tested on nails."),
        ("upper lip", "Not tested on mucosa."),
        ("Unterlippe", "Not tested on mucosa."),
        ("Zunge", "Not tested on mucosa."),
        ("Analregion", "Not tested on mucosa."),
        ("foreskin", "Not tested on mucosa."),
        ("acral", "Not tested on palms. Not tested on soles. Not tested on nails."),
        ("right lower back", ""),
        ("canal street", ""),
        ("analogous to L2", ""),
    ],
)
def test_a_place_in_words_says_what_was_not_tested_too(site: str, sentence: str) -> None:
    assert not_tested_site(site) == sentence


def test_a_place_in_words_is_given_to_the_model_like_a_chosen_one() -> None:
    assert patient_context("female", "50-59", "right lower back") == patient_context(
        "female", "50-59", "back-lower-right"
    )
    assert patient_context("female", "50-59", "back").site == ""


def test_age_and_skin_on_which_nothing_was_tested_are_named(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", size=(640, 480)))
    panel = desk.parts.window.visit_page.result_panel
    tested, open_patient = "raised no melanoma alert", desk.parts.open_patient
    desk.wait(lambda: tested in desk.texts(panel))

    def correct(skin_type: SkinType, ages: tuple[str, str] | None = None) -> None:
        patient = open_patient.patient
        assert patient is not None
        step = desk.parts.edits.correct_patient(patient, "P-1", "female", ages, skin_type=skin_type)
        step(lambda _reverse: None, pytest.fail)

    dark: tuple[SkinType, ...] = ("V", "VI")
    for skin_type in dark:
        correct(skin_type)
        desk.wait(lambda: "Not tested on dark skin." in desk.texts(panel))
        assert tested not in desk.texts(panel)
        correct("IV")
        desk.wait(lambda: tested in desk.texts(panel))
    correct("", ("", "10-19"))
    desk.wait(lambda: "Not tested under 18 years." in desk.texts(panel))
    assert tested not in desk.texts(panel)
    correct("VI")
    desk.wait(lambda: "Not tested under 18 years. Not tested on dark skin." in desk.texts(panel))


def test_nails_are_shown_as_not_tested(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", size=(640, 480)))
    panel = desk.parts.window.visit_page.result_panel
    desk.wait(lambda: "raised no melanoma alert" in desk.texts(panel))
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None
    desk.parts.edits.correct_lesion(lesion, name="L1", site="nail-toe-great-left", pin=None)(
        lambda _reverse: None, pytest.fail
    )
    desk.wait(lambda: "Not tested on nails." in desk.texts(panel))
    assert "raised no melanoma alert" not in desk.texts(panel)


def test_one_image_with_figures_has_no_mean(make_desk: MakeDesk, tmp_path: Path) -> None:
    limits = QualityLimits("degraded test images", 0.05, exposure_dark_most=0.5)
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(quality=limits)))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    dark = tmp_path / "dark.png"
    Image.new("RGB", (640, 480)).save(dark)
    bring(desk, write_lesion(tmp_path / "one.png", size=(640, 480)), dark)
    summary = desk.parts.window.patients.summary
    desk.wait(lambda: summary.isVisible() and "2 images" in desk.texts(summary))
    assert "1 of 2 images not answered" in desk.texts(summary)
    assert "mean" not in desk.texts(summary)


def test_form_beside_several_images_is_legible_in_the_smallest_window(make_desk: MakeDesk, tmp_path: Path) -> None:
    low = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.95, 0.4, 4, 88, "validation split, 448 images")
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(flags=(low,))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *three(tmp_path))
    window = desk.parts.window
    desk.wait(window.patients.summary.isVisible)
    window.resize(1024, 560)
    desk.qtbot.keyClick(window.visit_page.view, Qt.Key.Key_5)
    for _ in range(2):
        desk.qtbot.keyClick(window.visit_page.view, Qt.Key.Key_Period)
    desk.settle()
    choices = window.visit_page.assessment_panel.findChildren(QRadioButton)
    assert choices
    assert all(choice.height() >= choice.minimumSizeHint().height() for choice in choices)
    commit = next(one for one in window.visit_page.assessment_panel.findChildren(QPushButton) if one.text() == "Commit")
    room = next(one for one in window.findChildren(PageScroll) if one.widget() is window.workspaces)
    room.ensureWidgetVisible(commit)
    assert commit.visibleRegion().boundingRect().size() == commit.size()
    assert window.visit_page.assessment_panel.geometry().right() < window.visit_page.width()


def test_summary_is_hidden_before_the_own_assessment(desk: Desk, tmp_path: Path) -> None:
    desk.parts.blinding.switch(True)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *three(tmp_path))
    summary = desk.parts.window.patients.summary
    desk.rest()
    assert not summary.isVisible()
    assert desk.parts.open_image.answer is None
    desk.parts.blinding.commit(Draft(diagnosis="nevus", plan="none"))
    desk.wait(lambda: summary.isVisible() and "3 images" in desk.texts(summary))
    desk.wait(lambda: desk.parts.open_patient.state_of(desk.parts.open_patient.lesions[0]) is LesionState.DONE)


def test_draft_begun_at_one_image_continues_at_the_next_of_the_lesion(desk: Desk, tmp_path: Path) -> None:
    desk.parts.blinding.switch(True)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *three(tmp_path))
    visit = desk.parts.window.visit_page

    def choices() -> list[QRadioButton]:
        return [one for one in visit.assessment_panel.findChildren(QRadioButton) if one.isVisible()]

    def is_open(name: str) -> bool:
        picture = desk.parts.open_image.picture
        return picture is not None and picture.name == name

    desk.wait(lambda: is_open("0.png") and choices())
    desk.qtbot.keyClick(visit.view, Qt.Key.Key_5)
    desk.qtbot.keyClick(visit.view, Qt.Key.Key_Right)
    desk.wait(lambda: is_open("1.png") and [one.text() for one in choices() if one.isChecked()] == ["Nevus"])
    desk.qtbot.keyClick(visit.view, Qt.Key.Key_Return)
    desk.wait(lambda: "before the model" in desk.texts(visit.assessment_panel))
    desk.qtbot.keyClick(visit.view, Qt.Key.Key_Left)
    desk.wait(lambda: is_open("0.png") and "before the model" in desk.texts(visit.assessment_panel) and not choices())


def test_lesion_is_placed_by_a_click_and_left_is_the_patients_left(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    press(desk, Qt.Key.Key_B, CTRL)
    asking = dialog(desk, PlaceDialog)
    sole = asking.map.centre_of("sole-front-left").toPoint()
    desk.qtbot.mouseClick(asking.map, Qt.MouseButton.LeftButton, pos=sole)
    assert asking.place == "sole-front-left"
    chest = asking.map.centre_of("chest-left")
    scapula = asking.map.centre_of("scapula-left")
    assert chest.x() > asking.map.centre_of("chest-right").x()  # seen from the front
    assert scapula.x() < asking.map.centre_of("scapula-right").x()  # seen from behind
    desk.qtbot.keyClick(asking, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_patient.lesions[0].site == "sole-front-left")
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.parts.open_patient.lesions[0].site == "")


@pytest.mark.parametrize(
    ("words", "first"), [("left upper back", "scapula-left"), ("right forearm", "forearm-front-right")]
)
def test_enter_takes_no_place_while_several_match(desk: Desk, words: str, first: str) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    press(desk, Qt.Key.Key_B, CTRL)
    asking = dialog(desk, PlaceDialog)
    desk.qtbot.keyClicks(asking.search, words)
    desk.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    assert asking.isVisible()
    assert asking.place == ""
    desk.qtbot.keyClick(asking.search, Qt.Key.Key_Down)
    desk.qtbot.keyClick(asking.search, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_patient.lesions[0].site == first)


def test_lesion_list_folds_in_a_narrow_window(desk: Desk) -> None:
    lesions = desk.parts.window.patients.lesions
    assert lesions.isHidden()
    choose_patient(desk, "P-1")
    assert lesions.width() == FOLDED
    desk.parts.window.resize(1500, 900)
    desk.wait(lambda: lesions.width() == WIDTH)


def test_assessed_lesion_is_done_and_one_to_be_excised_is_planned(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png"))
    state, lesion = desk.parts.open_patient, desk.parts.open_patient.lesions[0]
    assert state.state_of(lesion) is LesionState.OPEN
    visit = state.visit
    assert visit is not None
    for plan, expected in (("none", LesionState.DONE), ("biopsy or excision", LesionState.PLANNED)):
        desk.parts.history_service.write(
            lambda history, by, plan=plan: history.assessments.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                image_id=None,
                before_model=False,
                diagnosis="nevus",
                label=None,
                confidence="",
                plan=plan,
                plan_date=None,
                note="",
                by=by,
            ),
            lambda _written: None,
            pytest.fail,
        )
        desk.wait(lambda expected=expected: state.state_of(lesion) is expected)


def test_closing_a_patient_clears_the_screen(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    bring(desk, *three(tmp_path))
    press(desk, Qt.Key.Key_L, CTRL | SHIFT)
    desk.wait(lambda: desk.parts.open_image.picture is None)
    assert desk.parts.window.visit_page.strip.isHidden()
    assert "No patient" in desk.texts(desk.parts.window.patients.banner)
    assert desk.parts.window.visit_page.first_steps.isVisible()


def test_sample_opened_while_a_patient_is_open_is_not_placed(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    desk.parts.window.features.sources.open_sample()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.rest()
    assert images_of(desk, "P-1") == []
    assert len(desk.parts.window.visit_page.strip.images()) == len(list(SAMPLES.glob("*.png")))


def test_each_frame_of_a_dicom_file_is_an_image_of_the_lesion(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "series.dcm"
    frames = [lesion(seed, (96, 72)) for seed in range(3)]
    path.write_bytes(dicom([jpeg(frame) for frame in frames], (96, 72)))
    choose_patient(desk, "P-1")
    add_lesion(desk)
    desk.parts.window.open_files([path])
    desk.wait(lambda: not desk.parts.import_queue.waiting and len(desk.parts.open_patient.images) == 3)
    strip = desk.parts.window.visit_page.strip
    desk.wait(lambda: [image.caption for image in strip.images()] == ["derm 1", "derm 2", "derm 3"])


def test_erasing_asks_for_the_pseudonym(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(tmp_path / "one.png"))
    sha256 = desk.parts.open_patient.images[0].image.sha256
    thumbnails = desk.parts.window.workspaces.image_thumbnails
    desk.wait(lambda: thumbnails.picture(sha256, tmp_path / "one.png") is not None)
    desk.parts.window.menus.actions["patient erase"].trigger()
    asking = dialog(desk, EraseDialog)
    button = next(one for one in asking.findChildren(QPushButton) if "Erase" in one.text())
    assert not button.isEnabled()
    desk.qtbot.keyClicks(asking.field, "P-1")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: desk.parts.open_patient.patient is None)
    desk.wait(lambda: desk.entries() == [])
    with History.open(desk.folder) as history:
        assert history.people.find_patients() == []
    desk.wait(lambda: not any(path.is_file() for path in (desk.folder / "images").rglob("*")))
    assert thumbnails.picture(sha256, tmp_path / "gone.png") is None, "their picture stays nowhere"
