"""What may be exported to train a model: whose images, in which split, and what is left out."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, YesNo
from desktop.core.records.training_plan import LeftOut, TrainingPlan
from desktop.core.records.values import KeptImage
from desktop.core.records.verifying import check_history
from tests.core.records.history_contents import MODEL, an_answer, clock
from tests.making import NINE, contract, write_lesion

LABELS = tuple(label.id for label in NINE)
DAY = dt.date(2026, 11, 23)
BEFORE = DAY - dt.timedelta(days=1)


class Clinic:
    """A history of patients with one lesion each, unless more are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = History.open(folder / "data", now=clock())
        self._images = 0

    def patient(self, name: str, allowed: YesNo = "yes") -> int:
        patient = self.history.people.add_patient(name, "female", by="MK").id
        self.history.people.correct_patient(patient, name, "female", by="MK", training_use=allowed)
        return patient

    def lesion(self, patient: int, label: str | None = "nevus", kind: str = "dermoscopy", images: int = 1) -> int:
        """Add a lesion with images, and its histology unless `label` is empty."""
        lesion = self.history.people.add_lesion(patient, "L", "scapula-left", by="MK").id
        visit = self.history.people.begin_visit(patient, DAY, "60-69", by="MK").id
        for _ in range(images):
            self.place(self.image(), lesion, visit, kind)
        if label != "":
            self.history.assessments.add_outcome(
                lesion_id=lesion, kind="histopathology", diagnosis=label or "scar", label=label, date=DAY, by="MK"
            )
        return lesion

    def image(self) -> int:
        self._images += 1
        path = write_lesion(self.folder / f"{self._images}.png", self._images)
        data = path.read_bytes()
        kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", 60, 48, len(data), path, stored=False)
        self.history.save(kept, an_answer(), contract(), by="MK")
        image = self.history.people.image_id_of(kept.sha256)
        assert image is not None
        return image

    def place(self, image: int, lesion: int, visit: int, kind: str) -> None:
        self.history.people.place(image, kind=kind, lesion_id=lesion, visit_id=visit, by="MK")  # type: ignore[arg-type]

    def plan(self, made: dt.date = BEFORE, model: str = MODEL) -> TrainingPlan:
        return self.history.training_exports.plan(LABELS, model, made.isoformat())

    def export(self) -> TrainingPlan:
        """Plan an export, and note it as done."""
        plan = self.plan()
        self.history.training_exports.note(plan, {one.lesion_id for one in plan.images}, by="MK")
        return plan

    def splits(self, plan: TrainingPlan) -> dict[int, str]:
        return {one.lesion_id: one.split for one in plan.images}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    found = Clinic(tmp_path)
    with found.history:
        yield found


def test_only_dermoscopy_with_histology_of_patients_who_agreed_is_exported(clinic: Clinic) -> None:
    agreed = clinic.patient("P-1")
    wanted = clinic.lesion(agreed, "melanoma", images=2)
    clinic.place(clinic.image(), wanted, clinic.history.people.visits(agreed)[0].id, "clinical")
    clinic.lesion(agreed, "")
    clinic.lesion(agreed, None)
    clinic.lesion(agreed, kind="clinical")
    binned = clinic.lesion(agreed)
    clinic.history.people.set_binned("lesion", binned, binned=True, by="MK")
    clinic.lesion(clinic.patient("P-2", "no"))
    clinic.lesion(clinic.patient("P-3", ""))
    clinic.history.assessments.add_outcome(
        image_id=clinic.image(), kind="histopathology", diagnosis="nevus", label="nevus", date=DAY, by="MK"
    )
    plan = clinic.plan()
    assert {one.lesion_id for one in plan.images} == {wanted}
    assert len(plan.images) == 2
    assert plan.left_out == {
        LeftOut.NOT_PROVED: 1,
        LeftOut.NO_LABEL: 1,
        LeftOut.NO_DERMOSCOPY: 1,
        LeftOut.PHOTOGRAPH: 2,
        LeftOut.REFUSED: 1,
        LeftOut.NOT_ASKED: 1,
        LeftOut.NO_LESION: 1,
    }
    image = plan.images[0]
    assert (image.label, image.age_band, image.sex, image.site) == ("melanoma", "60-69", "female", "scapula-left")


