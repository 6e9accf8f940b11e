"""Exported DICOM: held against highdicom's tables of the standard, read by pydicom, highdicom and our own reader."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import highdicom
import pytest
from highdicom._standard_utils import check_required_attributes, get_iod_module_map, get_module_attribute_map
from highdicom.sr import srread
from PIL import Image
from pydicom import dcmread
from pydicom.sr.codedict import codes

from desktop.core.exchange import dicom_codes
from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.dicom_codes import Code
from desktop.core.exchange.exporting import Exported, export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.imaging.capture import Capture
from desktop.core.imaging.dicom_patient import read_patient
from desktop.core.imaging.opening import decode, read_header_and_taken
from desktop.core.imaging.scale import Scale
from desktop.core.inference.judgement import Abstention
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.people import FOLLOW_UP, ImageKind
from desktop.core.records.values import KeptImage
from tests.alerts import MELANOMA
from tests.core.exchange.histories import DAY, Practice, at, fill
from tests.core.imaging.dicoms import dicom, jpeg
from tests.core.records.history_contents import an_answer
from tests.making import NINE, contract, lesion

IODS = {
    "1.2.840.10008.5.1.4.1.1.77.1.7": "dermoscopic-photography-image",
    "1.2.840.10008.5.1.4.1.1.77.1.4": "vl-photographic-image",
    "1.2.840.10008.5.1.4.1.1.88.22": "enhanced-sr",
}
FRAME_OF_REFERENCE = {"FrameOfReferenceUID", "PositionReferenceIndicator"}
"""Of a module that highdicom's table of dermoscopic photography lacks, and dciodvfy wants."""

SIZE = (97, 73)
Export = Callable[..., tuple[Path, Exported]]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "data", at(8), "MK")
    yield practice
    practice.history.close()


@pytest.fixture
def export(practice: Practice, tmp_path: Path) -> Export:
    def run(name: str = "out", *, is_deidentified: bool = False) -> tuple[Path, Exported]:
        exported = export_folder(
            practice.history,
            practice.store,
            Selection(),
            tmp_path / name,
            form=ExportFormat.DICOM,
            is_deidentified=is_deidentified,
            by="EX",
        )
        return tmp_path / name, exported

    return run


def objects(folder: Path, which: str) -> list[Any]:
    """Return the objects in `images`, `findings` or `machine`."""
    return [dcmread(path) for path in sorted((folder / which).glob("*.dcm"))]


def save(
    practice: Practice, data: bytes, form: str, lesion_id: int | None, visit: int, kind: ImageKind = "dermoscopy"
) -> KeptImage:
    """Save an image with its place; return it."""
    path = practice.store.add(data, form)
    size = Image.open(io.BytesIO(data)).size if form != "DICOM" else SIZE
    image = KeptImage(path.stem, f"{path.stem[:6]}.jpg", form, *size, len(data), path, stored=True)
    image_id = practice.history.people.save_clinical(image, lesion_id=lesion_id, visit_id=visit, by="MK")
    practice.history.people.place(image_id, kind=kind, lesion_id=lesion_id, visit_id=visit, by="MK")
    return image


def seen(practice: Practice) -> tuple[int, int]:
    """Add a patient with a lesion and a visit; return both."""
    patient = practice.patient("P-1", "female")
    visit = practice.visit(patient)
    return practice.history.people.add_lesion(patient, "L1", "sole-left", by="MK").id, visit


def answered(practice: Practice, image: KeptImage, **changes: Any) -> None:
    """Save the answer of a model with an alert and a prior."""
    mix = {label.id: 0.2 if label.id == "melanoma" else 0.1 for label in NINE}
    model = contract(name="With alert", intended_use="research", alerts=(MELANOMA,), calibration_mix=mix)
    answer = an_answer(model="c" * 64, flags=("melanoma",), working_points={"melanoma": 0.95}, **changes)
    practice.history.save(image, answer, model, by="MK")


