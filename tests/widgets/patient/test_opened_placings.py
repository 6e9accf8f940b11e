"""A new image goes to the lesion that is meant: the window asks where that is in doubt, says it, and can undo it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.widgets.patient.lesion_question import LesionQuestion
from desktop.widgets.patient.place_dialog import PlaceDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import key
from tests.widgets.mouse_and_keys import press as click
from tests.widgets.patient.test_patient import (
    CTRL,
    SHIFT,
    add_lesion,
    bring,
    choose_patient,
    dialog,
    drop,
    images_of,
    press,
)

MakeDesk = Callable[..., Desk]


@pytest.fixture
def assessed(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> Desk:
    """A patient whose only lesion was assessed at this visit, blind-first."""
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "first.png", seed=1))
    result = desk.parts.window.visit_page.result_panel
    desk.wait(lambda: "Your diagnosis first" in desk.texts(result))
    key(desk, Qt.Key.Key_2)
    with desk.qtbot.waitSignal(desk.parts.blinding.committed):
        key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: "Your diagnosis first" not in desk.texts(result))
    desk.settle()
    return desk


def lesion_names(desk: Desk) -> list[str]:
    names = {one.id: one.name for one in desk.parts.open_patient.lesions}
    return [names.get(image.lesion_id or 0, "") for image in images_of(desk, "P-77")]


def said(desk: Desk) -> str:
    return desk.parts.window.frame.strip._saved.text()


def is_blind(desk: Desk) -> bool:
    return "Your diagnosis first" in desk.texts(desk.parts.window.visit_page.result_panel)


def drop_files(desk: Desk, paths: list[Path]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop(desk.parts.window, mime, QPoint(5, 5))


def paste(desk: Desk, paths: list[Path]) -> None:
    QApplication.clipboard().setImage(QImage(str(paths[0])))
    press(desk, Qt.Key.Key_V, CTRL)


def open_(desk: Desk, paths: list[Path]) -> None:
    desk.parts.window.open_files(paths)


def take_from_inbox(desk: Desk, paths: list[Path]) -> None:
    desk.parts.window.features.watched_folder.images_requested.emit(paths)


@pytest.mark.parametrize("way", [open_, drop_files, paste, take_from_inbox])
def test_enter_places_the_next_image_with_a_new_lesion_and_keeps_it_blind(
    assessed: Desk, tmp_path: Path, way: Callable[[Desk, list[Path]], None]
) -> None:
    way(assessed, [write_lesion(tmp_path / "second.png", seed=2)])
    question = dialog(assessed, LesionQuestion)
    assert question.same.text() == "Another image of L1 left scapula"
    assert lesion_names(assessed) == ["L1"]
    assessed.qtbot.keyClick(question, Qt.Key.Key_Return)
    site = dialog(assessed, PlaceDialog)
    assessed.qtbot.keyClicks(site.search, "right palm")
    assessed.qtbot.keyClick(site.search, Qt.Key.Key_Return)
    assessed.wait(lambda: lesion_names(assessed) == ["L1", "L2"])
    assessed.wait(lambda: is_blind(assessed))
    assessed.settle()
    assert is_blind(assessed)
    assert "%" not in assessed.texts(assessed.parts.window.visit_page.result_panel)


def test_several_images_are_asked_for_once_and_all_go_to_the_lesion_that_is_clicked(
    assessed: Desk, tmp_path: Path
) -> None:
    assessed.parts.window.open_files([write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (2, 3)])
    question = dialog(assessed, LesionQuestion)
    assert "Where do these 2 images of P-77 belong?" in assessed.texts(question)
    click(assessed, "Images of L1 left scapula", question)
    assessed.wait(lambda: lesion_names(assessed) == ["L1", "L1", "L1"])
    assessed.wait(lambda: said(assessed) == "Placed with P-77, L1 left scapula")
    assessed.settle()
    press(assessed, Qt.Key.Key_Z, CTRL)  # one change for both
    assessed.wait(lambda: lesion_names(assessed) == ["L1"])


def test_cancel_opens_and_saves_nothing(assessed: Desk, tmp_path: Path) -> None:
    before = assessed.parts.open_image.picture
    assessed.parts.window.open_files([write_lesion(tmp_path / "second.png", seed=2)])
    assessed.qtbot.keyClick(dialog(assessed, LesionQuestion), Qt.Key.Key_Escape)
    assessed.settle()
    assert assessed.parts.open_image.picture is before
    assert len(assessed.entries()) == 1


def test_nothing_is_asked_before_the_lesion_is_assessed(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "nobody.png", seed=9))
    choose_patient(desk, "P-77")
    add_lesion(desk)
    for seed in (1, 2):
        bring(desk, write_lesion(tmp_path / f"{seed}.png", seed=seed))
    desk.wait(lambda: said(desk) == "Placed with P-77, L1")
    assert lesion_names(desk) == ["L1", "L1"]


def test_a_lesion_whose_answer_was_shown_without_a_diagnosis_is_asked_about_too(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-77")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "1.png", seed=1))
    desk.wait(lambda: is_blind(desk))
    click(desk, "Skip my diagnosis", desk.parts.window.visit_page)
    desk.wait(lambda: not is_blind(desk))
    desk.settle()
    desk.parts.window.open_files([write_lesion(tmp_path / "2.png", seed=2)])
    dialog(desk, LesionQuestion).reject()


def test_undo_after_opening_takes_back_that_placing_and_no_earlier_outcome(assessed: Desk, tmp_path: Path) -> None:
    (lesion,) = assessed.parts.open_patient.lesions
    changes = assessed.parts.window.frame.undo_stack
    outcomes = assessed.parts.window.features.worklists._outcomes
    form = outcomes.ask("P-77, L1 left scapula", lesion_id=lesion.id)
    assessed.qtbot.keyClicks(form.diagnosis, "nevus")
    assessed.wait(lambda: form.missing.text() == "")  # what is recorded was read
    click(assessed, "Save", form)
    assessed.wait(lambda: said(assessed) == "Saved: outcome of P-77, L1 left scapula")
    assessed.wait(lambda: changes.undo_text == "outcome of P-77, L1 left scapula" and not changes.is_writing)
    assessed.parts.window.open_files([write_lesion(tmp_path / "second.png", seed=2)])
    click(assessed, "Another image of L1", dialog(assessed, LesionQuestion))
    assessed.wait(lambda: said(assessed) == "Placed with P-77, L1 left scapula")
    assessed.settle()
    click(assessed, "Undo", assessed.parts.window.frame.strip)
    assessed.wait(lambda: lesion_names(assessed) == ["L1"] and not changes.is_writing)
    messages = assessed.parts.window.visit_page.messages
    assessed.wait(lambda: messages.text().startswith("Not filed under any patient. Add to P-77?"))
    assert said(assessed) == "Undone: placing of second.png with P-77, L1 left scapula"
    head = assessed.parts.window.visit_page.head
    assessed.wait(lambda: assessed.texts(head).startswith("second.png"))  # no lesion before it
    assert changes.undo_text == "outcome of P-77, L1 left scapula"
    with History.open(assessed.folder) as history:
        assert [one.diagnosis for one in history.assessments.outcomes(lesion_id=lesion.id)] == ["nevus"]
    press(assessed, Qt.Key.Key_Z, CTRL | SHIFT)
    assessed.wait(lambda: lesion_names(assessed) == ["L1", "L1"])
    assessed.wait(lambda: messages.text() == "")
    assessed.wait(lambda: assessed.texts(head).startswith("L1 left scapula · second.png"))


def test_the_undo_of_a_placing_names_its_image_whichever_is_in_front(assessed: Desk, tmp_path: Path) -> None:
    window, stack = assessed.parts.window, assessed.parts.window.frame.undo_stack
    window.open_files([write_lesion(tmp_path / "second.png", seed=2)])
    click(assessed, "Another image of L1", dialog(assessed, LesionQuestion))
    assessed.wait(lambda: said(assessed) == "Placed with P-77, L1 left scapula")
    assessed.settle()
    first = next(one for one in assessed.parts.open_patient.images if one.image.name == "first.png")
    assessed.parts.open_image.open(assessed.parts.open_patient.request_for(first))
    assessed.wait(lambda: assessed.parts.open_image.answer is not None)
    named = "placing of second.png with P-77, L1 left scapula"
    assert window.frame.strip._change == named
    stack.undo()
    assessed.wait(lambda: said(assessed) == f"Undone: {named}")
    assessed.wait(lambda: [one.image.name for one in assessed.parts.open_patient.images] == ["first.png"])
    assert stack.redo_text == named
    stack.redo()
    assessed.wait(lambda: said(assessed) == f"Saved: {named}")


def test_an_image_that_was_there_already_is_not_named_by_the_undo(assessed: Desk, tmp_path: Path) -> None:
    stack = assessed.parts.window.frame.undo_stack
    later = [write_lesion(tmp_path / f"{name}.png", seed=seed) for seed, name in ((2, "second"), (3, "third"))]
    with assessed.slow_history():
        assessed.parts.window.open_files([tmp_path / "first.png", *later])
        click(assessed, "Images of L1", dialog(assessed, LesionQuestion))
        assessed.wait(lambda: stack.undo_text == "placing of 3 images with P-77, L1 left scapula")
    assessed.wait(lambda: stack.undo_text == "placing of second.png and third.png with P-77, L1 left scapula")
    assessed.settle()
    assert assessed.parts.window.frame.strip._change == stack.undo_text
    press(assessed, Qt.Key.Key_Z, CTRL)
    assessed.wait(lambda: lesion_names(assessed) == ["L1"])


def test_an_undone_placing_and_its_redo_say_of_the_image_what_is_true(assessed: Desk, tmp_path: Path) -> None:
    moved = assessed.parts.window.patients.lesions.moved
    panel = assessed.parts.window.visit_page.assessment_panel
    assessed.parts.window.open_files([write_lesion(tmp_path / "second.png", seed=2)])
    click(assessed, "Another image of L1", dialog(assessed, LesionQuestion))
    assessed.wait(lambda: said(assessed) == "Placed with P-77, L1 left scapula")
    assessed.settle()
    press(assessed, Qt.Key.Key_Z, CTRL)
    assessed.wait(
        lambda: moved.isVisible() and "second.png: from P-77 L1 to nobody" in moved.menu().actions()[0].text()
    )
    assessed.wait(lambda: "none yet" in assessed.texts(panel))  # its answer was seen after the lesion's diagnosis
    assessed.settle()
    assert not is_blind(assessed)
    press(assessed, Qt.Key.Key_Z, CTRL | SHIFT)
    assessed.wait(lambda: lesion_names(assessed) == ["L1", "L1"])
    assessed.wait(lambda: not moved.isVisible())
    assessed.settle()
    with History.open(assessed.folder) as history:
        acts = [act.action for act in history.audit.page(AuditFilter()).acts]
    assert Action.SEEN_FIRST not in acts


def test_an_image_that_is_known_adds_no_change(assessed: Desk, tmp_path: Path) -> None:
    text = assessed.parts.window.frame.undo_stack.undo_text
    assessed.parts.window.open_files([tmp_path / "first.png"])
    click(assessed, "Another image of L1", dialog(assessed, LesionQuestion))
    assessed.settle()
    assert assessed.parts.window.frame.undo_stack.undo_text == text
    assert "Placed" not in said(assessed)


def test_the_notice_is_taken_away_on_the_patient_s_page(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.wait(lambda: said(desk) == "Placed with P-77, L1")
    desk.parts.window.patients.images.show_patient_page()
    assert said(desk) == ""
    assert not desk.parts.window.frame.strip.says_placed


def test_the_notice_is_taken_away_in_another_workspace(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.wait(lambda: said(desk) == "Placed with P-77, L1")
    desk.parts.window.show_workspace("history")
    assert said(desk) == ""


def test_new_lesion_in_the_notice_moves_the_image_there(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.wait(lambda: said(desk) == "Placed with P-77, L1")
    click(desk, "New lesion", desk.parts.window.frame.strip)
    dialog(desk, PlaceDialog).reject()
    desk.wait(lambda: lesion_names(desk) == ["L2"])
    desk.wait(lambda: "Placed" not in said(desk))
    for _change in ("to the new lesion", "the lesion", "to the first"):
        press(desk, Qt.Key.Key_Z, CTRL)
        desk.settle()
    assert lesion_names(desk) == []


def test_an_image_that_is_brought_while_the_place_is_written_is_the_newest_change(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    strip, stack = desk.parts.window.frame.strip, desk.parts.window.frame.undo_stack
    press(desk, Qt.Key.Key_B, CTRL | SHIFT)
    site = dialog(desk, PlaceDialog)
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.qtbot.keyClicks(site.search, "right palm")
    with desk.slow_history():
        desk.qtbot.keyClick(site.search, Qt.Key.Key_Return)
        desk.wait(lambda: stack.is_writing)
        open_(desk, [write_lesion(tmp_path / "one.png", seed=1)])
        desk.wait(lambda: stack.undo_text.startswith("placing of one.png"))
    desk.wait(lambda: strip.says_placed)
    desk.settle()
    assert said(desk).startswith("Placed with P-77, L1")
    assert stack.undo_text.startswith("placing of one.png with P-77, L1")


def test_the_notice_goes_with_its_patient(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.wait(lambda: said(desk) == "Placed with P-77, without a lesion")
    choose_patient(desk, "P-78")
    desk.wait(lambda: "Placed" not in said(desk))


def test_a_clinical_photograph_is_taken_from_its_lesion_but_stays_with_its_patient(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk)
    window = desk.parts.window
    photograph = write_lesion(tmp_path / "clinical.png", seed=3)
    monkeypatch.setattr(window.patients.new_images._files, "choose_images", lambda: [photograph])
    window.patients.new_images.add_clinical()
    desk.wait(lambda: lesion_names(desk) == ["L1"])
    desk.settle()
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: lesion_names(desk) == [""])
    assert [image.kind for image in images_of(desk, "P-77")] == ["clinical"]
