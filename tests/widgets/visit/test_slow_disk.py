"""What is committed or typed while the disk is slow, or full: nothing is lost, and nothing is saved twice."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from desktop.core.records import database
from desktop.core.records.connecting import connect
from desktop.core.records.history import History
from desktop.system.tasks import Lane
from desktop.widgets.visit.assessment_form import AssessmentForm
from desktop.widgets.visit.assessment_panel import AssessmentPanel
from tests.core.records.history_contents import keep
from tests.making import write_lesion
from tests.widgets.answer.test_blind_first import open_blind, type_on_image, views, wait_until_asked
from tests.widgets.common.test_undo import add_outcome, refusing
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.mouse_and_keys import press
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

ENTER = Qt.Key.Key_Return


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for another program that writes for a moment instead of five seconds."""
    monkeypatch.setattr(database, "connect", lambda *place, timeout: connect(*place, timeout=min(timeout, 0.1)))


@contextmanager
def slow_images(desk: Desk) -> Iterator[None]:
    """Let no image be read meanwhile, as from a slow drive."""
    go_on = threading.Event()
    for _ in range(2):  # both threads
        desk.parts.tasks.run(Lane.IMAGES, lambda _task: go_on.wait(), lambda _done: None, pytest.fail)
    try:
        yield
    finally:
        go_on.set()


@pytest.fixture
def blind(make_desk: Callable[..., Desk], model_file: Path) -> Desk:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def panel(desk: Desk) -> AssessmentPanel:
    return desk.parts.window.visit_page.assessment_panel


def form(desk: Desk) -> AssessmentForm:
    return panel(desk).findChild(AssessmentForm)


def committed(desk: Desk) -> list[tuple[str, bool | None]]:
    return [(one.diagnosis, one.before_model) for one in views(desk)]


def test_what_is_pressed_while_an_assessment_is_written_commits_no_other(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "one.png"))
    with blind.slow_history():
        type_on_image(blind, Qt.Key.Key_1, ENTER, ENTER)
        assert "is being saved" in blind.texts(panel(blind))
        result = blind.texts(blind.parts.window.visit_page.result_panel)
        assert "What the model says is shown once your diagnosis is saved." in result
        assert "Choose a diagnosis" not in result
        scrolled = panel(blind).findChild(QScrollArea)
        blind.wait(lambda: scrolled.isVisible() and not scrolled.verticalScrollBar().isVisible())
        assert not form(blind).isVisible()
        type_on_image(blind, Qt.Key.Key_2, ENTER)
    blind.wait(lambda: "before the model" in blind.texts(panel(blind)))
    assert committed(blind) == [("melanoma", True)]


def test_a_model_that_comes_while_an_image_is_being_opened_does_not_say_that_none_is(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path / "gone.onnx")
    desk.wait(lambda: desk.parts.model.error is not None)
    with slow_images(desk):
        desk.parts.window.open_files([write_lesion(tmp_path / "one.png")])
        desk.parts.model.load(model_file)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        result = desk.texts(desk.parts.window.visit_page.result_panel)
        assert "No image open" not in result
        assert "One moment" in result
    desk.wait(lambda: desk.parts.open_image.answer is not None)


def test_film_does_not_say_that_there_is_no_image_while_they_are_read(desk: Desk, tmp_path: Path) -> None:
    images = [(write_lesion(tmp_path / f"{year}.png", seed=year), dt.date(year, 5, 3)) for year in (2024, 2025)]
    open_lesion(desk, *keep_at_visits(desk, images))
    desk.settle()
    window = desk.parts.window
    with slow_images(desk):
        window.workspaces.show_lesion()
        compare = window.workspaces.follow_up.page.compare
        desk.wait(lambda: "The images of this lesion are being read." in desk.texts(compare))
        assert "no dermoscopy" not in desk.texts(compare)
    desk.wait(lambda: len(compare.pictures) == 2)


def test_an_assessment_that_cannot_be_written_is_tried_again_as_it_is_entered_now(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "one.png"))
    messages = blind.parts.window.visit_page.messages
    with refusing(blind):
        type_on_image(blind, Qt.Key.Key_1)
        form(blind).note.setText("darker rim")
        form(blind).note.textEdited.emit("darker rim")
        type_on_image(blind, ENTER)
        blind.wait(messages.text)
    assert form(blind).isVisible()
    assert form(blind).note.text() == "darker rim"
    type_on_image(blind, Qt.Key.Key_2)
    entered = form(blind).draft()
    assert entered.diagnosis != "melanoma"
    press(blind, "Try again", messages)
    blind.wait(lambda: committed(blind))
    assert committed(blind) == [(entered.diagnosis, True)]
    assert views(blind)[0].note == "darker rim"


def test_a_message_that_offers_to_try_again_goes_once_it_is_committed(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "one.png"))
    messages = blind.parts.window.visit_page.messages
    with refusing(blind):
        type_on_image(blind, Qt.Key.Key_1, ENTER)
        blind.wait(messages.text)
    type_on_image(blind, ENTER)
    blind.wait(lambda: committed(blind))
    blind.wait(lambda: not messages.text())
    assert committed(blind) == [("melanoma", True)]


