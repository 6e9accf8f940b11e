"""Export of lesions that histology proved: which images, what is written of them, and what is not."""

import csv
import datetime as dt
import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import read_file
from desktop.core.imaging.preprocessing import model_input, pixels_needed
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.outcome_export import TABLE, Exported, ProvedImages, export_images
from desktop.core.records.people import EXCISION
from desktop.core.records.values import KeptImage
from tests.core.records.history_contents import an_answer, clock
from tests.making import NINE, contract, lesion, torn

LABELS = tuple(label.id for label in NINE)
DAY = dt.date(2026, 11, 23)
SIZE = 64


class Clinic:
    """A history with images of its own on the disk, which it links to."""

    def __init__(self, folder: Path) -> None:
        self.history = History.open(folder / "data", now=clock())
        self._folder = folder
        self._patients: dict[str, int] = {}
        self._lesions: dict[tuple[str, str], int] = {}

    def image(
        self,
        name: str,
        patient: str = "",
        lesion_name: str = "",
        kind: str = "dermoscopy",
        day: dt.date | None = None,
    ) -> int:
        """Keep an answer to a photograph with EXIF data; return the id of its image."""
        path = self._folder / name
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by a quarter
        exif[0x010E] = "Mrs Secret, born 1950"
        lesion(sum(name.encode()), (640, 480)).save(path, exif=exif, comment=b"Secret")
        data = path.read_bytes()
        kept = KeptImage(hashlib.sha256(data).hexdigest(), name, "JPEG", 480, 640, len(data), path, stored=False)
        self.history.save(kept, an_answer(), contract(), by="MK")
        image_id = self.history.people.image_id_of(kept.sha256)
        assert image_id is not None
        if patient:
            own = self.lesion(patient, lesion_name) if lesion_name else None
            visit = None if day is None else self.visit(patient, day)
            self.history.people.place(image_id, kind=kind, lesion_id=own, visit_id=visit, by="MK")
        return image_id

    def visit(self, patient: str, day: dt.date) -> int:
        return self.history.people.begin_visit(self._patient(patient), day, "", by="MK").id

    def lesion(self, patient: str, name: str) -> int:
        if (patient, name) not in self._lesions:
            made = self.history.people.add_lesion(self._patient(patient), name, "", by="MK")
            self._lesions[patient, name] = made.id
        return self._lesions[patient, name]

    def _patient(self, name: str) -> int:
        if name not in self._patients:
            self._patients[name] = self.history.people.add_patient(name, "male", by="MK").id
        return self._patients[name]

    def histology(self, label: str | None, diagnosis: str = "", **subject: int) -> int:
        outcome = self.history.assessments.add_outcome(
            kind="histopathology", diagnosis=diagnosis or str(label), label=label, date=DAY, by="MK", **subject
        )
        return outcome.id

    def found(self) -> ProvedImages:
        return self.history.proved_images(LABELS)


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


def export(found: ProvedImages, target: Path, **more: object) -> Exported | None:
    return export_images(found, target, lambda one: read_file(one.path), at_least=2 * SIZE, **more)  # type: ignore[arg-type]


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_newest_histology_of_a_lesion_is_that_of_its_dermoscopy_images(clinic: Clinic) -> None:
    clinic.image("a.jpg", "P-1", "L1")
    clinic.image("b.jpg", "P-1", "L1")
    clinic.image("overview.jpg", "P-1", "L1", kind="clinical")
    clinic.image("c.jpg", "P-1", "L2")
    clinic.image("other.jpg", "P-2", "L1")
    clinic.image("followed.jpg", "P-2", "L2")
    alone = clinic.image("alone.jpg")
    clinic.histology("nevus", lesion_id=clinic.lesion("P-1", "L1"))
    clinic.histology("melanoma", "melanoma in situ", lesion_id=clinic.lesion("P-1", "L1"))
    mistaken = clinic.histology("melanoma", lesion_id=clinic.lesion("P-1", "L2"))
    clinic.history.assessments.set_outcome_binned(mistaken, binned=True, by="MK")
    clinic.histology("nevus", lesion_id=clinic.lesion("P-1", "L2"))
    clinic.histology(None, "scar", lesion_id=clinic.lesion("P-2", "L1"))
    clinic.history.assessments.add_outcome(
        lesion_id=clinic.lesion("P-2", "L2"), kind="follow-up", diagnosis="nevus", label="nevus", date=DAY, by="MK"
    )
    clinic.histology("nevus", image_id=alone)
    found = clinic.found()
    assert [(one.image.name, one.label, one.patient, one.lesion) for one in found.images] == [
        ("a.jpg", "melanoma", 1, 1),
        ("b.jpg", "melanoma", 1, 1),
        ("c.jpg", "nevus", 1, 2),
        ("alone.jpg", "nevus", 2, 3),
    ]
    assert (found.lesions, found.lesions_of("melanoma"), found.unlabelled) == (3, 1, 1)


