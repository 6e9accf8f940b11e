"""Exported folders: export and import give the same history; merging adds nothing twice and asks on conflict."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.conflicts import ConflictError, OnConflict
from desktop.core.exchange.exporting import export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.importing import Imported, import_folder
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION, Sex, leading
from desktop.core.records.verifying import check_history
from tests.core.exchange.histories import DAY, Clock, Practice, at, described, fill, png
from tests.making import contract


class Rooms:
    """Opens the histories of a test, each in a folder of its own, and closes them at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: list[Practice] = []

    def __call__(self, name: str, clock: Clock | None = None, by: str = "MK", first_image: int = 0) -> Practice:
        practice = Practice(self.folder / name, clock or at(8), by, first_image)
        self.open.append(practice)
        return practice

    def export(self, practice: Practice, name: str, selection: Selection | None = None) -> Path:
        target = self.folder / name
        export_folder(practice.history, practice.store, selection or Selection(), target, by="EX")
        return target

    def merge(self, practice: Practice, folder: Path, on_conflict: OnConflict | None = None) -> Imported:
        return import_folder(practice.history, practice.store, folder, on_conflict=on_conflict, by="IM")


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path)
    yield rooms
    for practice in rooms.open:
        practice.history.close()


def assert_whole(rooms: Rooms, name: str) -> None:
    checked = check_history(rooms.folder / name, with_images=True)
    assert checked.is_whole, checked.faults


def test_export_and_import_give_the_same_history(rooms: Rooms) -> None:
    here = rooms("here")
    fill(here, 12)
    folder = rooms.export(here, "folder")
    there = rooms("there", at(20))
    imported = rooms.merge(there, folder)
    assert imported.added.patients == 4
    assert imported.added.answers == 12
    assert described(there.history) == described(here.history)
    assert_whole(rooms, "there")


def test_a_correction_and_a_second_specimen_are_told_apart_after_an_import(rooms: Rooms) -> None:
    here = rooms("here")
    patient = here.patient("P-1")
    lesion, first = here.history.people.add_lesion(patient, "L1", "back", by="MK").id, here.visit(patient)
    here.image(lesion=lesion, visit=first)

    def find(diagnosis: str, corrects: int | None = None) -> int:
        return here.history.assessments.add_outcome(
            lesion_id=lesion, kind="histopathology", diagnosis=diagnosis, date=DAY, corrects=corrects, by="MK"
        ).id

    wrong = find("melanoma_in_situ")
    here.seen(lesion, here.visit(patient, DAY + dt.timedelta(days=9)), "melanoma", EXCISION)
    find("melanoma", corrects=wrong)
    there = rooms("there", at(20))
    rooms.merge(there, rooms.export(here, "planned"))
    (plan,) = there.history.worklists.open_biopsies()  # the correction is no finding of the wider excision
    find("nevus")
    rooms.merge(there, rooms.export(here, "excised"))
    assert there.history.worklists.open_biopsies() == []
    assert plan.lesion is not None
    outcomes = there.history.assessments.outcomes(lesion_id=plan.lesion.id)
    assert [one.diagnosis for one in outcomes] == ["melanoma_in_situ", "melanoma", "nevus"]
    assert [one.correction(outcomes) for one in outcomes] == [outcomes[1], None, None]
    assert leading(outcomes) == outcomes[1]


