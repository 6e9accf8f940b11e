"""A file that names a different patient than the open one: saved, but not placed until the user confirms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.core.draft import Draft
from desktop.core.records.history import History
from desktop.session.opening_request import of_entry, of_file
from desktop.widgets.common.message_bar import MessageBar
from tests.core.imaging.dicoms import dicom, jpeg, photograph
from tests.making import lesion, write_lesion
from tests.widgets.conftest import Desk

SIZE = (96, 72)


def of(path: Path, patient: str, seed: int = 3) -> Path:
    """Write an image that names a patient."""
    path.write_bytes(photograph(lesion(seed, SIZE), patient=(patient, "F", "061Y")))
    return path


def open_patient(desk: Desk, pseudonym: str) -> None:
    """Open a patient, adding them if there is none of this name."""
    with History.open(desk.folder) as history:
        known = [one for one in history.people.find_patients() if one.pseudonym == pseudonym]
    if known:
        desk.parts.open_patient.open(known[0])
    else:
        desk.parts.edits.add_patient(pseudonym, "unknown", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == pseudonym)


def images(desk: Desk) -> dict[str, list[str]]:
    """Return the images of each patient, read from the history file."""
    with History.open(desk.folder) as history:
        return {
            patient.pseudonym: sorted(image.image.name for image in history.people.images(patient.id))
            for patient in history.people.find_patients()
        }


def question(desk: Desk) -> str:
    bars = desk.parts.window.visit_page.findChildren(MessageBar)
    return next((bar.text() for bar in bars if "of “" in bar.text() and "say" in bar.text()), "")


def press(desk: Desk, words: str) -> None:
    button = next(
        b for b in desk.parts.window.visit_page.findChildren(QPushButton) if b.text() == words and b.isVisible()
    )
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def settle(desk: Desk, kept: int) -> None:
    """Wait until all images are in the history."""
    desk.wait(lambda: not desk.parts.import_queue.waiting and len(desk.entries()) == kept)


def test_image_that_names_another_patient_is_placed_only_after_confirmation(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.edits.add_lesion(desk.parts.open_patient.patient)(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: desk.parts.open_patient.lesion is not None)
    desk.open(of(tmp_path / "export.dcm", "P-0412"))
    desk.wait(lambda: question(desk))
    assert question(desk) == (
        "“export.dcm” says that it is of “P-0412”, female, 61 years. The open patient is “P-1”: not placed."
    )
    picture, window = desk.parts.open_image.picture, desk.parts.window
    assert picture is not None
    assert picture.name == "export.dcm"
    assert "L1" not in desk.texts(window.visit_page.head)
    desk.wait(lambda: window.visit_page.strip.images() == [])
    settle(desk, 1)
    assert images(desk) == {"P-1": []}
    press(desk, "Place with P-1")
    desk.wait(lambda: images(desk) == {"P-1": ["export.dcm"]})
    desk.wait(
        lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [desk.parts.open_patient.lesions[0].id]
    )
    desk.wait(lambda: desk.texts(window.visit_page.head).startswith("L1"))
    assert not question(desk)


def test_image_that_names_the_open_patient_or_none_is_placed_without_a_question(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.window.open_files([of(tmp_path / "own.dcm", "p-1"), of(tmp_path / "bare.dcm", "", 4)])
    desk.wait(lambda: images(desk) == {"P-1": ["bare.dcm", "own.dcm"]})
    assert not question(desk)


@pytest.mark.parametrize("by_closing", [False, True])
def test_image_left_unassigned_stays_in_the_history_without_a_patient(
    desk: Desk, tmp_path: Path, by_closing: bool
) -> None:
    open_patient(desk, "P-1")
    desk.parts.window.open_files([of(tmp_path / "export.dcm", "P-0412")])
    desk.wait(lambda: question(desk))
    if by_closing:
        bar = next(bar for bar in desk.parts.window.visit_page.findChildren(MessageBar) if bar.text() == question(desk))
        desk.qtbot.mouseClick(bar.findChild(QToolButton), Qt.MouseButton.LeftButton)
    else:
        press(desk, "Leave without a patient")
    settle(desk, 1)
    assert not question(desk)
    assert images(desk) == {"P-1": []}
    assert [entry.patient for entry in desk.entries()] == [""]
    desk.parts.window.open_files([tmp_path / "export.dcm"])  # opening it again asks again
    desk.wait(lambda: question(desk))


def test_one_question_covers_all_images_that_name_another_patient(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    others = [of(tmp_path / f"{number}.dcm", "P-0412", number) for number in (1, 2)]
    desk.parts.window.open_files([write_lesion(tmp_path / "own.png", seed=9), *others])
    desk.wait(lambda: question(desk).startswith("2 images say that they are of “P-0412”, female, 61 years."))
    settle(desk, 3)
    assert images(desk) == {"P-1": ["own.png"]}
    desk.parts.window.visit_page.messages.say("Something else is said of an image.")
    desk.qtbot.keyClick(desk.parts.window.visit_page.view, Qt.Key.Key_Right)
    assert question(desk), "nothing else takes the question away"
    press(desk, "Place with P-1")
    desk.wait(lambda: images(desk) == {"P-1": ["1.dcm", "2.dcm", "own.png"]})
    desk.parts.window.open_files([of(tmp_path / "3.dcm", "P-0412", 5)])  # the answer for this name still holds
    desk.wait(lambda: len(images(desk)["P-1"]) == 4)
    assert not question(desk)


def test_every_patient_that_the_files_name_is_shown(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.window.open_files([of(tmp_path / "a.dcm", "P-2", 1), of(tmp_path / "b.dcm", "P-3", 2)])
    desk.wait(lambda: "2 images say that they are of “P-2”, “P-3”." in question(desk))
    settle(desk, 2)
    assert images(desk) == {"P-1": []}


def test_every_frame_of_a_file_that_names_another_patient_is_left_out(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    path = tmp_path / "series.dcm"
    path.write_bytes(dicom([jpeg(lesion(seed, SIZE)) for seed in range(3)], SIZE, patient=("P-0412", "F", "061Y")))
    desk.parts.window.open_files([path])
    desk.wait(lambda: question(desk).startswith("3 images say that they are of “P-0412”"))
    settle(desk, 3)
    assert images(desk) == {"P-1": []}


def test_clinical_photograph_that_names_another_patient_is_saved_only_after_confirmation(
    desk: Desk, tmp_path: Path
) -> None:
    open_patient(desk, "P-1")
    desk.parts.import_queue.take(
        [of_file(of(tmp_path / "overview.dcm", "P-0412"), desk.parts.open_patient.patient)], "clinical"
    )
    desk.wait(lambda: question(desk))
    assert images(desk) == {"P-1": []}
    assert not any(path.is_file() for path in (desk.folder / "images").rglob("*"))
    press(desk, "Place with P-1")
    desk.wait(lambda: [image.kind for image in desk.parts.open_patient.images] == ["clinical"])
    assert desk.entries() == []


def test_patient_of_the_file_is_opened_and_the_image_placed_with_them(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.window.open_files([of(tmp_path / "export.dcm", "P-0412")])
    desk.wait(lambda: question(desk))
    press(desk, "Use the file's patient")
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == "P-0412")
    desk.wait(lambda: images(desk) == {"P-0412": ["export.dcm"], "P-1": []})
    settle(desk, 1)
    assert not question(desk)


def test_question_is_not_repeated_for_another_patient(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.window.open_files([of(tmp_path / "export.dcm", "P-0412")])
    desk.wait(lambda: question(desk))
    open_patient(desk, "P-2")
    said = "Left without a patient, since the file names another: “export.dcm”."
    desk.wait(lambda: said in desk.texts(desk.parts.window.visit_page))
    messages = desk.parts.window.visit_page.messages
    desk.wait(lambda: "Its file names another: “P-0412”, female, 61 years." in messages.text())
    assert images(desk) == {"P-1": [], "P-2": []}


def test_image_that_is_already_the_open_patients_is_not_questioned_again(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    path = of(tmp_path / "export.dcm", "P-0412")
    desk.parts.window.open_files([path])
    desk.wait(lambda: question(desk))
    press(desk, "Place with P-1")
    desk.wait(lambda: len(desk.parts.open_patient.images) == 1)
    desk.parts.open_patient.close()
    desk.wait(lambda: desk.parts.open_image.picture is None)
    open_patient(desk, "P-1")
    desk.open(path)
    desk.wait(lambda: not desk.parts.import_queue.waiting)
    assert not question(desk)
    assert images(desk) == {"P-1": ["export.dcm"]}


def test_using_the_files_patient_opens_them_and_places_the_image(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    """Regression: an image was left under another patient's name, and an assessment locked there."""
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    parts, window = desk.parts, desk.parts.window
    open_patient(desk, "P-1")
    parts.edits.add_lesion(parts.open_patient.patient)(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: parts.open_patient.lesion is not None)
    window.open_files([write_lesion(tmp_path / "own.png", seed=9)])
    desk.wait(lambda: images(desk) == {"P-1": ["own.png"]})
    desk.rest()
    told: list[str] = []

    def look() -> None:
        """Check that everything visible is of the same patient."""
        patient, picture = parts.open_patient.patient, parts.open_image.picture
        if patient is None or picture is None:
            return
        is_theirs = parts.open_patient.image_of(picture.sha256) is not None
        if "L1" in desk.texts(window.visit_page.head) and not is_theirs and picture.name != "own.png":
            told.append(f"{picture.name} goes by a lesion of {patient.pseudonym}")
        names = [image.name for image in window.visit_page.strip.images()]
        if patient.pseudonym == "P-0412" and "own.png" in (*names, picture.name):
            told.append("P-1's image stands under P-0412")

    for signal in (
        parts.open_patient.patient_changed,
        parts.open_patient.reloaded,
        parts.open_image.opened,
        parts.import_queue.changed,
    ):
        signal.connect(lambda *_: QTimer.singleShot(0, look))
    window.open_files([of(tmp_path / "export.dcm", "P-0412")])
    desk.wait(lambda: question(desk))
    press(desk, "Use the file's patient")
    desk.wait(lambda: images(desk).get("P-0412") == ["export.dcm"])
    desk.rest()
    assert told == []
    assert images(desk) == {"P-1": ["own.png"], "P-0412": ["export.dcm"]}
    assert not question(desk)
    assert not window.visit_page.messages.text()
    picture = parts.open_image.picture
    assert picture is not None
    assert picture.name == "export.dcm"
    assert [image.name for image in window.visit_page.strip.images()] == ["export.dcm"]
    assert "P-0412" in desk.texts(window.patients.banner)


def test_no_assessment_is_saved_for_a_patient_who_is_not_open(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    parts = desk.parts
    open_patient(desk, "P-1")
    parts.window.open_files([write_lesion(tmp_path / "own.png", seed=9)])
    desk.wait(lambda: images(desk) == {"P-1": ["own.png"]})
    desk.rest()
    entry = desk.entries()[0]
    open_patient(desk, "P-2")
    parts.open_image.open(of_entry(entry))
    desk.wait(lambda: parts.open_image.picture is not None)
    desk.rest()
    view = Draft(diagnosis="nevus", plan="none")
    parts.window.visit_page.assessment_panel.committed.emit(view)
    desk.wait(lambda: "Open P-1, then save your assessment" in parts.window.visit_page.messages.text())
    with History.open(desk.folder) as history:
        image_id = history.people.image_id_of(entry.image.sha256)
        assert history.assessments.of(image_ids=[image_id]) == []
    assert parts.drafts.of(entry.image.sha256) == view