def test_images_from_after_the_biopsy_are_left_out(clinic: Clinic) -> None:
    patient = clinic.patient("P-1")
    people, after = clinic.history.people, DAY + dt.timedelta(days=20)
    lesion, taken_before = clinic.lesion(patient, "melanoma"), clinic.lesion(patient)
    plan = clinic.history.assessments.assess(
        lesion_id=taken_before,
        visit_id=people.visits(patient)[0].id,
        before_model=True,
        diagnosis="nevus",
        plan=EXCISION,
        by="MK",
    )
    step = CareStep(Step.TAKEN, plan.id, DAY - dt.timedelta(days=7), "MK", "")
    clinic.history.care_steps.record(step, by="MK")
    scar, visit = clinic.image(), people.begin_visit(patient, after, "60-69", by="MK")
    clinic.place(scar, lesion, visit.id, "dermoscopy")
    found = clinic.plan()
    assert [one.lesion_id for one in found.images] == [lesion]
    assert found.left_out == {LeftOut.AFTER_BIOPSY: 2}
    clinic.history.care_steps.take_back(step, by="MK")
    assert {one.lesion_id for one in clinic.plan().images} == {lesion, taken_before}
    assert clinic.plan().left_out == {LeftOut.AFTER_BIOPSY: 1}


def test_lesions_that_are_benign_by_follow_up_are_exported_and_never_judged_on(clinic: Clinic) -> None:
    lesions = {}
    for number in range(40):  # all of these patients are for training once in ten million times
        patient = clinic.patient(f"P-{number}", "yes" if number else "no")
        lesions[number] = clinic.lesion(patient, "")
    proved = clinic.lesion(clinic.patient("P-40"))
    outcomes = {
        lesion: clinic.history.assessments.add_outcome(
            lesion_id=lesion, kind="follow-up", diagnosis="nevus", label="nevus", date=DAY, by="MK"
        )
        for lesion in lesions.values()
    }
    assert set(clinic.splits(clinic.plan())) == {proved}
    exports = clinic.history.training_exports
    plan = exports.plan(LABELS, MODEL, BEFORE.isoformat(), {**outcomes, proved: outcomes[lesions[1]]})
    by_lesion = {one.lesion_id: one for one in plan.images}
    assert set(by_lesion) == {proved, *lesions.values()} - {lesions[0]}
    assert plan.left_out == {LeftOut.REFUSED: 1}
    assert (by_lesion[proved].confirmed_by, by_lesion[proved].is_new) == ("histopathology", True)
    followed = [by_lesion[lesion] for number, lesion in lesions.items() if number]
    assert {(one.label, one.confirmed_by, one.is_new) for one in followed} == {("nevus", "follow_up", False)}
    assert {one.split for one in followed} == {"train", "test"}
    assert sum(plan.lesions_of(split, confirmed_by="follow_up") for split in ("train", "test")) == 39


def test_only_the_clinical_photographs_that_were_chosen_are_exported(clinic: Clinic) -> None:
    agreed = clinic.patient("P-1")
    lesion, seen = clinic.lesion(agreed, "melanoma"), clinic.lesion(agreed, kind="clinical")
    visit = clinic.history.people.visits(agreed)[0].id
    clinic.place(clinic.image(), lesion, visit, "other")
    clinic.lesion(clinic.patient("P-2", ""), kind="clinical")
    late = clinic.history.people.begin_visit(agreed, DAY + dt.timedelta(days=9), "60-69", by="MK").id
    clinic.place(clinic.image(), lesion, late, "clinical")
    plan = clinic.plan()
    assert [(one.patient, one.lesion, one.day) for one in plan.photographs] == [("P-1", "L", DAY)] * 2
    assert [one.is_photograph for one in plan.images] == [False]
    assert plan.left_out[LeftOut.PHOTOGRAPH] == 2
    assert plan.left_out[LeftOut.NO_DERMOSCOPY] == 1
    of_seen = next(one.image.sha256 for one in plan.photographs if one.image.name == "2.png")
    chosen = clinic.history.training_exports.plan(LABELS, MODEL, BEFORE.isoformat(), chosen={of_seen})
    assert {(one.lesion_id, one.is_photograph) for one in chosen.images} == {(lesion, False), (seen, True)}
    assert chosen.left_out == {LeftOut.PHOTOGRAPH: 1, LeftOut.AFTER_BIOPSY: 1, LeftOut.NOT_ASKED: 1}
    assert chosen.photographs == plan.photographs