@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.FHIR, ExportFormat.DICOM])
def test_what_was_said_of_an_image_before_it_had_its_lesion_is_exported_with_the_lesion(
    rooms: Rooms, form: ExportFormat
) -> None:
    here = rooms("here")
    patient = here.patient("P-1")
    visit = here.visit(patient)
    image = here.image(visit=visit)
    said = here.history.assessments
    plan = said.assess(image_id=image, before_model=True, diagnosis="nevus", plan=EXCISION, note="itches", by="AB")
    here.history.care_steps.record(CareStep(Step.TAKEN, plan.id, DAY, "OP", ""), by="AB")
    said.add_outcome(image_id=image, kind="histopathology", diagnosis="melanoma", breslow_mm=0.4, date=DAY, by="AB")
    lesion = here.history.people.add_lesion(patient, "L1", "back", by="MK").id
    here.history.people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    folder = rooms.folder / "folder"
    export_folder(here.history, here.store, Selection(), folder, form=form, by="EX")
    if form is not ExportFormat.CSV:
        texts = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".png")
        assert b"elanoma" in texts
        assert b"evus" in texts
        return
    there = rooms("there", at(20))
    for _ in range(2):  # the second time nothing is added
        rooms.merge(there, folder)
        rooms.merge(here, folder)
        for practice in (here, there):
            (read,) = practice.history.people.lesions(practice.history.people.find_patients()[0].id)
            (assessment,) = practice.history.assessments.of([read.id])
            assert (assessment.diagnosis, assessment.plan, assessment.note) == ("nevus", EXCISION, "itches")
            assert (assessment.initials, assessment.before_model) == ("AB", True)
            (visit_there,) = practice.history.people.visits(read.patient_id)
            assert assessment.visit_id == visit_there.id
            (outcome,) = practice.history.assessments.outcomes_of_all(
                (read.id,), [one.image_id for one in practice.history.people.placements_of(read.id)]
            )
            assert (outcome.diagnosis, outcome.breslow_mm, outcome.taken, outcome.taken_by) == (
                "melanoma",
                0.4,
                DAY,
                "OP",
            )
    assert_whole(rooms, "there")


def test_an_image_without_a_visit_is_exported_with_what_was_said_of_it(rooms: Rooms) -> None:
    here = rooms("here")
    patient = here.patient("P-1")
    lesion = here.history.people.add_lesion(patient, "L1", "back", by="MK").id
    image = here.image()
    here.history.assessments.assess(image_id=image, before_model=False, diagnosis="nevus", by="MK")
    here.history.people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=None, by="MK")
    there = rooms("there", at(20))
    rooms.merge(there, rooms.export(here, "folder"))
    (read,) = there.history.people.lesions(1)
    (assessment,) = there.history.assessments.of([read.id])
    assert assessment.diagnosis == "nevus"
    (visit,) = there.history.people.visits(1)
    assert (visit.id, visit.date) == (assessment.visit_id, DAY)


def test_of_an_image_that_has_a_lesion_the_later_assessment_counts_after_an_import(rooms: Rooms) -> None:
    """Rows from elsewhere are written last; what stands here and is later goes on counting."""
    here, there = rooms("here"), rooms("there")
    patient = here.patient("P-1")
    visit = here.visit(patient)
    lesion = here.history.people.add_lesion(patient, "L1", "back", by="MK").id
    here.image(lesion=lesion, visit=visit)
    rooms.merge(there, rooms.export(here, "first"))
    here.seen(lesion, visit, "melanoma")
    loose = there.image(visit=1)
    there.clock.now += dt.timedelta(hours=2)
    there.history.assessments.assess(image_id=loose, before_model=True, diagnosis="nevus", by="CD")
    there.history.people.place(loose, kind="dermoscopy", lesion_id=1, visit_id=1, by="CD")
    rooms.merge(there, rooms.export(here, "second"), OnConflict.BOTH)
    said = there.history.assessments.of([1])
    assert [(one.diagnosis, one.initials, one.visit_id) for one in said] == [("melanoma", "MK", 1), ("nevus", "CD", 1)]


def test_importing_again_adds_nothing(rooms: Rooms) -> None:
    here = rooms("here")
    fill(here, 6)
    folder = rooms.export(here, "folder")
    for practice in (here, rooms("there", at(20))):
        rooms.merge(practice, folder)
        before = described(practice.history)
        again = rooms.merge(practice, folder)
        assert (again.added.patients, again.added.lesions, again.added.images) == (0, 0, 0)
        assert (again.added.findings, again.added.answers) == (0, 0)
        assert described(practice.history) == before


