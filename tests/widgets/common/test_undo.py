"""Each kind of change in the window is undone and redone, even if writes to the history fail at first."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.core.draft import Draft
from desktop.core.imaging.preprocessing import Box
from desktop.core.imaging.scale import Scale
from desktop.core.records import database
from desktop.core.records.connecting import connect
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from desktop.session.opening_request import of_entry
from desktop.widgets.visit.outcome_dialog import EnteredOutcome
from desktop.widgets.visit.outcome_presenter import OutcomePresenter
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import workbench_of
from tests.widgets.patient.test_patient import CTRL, SHIFT, add_lesion, bring, choose_patient, images_of, press


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for another program that writes for a moment instead of five seconds, and again whenever the file is reopened."""
    monkeypatch.setattr(database, "connect", lambda *place, timeout: connect(*place, timeout=min(timeout, 0.1)))


@contextmanager
def refusing(desk: Desk) -> Iterator[None]:
    """Make every write to the history fail, as if another program were writing."""
    with closing(sqlite3.connect(desk.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@dataclass(frozen=True)
class Kind:
    """A kind of change: how to make it, what it changes in the history, and its name, which says whose it is."""

    make: Callable[[Desk], None]
    state: Callable[[Desk], object]
    name: str


def place_with_new_lesion(desk: Desk) -> None:
    (image,) = desk.parts.open_patient.images
    lesion = desk.parts.open_patient.lesions[-1]
    desk.parts.window.patients.moves.assign([image.image.sha256], lesion.id)


def placed(desk: Desk) -> object:
    return [image.lesion_id for image in images_of(desk, "P-1")]


def rename(desk: Desk) -> None:
    presenter = desk.parts.window.patients.presenter
    presenter._correct_lesion(desk.parts.open_patient.lesions[0], "Mole", "")


def lesion_names(desk: Desk) -> object:
    with History.open(desk.folder) as history:
        patient = next(one for one in history.people.find_patients() if one.pseudonym == "P-1")
        return [lesion.name for lesion in history.people.lesions(patient.id)]


def add_lesion_at_once(desk: Desk) -> None:
    desk.parts.window.patients.presenter.add_lesion_then(lambda _lesion: None)


def move_away(desk: Desk) -> None:
    with History.open(desk.folder) as history:
        target = history.people.add_patient("P-2", "male", by="MK")
    patient, images = desk.parts.open_patient.patient, list(desk.parts.open_patient.images)
    desk.parts.window.patients.moves._move(images, patient, target, None)


def add_outcome(desk: Desk) -> None:
    lesion = desk.parts.open_patient.lesions[0]
    parts = desk.parts
    presenter = OutcomePresenter(
        parts.history_service, parts.window.frame.undo_stack, lambda: parts.window.visit_page.messages, parts.window
    )
    dialog = presenter.ask("P-1, L1", lesion_id=lesion.id)
    dialog.entered.emit(EnteredOutcome("follow-up", "nevus", None, None, dt.date(2026, 1, 2), ""))
    dialog.reject()


def outcome(desk: Desk) -> object:
    return [entry.outcome for entry in desk.entries()]


def correct_patient(desk: Desk) -> None:
    patient, band = desk.parts.open_patient.patient, desk.parts.open_patient.recorded_age_band
    assert patient is not None
    changes = desk.parts.window.patients.presenter.changes
    changes.correct(patient, band, "P-1", "female", "60-69", pytest.fail, lambda: None)


def patient(desk: Desk) -> object:
    with History.open(desk.folder) as history:
        return [(one.pseudonym, one.sex) for one in history.people.find_patients()]


def bin_entry(desk: Desk) -> None:
    desk.parts.window.history.bin_requested.emit(desk.entries()[:1])


def binned(desk: Desk) -> object:
    return [entry.id for entry in desk.entries(binned=True)]


def give_scale(desk: Desk) -> None:
    presenter = workbench_of(desk)._ruler
    presenter._toggle(True)
    presenter._ruler._change(Scale(0.02))


def scale(desk: Desk) -> object:
    with History.open(desk.folder) as history:
        return history.scales.of(history.entries()[0].image.sha256)


def remove_region(desk: Desk) -> None:
    regions = workbench_of(desk).regions
    regions.classify(Box(100, 100, 300, 300))
    desk.wait(lambda: regions.items and regions.items[0].kept.entry_id is not None)
    workbench_of(desk)._region._take_out_chosen()


KINDS = {
    "placement": Kind(place_with_new_lesion, placed, "placing of one.png with P-1, L2"),
    "lesion": Kind(rename, lesion_names, "new name of P-1, L1: Mole"),
    "new lesion": Kind(add_lesion_at_once, lesion_names, "new lesion P-1, L3"),
    "move": Kind(move_away, placed, "move of P-1, L1, one.png to P-2"),
    "outcome": Kind(add_outcome, outcome, "outcome of P-1, L1"),
    "patient": Kind(correct_patient, patient, "sex, age of P-1"),
    "entry": Kind(bin_entry, binned, "entry of P-1, L1, one.png to the bin"),
    "scale": Kind(give_scale, scale, "scale of P-1, L1, one.png"),
    "region": Kind(remove_region, binned, "removal of a region of P-1, L1, one.png"),
}


@pytest.fixture
def visit(desk: Desk, tmp_path: Path) -> Desk:
    """Make a patient with two lesions, and an image of the first."""
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", size=(800, 600)))
    add_lesion(desk)
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    desk.parts.open_image.open(of_entry(desk.entries()[0]))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.rest()
    return desk


def click_message(desk: Desk, text: str) -> None:
    """Click a button of the message bar."""
    messages = desk.parts.window.workspaces.messages
    button = next(one for one in messages.findChildren(QPushButton) if one.text() == text and one.isVisible())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def try_again(desk: Desk) -> None:
    click_message(desk, "Try again")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_change_is_undone_and_redone_even_if_the_first_writes_fail(visit: Desk, kind: Kind) -> None:
    changes = visit.parts.window.frame.undo_stack
    before = kind.state(visit)
    kind.make(visit)
    visit.wait(lambda: kind.state(visit) != before and not changes.is_writing)
    after, name = kind.state(visit), changes.undo_text
    for act, state in ((changes.undo, before), (changes.redo, after)):
        texts = (changes.undo_text, changes.redo_text)
        with refusing(visit):
            act()
            for _ in range(2):
                visit.wait(lambda: "locked" in visit.parts.window.workspaces.messages.text() and not changes.is_writing)
                assert (changes.undo_text, changes.redo_text) == texts
                try_again(visit)
            visit.wait(lambda: "locked" in visit.parts.window.workspaces.messages.text() and not changes.is_writing)
        try_again(visit)
        visit.wait(lambda texts=texts: not changes.is_writing and (changes.undo_text, changes.redo_text) != texts)
        assert kind.state(visit) == state
    assert (changes.undo_text, changes.redo_text) == (name, "")
    assert name == kind.name


def test_undo_and_redo_at_once_carry_out_only_one(visit: Desk) -> None:
    changes = visit.parts.window.frame.undo_stack
    place_with_new_lesion(visit)
    visit.wait(lambda: changes.undo_text.startswith("placing") and not changes.is_writing)
    first, second = (lesion.id for lesion in visit.parts.open_patient.lesions)
    assert placed(visit) == [second]
    changes.undo()
    changes.redo()
    visit.wait(lambda: not changes.is_writing)
    assert placed(visit) == [first]
    assert changes.redo_text.startswith("placing")


def test_neither_a_committed_assessment_nor_earlier_changes_are_undone(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    desk.parts.window.visit_page.assessment_panel.committed.emit(Draft(diagnosis="nevus", plan="none"))
    desk.wait(
        lambda: desk.parts.blinding.image_status is not None and bool(desk.parts.blinding.image_status.assessments)
    )
    where = placed(desk)
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: "locked and cannot be undone" in desk.parts.window.visit_page.messages.text())
    desk.rest()
    assert placed(desk) == where != [None]
    assert desk.parts.blinding.image_status.assessments
    rename(desk)
    desk.wait(lambda: not desk.parts.window.visit_page.messages.isVisible())


def test_a_change_of_a_patient_who_is_not_open_is_undone_and_redone_only_on_yes(visit: Desk) -> None:
    changes, window = visit.parts.window.frame.undo_stack, visit.parts.window
    before = lesion_names(visit)
    rename(visit)
    visit.wait(lambda: lesion_names(visit) != before and not changes.is_writing)
    after, text = lesion_names(visit), changes.undo_text
    press(visit, Qt.Key.Key_L, CTRL | SHIFT)
    visit.wait(lambda: visit.parts.open_patient.patient is None)

    def ask(key: Qt.Key) -> None:
        press(visit, key, CTRL)
        visit.wait(lambda: window.workspaces.messages.text() == f"Undo “{text}”? P-1 is not open.")
        visit.rest()
        assert not changes.is_writing

    ask(Qt.Key.Key_Z)
    click_message(visit, "Cancel")
    visit.rest()
    assert (lesion_names(visit), changes.undo_text) == (after, text)
    ask(Qt.Key.Key_Z)
    assert lesion_names(visit) == after
    with refusing(visit):
        click_message(visit, "Undo")
        visit.wait(lambda: "locked" in window.workspaces.messages.text() and not changes.is_writing)
    try_again(visit)  # which does not ask again
    visit.wait(lambda: lesion_names(visit) == before and changes.redo_text == text)
    said = window.frame.strip._saved.text()
    assert said.startswith("Undone: ")
    assert f"Undone: {text}".startswith(said.rstrip("…"))
    press(visit, Qt.Key.Key_Z, CTRL | SHIFT)
    visit.wait(lambda: window.workspaces.messages.text() == f"Redo “{text}”? P-1 is not open.")
    click_message(visit, "Redo")
    visit.wait(lambda: lesion_names(visit) == after and changes.undo_text == text)
    assert "Undone" not in window.frame.strip._saved.text()


def test_an_outcome_and_a_scale_of_a_patient_who_is_not_open_are_not_undone_unasked(visit: Desk) -> None:
    changes, parts = visit.parts.window.frame.undo_stack, visit.parts
    give_scale(visit)
    visit.wait(lambda: changes.undo_text == "scale of P-1, L1, one.png" and not changes.is_writing)
    dialog = OutcomePresenter(
        parts.history_service, changes, lambda: parts.window.visit_page.messages, parts.window
    ).ask("P-1, L1", lesion_id=parts.open_patient.lesions[0].id)
    dialog.entered.emit(EnteredOutcome("follow-up", "nevus", None, None, dt.date(2026, 1, 2), ""))
    dialog.reject()
    visit.wait(lambda: changes.undo_text == "outcome of P-1, L1" and not changes.is_writing)
    choose_patient(visit, "P-2")
    visit.wait(lambda: changes.undo_text == "new patient P-2" and not changes.is_writing)
    changes.undo()  # of the open patient: no question
    visit.wait(lambda: parts.open_patient.patient is None and not changes.is_writing)
    for text in ("outcome of P-1, L1", "scale of P-1, L1, one.png"):
        assert changes.undo_text == text
        press(visit, Qt.Key.Key_Z, CTRL)
        asked = f"Undo “{text}”? P-1 is not open."
        visit.wait(lambda asked=asked: parts.window.workspaces.messages.text() == asked)
        click_message(visit, "Undo")
        visit.wait(lambda text=text: changes.redo_text == text and not changes.is_writing)