def allowed(iod: str) -> set[str]:
    attributes = get_module_attribute_map()
    modules = [module["key"] for module in get_iod_module_map()[iod]]
    return {one["keyword"] for module in modules for one in attributes[module] if not one["path"]}


def assert_conforms(one: Any) -> None:
    """Check that an object has what its modules need, with values of what they need one for, and nothing else."""
    iod = IODS[one.SOPClassUID]
    for module in get_iod_module_map()[iod]:
        if module["usage"] != "M":
            continue
        if module["key"] != "sr-document-content":  # a tree, of which highdicom's table shows one level
            check_required_attributes(one, module["key"])
        for attribute in get_module_attribute_map()[module["key"]]:
            if not attribute["path"] and attribute["type"] == "1" and attribute["keyword"] in one:
                assert one[attribute["keyword"]].value not in (None, "", []), attribute
    extra = {element.keyword for element in one} - allowed(iod)
    assert extra <= (FRAME_OF_REFERENCE if iod.startswith("dermoscopic") else set())


def test_every_object_conforms_to_the_standards_tables(practice: Practice, export: Export) -> None:
    fill(practice, 3)
    lesion_id, visit = seen(practice)
    for number, kind in enumerate(("dermoscopy", "clinical")):
        answered(practice, save(practice, jpeg(lesion(number, SIZE)), "JPEG", lesion_id, visit, kind))  # type: ignore[arg-type]
    practice.seen(lesion_id, visit, "blue_nevus")
    practice.seen(lesion_id, visit, "nevus", FOLLOW_UP, plan_date=DAY + dt.timedelta(90))
    for is_deidentified in (False, True):
        folder, exported = export(f"out {is_deidentified}", is_deidentified=is_deidentified)
        assert (exported.patients, exported.images, exported.unassigned) == (2, 5, 1)
        found = [*objects(folder, "images"), *objects(folder, "findings"), *objects(folder, "machine")]
        assert len(found) == (9 if is_deidentified else 12)
        for one in found:
            assert_conforms(one)
        uids = [one.SOPInstanceUID for one in found]
        assert len(set(uids)) == len(uids)
        numbers = [(one.SeriesInstanceUID, one.InstanceNumber) for one in found]
        assert len(set(numbers)) == len(numbers)