def test_images_from_after_the_biopsy_are_left_out(clinic: Clinic) -> None:
    after, before = DAY + dt.timedelta(days=20), DAY - dt.timedelta(days=7)
    for name, day in (("a.jpg", DAY), ("undated.jpg", None), ("scar.jpg", after)):
        clinic.image(name, "P-1", "L1", day=day)
    clinic.histology("melanoma", lesion_id=clinic.lesion("P-1", "L1"))
    clinic.image("reexcised.jpg", "P-1", "L2", day=DAY)
    taken_before = clinic.history.assessments.assess(
        lesion_id=clinic.lesion("P-1", "L2"),
        visit_id=clinic.visit("P-1", before),
        before_model=True,
        diagnosis="nevus",
        plan=EXCISION,
        by="MK",
    )
    step = CareStep(Step.TAKEN, taken_before.id, before, "MK", "")
    clinic.history.care_steps.record(step, by="MK")
    clinic.histology("nevus", lesion_id=clinic.lesion("P-1", "L2"))
    alone = clinic.image("alone.jpg", "P-1", day=after)
    clinic.histology("nevus", image_id=alone)
    found = clinic.found()
    assert [one.image.name for one in found.images] == ["a.jpg", "undated.jpg"]
    assert (found.lesions, found.late) == (1, 3)
    clinic.history.care_steps.take_back(step, by="MK")
    assert [one.image.name for one in clinic.found().images] == ["a.jpg", "undated.jpg", "reexcised.jpg"]


def test_a_biopsy_that_was_planned_of_an_image_is_that_of_the_lesion_to_which_it_belongs_now(clinic: Clinic) -> None:
    before = DAY - dt.timedelta(days=7)
    first = clinic.image("first.jpg")
    planned = clinic.history.assessments.assess(
        image_id=first, before_model=True, diagnosis="nevus", plan=EXCISION, by="MK"
    )
    clinic.history.care_steps.record(CareStep(Step.TAKEN, planned.id, before, "MK", ""), by="MK")
    own = clinic.lesion("P-1", "L1")
    clinic.history.people.place(first, kind="dermoscopy", lesion_id=own, visit_id=clinic.visit("P-1", before), by="MK")
    clinic.image("scar.jpg", "P-1", "L1", day=DAY)
    clinic.histology("nevus", lesion_id=own)
    assert [one.image.name for one in clinic.found().images] == ["first.jpg"]


def test_what_is_in_the_bin_is_left_out(clinic: Clinic) -> None:
    for name, patient, place in (("a.jpg", "P-1", "L1"), ("b.jpg", "P-1", "L2"), ("c.jpg", "P-2", "L1")):
        clinic.image(name, patient, place)
        clinic.histology("nevus", lesion_id=clinic.lesion(patient, place))
    assert len(clinic.found().images) == 3
    clinic.history.people.set_binned("lesion", clinic.lesion("P-1", "L1"), binned=True, by="MK")
    clinic.history.people.set_binned("patient", 2, binned=True, by="MK")
    assert [one.image.name for one in clinic.found().images] == ["b.jpg"]
    clinic.history.bin([entry.id for entry in clinic.history.entries()], by="MK")
    assert clinic.found().images == ()


def test_images_are_what_a_model_sees_and_name_nobody(clinic: Clinic, tmp_path: Path) -> None:
    clinic.image("a.jpg", "P-0001", "L1")
    clinic.histology("nevus", lesion_id=clinic.lesion("P-0001", "L1"))
    shown: list[tuple[int, int]] = []
    exported = export(clinic.found(), tmp_path / "out", progress=lambda done, total: shown.append((done, total)))
    assert exported == Exported(tmp_path / "out" / TABLE, 1, 1, 0)
    assert shown == [(1, 1)]
    (row,) = rows(exported.table)
    original = (tmp_path / "a.jpg").read_bytes()
    assert row == {
        "path": "00001.png",
        "label": "nevus",
        "diagnosis": "nevus",
        "confirmed_by": "histopathology",
        "group": "patient 1",
        "lesion": "lesion 1",
        "source": "LesionLens",
        "original_sha256": hashlib.sha256(original).hexdigest(),
    }
    written = (tmp_path / "out" / "00001.png").read_bytes()
    with Image.open(tmp_path / "out" / "00001.png") as image:
        assert image.size == (240, 320), "upright, and reduced as far as the model allows"
        assert image.info == {}
    for data in (written, exported.table.read_bytes()):
        assert not any(name in data for name in (b"Secret", b"P-0001", b"a.jpg"))
    assert pixels_needed(SIZE, None) == 2 * SIZE
    for fit in ("crop", "stretch"):
        assert np.array_equal(model_input(written, SIZE, fit), model_input(original, SIZE, fit))


def test_images_that_cannot_be_read_are_left_out_and_counted(clinic: Clinic, tmp_path: Path) -> None:
    for name in ("a.jpg", "gone.jpg", "damaged.jpg"):
        clinic.histology("nevus", image_id=clinic.image(name))
    found = clinic.found()
    (tmp_path / "gone.jpg").unlink()
    whole = (tmp_path / "damaged.jpg").read_bytes()
    (tmp_path / "damaged.jpg").write_bytes(torn(whole))
    exported = export(found, tmp_path / "out")
    assert exported == Exported(tmp_path / "out" / TABLE, 1, 1, 2)
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(RecordsError, match="None of the images can be read"):
        export(found, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged.jpg", "data", "out"]


def test_stopped_export_leaves_nothing_and_a_folder_is_not_written_over(clinic: Clinic, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        clinic.histology("nevus", image_id=clinic.image(name))
    stops = iter([False, True])
    assert export(clinic.found(), tmp_path / "out", is_stopped=lambda: next(stops)) is None
    assert not list(tmp_path.glob("out*"))
    (tmp_path / "out").mkdir()
    with pytest.raises(RecordsError, match="is there already"):
        export(clinic.found(), tmp_path / "out")
    (tmp_path / "file").touch()
    with pytest.raises(RecordsError, match="cannot be written"):
        export(clinic.found(), tmp_path / "file" / "out")