def test_the_age_follows_from_the_birth_year(clinic: Clinic) -> None:
    patient = clinic.patient("P-1")
    clinic.lesion(patient, "melanoma")
    clinic.history.people.correct_patient(patient, "P-1", "female", by="MK", birth_year=DAY.year - 45)
    assert [one.age_band for one in clinic.plan().images] == ["40-49"]


def test_an_answer_that_is_taken_back_ends_the_export(clinic: Clinic) -> None:
    patient = clinic.patient("P-1")
    lesion = clinic.lesion(patient)
    assert set(clinic.splits(clinic.plan())) == {lesion}
    people = clinic.history.people
    assert people.correct_patient(patient, "P-1", "female", by="AB", training_use="no").training_use == "no"
    assert clinic.plan().left_out == {LeftOut.REFUSED: 1}
    assert people.correct_patient(patient, "P-1", "female", by="AB").training_use == "no"
    assert people.correct_patient(patient, "P-1", "female", by="AB", training_use="").training_use == ""
    assert clinic.plan().left_out == {LeftOut.NOT_ASKED: 1}
    acts = [act for act in clinic.history.audit.page(AuditFilter()).acts if act.action == "use for training set"]
    assert [(act.initials, act.patient, dict(act.detail)) for act in acts] == [
        ("AB", "P-1", {"allowed": None, "before": "no"}),
        ("AB", "P-1", {"allowed": "no", "before": "yes"}),
        ("MK", "P-1", {"allowed": "yes", "before": None}),
    ]


def test_splits_are_by_patient_and_stay_over_exports(clinic: Clinic) -> None:
    patients = [clinic.patient(f"P-{number}") for number in range(60)]
    own = {patient: [clinic.lesion(patient), clinic.lesion(patient)] for patient in patients}
    first = clinic.export()
    splits = clinic.splits(first)
    assert all(len({splits[lesion] for lesion in lesions}) == 1 for lesions in own.values())
    assert 4 <= sum(split == "test" for split in splits.values()) / 2 <= 39
    later = {patient: clinic.lesion(patient) for patient in patients}
    second = clinic.export()
    assert clinic.splits(second).items() >= splits.items()
    assert all(clinic.splits(second)[later[patient]] == splits[lesions[0]] for patient, lesions in own.items())
    assert first.salt == second.salt
    names = {one.lesion_id: (one.patient, one.lesion) for one in first.images}
    assert all(names[one.lesion_id] == (one.patient, one.lesion) for one in second.images if one.lesion_id in names)


def test_a_test_lesion_that_is_moved_takes_the_other_patients_lesions_with_it(clinic: Clinic) -> None:
    patients = [clinic.patient(f"P-{number}") for number in range(40)]
    own = {patient: clinic.lesion(patient) for patient in patients}
    splits = clinic.splits(clinic.export())
    tested = next(patient for patient in patients if splits[own[patient]] == "test")
    trained = next(patient for patient in patients if splits[own[patient]] == "train")
    clinic.history.people.correct_lesion(own[tested], name="L", site="", patient_id=trained, by="MK")
    after = clinic.splits(clinic.export())
    assert after[own[tested]] == after[own[trained]] == "test"


def test_every_export_for_a_model_is_a_look(clinic: Clinic) -> None:
    clinic.lesion(clinic.patient("P-1"))
    assert clinic.plan().look == 1
    assert clinic.plan().look == 1
    clinic.export()
    assert clinic.plan().look == 2
    assert clinic.plan(model="b" * 64).look == 1


def test_only_what_was_proved_after_the_model_was_made_is_new(clinic: Clinic) -> None:
    clinic.lesion(clinic.patient("P-1"))
    assert [one.is_new for one in clinic.plan(DAY - dt.timedelta(1)).images] == [True]
    assert [one.is_new for one in clinic.plan(DAY).images] == [False]
    assert [one.is_new for one in clinic.history.training_exports.plan(LABELS, MODEL, "in spring").images] == [False]


def test_what_was_exported_is_sealed_and_goes_with_an_erased_patient(clinic: Clinic) -> None:
    patient = clinic.patient("P-1")
    clinic.lesion(patient)
    clinic.lesion(clinic.patient("P-2"))
    clinic.export()
    assert check_history(clinic.folder / "data").faults == []
    clinic.history.erasures.erase_patient(patient, by="MK")
    clinic.history.erasures.finish()
    assert check_history(clinic.folder / "data").faults == []
    left = clinic.history._database.read("SELECT lesion FROM training_split")
    assert len(left) == 1
    assert clinic.plan().look == 2
