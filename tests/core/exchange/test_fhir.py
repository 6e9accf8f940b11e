"""FHIR bundles: valid R4B, findings of clinicians alone, model answers apart and marked, the same at each export."""

import base64
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from PIL import Image

from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.exporting import Exported, export_folder
from desktop.core.exchange.fhir_reports import VisitPdf
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.inference.judgement import Abstention
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.people import EXCISION
from desktop.core.records.values import KeptImage
from tests.alerts import MELANOMA
from tests.core.exchange.histories import DAY, Practice, at, fill
from tests.core.imaging.dicoms import dicom, jpeg
from tests.core.records.history_contents import an_answer
from tests.making import NINE, contract

Json = dict[str, Any]
SIZE = (96, 72)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "data", at(8), "MK")
    yield practice
    practice.history.close()


@pytest.fixture
def export(practice: Practice, tmp_path: Path) -> Callable[..., tuple[Path, Exported]]:
    def run(name: str = "out", *, is_deidentified: bool = False) -> tuple[Path, Exported]:
        exported = export_folder(
            practice.history,
            practice.store,
            Selection(),
            tmp_path / name,
            form=ExportFormat.FHIR,
            is_deidentified=is_deidentified,
            by="EX",
        )
        return tmp_path / name, exported

    return run


def exported_with_report(practice: Practice, folder: Path) -> list[Json]:
    """Export P-1 with a report of the visit; return the DiagnosticReports beside what clinicians said."""
    pdf = VisitPdf(DAY, b"%PDF-1.4 report", dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    export_folder(practice.history, practice.store, Selection("P-1"), folder, form=ExportFormat.FHIR, pdf=pdf, by="EX")
    for path in folder.glob("*/*.json"):
        Bundle.model_validate_json(path.read_bytes())
    return resources(folder, "patients", "DiagnosticReport")


def test_the_report_of_a_visit_is_presented(practice: Practice, tmp_path: Path) -> None:
    seen_lesion(practice, is_assessed=True)
    (report,) = exported_with_report(practice, tmp_path / "out")
    (form,) = report["presentedForm"]
    assert base64.b64decode(form["data"]) == b"%PDF-1.4 report"
    assert (form["contentType"], form["size"], report["status"]) == ("application/pdf", 15, "final")
    (assessment,) = resources(tmp_path / "out", "patients", "Observation")
    assert report["result"] == [{"reference": f"urn:uuid:{assessment['id']}"}]
    assert all("presentedForm" not in one for one in resources(tmp_path / "out", "machine", "DiagnosticReport"))


def test_without_an_assessment_there_is_no_report(practice: Practice, tmp_path: Path) -> None:
    seen_lesion(practice, is_assessed=False)
    assert exported_with_report(practice, tmp_path / "out") == []
    assert all("presentedForm" not in one for one in resources(tmp_path / "out", "machine", "DiagnosticReport"))


def test_a_report_names_its_patient(practice: Practice, tmp_path: Path) -> None:
    seen_lesion(practice, is_assessed=True)
    pdf = VisitPdf(DAY, b"%PDF", dt.datetime.now(dt.UTC))
    for selection, is_deidentified in ((Selection("P-1"), True), (Selection(), False)):
        with pytest.raises(ValueError, match="names its patient"):
            export_folder(
                practice.history,
                practice.store,
                selection,
                tmp_path / "out",
                form=ExportFormat.FHIR,
                is_deidentified=is_deidentified,
                pdf=pdf,
                by="EX",
            )
    assert not (tmp_path / "out").exists()


def resources(folder: Path, which: str, kind: str = "") -> list[Json]:
    """Return the resources of a kind in all bundles of `patients` or `machine`."""
    bundles = [json.loads(path.read_text("utf-8")) for path in sorted((folder / which).glob("*.json"))]
    found: list[Json] = [entry["resource"] for bundle in bundles for entry in bundle["entry"]]
    return [one for one in found if kind in {"", one["resourceType"]}]


def components(observation: Json) -> dict[str, Any]:
    """Return the values of an observation's components by their names."""
    return {
        one["code"]["text"]: next(value for name, value in one.items() if name.startswith("value"))
        for one in observation["component"]
    }


def seen_lesion(practice: Practice, *, is_assessed: bool, model: str = "a" * 64) -> tuple[int, int]:
    """Add a patient with a lesion and an answered image at a visit; return the lesion and the visit."""
    patient = practice.patient("P-1", "female")
    visit = practice.visit(patient)
    lesion = practice.history.people.add_lesion(patient, "L1", "scapula-left", by="MK").id
    practice.image(lesion=lesion, visit=visit, model=model)
    if is_assessed:
        practice.seen(lesion, visit, "blue_nevus", note="even")
    else:
        practice.history.disclosures.disclose(1, "without own view", by="MK")
    return lesion, visit


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["reference"]] if "reference" in value else []
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_every_bundle_is_valid_and_whole(practice: Practice, export: Callable[..., tuple[Path, Exported]]) -> None:
    fill(practice, 6)
    folder, exported = export()
    assert (exported.patients, exported.images, exported.answers, exported.unassigned) == (2, 6, 4, 2)
    files = sorted(folder.glob("*/*.json"))
    assert len(files) == 4
    for path in files:
        text = path.read_text("utf-8")
        assert Bundle.model_validate_json(text)
        urls = Counter(entry["fullUrl"] for entry in json.loads(text)["entry"])
        assert set(urls.values()) == {1}
        assert set(references(json.loads(text))) <= set(urls)
    assert {path.stem for path in files} == {one["id"] for one in resources(folder, "patients", "Patient")}
    assert {one["birthDate"] for one in resources(folder, "patients", "Patient")} == {"1960"}
    kinds = Counter(one["resourceType"] for one in resources(folder, "patients"))
    assert kinds == {"Patient": 2, "Encounter": 2, "BodyStructure": 4, "Media": 6, "Observation": 8}
    for media in resources(folder, "patients", "Media"):
        image = folder / "patients" / media["content"]["url"]
        assert image.stat().st_size == media["content"]["size"]


