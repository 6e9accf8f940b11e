"""What is undone hides no image and no finding, whoever is open and whatever is still being saved."""

from pathlib import Path

from PySide6.QtCore import Qt

from desktop.core.records.history import History
from desktop.session.entry_bin import take_back_entries
from tests.making import write_lesion
from tests.widgets.common.test_undo import click_message
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, SHIFT, add_lesion, bring, choose_patient, images_of, press


def lesions_of_images(desk: Desk) -> list[int | None]:
    return [image.lesion_id for image in images_of(desk, "P-1")]


def undo(desk: Desk) -> None:
    press(desk, Qt.Key.Key_Z, CTRL)


def test_images_of_a_lesion_that_is_taken_back_stay_with_the_patient(desk: Desk, tmp_path: Path) -> None:
    changes = desk.parts.window.frame.undo_stack
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", seed=1), write_lesion(tmp_path / "two.png", seed=2))
    (lesion,) = desk.parts.open_patient.lesions
    undo(desk)  # the placing
    desk.wait(lambda: not desk.parts.open_patient.images and not changes.is_writing)
    with History.open(desk.folder) as history:  # another window places them again
        visit = history.people.begin_visit(lesion.patient_id, desk.parts.open_patient.date, "", by="MK")
        ids = [history.people.image_id_of(entry.image.sha256) for entry in desk.entries()]
        history.people.move(filter(None, ids), lesion.id, visit.id, by="MK")
    assert lesions_of_images(desk) == [lesion.id] * 2
    undo(desk)
    desk.wait(lambda: not desk.parts.open_patient.lesions and not changes.is_writing)
    assert lesions_of_images(desk) == [None] * 2
    shown = desk.parts.window.patients.lesions.rows
    desk.wait(lambda: [shown.item(row).toolTip() for row in range(shown.count())] == ["Without a lesion\n2 images"])
    press(desk, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: desk.parts.open_patient.lesions == (lesion,) and not changes.is_writing)
    assert lesions_of_images(desk) == [lesion.id] * 2


def test_a_lesion_with_an_outcome_is_not_taken_back(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk)
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="follow-up", diagnosis="nevus", date=desk.parts.open_patient.date, by="MK"
        )
    undo(desk)
    messages = desk.parts.window.workspaces.messages
    desk.wait(lambda: messages.text() == "L1 of P-1 has an assessment or an outcome, and stays.")
    assert desk.parts.window.frame.undo_stack.undo_text.startswith("new lesion")
    assert desk.parts.open_patient.lesions == (lesion,)


def test_an_image_that_is_still_being_saved_is_not_placed_once_that_is_undone(desk: Desk, tmp_path: Path) -> None:
    changes = desk.parts.window.frame.undo_stack
    choose_patient(desk, "P-1")
    add_lesion(desk)
    with desk.slow_history():
        desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
        assert changes.undo_text == "placing of one.png with P-1, L1"
        changes.undo()  # is written before the image
    desk.wait(lambda: not desk.parts.import_queue.waiting and not changes.is_writing)
    assert lesions_of_images(desk) == []
    assert [entry.patient_id for entry in desk.entries()] == [None]
    press(desk, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1 and not changes.is_writing)
    assert lesions_of_images(desk) == [desk.parts.open_patient.lesions[0].id]


def test_an_image_is_not_placed_with_a_patient_who_is_taken_back(desk: Desk, tmp_path: Path) -> None:
    changes = desk.parts.window.frame.undo_stack
    choose_patient(desk, "P-1")
    with desk.slow_history():
        desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
        with History.open(desk.folder) as history:  # another window puts the patient into the bin
            (patient,) = history.people.find_patients()
            history.people.set_binned("patient", patient.id, binned=True, by="MK")
    desk.parts.open_patient.reload()  # this window sees it only after the image was to be placed
    desk.wait(lambda: desk.parts.open_patient.patient is None)
    assert "“one.png” was not placed: P-1 is in the bin." in desk.texts(desk.parts.window.visit_page)
    assert changes.undo_text == "new patient P-1"
    (entry,) = desk.entries()
    assert entry.patient_id is None


def test_an_entry_of_a_patient_who_is_not_open_is_taken_from_the_bin_only_on_yes(desk: Desk, tmp_path: Path) -> None:
    changes, messages = desk.parts.window.frame.undo_stack, desk.parts.window.workspaces
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.parts.window.history.bin_requested.emit(desk.entries())
    desk.wait(lambda: changes.undo_text == "entry of P-1, one.png to the bin" and not changes.is_writing)
    choose_patient(desk, "P-2")
    desk.wait(lambda: changes.undo_text == "new patient P-2")
    undo(desk)
    desk.wait(lambda: desk.parts.open_patient.patient is None and not changes.is_writing)
    undo(desk)
    desk.wait(lambda: messages.messages.text() == "Undo “entry of P-1, one.png to the bin”? P-1 is not open.")
    assert desk.entries() == []
    click_message(desk, "Undo")
    desk.wait(lambda: len(desk.entries()) == 1 and not changes.is_writing)
    desk.parts.window.history.restore_requested.emit([])
    desk.wait(lambda: not changes.is_writing)
    assert changes.redo_text == "entry of P-1, one.png to the bin"


def test_a_question_about_an_undo_is_withdrawn_once_another_change_is_the_newest(desk: Desk) -> None:
    changes, messages = desk.parts.window.frame.undo_stack, desk.parts.window.workspaces
    choose_patient(desk, "P-1")
    add_lesion(desk)
    choose_patient(desk, "P-2")
    desk.wait(lambda: changes.undo_text == "new patient P-2")
    undo(desk)
    desk.wait(lambda: desk.parts.open_patient.patient is None and not changes.is_writing)
    undo(desk)
    desk.wait(lambda: messages.messages.text() == "Undo “new lesion P-1, L1”? P-1 is not open.")
    choose_patient(desk, "P-3")
    desk.wait(lambda: changes.undo_text == "new patient P-3")
    assert "is not open" not in messages.messages.text()


def test_rows_of_a_batch_are_not_taken_back_once_a_patient_has_one_of_their_images(desk: Desk, tmp_path: Path) -> None:
    changes, messages = desk.parts.window.frame.undo_stack, desk.parts.window.workspaces
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    (entry,) = desk.entries()
    changes.add("rows to the history", take_back_entries(desk.parts.history_service, [entry.id]))
    undo(desk)
    desk.wait(lambda: not desk.entries() and not changes.is_writing)
    press(desk, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: len(desk.entries()) == 1 and not changes.is_writing)
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        visit = history.people.begin_visit(patient.id, desk.parts.open_patient.date, "", by="MK")
        image_id = history.people.image_id_of(entry.image.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
    undo(desk)
    desk.wait(lambda: messages.messages.text().startswith("An image of these rows has since been filed under P-1."))
    assert len(desk.entries()) == 1
