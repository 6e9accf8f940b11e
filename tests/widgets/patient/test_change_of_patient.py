"""From the moment in which another patient is chosen, no new image goes to the one who is still shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.widgets.patient.patient_chooser import PatientChooser
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, add_lesion, choose_patient, dialog, images_of, press


def enter(desk: Desk, pseudonym: str, rows: int) -> PatientChooser:
    """Type a pseudonym, press Enter once the list shows it, and leave the chooser as it is."""
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.search.field, pseudonym)
    desk.wait(lambda: chooser.search._shown == pseudonym and chooser.search.list.count() == rows)
    if chooser.search.list.currentItem() is None:
        desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    return chooser


def make_new(desk: Desk) -> Callable[[], None]:
    chooser = enter(desk, "P-0502", 1)
    return lambda: desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)


def open_known(desk: Desk) -> Callable[[], None]:
    choose_patient(desk, "P-0502")
    choose_patient(desk, "P-0501")
    chooser = enter(desk, "P-0502", 1)
    return lambda: desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)


def redo_new(desk: Desk) -> Callable[[], None]:
    choose_patient(desk, "P-0502")
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: desk.parts.open_patient.patient is None)
    choose_patient(desk, "P-0501")
    return desk.parts.window.frame.undo_stack.redo


def go_to_known(desk: Desk) -> Callable[[], None]:
    """As a practice system's request and the lists of patients do."""
    choose_patient(desk, "P-0502")
    known = desk.parts.open_patient.patient
    assert known is not None
    choose_patient(desk, "P-0501")
    return lambda: desk.parts.window.features.patients.open(known)


@pytest.mark.parametrize("prepare", [make_new, open_known, redo_new, go_to_known])
def test_image_waits_for_the_patient_who_was_chosen(
    desk: Desk, tmp_path: Path, prepare: Callable[[Desk], Callable[[], None]]
) -> None:
    choose_patient(desk, "P-0501")
    act = prepare(desk)
    with desk.slow_history():
        act()
        shown = desk.parts.open_patient.patient
        assert shown is not None
        assert shown.pseudonym == "P-0501"
        desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
        assert desk.parts.open_image.request is None
    desk.settle()
    assert len(images_of(desk, "P-0502")) == 1
    assert images_of(desk, "P-0501") == []


def test_undoing_a_new_patient_leaves_the_image_to_nobody(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-0502")
    with desk.slow_history():
        desk.parts.window.frame.undo_stack.undo()
        desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
    desk.settle()
    assert desk.parts.open_patient.patient is None
    (entry,) = desk.entries()
    assert entry.patient_id is None


def test_image_is_refused_with_a_sentence_where_nobody_else_was_opened(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-0501")
    chooser = enter(desk, "P-0502", 1)
    desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
    assert desk.parts.open_image.request is None
    desk.qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    assert "No other patient was opened, so no image was added." in desk.texts(desk.parts.window.visit_page)
    desk.settle()
    assert images_of(desk, "P-0501") == []


def test_image_for_a_lesion_is_refused_once_another_patient_was_chosen(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-0501")
    add_lesion(desk, "left scapula")
    (lesion,) = desk.parts.open_patient.lesions
    act = make_new(desk)
    with desk.slow_history():
        act()
        images = [write_lesion(tmp_path / "one.png")]
        desk.parts.window.patients.lesions.files_dropped.emit(lesion.id, images)
        desk.parts.window.patients.lesions.files_dropped.emit(None, images)
        assert "Another patient is being opened, so no image was added." in desk.texts(desk.parts.window.visit_page)
    desk.settle()
    assert desk.parts.open_image.request is None
    assert images_of(desk, "P-0501") == images_of(desk, "P-0502") == []