def test_an_outcome_that_could_not_be_written_is_held_although_another_message_took_its_place(
    desk: Desk, tmp_path: Path, questions: list[str]
) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.settle()
    window = desk.parts.window
    with refusing(desk):
        add_outcome(desk)
        desk.wait(window.visit_page.messages.text)
        window.visit_page.messages.say("Something else.", error=False)
        assert window.features.dialogs.may_close()
        assert "1 change could not be saved yet." in questions[-1]
    press(desk, "1 change not saved: try again")
    desk.settle()
    with History.open(desk.folder) as history:
        (lesion,) = desk.parts.open_patient.lesions
        (found,) = history.assessments.outcomes(lesion_id=lesion.id)
    assert (found.diagnosis, found.date) == ("nevus", dt.date(2026, 1, 2))
    assert window.frame.undo_stack.unsaved == 0


def test_a_form_that_was_opened_stays_open_while_other_images_come_into_the_history(
    blind: Desk, tmp_path: Path
) -> None:
    open_blind(blind, write_lesion(tmp_path / "one.png"))
    type_on_image(blind, Qt.Key.Key_1, ENTER)
    blind.wait(lambda: "before the model" in blind.texts(panel(blind)))
    press(blind, "Add after-model assessment", panel(blind))
    assert form(blind).isVisible()
    with History.open(blind.folder) as history:
        keep(history, "other.jpg")
    blind.parts.history_service.changed.emit()
    blind.wait(lambda: blind.parts.blinding.waiting == 1)
    blind.settle()
    assert form(blind).isVisible(), "nothing was entered yet"
    press(blind, "Cancel", panel(blind))
    assert not form(blind).isVisible()


def test_what_waits_for_its_image_is_changed_without_being_written_meanwhile(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path / "gone.onnx", blind=True)
    desk.parts.window.open_files([write_lesion(tmp_path / "lesion.png")])
    desk.wait(panel(desk).isVisible)
    desk.wait(lambda: "cannot be read" in desk.texts(desk.parts.window.visit_page.result_panel))
    type_on_image(desk, Qt.Key.Key_1, ENTER)
    desk.wait(lambda: "waits for the image to be kept" in desk.texts(panel(desk)))
    press(desk, "Change", panel(desk))
    assert form(desk).draft().diagnosis == "melanoma"
    type_on_image(desk, Qt.Key.Key_2)
    entered = form(desk).draft().diagnosis
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        desk.parts.model.load(model_file)
    desk.settle()
    assert committed(desk) == []
    assert (form(desk).isVisible(), form(desk).draft().diagnosis) == (True, entered)
    type_on_image(desk, ENTER)
    desk.wait(lambda: committed(desk))
    assert committed(desk) == [(entered, True)]


def close_while_written(desk: Desk, questions: list[str], commit: Callable[[], None]) -> None:
    """Commit an assessment, and close the window while it is being written; then let the disk go on."""
    go_on = threading.Event()
    desk.parts.history_service.ask(lambda _history: go_on.wait(), lambda _done: None, lambda _error: None)
    commit()
    assert "is being saved" in desk.texts(panel(desk))
    desk.parts.window.close()
    assert "1 assessment that you committed is not in the history yet." in questions[-1]
    go_on.set()


def start_again(make_desk: Callable[..., Desk], model_file: Path, path: Path) -> Desk:
    """Start the program anew, and open an image."""
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.open_files([path])
    desk.wait(panel(desk).isVisible)
    desk.settle()
    return desk


def test_what_was_being_written_when_the_window_was_closed_is_not_offered_again(
    blind: Desk, make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path, questions: list[str]
) -> None:
    path = write_lesion(tmp_path / "one.png")
    open_blind(blind, path)
    close_while_written(blind, questions, lambda: type_on_image(blind, Qt.Key.Key_1, ENTER))
    again = start_again(make_desk, model_file, path)
    assert committed(again) == [("melanoma", True)]
    assert "locked" in again.texts(panel(again))
    assert not panel(again).findChildren(AssessmentForm)


def test_nor_is_it_at_another_image_of_the_lesion_where_it_was_begun(
    blind: Desk, make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path, questions: list[str]
) -> None:
    paths = [write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2)]
    choose_patient(blind, "P-1")
    add_lesion(blind, "left scapula")
    bring(blind, *paths[:1])
    wait_until_asked(blind)
    blind.settle()
    type_on_image(blind, Qt.Key.Key_2)
    bring(blind, *paths[1:])
    blind.settle()
    close_while_written(blind, questions, lambda: type_on_image(blind, Qt.Key.Key_1, ENTER))
    again = start_again(make_desk, model_file, paths[0])
    assert committed(again) == [("melanoma", True)]
    assert not panel(again).findChildren(AssessmentForm)


def test_a_second_opinion_like_the_first_is_kept_as_a_draft(
    blind: Desk, make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    path = write_lesion(tmp_path / "one.png")
    open_blind(blind, path)
    type_on_image(blind, Qt.Key.Key_1, ENTER)
    blind.wait(lambda: "locked" in blind.texts(panel(blind)))
    press(blind, "Add after-model assessment", panel(blind))
    type_on_image(blind, Qt.Key.Key_1)
    again = start_again(make_desk, model_file, path)
    assert (form(again).isVisible(), form(again).draft().diagnosis) == (True, "melanoma")
    assert committed(again) == [("melanoma", True)]


def test_an_assessment_that_was_refused_before_the_window_was_closed_is_kept_as_a_draft(
    blind: Desk, make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    path = write_lesion(tmp_path / "one.png")
    open_blind(blind, path)
    with refusing(blind):
        type_on_image(blind, Qt.Key.Key_1, ENTER)
        blind.wait(blind.parts.window.visit_page.messages.text)
    again = start_again(make_desk, model_file, path)
    assert (form(again).isVisible(), form(again).draft().diagnosis) == (True, "melanoma")
    assert committed(again) == []
