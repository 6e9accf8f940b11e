"""Several images at once: none is lost, and none is placed with another patient."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.paths import SAMPLES
from desktop.core.records.history import History
from desktop.session.opening_request import of_file
from tests.core.imaging.dicoms import dicom, jpeg
from tests.making import lesion, write_lesion
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]


def three(folder: Path) -> list[Path]:
    return [write_lesion(folder / f"{number}.png", seed=number) for number in range(3)]


def series(path: Path) -> Path:
    """Write a DICOM file of three frames."""
    path.write_bytes(dicom([jpeg(lesion(seed, (96, 72))) for seed in range(3)], (96, 72)))
    return path


def names(desk: Desk) -> list[str]:
    return sorted(entry.image.name for entry in desk.entries())


def open_patient(desk: Desk, pseudonym: str) -> None:
    desk.parts.edits.add_patient(pseudonym, "unknown", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: (patient := desk.parts.open_patient.patient) is not None and patient.pseudonym == pseudonym)


def test_all_images_opened_together_are_in_the_history(desk: Desk, tmp_path: Path) -> None:
    desk.open(*three(tmp_path))
    desk.wait(lambda: names(desk) == ["0.png", "1.png", "2.png"])
    assert desk.parts.open_image.picture is not None
    assert desk.parts.open_image.picture.name == "0.png"
    assert all(entry.patient == "" for entry in desk.entries())


def test_all_frames_of_an_opened_file_are_in_the_history(desk: Desk, tmp_path: Path) -> None:
    desk.open(series(tmp_path / "series.dcm"))
    desk.wait(lambda: names(desk) == [f"series frame {number}.dcm" for number in (1, 2, 3)])


def test_file_that_cannot_be_saved_in_the_background_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_bytes(b"Dear colleague, ")
    desk.open(write_lesion(tmp_path / "lesion.png"), tmp_path / "letter.jpg")
    desk.wait(lambda: "“letter.jpg” was not kept: " in desk.parts.window.visit_page.messages.text())


def test_image_left_before_its_answer_is_saved(make_desk: MakeDesk, model_file: Path) -> None:
    desk = make_desk(model_file)
    first, second, _third = three(desk.folder / "camera")
    desk.parts.window.open_files([first])
    desk.parts.window.open_files([second])
    desk.wait(lambda: names(desk) == ["0.png", "1.png"])
    assert desk.parts.open_image.picture is not None
    assert desk.parts.open_image.picture.name == "1.png"


def test_answers_nobody_has_seen_stay_concealed_by_blind_first(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.parts.window.open_files(three(tmp_path))
    desk.wait(lambda: len(desk.entries()) == 3)
    assert all(entry.is_concealed for entry in desk.entries())


def test_samples_are_never_saved(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.import_queue.take([of_file(min(SAMPLES.glob("*.png")), desk.parts.open_patient.patient)], "clinical")
    desk.parts.open_patient.close()
    desk.parts.window.open_files([*sorted(SAMPLES.glob("*.png")), write_lesion(tmp_path / "lesion.png")])
    desk.wait(lambda: names(desk) == ["lesion.png"] and not desk.parts.import_queue.waiting)
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        assert history.people.images(patient.id) == []


def test_every_frame_of_a_clinical_file_is_saved_and_none_is_classified(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.import_queue.take(
        [of_file(series(tmp_path / "overview.dcm"), desk.parts.open_patient.patient)], "clinical"
    )
    desk.wait(lambda: len(desk.parts.open_patient.images) == 3)
    assert {image.kind for image in desk.parts.open_patient.images} == {"clinical"}
    assert desk.entries() == []


def test_no_image_being_imported_outlives_an_erased_patient(desk: Desk, tmp_path: Path) -> None:
    open_patient(desk, "P-1")
    desk.parts.import_queue.take([of_file(path, desk.parts.open_patient.patient) for path in three(tmp_path)])
    desk.qtbot.waitUntil(lambda: desk.parts.open_patient.images != () or len(desk.parts.import_queue.waiting) < 3)
    ended: list[bool] = []
    patient = desk.parts.open_patient.patient
    assert patient is not None
    desk.parts.edits.erase(patient, lambda: ended.append(True))
    open_patient(desk, "P-2")  # who may get the row id of P-1
    desk.wait(lambda: bool(ended) and not desk.parts.import_queue.waiting)
    desk.rest()
    assert desk.entries() == []
    assert desk.parts.open_patient.images == ()
    assert not any(path.is_file() for path in (desk.folder / "images").rglob("*"))


def test_closing_asks_while_images_are_being_imported(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    open_patient(desk, "P-1")
    desk.parts.import_queue.take([of_file(path, desk.parts.open_patient.patient) for path in three(tmp_path)])
    desk.parts.window.close()
    assert any("images are still on their way into the history" in question for question in questions)