def test_two_histories_of_300_entries_merge_alike_in_both_orders(rooms: Rooms) -> None:
    one, two = rooms("one"), rooms("two", at(14), "XY", first_image=1000)
    with one.history.together():
        fill(one, 300)
    common = rooms.export(one, "common", Selection("P-007"))
    rooms.merge(two, common)  # a patient whom both know since then
    with two.history.together():
        fill(two, 300 - 3, prefix="Q-")
    for practice, hour in ((one, 9), (two, 18)):  # patients of whom each has something of its own
        for number in range(20):
            patient = practice.patient(f"S-{number:02}")
            visit = practice.visit(patient, DAY + dt.timedelta(hour))
            lesion = practice.history.people.add_lesion(patient, f"{practice.by} 1", "back", by=practice.by).id
            practice.image(lesion=lesion, visit=visit)
            practice.seen(lesion, visit, "nevus")
    for practice, days, diagnosis in ((one, 30, "melanoma"), (two, 60, "nevus"), (one, 90, "blue_nevus")):
        patient_id = next(
            row.patient.id for row in practice.history.exchanged.patients() if row.patient.pseudonym == "P-007"
        )
        practice.history.people._now.now = dt.datetime(2026, 4, 1, tzinfo=dt.UTC) + dt.timedelta(days)  # type: ignore[attr-defined]
        lesion = practice.history.people.lesions(patient_id)[0].id
        practice.seen(lesion, practice.visit(patient_id, DAY + dt.timedelta(days)), diagnosis, "none")
    folders = rooms.export(one, "of one"), rooms.export(two, "of two")
    rooms.merge(one, folders[1])
    rooms.merge(two, folders[0])
    merged = described(one.history)
    assert len(merged) == 100 + 99 + 20 + 3
    assert described(two.history) == merged
    again = rooms.merge(one, rooms.export(two, "again"))
    assert (again.added.images, again.added.findings, again.added.answers) == (0, 0, 0)
    for name in ("one", "two"):
        assert_whole(rooms, name)


def _diverged(rooms: Rooms) -> tuple[Practice, Practice, dict[Practice, int]]:
    """Return two histories that know the same lesion; the second said something later than the first, which then said more."""
    one, two = rooms("one"), rooms("two", at(14), "XY", first_image=100)
    fill(one, 3)
    rooms.merge(two, rooms.export(one, "common"))
    lesions = {}
    for practice in (one, two):
        (patient,) = practice.history.people.find_patients()
        lesions[practice] = practice.history.people.lesions(patient.id)[0].id
    return one, two, lesions


def test_a_corrected_finding_answers_its_plan_after_both_were_written_again(rooms: Rooms) -> None:
    one, two, lesions = _diverged(rooms)
    plan_day = DAY + dt.timedelta(30)

    def at_hour(practice: Practice, hour: int) -> None:
        practice.history.people._now.now = dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC)  # type: ignore[attr-defined]

    def find(practice: Practice, diagnosis: str, corrects: int | None = None) -> int:
        return practice.history.assessments.add_outcome(
            lesion_id=lesions[practice],
            kind="histopathology",
            diagnosis=diagnosis,
            date=plan_day,
            corrects=corrects,
            by=practice.by,
        ).id

    at_hour(one, 1)  # before all that is said in the other room, where it is therefore written again behind this
    find(one, "nevus")
    at_hour(two, 2)
    (patient,) = two.history.people.find_patients()
    two.seen(lesions[two], two.visit(patient.id, plan_day), "bcc", EXCISION)
    find(two, "melanoma", corrects=find(two, "bcc"))
    folders = rooms.export(one, "of one"), rooms.export(two, "of two")
    rooms.merge(one, folders[1], OnConflict.BOTH)
    rooms.merge(two, folders[0], OnConflict.BOTH)
    for practice in (one, two):
        open_ones = practice.history.worklists.open_biopsies()
        assert lesions[practice] not in [plan.lesion and plan.lesion.id for plan in open_ones]
        assert leading(practice.history.assessments.outcomes(lesion_id=lesions[practice])).diagnosis == "melanoma"


def test_a_later_statement_counts_wherever_it_comes_from(rooms: Rooms) -> None:
    one, two, lesions = _diverged(rooms)
    for practice, hour, diagnosis in ((one, 1, "nevus"), (two, 2, "melanoma")):
        practice.history.people._now.now = dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC)  # type: ignore[attr-defined]
        practice.history.assessments.add_outcome(
            lesion_id=lesions[practice], kind="follow-up", diagnosis=diagnosis, date=DAY, by=practice.by
        )
    folders = rooms.export(one, "of one"), rooms.export(two, "of two")
    for practice, folder in ((one, folders[1]), (two, folders[0])):
        with pytest.raises(ConflictError) as caught:
            rooms.merge(practice, folder)
        assert "follow-up: “" in caught.value.conflicts[0]
        assert len(caught.value.conflicts) == 1
        rooms.merge(practice, folder, OnConflict.BOTH)
        outcomes = practice.history.assessments.outcomes(lesion_id=lesions[practice])
        assert [one.diagnosis for one in outcomes if one.kind == "follow-up"] == ["nevus", "melanoma"]
    assert described(one.history) == described(two.history)
    for name in ("one", "two"):
        assert_whole(rooms, name)
    kept = rooms("three")
    rooms.merge(kept, folders[0])
    rooms.merge(kept, folders[1], OnConflict.KEEP)
    assert described(kept.history) != described(one.history)
    (patient,) = kept.history.people.find_patients()
    outcomes = kept.history.assessments.outcomes(lesion_id=kept.history.people.lesions(patient.id)[0].id)
    assert [one.diagnosis for one in outcomes if one.kind == "follow-up"] == ["nevus"]


