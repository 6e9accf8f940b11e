"""Erasing a patient: nothing of the patient remains in any file, and nothing of anybody else is lost."""

# ruff: noqa: S608 - our own tables

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.capture import Capture
from desktop.core.imaging.opening import read_header
from desktop.core.imaging.scale import Scale
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.judgement import judge
from desktop.core.inference.similarity import VectorKind
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION
from desktop.core.records.tried_answers import TriedAnswer
from desktop.core.records.values import KeptImage
from desktop.core.records.verifying import check_history
from desktop.core.registration.similarity import Similarity
from tests.core.records.history_contents import MODEL, START, an_answer, clock
from tests.making import NINE, contract, write_lesion

TODAY = START.date()
REMEMBERED = "Pseudonym-to-be-forgotten"


class Clinic:
    def __init__(self, folder: Path, history: History) -> None:
        self.folder = folder
        self.history = history
        self.store = ImageStore(folder / "data")

    def keep(self, seed: int) -> int:
        """Store and keep a real image; return its id."""
        source = write_lesion(self.folder / f"image-{seed}.png", seed)
        data = source.read_bytes()
        header = read_header(data, source.name)
        path = self.store.add(data, header.format)
        image = KeptImage.of(path.stem, len(data), header, path, name=source.name, stored=True)
        self.store.thumbnail(image.sha256, path)
        self.history.save(image, an_answer(), contract(), by="MK")
        image_id = self.history.people.image_id_of(image.sha256)
        assert image_id is not None
        return image_id

    def patient(self, pseudonym: str, *seeds: int) -> tuple[int, int, int, list[int]]:
        """Make a patient with one lesion, one visit and images of both; return their ids."""
        people = self.history.people
        patient = people.add_patient(pseudonym, "female", by="MK").id
        visit = people.begin_visit(patient, TODAY, "60-69", by="MK").id
        lesion = people.add_lesion(patient, "L1", "back", by="MK").id
        images = [self.keep(seed) for seed in seeds]
        for image in images:
            people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
        plan = self.history.assessments.assess(
            lesion_id=lesion,
            visit_id=visit,
            before_model=True,
            diagnosis="nevus",
            plan=EXCISION,
            note=pseudonym,
            by="MK",
        )
        outcome = self.history.assessments.add_outcome(
            lesion_id=lesion,
            kind="histopathology",
            diagnosis=pseudonym,
            date=TODAY,
            laboratory_number=pseudonym,
            by="MK",
        )
        entry = next(reversed(self.history.entries_of(images[0]))) if images else None
        for step, row in ((Step.TAKEN, plan), (Step.TOLD, outcome), (Step.ALERT_CLOSED, entry)):
            if row is not None:
                self.history.care_steps.record(CareStep(step, row.id, TODAY, "MK", pseudonym), by="MK")
        if entry is not None:
            other, described = "c" * 64, contract(name="Other")
            tried = TriedAnswer(entry.image.sha256, an_answer(model=other), ())
            self.history.tried_answers.keep([tried], {other: described}, by="MK")
            self.history.tried_answers.list_again(other, {images[0]: ["melanoma"]}, by="MK")
            (listed,) = self.history._database.read_ids("SELECT max(id) FROM look_again")
            looked = CareStep(Step.LOOKED_AGAIN, listed, TODAY, "MK", pseudonym)
            self.history.care_steps.record(looked, by="MK")
        for kind in InfluenceKind:
            self.history.influences.add(kind, lesion, Span(TODAY), pseudonym, by="MK")
        for image in images:
            self.history.photograph_pins.put(image, lesion, (0.5, 0.5), by="MK")
        people.correct_patient(patient, pseudonym, "female", by="MK", training_use="yes")
        return patient, lesion, visit, images

    def erase(self, patient_id: int, by: str = "MK") -> list[str]:
        """Erase a patient, and delete their files; return the hashes of their images."""
        hashes = self.history.erasures.erase_patient(patient_id, by=by)
        self.history.erasures.finish()
        return hashes

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table."""
        tables = self.history._database.read(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return {
            row["name"]: [tuple(found) for found in self.history._database.read(f"SELECT * FROM {row['name']}")]
            for row in tables
        }

    def files(self) -> set[str]:
        found = (path for path in (self.folder / "data").rglob("*") if path.is_file())
        return {path.name for path in found if "history" not in path.name and path.name != IN_USE}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path / "data", now=clock()) as history:
        yield Clinic(tmp_path, history)


def test_nothing_of_an_erased_patient_is_left(clinic: Clinic) -> None:
    clinic.patient("P-stays", 1)
    before, files = clinic.rows(), clinic.files()
    patient, lesion, _visit, images = clinic.patient(REMEMBERED, 2, 3)
    history = clinic.history
    entry = history.entries()[0]
    history.disclosures.disclose(entry.id, "despite abstention", by="MK")
    history.bin([entry.id], by="MK")
    history.people.set_binned("lesion", lesion, binned=True, by="MK")
    (outcome,) = history.assessments.outcomes(lesion_id=lesion)
    history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK", reason="wrong patient")
    history.scales.give(images[0], Scale(0.02, REMEMBERED), by="MK")
    history.captures.give(entry.image.sha256, Capture(REMEMBERED, "contact", "polarised"), by="MK")
    history.outlines.give(entry.image.sha256, [(1, 2), (3, 4), (5, 7)], by="MK")
    shas = [one.image.sha256 for one in history.entries()]
    history.embeddings.keep(entry.image.sha256, VectorKind(MODEL, 1), np.ones(256, np.float32), by="MK")
    assert clinic.rows()["embedding"]
    for first, second in ((shas[0], shas[1]), (shas[0], shas[-1]), (shas[-1], shas[0])):
        history.alignments.keep_by_hand(first, second, Similarity(), by="MK")
    history.people.save_clinical(entry.image, lesion_id=lesion, visit_id=None, by="MK")
    run = history.runs.start(
        clinic.folder, 1, contract(), model_sha256=MODEL, preprocessing_version=1, app_version="1", by="MK"
    )
    runs = clinic.rows()["batch_run"]
    prediction = Prediction(tuple(1 / len(NINE) for _ in NINE), 0.5, MODEL, 1)
    answer = FileAnswer(
        Path(f"/{REMEMBERED}.png"),
        sha256=entry.image.sha256,
        byte_size=1,
        header=None,
        prediction=prediction,
        judgement=judge(prediction, contract()),
    )
    history.runs.add(run, [answer], contract(), by="MK")
    history.disclosures.note_shown([entry.image.sha256], by="MK")

    hashes = clinic.erase(patient, by="AB")

    assert len(hashes) == len(images) == 2
    after = clinic.rows()
    ((_id, subject, erased, initials, _time),) = after["erasure"]
    assert (subject, erased, initials) == ("patient", 2, "AB")
    left = {name: after[name] for name in ("erasure", "erased", "audit", "seal")}
    assert after == before | left | {"batch_run": runs}
    steps = [row for row in after["audit"] if row[1] == "step recorded"]
    assert {row[3] for row in steps} == {None}
    assert [row[1:5] for row in after["audit"] if row not in steps] == [  # who saw or said what, without a name
        ("withheld answer shown", 2, 3, "{}"),
        ("assessment entered", 2, None, '{"assessment":2,"lesion":2,"before model":1,"corrects":0}'),
        ("outcome entered", 2, None, '{"outcome":2,"lesion":2,"kind":"histopathology"}'),
        ("outcome withdrawn", 2, None, '{"outcome":2,"lesion":2,"kind":"histopathology","reason":"wrong patient"}'),
        ("influence entered", 2, None, '{"influence":4,"lesion":2}'),
        ("influence entered", 2, None, '{"influence":5,"lesion":2}'),
        ("influence entered", 2, None, '{"influence":6,"lesion":null}'),
        ("use for training set", 2, None, '{"allowed":"yes","before":null}'),
    ]
    assert check_history(clinic.folder / "data").faults == []
    assert [row[2:4] for row in after["erased"]] == [
        ("patient", 2),
        ("lesion", 2),
        ("visit", 2),
        ("image", 2),
        ("image", 3),
    ]
    assert clinic.files() == files
    history.close()
    assert all(
        REMEMBERED.encode() not in path.read_bytes() for path in (clinic.folder / "data").rglob("*") if path.is_file()
    )


def test_rows_stay_protected_while_nothing_is_erased(clinic: Clinic) -> None:
    patient, *_ = clinic.patient(REMEMBERED, 1)
    clinic.erase(patient)
    assert clinic.rows()["erasing"] == []
    with pytest.raises(Exception, match="a row of erasure is never deleted"):
        clinic.history._database.read("DELETE FROM erasure")


def test_image_moved_to_another_patient_is_not_erased(clinic: Clinic) -> None:
    gone, _lesion, _visit, (moved, erased) = clinic.patient(REMEMBERED, 1, 2)
    other, lesion, visit, _images = clinic.patient("P-stays", 3)
    people = clinic.history.people
    people.move([moved], lesion, visit, by="MK")
    clinic.erase(gone)
    assert moved in [placed.image_id for placed in people.images(other)]
    assert clinic.history._database.read("SELECT 1 FROM image WHERE id = ?", (erased,)) == []
    assert clinic.store.read(next(placed.image.sha256 for placed in people.images(other) if placed.image_id == moved))
    assert people.moved(other) == []  # that it came from somebody who is erased is forgotten with them
    assert not clinic.history.disclosures.is_concealed(moved)  # and that its answer was seen is not


def test_image_moved_from_another_patient_is_erased(clinic: Clinic) -> None:
    other, _lesion, _visit, (moved,) = clinic.patient("P-stays", 1)
    gone, lesion, visit, _images = clinic.patient(REMEMBERED, 2)
    people = clinic.history.people
    people.move([moved], lesion, visit, by="MK")
    assert len(clinic.erase(gone)) == 2
    assert people.images(other) == []
    assert people.moved(other) == []
    assert [found.id for found in people.find_patients()] == [other]


def test_lesion_moved_to_another_patient_keeps_its_visit_and_assessments(clinic: Clinic) -> None:
    gone, lesion, visit, (image,) = clinic.patient(REMEMBERED, 1)
    other, *_ = clinic.patient("P-stays", 2)
    people, assessments = clinic.history.people, clinic.history.assessments
    people.correct_lesion(lesion, name="L9", site="", patient_id=other, by="MK")
    assert clinic.erase(gone) == []
    assert image in [placed.image_id for placed in people.images(other)]
    assert [said.diagnosis for said in assessments.of([lesion])] == ["nevus"]
    (handed_over,) = [found for found in people.visits(other) if found.id == visit]
    assert (handed_over.date, handed_over.age_band, handed_over.patient_id) == (TODAY, "", other)


def test_image_disclosed_at_a_visit_and_moved_to_another_patient_is_kept(clinic: Clinic) -> None:
    people = clinic.history.people
    gone, _lesion, visit, _images = clinic.patient(REMEMBERED, 1)
    other, lesion, other_visit, _images = clinic.patient("P-stays", 2)
    image = clinic.keep(3)
    people.place(image, kind="dermoscopy", lesion_id=None, visit_id=visit, by="MK")
    entry = clinic.history.entries()[0]
    clinic.history.disclosures.disclose(entry.id, "without own view", by="MK")
    people.move([image], lesion, other_visit, by="MK")
    clinic.erase(gone)
    assert image in [placed.image_id for placed in people.images(other)]


def test_file_that_cannot_be_deleted_is_named(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    patient, *_ = clinic.patient(REMEMBERED, 1)

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)  # a file that another program has open, as Windows refuses it
        with pytest.raises(RecordsError, match=r"cannot be deleted yet \(Permission denied\).*tries again.*: .*png"):
            clinic.erase(patient)
    assert clinic.history.people.find_patients() == []
    assert len(clinic.history.erasures.unfinished()) == 1
    clinic.history.erasures.finish()
    assert clinic.files() == set()
    assert clinic.rows()["erasure_left"] == []


def test_erasing_deletes_automatic_backups(clinic: Clinic) -> None:
    backups = clinic.folder / "data" / "backups"
    backups.mkdir()
    (backups / "history-layout-1-20260101-000000.sqlite3").write_bytes(REMEMBERED.encode())
    patient, *_ = clinic.patient(REMEMBERED, 1)
    clinic.erase(patient)
    assert list(backups.iterdir()) == []


def test_image_saved_again_before_its_files_are_deleted_is_kept(clinic: Clinic) -> None:
    patient, *_ = clinic.patient(REMEMBERED, 1, 2)
    clinic.history.erasures.erase_patient(patient, by="MK")
    clinic.keep(1)
    clinic.history.erasures.finish()
    (entry,) = clinic.history.entries()
    assert clinic.store.read(entry.image.sha256)
    assert {name[:64] for name in clinic.files()} == {entry.image.sha256}


KILLED = """
import sys, time
from pathlib import Path
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.history import History

