"""Similar pictures of the history, by mouse and keys: after the own assessment, never before it, and nothing of any answer."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QListWidget, QPushButton

from desktop.core.draft import Draft
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.widgets.visit.similar_dialog import SimilarDialog
from tests.core.inference.test_near_limits import MADE_FROM_SHIPPED
from tests.making import contract, write_model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient
from tests.widgets.patient.test_patient import press as press_key

MakeDesk = Callable[..., Desk]
DAY = dt.date(2025, 3, 12)


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> Path:
    """Write an image of one colour: to the test's model, the direction of its colour is all that it shows."""
    Image.new("RGB", (640, 480), colour).save(folder / f"{name}.png")
    return folder / f"{name}.png"


FAR = "Not similar: the nearest proven melanoma of this history"
OWN, BROWN, DARKER, BLUE = (164, 102, 61), (160, 100, 60), (120, 76, 44), (30, 40, 200)


@pytest.fixture
def clinic(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., Desk]:
    """Open a window on a history with these cases (name, colour, assessment, histology), each of a patient of its own.

    They are `compared` if the model in use has answered them; else another model has.
    """

    def _clinic(
        *cases: tuple[str, tuple[int, int, int], str, str],
        blind: bool = False,
        measured: bool = True,
        compared: bool = False,
    ) -> Desk:
        changes = {"recalibration": MADE_FROM_SHIPPED} if measured else {}
        used = write_model(tmp_path / "model.onnx", contract(**changes))
        before = used if compared else write_model(tmp_path / "before.onnx", contract(name="Before", **changes))
        desk = make_desk(before, blind=blind)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        for name, colour, assessed, proved in cases:
            path = picture(tmp_path, name, colour)
            desk.open_and_keep(path)
            with History.open(desk.folder) as history:
                people = history.people
                patient = people.add_patient(f"P-{name}", "unknown", by="MK")
                lesion = people.add_lesion(patient.id, "L1", "scapula-left", by="MK")
                visit = people.begin_visit(patient.id, DAY, "", by="MK")
                image_id = people.image_id_of(hashlib.sha256(path.read_bytes()).hexdigest())
                assert image_id is not None
                people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
                if assessed:
                    history.assessments.assess(
                        lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis=assessed, by="MK"
                    )
                if proved:
                    history.assessments.add_outcome(
                        lesion_id=lesion.id, kind="histopathology", diagnosis=proved, date=DAY, by="MK"
                    )
        desk.parts.open_image.close()
        desk.parts.model.load(used)
        desk.wait(lambda: (one := desk.parts.open_image.classifier) is not None and one.path == used)
        choose_patient(desk, "P-own")
        add_lesion(desk)
        bring(desk, picture(tmp_path, "own", OWN))
        desk.settle()
        return desk

    return _clinic


def button(desk: Desk) -> QPushButton:
    panel = desk.parts.window.visit_page.assessment_panel
    return next(one for one in panel.findChildren(QPushButton) if one.text() == "Similar pictures…")


def assess(desk: Desk) -> None:
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan="none"))
    desk.wait(button(desk).isVisible)
    desk.settle()


def dialog(desk: Desk) -> SimilarDialog:
    """Return the dialog once its search has ended."""
    found = [one for one in desk.parts.window.findChildren(SimilarDialog) if one.isVisible()]
    assert len(found) == 1
    desk.wait(lambda: found[0].state.text() != "Looking for similar pictures…")
    desk.settle()
    return found[0]


def press(desk: Desk, shown: SimilarDialog, text: str) -> None:
    pressed = next(one for one in shown.findChildren(QPushButton) if one.text() == text and one.isVisible())
    desk.qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def compare_all(desk: Desk, shown: SimilarDialog) -> None:
    press(desk, shown, "Compare them")
    desk.settle()


FOUND = [
    f"Melanoma, histology 12 Mar 2025\nAssessed: Nevus\n{FAR}\nP-melanoma · L1 left scapula",
    "Assessed: Nevus\nNo histology\nP-nevus · L1 left scapula",
    "Nevus, histology 12 Mar 2025\nAssessed: Nevus\nP-proved · L1 left scapula",
]
"""What stands of `CASES` in the dialog."""

CASES = (
    ("nevus", BROWN, "nevus", ""),
    ("proved", DARKER, "nevus", "nevus"),
    ("melanoma", BLUE, "nevus", "melanoma"),
)


def test_similar_pictures_come_after_the_own_assessment_malignant_first(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES)
    assert not button(desk).isVisible()
    assess(desk)
    desk.qtbot.mouseClick(button(desk), Qt.MouseButton.LeftButton)
    shown = dialog(desk)
    assert "Similar pictures of this history\nSimilar does not mean same diagnosis." in desk.texts(shown)
    assert shown.state.text() == "Not all images are compared yet"
    assert "3 images of this history were not compared yet." in desk.texts(shown)
    compare_all(desk, shown)
    assert shown.texts == FOUND
    assert "of this history" not in desk.texts(shown).split("same diagnosis.")[1]
    assert "%" not in "".join(shown.texts)
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter(actions=frozenset({Action.SIMILAR_VIEWED}))).acts
    assert [act.image for act in acts] == ["own.png"]