def test_a_correction_remains_one_when_an_import_brings_what_was_said_before_it(rooms: Rooms) -> None:
    one, two, lesions = _diverged(rooms)
    assessments, lesion = one.history.assessments, lesions[one]

    def set_hour(practice: Practice, hour: int) -> None:
        practice.history.people._now.now = dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC)  # type: ignore[attr-defined]

    set_hour(one, 1)
    wrong = assessments.add_outcome(lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=DAY, by="MK")
    set_hour(two, 2)
    two.history.assessments.add_outcome(
        lesion_id=lesions[two], kind="follow-up", diagnosis="nevus", date=DAY, by=two.by
    )
    set_hour(one, 3)
    assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="melanoma", date=DAY, corrects=wrong.id, by="MK"
    )

    def read() -> tuple[list[str], list[str]]:
        found = assessments.outcomes(lesion_id=lesion)
        corrected = [right.diagnosis for it in found if it.id == wrong.id and (right := it.correction(found))]
        return corrected, [it.outcome.diagnosis for it in assessments.withdrawn((lesion,), ())]

    before = read()
    assert before[0] == ["melanoma"]
    rooms.merge(one, rooms.export(two, "of two"), OnConflict.BOTH)
    assert read() == before
    assert_whole(rooms, "one")


def test_a_biopsy_stands_once_when_an_import_brings_what_was_said_before_it(rooms: Rooms) -> None:
    one, two, lesions = _diverged(rooms)
    for practice, hour, diagnosis, plan in ((two, 2, "nevus", ""), (one, 3, "melanoma", EXCISION)):
        practice.history.people._now.now = dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC)  # type: ignore[attr-defined]
        (patient,) = practice.history.people.find_patients()
        made = practice.seen(lesions[practice], practice.visit(patient.id, DAY), diagnosis, plan)
    one.history.care_steps.record(CareStep(Step.TAKEN, made, DAY, "AB", "shave"), by=one.by)
    lesion, history = lesions[one], one.history
    earlier = len(history.worklists.open_biopsies_of([lesion]))
    steps = [(it.step.step, it.step.note) for it in history.care_steps.about([lesion])]
    rooms.merge(one, rooms.export(two, "of two"), OnConflict.BOTH)
    standing = [it.id for it in history.assessments.of([lesion])]
    taken = [it for it in history.assessments.biopsies([lesion], []) if it.note == "shave"]
    assert [it.assessment_id for it in taken] == standing[-1:] != [made]
    assert len(history.worklists.open_biopsies_of([lesion])) == earlier
    assert [(it.step.step, it.step.note) for it in history.care_steps.about([lesion])] == steps


def test_a_later_correction_of_a_treatment_and_a_later_pin_count_wherever_they_come_from(rooms: Rooms) -> None:
    one, two, lesions = _diverged(rooms)
    for practice, hour, until in ((one, 2, 20), (two, 1, 10)):
        practice.history.people._now.now = dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC)  # type: ignore[attr-defined]
        history, lesion = practice.history, lesions[practice]
        (cryotherapy,) = (found for found in history.influences.of(lesion) if found.kind == InfluenceKind.CRYOTHERAPY)
        history.influences.correct(cryotherapy.id, Span(DAY, DAY + dt.timedelta(until)), "", by=practice.by)
        (image,) = (found for found in history.people.images(1) if found.kind == "clinical")
        history.photograph_pins.put(image.image_id, lesion, (until / 100, 0.5), by=practice.by)
    two.history.influences.add(InfluenceKind.TOPICAL, lesions[two], Span(DAY), by="XY")
    folders = rooms.export(one, "of one"), rooms.export(two, "of two")
    for practice, folder in ((one, folders[1]), (two, folders[0])):
        rooms.merge(practice, folder)
        found = practice.history.influences.of(lesions[practice])
        assert {one.kind: one.span.until for one in found} == {
            "pregnancy": DAY,
            "cryotherapy": DAY + dt.timedelta(20),
            "topical treatment": None,
        }
    assert described(one.history) == described(two.history)
    for name in ("one", "two"):
        assert_whole(rooms, name)