def test_without_an_assessment_there_is_no_finding(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    seen_lesion(practice, is_assessed=False)
    folder, exported = export()
    assert exported.answers == 1
    assert resources(folder, "patients", "Observation") == []
    machine = [*resources(folder, "machine", "Observation"), *resources(folder, "machine", "DiagnosticReport")]
    assert len(machine) == 2
    for one in machine:
        assert one["status"] == "preliminary"
        assert one["meta"]["security"][0]["code"] == "AIAST"
        assert "Machine, unverified" in one["text"]["div"]
        assert one["code"]["text"].startswith("Machine, unverified")
        assert "valueCodeableConcept" not in one
        assert "conclusion" not in one


def test_an_answer_that_blind_first_conceals_stays(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    patient = practice.patient("P-1")
    practice.image(visit=practice.visit(patient))
    folder, exported = export()
    assert exported.answers == 0
    assert not (folder / "machine").exists()


def test_findings_and_figures_are_apart(practice: Practice, export: Callable[..., tuple[Path, Exported]]) -> None:
    seen_lesion(practice, is_assessed=True)
    folder, _exported = export()
    (finding,) = resources(folder, "patients", "Observation")
    assert finding["status"] == "final"
    assert finding["valueCodeableConcept"]["text"] == "Blue nevus"
    assert finding["effectiveDateTime"] == DAY.isoformat()
    assert finding["performer"] == [{"display": "MK"}]
    assert finding["note"] == [{"text": "even"}]
    assert finding["bodySite"]["coding"][0]["code"] == "699893008"
    assert components(finding)["Given before the model's answer was shown"] is True
    patients = "".join(path.read_text("utf-8") for path in (folder / "patients").iterdir())
    machine = "".join(path.read_text("utf-8") for path in (folder / "machine").iterdir())
    for word in ("Machine", "a" * 64, "Research model", "0.6", "AIAST", "melanoma"):
        assert word not in patients
        assert word in machine or word == "melanoma"
    assert "Blue nevus" not in machine


def test_an_answer_has_a_component_a_label_alerts_prior_and_model(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    seen_lesion(practice, is_assessed=True)
    mix = {label.id: 0.2 if label.id == "melanoma" else 0.1 for label in NINE}
    model = contract(name="With alert", intended_use="research", alerts=(MELANOMA,), calibration_mix=mix)
    answer = an_answer(model="c" * 64, flags=("melanoma",), working_points={"melanoma": 0.95})
    practice.history.save(practice.history.entries()[0].image, answer, model, by="MK")
    folder, exported = export()
    assert exported.answers == 2
    one = next(one for one in resources(folder, "machine", "Observation") if "Alert: Melanoma alert" in components(one))
    labels = [part for part in one["component"] if "coding" in part["code"]]
    assert [part["code"]["coding"][0]["code"] for part in labels] == list(answer.probabilities)
    assert [part["valueQuantity"]["value"] for part in labels] == list(answer.probabilities.values())
    said = components(one)
    assert said["Alert: Melanoma alert"] is True
    assert said["Working point: sensitivity for which the limit of the alert was set: Melanoma alert"]["value"] == 0.95
    assert said["Prior that the probabilities assume: Melanoma"]["value"] == pytest.approx(0.2)
    assert said["Model file (SHA-256)"] == "c" * 64
    devices = {device["identifier"][0]["value"]: device for device in resources(folder, "machine", "Device")}
    device = devices["c" * 64]
    assert (device["deviceName"][0]["name"], device["version"][0]["value"]) == (model.name, model.date)
    assert one["device"]["reference"].endswith(device["id"])


def test_a_demonstration_models_figures_are_never_sent(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    patient = practice.patient("P-1")
    visit = practice.visit(patient)
    image_id = practice.image(visit=visit)
    sample = practice.history.entries()[0]
    practice.history.entries_of(image_id)
    demonstration = an_answer(model="b" * 64)
    practice.history.save(sample.image, demonstration, contract(), by="MK")
    for entry in practice.history.entries():
        practice.history.disclosures.disclose(entry.id, "without own view", by="MK")
    folder, exported = export()
    assert exported.answers == 1
    assert all("b" * 64 not in path.read_text("utf-8") for path in folder.glob("*/*.json"))


def test_an_answer_without_figures_says_why(practice: Practice, export: Callable[..., tuple[Path, Exported]]) -> None:
    seen_lesion(practice, is_assessed=True)
    image = practice.history.entries()[0].image
    model = contract(name="With alert", intended_use="research", alerts=(MELANOMA,))
    for number, reason in enumerate(Abstention):
        withheld = an_answer(model=f"{number}" * 64, abstention=reason, flags=())
        practice.history.save(image, withheld, model, by="MK")
    folder, _exported = export()
    by_reason = {components(one)["Not answered"]: one for one in resources(folder, "machine", "Observation")}
    assert len(by_reason) == len(Abstention)
    for reason, one in by_reason.items():
        has_figures = any("coding" in part["code"] for part in one["component"])
        assert has_figures == reason.startswith("too uncertain")
        assert ("dataAbsentReason" in one) == (not has_figures)
        assert components(one).get("Alert: Melanoma alert", "") == (False if has_figures else "")


def test_only_the_last_assessment_of_a_visit_and_standing_outcomes_count(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    lesion, visit = seen_lesion(practice, is_assessed=True)
    practice.seen(lesion, visit, "melanoma", EXCISION, confidence="high")
    later = practice.visit(1, DAY + dt.timedelta(90))
    practice.seen(lesion, later, "my own word", plan_date=DAY + dt.timedelta(200))
    assessments = practice.history.assessments
    wrong = assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="psoriasis", date=DAY + dt.timedelta(7), by="MK"
    )
    (psoriasis,) = (
        one
        for one in resources(export("before")[0], "patients", "Observation")
        if one["valueCodeableConcept"]["text"] == "Psoriasis"
    )
    assessments.set_outcome_binned(wrong.id, binned=True, by="AB", reason="wrong patient")
    amended = assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="melanoma", date=DAY + dt.timedelta(8), by="MK"
    )
    assessments.add_outcome(
        lesion_id=lesion,
        kind="histopathology",
        diagnosis="nodular_melanoma",
        label="melanoma",
        breslow_mm=0.8,
        ulceration="absent",
        date=DAY + dt.timedelta(8),
        corrects=amended.id,
        by="MK",
    )
    assessments.add_outcome(  # the scar, without tumour
        lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=DAY + dt.timedelta(60), by="MK"
    )
    folder, _exported = export()
    *observed, scar, taken_back = resources(folder, "patients", "Observation")
    assert [(one["effectiveDateTime"], one["status"], one["valueCodeableConcept"]["text"]) for one in observed] == [
        ("2026-03-02", "amended", "Melanoma"),
        ("2026-05-31", "final", "my own word"),
        ("2026-03-10", "amended", "Nodular melanoma"),
    ]
    said_of_scar = scar["effectiveDateTime"], scar["status"], scar["valueCodeableConcept"]["text"]
    assert said_of_scar == ("2026-05-01", "final", "Nevus")
    assert taken_back["status"] == "entered-in-error"
    assert taken_back["id"] == psoriasis["id"], "the specimen of the wrong patient"
    histology = observed[-1]
    assert histology["category"][0]["coding"][0]["code"] == "laboratory"
    assert components(histology)["Breslow thickness"] == {
        "value": 0.8,
        "unit": "mm",
        "system": "http://unitsofmeasure.org",
        "code": "mm",
    }


def test_each_specimen_is_an_observation_of_its_own(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    """Whoever takes a patient over needs the margins of the re-excision, not the worst finding alone."""
    lesion, _visit = seen_lesion(practice, is_assessed=False)
    assessments = practice.history.assessments

    def find(diagnosis: str, days: int, margins: str, number: str, corrects: int | None = None) -> int:
        return assessments.add_outcome(
            lesion_id=lesion,
            kind="histopathology",
            diagnosis=diagnosis,
            margins=margins,
            laboratory_number=number,
            date=DAY + dt.timedelta(days),
            corrects=corrects,
            by="MK",
        ).id

    def observed(name: str) -> list[Json]:
        folder = export(name)[0]
        for path in folder.glob("*/*.json"):
            Bundle.model_validate_json(path.read_text("utf-8"))
        return resources(folder, "patients", "Observation")

    def said(observation: Json) -> tuple[str, str, str, str, str]:
        of = components(observation)
        diagnosis = observation["valueCodeableConcept"]["text"]
        return (
            observation["effectiveDateTime"],
            observation["status"],
            diagnosis,
            of["Margins"],
            of["Laboratory number"],
        )

    find("superficial_spreading_melanoma", 8, "involved", "26/1")
    second = find("superficial_spreading_melanoma", 30, "involved", "26/2")
    before = observed("before")
    first = ("2026-03-10", "final", "Superficial spreading melanoma", "involved", "26/1")
    assert [said(one) for one in before] == [first, ("2026-04-01", "final", *first[2:4], "26/2")]
    corrected = find("no_residual_tumour", 30, "clear", "26/2", corrects=second)
    after = observed("after")
    assert [said(one) for one in after] == [first, ("2026-04-01", "amended", "No residual tumour", "clear", "26/2")]
    assessments.set_outcome_binned(corrected, binned=True, by="AB", reason="wrong patient")
    stands, taken_back = observed("withdrawn")
    assert said(stands) == first
    assert (taken_back["status"], "valueCodeableConcept" in taken_back) == ("entered-in-error", False)
    ids = [[one["id"] for one in some] for some in (before, after, (stands, taken_back))]
    assert ids[0] == ids[1] == ids[2], "exporting again updates what was taken before"


def test_a_correction_with_an_earlier_clock_is_of_the_same_observation(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    """Whoever got the finding before would else have a second one."""
    lesion, _visit = seen_lesion(practice, is_assessed=False)

    def find(diagnosis: str, corrects: int | None = None) -> int:
        return practice.history.assessments.add_outcome(
            lesion_id=lesion, kind="histopathology", diagnosis=diagnosis, date=DAY, corrects=corrects, by="MK"
        ).id

    first = find("nevus")
    (before,) = resources(export("before")[0], "patients", "Observation")
    practice.clock.now -= dt.timedelta(hours=1)
    second = find("melanoma", corrects=first)
    practice.clock.now -= dt.timedelta(hours=1)
    find("nodular_melanoma", corrects=second)
    (after,) = resources(export("after")[0], "patients", "Observation")
    assert (after["status"], after["valueCodeableConcept"]["text"]) == ("amended", "Nodular melanoma")
    assert after["id"] == before["id"]


def test_an_outcome_that_was_withdrawn_is_taken_back(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    lesion, _visit = seen_lesion(practice, is_assessed=False)
    outcome = practice.history.assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="nodular_melanoma", date=DAY, note="even", by="MK"
    )
    (stood,) = resources(export("before")[0], "patients", "Observation")
    practice.history.assessments.set_outcome_binned(outcome.id, binned=True, by="AB", reason="wrong patient")
    folder, _exported = export("after")
    (taken_back,) = resources(folder, "patients", "Observation")
    assert (stood["id"], stood["status"]) == (taken_back["id"], "final")
    assert taken_back["status"] == "entered-in-error"
    assert not {"valueCodeableConcept", "note", "component", "effectiveDateTime"} & taken_back.keys()
    (path,) = (folder / "patients").iterdir()
    Bundle.model_validate_json(path.read_text("utf-8"))
    assert resources(export("anew", is_deidentified=True)[0], "patients", "Observation") == []


def test_exporting_again_gives_the_same_files_and_another_history_other_ids(
    practice: Practice, export: Callable[..., tuple[Path, Exported]], tmp_path: Path
) -> None:
    fill(practice, 3)
    first, _exported = export("first")
    practice.history.people.correct_patient(1, "another pseudonym", "female", by="MK")
    practice.history.people.correct_patient(1, "P-000", "female", by="MK", skin_type="II")
    second, _exported = export("second")
    files = {path.relative_to(first): path.read_bytes() for path in first.rglob("*.*")}
    assert files == {path.relative_to(second): path.read_bytes() for path in second.rglob("*.*")}
    other = Practice(tmp_path / "other", at(8), "MK")
    fill(other, 3)
    target = tmp_path / "third"
    export_folder(other.history, other.store, Selection(), target, form=ExportFormat.FHIR, by="EX")
    other.history.close()
    ids = [{one["id"] for one in resources(folder, "patients")} for folder in (first, target)]
    assert not ids[0] & ids[1]


def test_an_image_of_dicom_is_in_an_imaging_study_too(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    patient = practice.patient("P-1")
    visit = practice.visit(patient)
    drawn = jpeg(Image.new("RGB", SIZE, "tan"))
    for number, more in enumerate(
        ({"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.4"}, {"StudyInstanceUID": "01"})
    ):
        data = dicom([drawn], SIZE, PatientComments=str(number), **more)
        path = practice.store.add(data, "DICOM")
        image = KeptImage(path.stem, f"{number}.dcm", "DICOM", *SIZE, len(data), path, stored=True)
        practice.history.people.save_clinical(image, lesion_id=None, visit_id=visit, by="MK")
    folder, _exported = export()
    (study,) = resources(folder, "patients", "ImagingStudy")
    assert study["identifier"][0]["value"] == "urn:oid:1.2.3"
    ((series,), (instance,)) = study["series"], study["series"][0]["instance"]
    assert (series["uid"], series["modality"]["code"]) == ("1.2.3.4", "XC")
    assert instance["sopClass"]["code"] == "urn:oid:1.2.840.10008.5.1.4.1.1.77.1.7"
    assert (folder / instance["title"]).exists()
    assert len(resources(folder, "patients", "Media")) == 2
    for path in folder.glob("*/*.json"):
        Bundle.model_validate_json(path.read_text("utf-8"))


def test_deidentified_bundles_have_other_names_days_and_ids(
    practice: Practice, export: Callable[..., tuple[Path, Exported]]
) -> None:
    seen_lesion(practice, is_assessed=True)
    first, exported = export("first", is_deidentified=True)
    second, _exported = export("second", is_deidentified=True)
    assert exported.answers == 0
    assert not (first / "machine").exists()
    texts = ["".join(path.read_text("utf-8") for path in folder.glob("patients/*")) for folder in (first, second)]
    for secret in ("P-1", "MK", "even", DAY.isoformat(), "IMG_1", "a" * 64):
        assert secret not in texts[0]
    assert Bundle.model_validate_json(texts[0])
    assert not {one["id"] for one in resources(first, "patients")} & {
        one["id"] for one in resources(second, "patients")
    }
    (media,) = resources(first, "patients", "Media")
    assert (media["content"]["contentType"], io.BytesIO((first / "images" / "00001.png").read_bytes()).read(4)) == (
        "image/png",
        b"\x89PNG",
    )


def test_the_audit_log_names_the_format(practice: Practice, export: Callable[..., tuple[Path, Exported]]) -> None:
    fill(practice, 3)
    export()
    (act,) = practice.history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
    assert act.detail == {
        "format": "fhir",
        "patients": 1,
        "images": 3,
        "de-identified": False,
        "pseudonym table": False,
    }