def test_an_image_says_whose_it_is_where_and_how_it_was_taken(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    data = jpeg(lesion(1, SIZE))
    image = save(practice, data, "JPEG", lesion_id, visit)
    image_id = practice.history.people.image_id_of(image.sha256)
    assert image_id is not None
    practice.history.scales.give(image_id, Scale(0.0125, "HEINE"), by="MK")
    practice.history.captures.give(image.sha256, Capture("HEINE DELTA 30", "contact", "polarised"), by="MK")
    (one,) = objects(export()[0], "images")
    assert (one.SOPClassUID.name, one.Modality) == ("Dermoscopic Photography Image Storage", "DMS")
    assert (one.PatientID, str(one.PatientName), one.PatientSex) == ("P-1", "P-1^", "F")
    assert (one.StudyDate, one.ContentDate) == ("20260302", "20260302")
    assert one.AnatomicRegionSequence[0].CodeValue == "60496002"
    assert one.AnatomicRegionSequence[0].AnatomicRegionModifierSequence[0].CodeMeaning == "Left"
    assert (one.ImageLaterality, one.RecognizableVisualFeatures) == ("L", "YES")  # a sole has prints
    assert (one.TrackingID, one.TrackingUID[:5]) == ("P-1 L1", "2.25.")
    assert (one.ContactMethod, one.LightSourcePolarization, one.ImmersionMedia) == ("CONTACT", "POLARIZED", "")
    assert (one.Manufacturer, one.ManufacturerModelName) == ("HEINE", "HEINE DELTA 30")
    assert [float(side) for side in one.PixelSpacing] == [0.0125, 0.0125]
    assert "PatientIdentityRemoved" not in one
    assert "BurnedInAnnotation" not in one  # nobody looked


def test_a_baseline_jpeg_keeps_its_pixels_and_others_are_decoded(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    kinds = {
        "1.2.840.10008.1.2.4.50": [jpeg(lesion(1, SIZE)), jpeg(lesion(2, SIZE).convert("L"))],
        "1.2.840.10008.1.2.1": [
            jpeg(lesion(3, SIZE), progressive=True),
            dicom([jpeg(lesion(4, SIZE))], SIZE, LossyImageCompression="01", BurnedInAnnotation="YES"),
        ],
    }
    originals = {}
    for data in (one for some in kinds.values() for one in some):
        image = save(practice, data, "DICOM" if data[128:132] == b"DICM" else "JPEG", lesion_id, visit)
        originals[f"{image.sha256[:32]}.dcm"] = data
    folder, exported = export()
    assert exported.images == 4
    for name, data in originals.items():
        path = folder / "images" / name
        one = dcmread(path)
        syntax = next(syntax for syntax, some in kinds.items() if data in some)
        assert one.file_meta.TransferSyntaxUID == syntax
        expected = decode(data, "x").convert("RGB")
        assert decode(path.read_bytes(), "x").convert("RGB").tobytes() == expected.tobytes()
        assert one.LossyImageCompression == "01"
        if syntax == "1.2.840.10008.1.2.1":
            assert one.pixel_array.tobytes() == expected.tobytes()
            assert highdicom.imread(path).get_stored_frame(1).tobytes() == expected.tobytes()
        else:
            scan = data[data.index(b"\xff\xda") : data.rindex(b"\xff\xd9")]
            assert scan in path.read_bytes()
    burned = [dcmread(folder / "images" / name).get("BurnedInAnnotation") for name in originals]
    assert burned == [None, None, None, "YES"]


def test_our_reader_takes_an_exported_image_as_it_was(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    image = save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    practice.history.captures.give(image.sha256, Capture("HEINE DELTA 30", "no contact", "not polarised"), by="MK")
    save(practice, jpeg(lesion(2, SIZE)), "JPEG", lesion_id, visit)
    folder, _exported = export()
    found = {}
    for path in (folder / "images").iterdir():
        header, taken = read_header_and_taken(path.read_bytes(), path.name)
        assert (header.format, header.width, header.height) == ("DICOM", *SIZE)
        found[path.stem] = taken.capture
        patient = read_patient(path.read_bytes(), path.name)
        assert patient is not None
        assert (patient.id, patient.sex) == ("P-1", "female")
    assert found.pop(image.sha256[:32]) == Capture("HEINE DELTA 30", "no contact", "not polarised")
    assert list(found.values()) == [Capture()]  # a device that nobody named


def test_model_answers_are_apart_unverified_and_by_a_device(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    image = save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    answered(practice, image)
    practice.seen(lesion_id, visit, "blue_nevus", note="even")
    folder, exported = export()
    assert exported.answers == 1
    (path,) = (folder / "machine").iterdir()
    document = srread(path)
    assert (document.SeriesDescription, document.CompletionFlagDescription) == ("Machine, unverified",) * 2
    assert (document.VerificationFlag, document.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    (observer,) = document.content.get_observer_contexts()
    assert observer.observer_type.meaning == "Device"
    (group,) = document.content.get_image_measurement_groups()
    assert (group.tracking_identifier, group.finding_sites[0].value.meaning) == ("P-1 L1", "Skin of foot")
    figures = {one.name.meaning: one.value for one in group.get_measurements()}
    assert figures["Probability: Melanoma"] == pytest.approx(0.05)
    assert figures["Prior that the probabilities assume: Melanoma"] == pytest.approx(0.2)
    assert figures["Sensitivity aimed at: Melanoma alert"] == 0.95
    assert len(figures) == 2 * len(NINE) + 1
    said = {one.name.meaning: one.value.meaning for one in group.get_qualitative_evaluations()}
    assert said["Alert: Melanoma alert"] == "Yes"
    assert group.finding_type is None
    texts = [item.TextValue for item in group[0].ContentSequence if item.ValueType == "TEXT"]
    assert any("c" * 64 in text for text in texts)
    assert any(text.startswith("Machine, unverified") for text in texts)
    (source,) = group.source_images
    assert source.referenced_sop_instance_uid == objects(folder, "images")[0].SOPInstanceUID
    machine, findings = (
        b"".join(path.read_bytes() for path in (folder / one).iterdir()) for one in ("machine", "findings")
    )
    for word in (b"Machine", b"c" * 64, b"With alert", b"0.05", b"Probability"):
        assert word in machine
        assert word not in findings
    assert b"Blue nevus" in findings
    assert b"Blue nevus" not in machine


def test_an_assessment_is_a_document_of_its_own(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    practice.seen(lesion_id, visit, "nevus")
    long = "a diagnosis that somebody typed in words of their own, which is longer than a code may be"
    practice.seen(lesion_id, visit, long, FOLLOW_UP, plan_date=DAY + dt.timedelta(90), note="even")
    practice.history.assessments.add_outcome(
        lesion_id=lesion_id,
        kind="histopathology",
        diagnosis="superficial_spreading_melanoma",
        label="melanoma",
        breslow_mm=0.8,
        date=DAY + dt.timedelta(8),
        by="MK",
    )
    folder, _exported = export()
    assert not (folder / "machine").exists()
    documents = {srread(path).SeriesDescription: srread(path) for path in (folder / "findings").iterdir()}
    assert set(documents) == {"Assessment", "Outcome"}
    assessment = documents["Assessment"]
    assert (assessment.PreliminaryFlag, assessment.StudyDate) == ("FINAL", "20260302")
    (observer,) = assessment.content.get_observer_contexts()
    assert str(observer.observer_identifying_attributes.name) == "MK^"
    (group,) = assessment.content.get_image_measurement_groups()
    assert group.finding_type.meaning == long[:64].strip()
    said = {one.name.meaning: one.value.meaning for one in group.get_qualitative_evaluations()}
    codes_of = {one.name.meaning: one.value.value for one in group.get_qualitative_evaluations()}
    assert codes_of["Plan"] == "follow-up"
    assert said == {
        "About": "A lesion",
        "Place of the body map": "Skin of foot, left",
        "Plan": "Follow-up",
        "Given before the model's answer was shown": "No",
    }
    items = group[0].ContentSequence
    assert [str(item.Date) for item in items if item.ValueType == "DATE"] == ["20260531"]
    assert {"even", long} <= {item.TextValue for item in items if item.ValueType == "TEXT"}
    (group,) = documents["Outcome"].content.get_image_measurement_groups()
    finding = group.finding_type
    assert (finding.value, finding.scheme_designator, finding.meaning) == (
        *("superficial_spreading_melanoma", "99LESIONLENS"),
        "Superficial spreading melanoma",
    )
    assert documents["Outcome"].StudyDate == "20260310"
    assert [(one.name.meaning, one.value, one.unit.value) for one in group.get_measurements()] == [
        ("Breslow thickness", 0.8, "mm")
    ]


def test_without_an_assessment_there_is_no_finding(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    answered(practice, save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit))
    folder, exported = export("concealed")
    assert exported.answers == 0
    assert not (folder / "findings").exists()
    assert not (folder / "machine").exists()
    practice.history.disclosures.disclose(1, "without own view", by="MK")
    folder, exported = export("disclosed")
    assert exported.answers == 1
    assert not (folder / "findings").exists()
    for one in objects(folder, "machine"):
        assert "121071" not in json.dumps(one.to_json_dict())  # a finding


def test_a_demonstration_models_figures_are_never_sent(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    image = save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    practice.history.save(image, an_answer(model="b" * 64), contract(), by="MK")
    practice.seen(lesion_id, visit, "nevus")
    folder, exported = export()
    assert exported.answers == 0
    assert not (folder / "machine").exists()


def test_an_answer_without_figures_says_why(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    image = save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    practice.seen(lesion_id, visit, "nevus")
    model = contract(name="With alert", intended_use="research", alerts=(MELANOMA,))
    for number, reason in enumerate(Abstention):
        practice.history.save(image, an_answer(model=f"{number}" * 64, abstention=reason, flags=()), model, by="MK")
    raised = an_answer(model="f" * 64, abstention=Abstention.NOVELTY, flags=("melanoma",))
    practice.history.save(image, raised, model, by="MK")
    folder, _exported = export()
    (path,) = (folder / "machine").iterdir()
    found = set()
    for group in srread(path).content.get_image_measurement_groups():
        said = {one.name.meaning: one.value for one in group.get_qualitative_evaluations()}
        alert = said["Alert: Melanoma alert"].meaning if "Alert: Melanoma alert" in said else ""
        found.add((said["Not answered"].value, bool(group.get_measurements()), alert))
    # No alert of an answer that was withheld would read as an answer.
    assert found == {
        *((reason.value, not reason.hides_figures, "" if reason.hides_figures else "No") for reason in Abstention),
        (Abstention.NOVELTY.value, False, "Yes"),
    }


def test_exporting_again_gives_the_same_files_and_another_history_other_uids(
    practice: Practice, export: Export, tmp_path: Path
) -> None:
    fill(practice, 3)
    first, _exported = export("first")
    second, _exported = export("second")
    files = {path.relative_to(first): path.read_bytes() for path in first.rglob("*.dcm")}
    assert files == {path.relative_to(second): path.read_bytes() for path in second.rglob("*.dcm")}
    other = Practice(tmp_path / "other", at(8), "MK")
    fill(other, 3)
    target = tmp_path / "third"
    export_folder(other.history, other.store, Selection(), target, form=ExportFormat.DICOM, by="EX")
    other.history.close()
    uids = [{one.SOPInstanceUID for one in objects(folder, "images")} for folder in (first, target)]
    assert not uids[0] & uids[1]


def test_an_image_that_cannot_be_read_is_left_out_and_nothing_refers_to_it(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    for number in range(2):
        answered(practice, save(practice, jpeg(lesion(number, SIZE)), "JPEG", lesion_id, visit))
    practice.seen(lesion_id, visit, "nevus")
    practice.history.entries()[0].image.path.unlink()
    folder, exported = export()
    assert (exported.images, exported.answers, len(exported.unreadable)) == (1, 1, 1)
    (image,) = objects(folder, "images")
    documents = [*objects(folder, "findings"), *objects(folder, "machine")]
    referred = {
        element.value for one in documents for element in one.iterall() if element.keyword == "ReferencedSOPInstanceUID"
    }
    assert referred == {image.SOPInstanceUID}


def test_the_images_of_a_visit_are_one_study_and_lesions_are_followed_over_studies(
    practice: Practice, export: Export
) -> None:
    lesion_id, visit = seen(practice)
    later = practice.visit(1, DAY + dt.timedelta(90))
    for number, (when, kind) in enumerate(((visit, "dermoscopy"), (visit, "clinical"), (later, "dermoscopy"))):
        save(practice, jpeg(lesion(number, SIZE)), "JPEG", lesion_id, when, kind)  # type: ignore[arg-type]
    practice.seen(lesion_id, visit, "nevus")
    folder, _exported = export()
    images = objects(folder, "images")
    (finding,) = objects(folder, "findings")
    assert len({one.StudyInstanceUID for one in images}) == 2
    assert len({one.SeriesInstanceUID for one in images}) == 3
    assert len({one.TrackingUID for one in images if "TrackingUID" in one}) == 1
    assert finding.StudyInstanceUID in {one.StudyInstanceUID for one in images if one.StudyDate == "20260302"}
    (evidence,) = finding.CurrentRequestedProcedureEvidenceSequence
    assert len(evidence.ReferencedSeriesSequence) == 2


def test_what_a_series_says_is_true_of_all_its_images(practice: Practice, export: Export) -> None:
    lesion_id, visit = seen(practice)
    other = practice.history.people.add_lesion(1, "L2", "somewhere", by="MK").id
    of_no_side = practice.history.people.add_lesion(1, "L3", "scapula", by="MK").id
    nose = practice.history.people.add_lesion(1, "L4", "nose", by="MK").id
    for number, (whose, kind) in enumerate(
        (
            *((lesion_id, "dermoscopy"), (other, "dermoscopy"), (lesion_id, "clinical"), (None, "clinical")),
            *((of_no_side, "dermoscopy"), (nose, "dermoscopy")),
        )
    ):
        save(practice, jpeg(lesion(number, SIZE)), "JPEG", whose, visit, kind)  # type: ignore[arg-type]
    images = objects(export()[0], "images")
    series: dict[str, set[object]] = {}
    for one in images:
        said = (
            one.Modality,
            one.SeriesNumber,
            one.SeriesDescription,
            one.get("Laterality"),
            one.get("FrameOfReferenceUID"),
        )
        series.setdefault(one.SeriesInstanceUID, set()).add(said)
        assert ("Laterality" in one) != ("ImageLaterality" in one)
    assert sorted(len(said) for said in series.values()) == [1, 1, 1, 1]
    sides = {one.get("TrackingID"): one.get("ImageLaterality") for one in images if one.Modality == "DMS"}
    assert sides == {"P-1 L1": "L", "P-1 L2": None, "P-1 L3": None, "P-1 L4": "U"}  # unpaired is not unknown


def test_a_pseudonym_of_any_letters_is_one_value(practice: Practice, export: Export) -> None:
    visit = practice.visit(practice.patient("Ä\\b^c=d\x07e, 5"))
    practice.by = ""
    image_id = practice.image(visit=visit)
    practice.history.assessments.assess(image_id=image_id, before_model=False, diagnosis="nevus", by="")
    folder, _exported = export()
    (one,) = objects(folder, "images")
    assert (one.PatientID[:-8], str(one.PatientName)) == ("Ä/b^c=d e, 5~", "Ä/b c d e, 5^")
    assert "Laterality" in one  # nobody said where it is
    practice.history.people.correct_patient(1, 80 * "x", "other", by="")
    (one,) = objects(export("long")[0], "images")
    assert (one.PatientID[:-8], str(one.PatientName), one.PatientSex) == (f"{55 * 'x'}~", f"{63 * 'x'}^", "O")
    practice.visit(practice.patient(f"{80 * 'x'}y"))
    practice.image(visit=2)
    assert len({one.PatientID for one in objects(export("longer")[0], "images")}) == 2
    (path,) = (folder / "findings").iterdir()
    assert b"Unknown^" in path.read_bytes()
    assert srread(path).content.get_image_measurement_groups()[0].tracking_identifier == "IMG_1.png"


def test_each_code_means_in_the_standard_what_it_means_here() -> None:
    known = [code for code in vars(dicom_codes).values() if isinstance(code, Code)]
    assert len(known) > 20
    for code in known:
        if code.scheme not in {"DCM", "SCT"}:
            continue
        concepts = getattr(codes, code.scheme)
        named = [getattr(concepts, name) for name in concepts.dir() if getattr(concepts, name).value == code.value]
        assert code.meaning in {one.meaning.removesuffix(" (procedure)") for one in named}, code


def test_the_audit_log_names_the_format(practice: Practice, export: Export) -> None:
    fill(practice, 3)
    export()
    (act,) = practice.history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
    assert act.detail == {
        "format": "dicom",
        "patients": 1,
        "images": 3,
        "de-identified": False,
        "pseudonym table": False,
    }