def test_what_may_be_another_person_or_lesion_is_never_mixed(rooms: Rooms) -> None:
    one, two = rooms("one"), rooms("two", at(14), "XY", first_image=100)
    sexes: tuple[tuple[Practice, Sex], ...] = ((one, "female"), (two, "male"))
    for practice, sex in sexes:
        patient = practice.patient("P-1", sex)
        practice.image(visit=practice.visit(patient))
        same = practice.patient("P-2")
        lesion = practice.history.people.add_lesion(same, "L1", "back", by=practice.by).id
        visit = practice.visit(same)
        practice.image(lesion=lesion, visit=visit)
        practice.seen(lesion, visit, "nevus" if practice is one else "melanoma")
    folder = rooms.export(two, "of two")
    before = described(one.history)
    with pytest.raises(ConflictError) as caught:
        rooms.merge(one, folder)
    assert caught.value.conflicts == [
        "P-1: female here, male in the folder, perhaps not the same person",
        "P-2, L1: perhaps not the same lesion here and in the folder",
    ]
    assert described(one.history) == before
    assert not list((rooms.folder / "one" / "images").glob("*/*.partial"))
    kept = rooms.merge(one, folder, OnConflict.KEEP)
    assert described(one.history) == before | {"unassigned": []}
    assert kept.added.images == 0
    rooms.merge(one, folder, OnConflict.BOTH)
    merged = described(one.history)
    assert merged["P-1 (2)"]["patient"][0] == "male"
    assert list(merged["P-2"]["lesions"]) == ["L1", "L1 (2)"]
    assert merged["P-2"]["lesions"]["L1"] == before["P-2"]["lesions"]["L1"]
    again = rooms.merge(one, folder)  # both are known now: there is nothing to decide
    assert described(one.history) == merged
    assert again.added.patients == again.added.lesions == again.added.findings == 0
    assert_whole(rooms, "one")


def test_nothing_is_said_twice_and_gaps_are_filled(rooms: Rooms) -> None:
    one, two = rooms("one"), rooms("two", at(14))
    one.patient("P-1")
    two.patient("p-1 ", "male")
    two.history.people.correct_patient(1, "p-1", "male", by="XY", skin_type="V", birth_year=1960)
    rooms.merge(one, rooms.export(two, "of two"))
    (patient,) = one.history.people.find_patients()
    assert (patient.pseudonym, patient.sex, patient.skin_type, patient.birth_year) == ("P-1", "male", "V", 1960)


def test_another_birth_year_is_a_conflict(rooms: Rooms) -> None:
    one, two = rooms("one"), rooms("two", at(14))
    for practice, year in ((one, 1960), (two, 1961)):
        practice.history.people.correct_patient(practice.patient("P-1"), "P-1", "female", by="XY", birth_year=year)
    folder = rooms.export(two, "of two")
    with pytest.raises(ConflictError, match=r"conflicts: 1\)"):
        rooms.merge(one, folder)
    rooms.merge(one, folder, OnConflict.BOTH)
    assert one.history.people.patient(1).birth_year == 1961


def test_an_image_filed_elsewhere_stays_there(rooms: Rooms) -> None:
    one, two = rooms("one"), rooms("two", at(14))
    for practice, pseudonym in ((one, "P-1"), (two, "P-2")):
        practice.image(visit=practice.visit(practice.patient(pseudonym)))
    folder = rooms.export(two, "of two")
    with pytest.raises(ConflictError, match=r"conflicts: 1\)"):
        rooms.merge(one, folder)
    rooms.merge(one, folder, OnConflict.BOTH)
    assert [len(one.history.people.images(patient.id)) for patient in one.history.people.find_patients()] == [0, 1]


