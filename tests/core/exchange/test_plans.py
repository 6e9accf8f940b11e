"""A plan alone, such as that of a re-excision, goes beside the assessment of its visit in every format, and is none itself."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.exporting import export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.gdt_folder import Connection
from desktop.core.exchange.gdt_lines import read_lines
from desktop.core.exchange.importing import import_folder
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.people import EXCISION
from desktop.core.records.reexcision import plan_reexcision
from tests.core.exchange.histories import DAY, Practice, at
from tests.core.records.history_contents import planned_biopsies


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "here", at(8), "MK")
    yield practice
    practice.history.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "there", at(20), "XY")
    yield practice
    practice.history.close()


def assessed(practice: Practice) -> int:
    """Add a lesion that was taken for a nevus, and is a melanoma to the laboratory; return its id."""
    patient = practice.patient("P-1", "female")
    visit = practice.visit(patient)
    lesion = practice.history.people.add_lesion(patient, "L1", "scapula-left", by="MK").id
    practice.image(lesion=lesion, visit=visit)
    practice.seen(lesion, visit, "nevus", note="even")
    practice.history.assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="melanoma", margins="involved", date=DAY, by="MK"
    )
    return lesion


def plan(practice: Practice, lesion: int) -> None:
    plan_reexcision(practice.history, lesion_id=lesion, image_id=None, note="Re-excision: 1 cm", today=DAY, by="AB")


def export(practice: Practice, target: Path, form: ExportFormat) -> Path:
    connection = Connection(Path()) if form is ExportFormat.GDT else None
    export_folder(practice.history, practice.store, Selection(), target, form=form, connection=connection, by="EX")
    return target


def said(practice: Practice) -> list[tuple[object, ...]]:
    """Return what clinicians said of the lesion, in the order in which it counts."""
    return [
        (one.diagnosis, one.plan, one.note, one.before_model, one.initials, one.time)
        for one in practice.history.assessments.of([1])
    ]


@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.DICOM])
def test_it_is_read_again_as_what_it_was(here: Practice, there: Practice, tmp_path: Path, form: ExportFormat) -> None:
    plan(here, assessed(here))
    import_folder(there.history, there.store, export(here, tmp_path / "folder", form), by="IM")
    assert said(there) == said(here)
    assert [one[:2] for one in said(there)] == [("nevus", ""), ("", EXCISION)]


def test_it_does_not_contradict_the_assessment_of_its_visit(here: Practice, there: Practice, tmp_path: Path) -> None:
    lesion = assessed(here)
    import_folder(there.history, there.store, export(here, tmp_path / "first", ExportFormat.CSV), by="IM")
    visit = there.history.people.visits(1)[0].id
    there.seen(1, visit, "atypical_nevus")
    plan(here, lesion)
    import_folder(there.history, there.store, export(here, tmp_path / "second", ExportFormat.CSV), by="IM")
    assert {one[:2] for one in said(there)} == {("nevus", ""), ("atypical_nevus", ""), ("", EXCISION)}


def test_fhir_has_it_without_a_value(here: Practice, tmp_path: Path) -> None:
    plan(here, assessed(here))
    (path,) = (export(here, tmp_path / "out", ExportFormat.FHIR) / "patients").glob("*.json")
    observed = {
        one["resource"]["code"]["text"]: one["resource"]
        for one in json.loads(path.read_text("utf-8"))["entry"]
        if one["resource"]["resourceType"] == "Observation"
    }
    own, planned = observed["Clinician's assessment of a skin lesion"], observed["Plan for a skin lesion"]
    assert own["valueCodeableConcept"]["coding"][0]["code"] == "nevus"
    assert own["status"] == "final"
    assert "valueCodeableConcept" not in planned
    assert planned["component"] == [{"code": {"text": "Plan"}, "valueString": "Biopsy or excision"}]
    assert (planned["note"], planned["performer"]) == ([{"text": "Re-excision: 1 cm"}], [{"display": "AB"}])


def test_gdt_says_who_planned_it(here: Practice, tmp_path: Path) -> None:
    plan(here, assessed(here))
    folder = export(here, tmp_path / "out", ExportFormat.GDT)
    first, second = (dict(read_lines((folder / f"PVS1LSNL.{end}").read_bytes(), end)) for end in ("GDT", "001"))
    assert first["6227"] == "Assessed by MK"
    assert second["6227"] == "Planned by AB"
    assert second["6220"].endswith("Biopsy or excision; Re-excision: 1 cm")  # the last line of the field
    assert all(b"Melanoma" not in path.read_bytes() for path in folder.iterdir())


def test_a_finding_stays_that_of_the_biopsy_that_was_named_with_it(
    here: Practice, there: Practice, tmp_path: Path
) -> None:
    lesion = assessed(here)
    later = [DAY + dt.timedelta(days=days) for days in (10, 20)]
    for day in later:
        plan(here, lesion)
        planned = planned_biopsies(here.history, lesion)[-1]
        taken = CareStep(Step.TAKEN, planned, day, "AB", "")
        here.history.care_steps.record(taken, by="AB")
    named = here.history.assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=later[1], by="MK"
    )
    here.history.care_steps.record(taken, by="MK", named_with=named)
    import_folder(there.history, there.store, export(here, tmp_path / "folder", ExportFormat.CSV), by="IM")
    for practice in (here, there):
        assert [one.taken for one in practice.history.assessments.outcomes(lesion_id=1)] == [None, later[1]]
        assert [one.taken for one in practice.history.worklists.open_biopsies()] == [later[0]]