def test_images_that_the_model_in_use_has_answered_are_compared_already(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES, compared=True)
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    assert shown.texts == FOUND
    assert "not compared yet" not in desk.texts(shown)


def test_no_similar_case_is_said_once_all_images_are_compared(clinic: Callable[..., Desk]) -> None:
    desk = clinic(("blue", BLUE, "nevus", ""))
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    assert shown.state.text() == "Not all images are compared yet"
    compare_all(desk, shown)
    assert shown.state.text() == "No similar case"
    assert shown.texts == []


def test_cases_without_histology_are_grey(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES)
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    compare_all(desk, shown)
    (cases,) = shown.findChildren(QListWidget)
    grey = shown.palette().color(QPalette.ColorRole.PlaceholderText)
    assert [cases.item(row).foreground().color() == grey for row in range(3)] == [False, True, False]


def test_a_case_is_put_beside_the_open_image_by_keys_alone(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES)
    assess(desk)
    press_key(desk, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    shown = dialog(desk)
    compare_all(desk, shown)
    (cases,) = shown.findChildren(QListWidget)
    assert cases.hasFocus()
    desk.qtbot.keyClick(cases, Qt.Key.Key_Down)
    desk.qtbot.keyClick(cases, Qt.Key.Key_Return)
    page = desk.parts.window.workspaces.follow_up.page
    desk.wait(lambda: page.isVisible() and len(page.compare.pictures) == 2)
    assert {one.name for one in page.compare.pictures} == {"nevus.png", "own.png"}


def test_nothing_is_offered_before_the_own_assessment(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES, blind=True)
    window = desk.parts.window
    assert not button(desk).isVisible()
    window.menus.actions["similar"].trigger()
    assert "Enter your diagnosis first" in window.visit_page.messages.text()
    assert not window.findChildren(SimilarDialog)
    desk.parts.blinding.skip()
    desk.settle()
    assert not button(desk).isVisible(), "skipping is no assessment"
    assess(desk)


def test_images_that_wait_for_a_blind_assessment_are_left_out(clinic: Callable[..., Desk]) -> None:
    desk = clinic(("waiting", DARKER, "", "melanoma"), ("nevus", BROWN, "nevus", ""), blind=True)
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    compare_all(desk, shown)
    assert shown.texts == ["Assessed: Nevus\nNo histology\nP-nevus · L1 left scapula"]


def test_image_that_cannot_be_read_is_counted_and_the_others_are_compared(
    clinic: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = clinic(*CASES)
    for stored in (desk.folder / "images").rglob("*.png"):
        if stored.read_bytes() == (tmp_path / "proved.png").read_bytes():
            stored.unlink()
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    compare_all(desk, shown)
    assert len(shown.texts) == 2
    assert "1 image of this history was not compared yet." in desk.texts(shown)


def test_a_model_that_was_not_measured_offers_nothing(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES, measured=False)
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan="none"))
    desk.settle()
    assert not button(desk).isVisible()
    desk.parts.window.menus.actions["similar"].trigger()
    assert "was not measured" in desk.parts.window.visit_page.messages.text()


def test_closing_the_dialog_stops_comparing(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*(("n" + str(number), (160, 100, 50 + number), "nevus", "") for number in range(6)))
    assess(desk)
    button(desk).click()
    shown = dialog(desk)
    with desk.slow_history():
        press(desk, shown, "Compare them")
        shown.reject()
    desk.settle()
    button(desk).click()
    assert "of this history" in desk.texts(dialog(desk)).split("same diagnosis.")[1]


def test_image_whose_entry_is_in_the_bin_is_told(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES)
    assess(desk)
    own = next(entry for entry in desk.entries() if entry.image.name == "own.png")
    done: list[object] = []
    desk.parts.history_service.write(lambda history, by: history.bin([own.id], by=by), done.append, done.append)
    desk.wait(lambda: done)
    desk.qtbot.mouseClick(button(desk), Qt.MouseButton.LeftButton)
    shown = dialog(desk)
    assert shown.messages.text() == "This image has no entry in the history. Restore it from the bin first."
    assert shown.texts == []


def test_image_that_is_closed_while_it_is_looked_for_is_told(clinic: Callable[..., Desk]) -> None:
    desk = clinic(*CASES)
    assess(desk)
    with desk.slow_history():
        desk.qtbot.mouseClick(button(desk), Qt.MouseButton.LeftButton)
        desk.parts.open_image.close()
    assert dialog(desk).messages.text() == "The image or its assessment has changed meanwhile. Try again."