def test_the_bin_is_neither_exported_nor_emptied(rooms: Rooms) -> None:
    one = rooms("one")
    fill(one, 6)
    folder = rooms.export(one, "whole")
    gone = one.history.people.find_patients()[0]
    one.history.people.set_binned("patient", gone.id, binned=True, by="MK")
    assert gone.pseudonym not in (rooms.export(one, "rest") / "records.csv").read_text("utf-8-sig")
    with pytest.raises(ConflictError) as caught:
        rooms.merge(one, folder)
    assert caught.value.conflicts == [f"{gone.pseudonym}: in the bin here"]
    rooms.merge(one, folder, OnConflict.KEEP)
    assert one.history.people.patient(gone.id).is_binned
    rooms.merge(one, folder, OnConflict.BOTH)
    assert not one.history.people.patient(gone.id).is_binned


def test_a_photograph_that_was_removed_is_not_exported_and_stays_removed(rooms: Rooms) -> None:
    one = rooms("one")
    fill(one, 6)
    people = one.history.people
    patient, image = next(
        (patient.id, image)
        for patient in people.find_patients()
        for image in people.images(patient.id)
        if image.kind == "clinical"
    )
    folder = rooms.export(one, "whole")
    people.set_binned("image", image.image_id, binned=True, by="MK")
    ids = {row.image_id for rows in one.history.exchanged.images().values() for row in rows}
    assert image.image_id not in ids
    rooms.merge(one, folder, OnConflict.BOTH)
    assert image.image_id in {found.image_id for found in people.images(patient, are_removed=True)}


def test_findings_and_machine_figures_travel_apart(rooms: Rooms) -> None:
    one = rooms("one")
    visit = one.visit(patient := one.patient("P-1"))
    lesion = one.history.people.add_lesion(patient, "L1", "back", by="MK").id
    one.image(lesion=lesion, visit=visit)
    one.seen(lesion, visit, "blue_nevus")
    folder = rooms.export(one, "folder")
    records = (folder / "records.csv").read_text("utf-8-sig")
    machine = (folder / "machine.csv").read_text("utf-8-sig")
    assert machine.startswith('"Machine, unverified"\n')
    _header, records = records.split("\n", 1)
    for word in ("melanoma", "0.6", "a" * 64, "Research model"):
        assert word not in records
        assert word in machine
    assert "blue_nevus" in records
    assert "blue_nevus" not in machine


def test_a_demonstration_models_figures_are_never_exported(rooms: Rooms) -> None:
    one = rooms("one")
    image_id = one.image()
    one.history.disclosures.disclose(1, "without own view", by="MK")
    sample = one.history.entries()[0]
    demonstration = contract()
    answer = type(sample.answer)(**(vars(sample.answer) | {"model_sha256": "b" * 64}))
    one.history.save(sample.image, answer, demonstration, by="MK")
    assert len(one.history.entries_of(image_id)) == 2
    folder = rooms.export(one, "folder")
    assert "b" * 64 not in (folder / "machine.csv").read_text("utf-8-sig")
    assert [path.stem for path in (folder / "models").iterdir()] == ["a" * 64]


def test_what_blind_first_conceals_is_not_exported(rooms: Rooms) -> None:
    one = rooms("one")
    image_id = one.image()
    assert one.history.disclosures.is_concealed(image_id)
    folder = rooms.export(one, "folder")
    assert not (folder / "machine.csv").exists()
    one.history.disclosures.disclose(1, "without own view", by="MK")
    there = rooms("there")
    rooms.merge(there, rooms.export(one, "seen"))
    assert not there.history.disclosures.is_concealed(1)  # what was seen stays seen


def test_every_export_and_import_is_in_the_audit_log(rooms: Rooms, tmp_path: Path) -> None:
    one = rooms("one")
    fill(one, 3)
    folder = rooms.export(one, "folder", Selection("p-000"))
    there = rooms("there")
    rooms.merge(there, folder)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RecordsError, match="cannot be written"):
        export_folder(one.history, one.store, Selection(), tmp_path / "file" / "folder", by="EX")
    acts = one.history.audit.page(AuditFilter(initials="EX")).acts
    assert [act.action for act in acts] == [Action.FAILED, Action.HISTORY_EXPORTED, Action.HISTORY_EXPORTED]
    assert acts[2].detail == {
        "format": "csv",
        "patients": 1,
        "images": 3,
        "de-identified": False,
        "pseudonym table": False,
    }
    assert acts[2].patient == "P-000"
    (act,) = there.history.audit.page(AuditFilter(initials="IM")).acts
    assert act.action == Action.HISTORY_IMPORTED
    assert act.detail["images"] == 3