history = History.open(Path(sys.argv[1]))
history.erasures.erase_patient(int(sys.argv[2]), by="MK")
print("rows are gone", flush=True)
time.sleep(60)
"""


def test_erasure_interrupted_by_a_kill_continues_at_the_next_start(clinic: Clinic, tmp_path: Path) -> None:
    clinic.patient("P-stays", 1)
    files = clinic.files()
    patient, *_ = clinic.patient(REMEMBERED, 2, 3)
    clinic.history.close()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "data"), str(patient)], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "rows are gone\n"
        killed.kill()
    assert clinic.files() > files
    with History.open(tmp_path / "data", now=clock()) as history:
        assert [found.pseudonym for found in history.people.find_patients()] == ["P-stays"]
        assert len(history.erasures.unfinished()) == 2
        history.erasures.finish()
        assert history.erasures.unfinished() == []
    assert clinic.files() == files
    assert all(REMEMBERED.encode() not in path.read_bytes() for path in (tmp_path / "data").rglob("*.sqlite3*"))


def test_patient_without_anything(clinic: Clinic) -> None:
    patient = clinic.history.people.add_patient(REMEMBERED, "male", by="MK")
    clinic.history.people.begin_visit(patient.id, dt.date(2025, 1, 1), "", by="MK")
    assert clinic.erase(patient.id) == []
    assert clinic.history.people.find_patients() == []