def test_what_is_selected(rooms: Rooms) -> None:
    one = rooms("one")
    fill(one, 3)
    late = one.patient("late")
    one.visit(late, DAY + dt.timedelta(200))
    with pytest.raises(RecordsError, match="no patient “nobody”"):
        rooms.export(one, "none", Selection("nobody"))
    records = rooms.export(one, "since", Selection(since=DAY + dt.timedelta(100))) / "records.csv"
    assert "late" in records.read_text("utf-8-sig")
    assert "P-000" not in records.read_text("utf-8-sig")
    with pytest.raises(RecordsError, match="is there already"):
        rooms.export(one, "since")


def test_a_patient_of_whom_an_image_without_a_lesion_was_assessed_lately_is_selected(rooms: Rooms) -> None:
    one = rooms("one")
    image_id = one.image(visit=one.visit(one.patient("P-1")))
    later = DAY + dt.timedelta(200)
    one.history.people._now.now = dt.datetime.combine(later, dt.time(8), dt.UTC)  # type: ignore[attr-defined]
    one.history.assessments.assess(image_id=image_id, before_model=False, diagnosis="nevus", by="MK")
    records = rooms.export(one, "since", Selection(since=later)) / "records.csv"
    assert "P-1" in records.read_text("utf-8-sig")


def test_a_time_of_a_model_answer_that_is_none_is_refused(rooms: Rooms) -> None:
    one = rooms("one")
    visit = one.visit(patient := one.patient("P-1"))
    lesion = one.history.people.add_lesion(patient, "L1", "back", by="MK").id
    one.image(lesion=lesion, visit=visit)
    one.seen(lesion, visit, "nevus")
    folder = rooms.export(one, "folder")
    table = folder / "machine.csv"
    written = one.history.entries()[0].time.strftime("%Y-%m-%dT%H:%M")
    text = table.read_text("utf-8-sig")
    assert written in text
    table.write_text(text.replace(written, "yesterday"), "utf-8-sig")
    there = rooms("there")
    with pytest.raises(RecordsError, match=r"model answers .* cannot be read"):
        rooms.merge(there, folder)
    assert not there.history.exchanged.patients()


def test_an_image_that_cannot_be_read_is_left_out_and_named(rooms: Rooms) -> None:
    one = rooms("one")
    fill(one, 3)
    lost = one.history.entries()[0].image
    lost.path.unlink()
    target = rooms.folder / "folder"
    exported = export_folder(one.history, one.store, Selection(), target, by="EX")
    assert exported.images == 3
    assert lost.name in exported.unreadable[0]
    some = next((target / "images").iterdir())
    some.write_bytes(b"no image")
    imported = rooms.merge(rooms("there"), target)
    assert imported.added.images == 2
    assert some.name in imported.unreadable[0]


_SIMPLE = """patient;lesion;site;date;image;assessment;outcome;who
P-1;Mole;back;2.3.2024;a.png;nevus;;AB
P-1;mole;;5.11.2025;b.png;melanoma;melanoma;AB
P-2;;;2025-01-07;c.png;;;
"""


def _simple(folder: Path, table: str = _SIMPLE) -> Path:
    folder.mkdir()
    for number, name in enumerate("abc"):
        (folder / f"{name}.png").write_bytes(png(number + 500))
    (folder / "records.csv").write_text(table, "utf-8-sig")
    return folder


def test_a_table_of_another_program(rooms: Rooms, tmp_path: Path) -> None:
    one = rooms("one")
    folder = _simple(tmp_path / "folder")
    rooms.merge(one, folder)
    (lesion,) = one.history.people.lesions(1)
    assert (lesion.name, lesion.site) == ("Mole", "back")
    said = one.history.assessments.of([lesion.id])
    assert [(one.diagnosis, one.time.date(), one.initials, one.before_model) for one in said] == [
        ("nevus", dt.date(2024, 3, 2), "AB", None),
        ("melanoma", dt.date(2025, 11, 5), "AB", None),
    ]
    (outcome,) = one.history.assessments.outcomes(lesion_id=lesion.id)
    assert (outcome.kind, outcome.date) == ("histopathology", dt.date(2025, 11, 5))
    before = described(one.history)
    (folder / "records.csv").write_text(_SIMPLE + "P-3;L1;scalp;2026-01-02;;nevus;;AB\n")
    assert rooms.merge(one, folder).added.patients == 1
    assert described(one.history).items() >= {key: before[key] for key in ("P-1", "P-2")}.items()
    assert_whole(rooms, "one")


_MARKED = "row,patient,lesion_key,date,until,influence,when,withdrawn\npatient,P,,,,,2025-01-01,\n"
_PREGNANT = "influence,P,,2025-01-01,,pregnancy,2025-01-01,no\n"


@pytest.mark.parametrize(
    ("table", "detail"),
    [
        ("patient,date,x\nP,2025-01-01,1\n", "Line 1 .*unknown or repeated columns: x"),
        ("patient,date\n,2025-01-01\n", "Line 2 .*patient and date are needed"),
        ("patient,date\nP,31.2.2025\n", "Line 2 .*“31.2.2025” in date"),
        ("patient,date\nP\n", "Line 2 .*1 cells in place of 2"),
        ("patient,date,image\nP,2025-01-01,../../etc/passwd\n", "“../../etc/passwd” in image"),
        ("patient,date,image\nP,2025-01-01,/etc/passwd\n", "in image"),
        ("patient,date,image\nP,2025-01-01,a.png\nQ,2025-01-01,a.png\n", "Line 3 .*the image is in another line"),
        ("patient,date,sex\nP,2025-01-01,f\n", "“f” in sex is not one of: female, male, other, unknown. Nothing was"),
        (
            "patient,date,plan\nP,2025-01-01,excise\n",
            "“excise” in plan is not one of: none, follow-up, biopsy or excision, refer",
        ),
        ("patient,date,confidence\nP,2025-01-01,sure\n", "“sure” in confidence is not one of: low, medium, high"),
        ("patient,date,label\nP,2025-01-01,mole\n", "“mole” in label is not one of: melanoma, "),
        ("patient,date,sex\nP,2025-01-01,male\np,2025-01-01,female\n", "Line 3 .*another line has another sex"),
        ("row,patient\nvisit,P\n", "nothing in date, when"),
        ("row,patient,date,when\nvisit,P,2025-01-01,2025-01-01\n", "no row for the patient"),
        ("row,image,when,of,step\nstep,,2025-01-01,x,fits\n", "no row for the image"),
        ('patient,date\n"P,2025-01-01\n', "1 cells"),
        ("", "unknown or repeated columns"),
        (
            f"{_MARKED}influence,P,2025-01-01||L1,2025-01-01,,pregnancy,2025-01-01,no\n",
            "a lesion for a pregnancy, or none for a treatment",
        ),
        (f"{_MARKED}influence,P,,2025-01-01,,cryotherapy,2025-01-01,no\n", "a lesion for a pregnancy, or none"),
        (f"{_MARKED}influence,P,,2025-01-01,2024-01-01,pregnancy,2025-01-01,no\n", "until is before date"),
        (f"{_MARKED}influence,P,,2025-01-01,,sunburn,2025-01-01,no\n", "“sunburn” in influence"),
        (f"{_MARKED}{_PREGNANT}{_PREGNANT}", "Line 4 .*it is in another line"),
        ("row,patient,image,lesion_key,when\npin,P,a.png,2025-01-01||L1,2025-01-01\n", "no row for the image"),
    ],
)
def test_a_table_that_cannot_be_understood(rooms: Rooms, tmp_path: Path, table: str, detail: str) -> None:
    one = rooms("one")
    with pytest.raises(RecordsError, match=detail):
        rooms.merge(one, _simple(tmp_path / "folder", table))
    assert not one.history.exchanged.patients()
    assert not (tmp_path / "one" / "images").exists()


def test_a_table_that_is_not_there_or_not_utf_8(rooms: Rooms, tmp_path: Path) -> None:
    one = rooms("one")
    folder = _simple(tmp_path / "folder")
    (folder / "records.csv").write_bytes(b"patient,date\nM\xfcller,2025-01-01\n")
    with pytest.raises(RecordsError, match="not UTF-8"):
        rooms.merge(one, folder)
    shutil.rmtree(folder)
    with pytest.raises(RecordsError, match="cannot be read"):
        rooms.merge(one, folder)
