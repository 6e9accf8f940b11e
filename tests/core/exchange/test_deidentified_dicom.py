"""De-identified exports of DICOM: a name planted in every tag and around it is left in no file, byte for byte."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.datadict import DicomDictionary
from pydicom.tag import Tag

from desktop.core.errors import RecordsError
from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.exporting import Exported, export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.pseudonym_table import PseudonymFile
from desktop.core.imaging.opening import decode
from desktop.core.records.people import EXCISION
from desktop.core.records.values import KeptImage
from tests.core.exchange.histories import DAY, Practice, at
from tests.core.exchange.test_deidentifying import NAME, SIZE
from tests.core.exchange.test_deidentifying import photograph as photograph_with_names
from tests.core.imaging.dicoms import dicom

TEXTS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
IMAGE_ITSELF = frozenset({0x0008, 0x0028})
"""Groups whose first attributes say how the file is to be read: the name stands in none of these."""

PLANTED_UID = "1.2.826.0.1.3680043.8.498.4711"


def planted() -> bytes:
    """Return a DICOM file with the name in every attribute that takes a text, in sequences, private and around the data set."""
    dataset: Any = dcmread(io.BytesIO(dicom([photograph_with_names("jpg", 7)], SIZE)))
    for number, (representation, *_rest) in DicomDictionary.items():
        tag = Tag(number)
        is_read = tag.group < 0x0008 or (tag.group in IMAGE_ITSELF and tag.element < 0x0200)
        if representation in TEXTS and tag not in dataset and not is_read:
            dataset.add_new(tag, representation, NAME if representation != "PN" else f"{NAME}^Anna")
    for keyword in ("PatientName", "PatientID", "InstitutionName"):
        setattr(dataset, keyword, NAME)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        setattr(dataset, keyword, PLANTED_UID)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = PLANTED_UID
    dataset.StudyDate = dataset.PatientBirthDate = dataset.AcquisitionDate = DAY.strftime("%Y%m%d")
    inner = Dataset()
    inner.PatientName = NAME
    dataset.OtherPatientIDsSequence = [inner]
    block = dataset.private_block(0x0099, NAME, create=True)
    block.add_new(0x01, "LO", NAME)
    block.add_new(0x02, "OB", NAME.encode())
    dataset.file_meta.PrivateInformationCreatorUID = PLANTED_UID
    dataset.file_meta.PrivateInformation = NAME.encode()
    dataset.preamble = NAME.encode().ljust(128, b"\0")
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset)
    return buffer.getvalue()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "data", at(8), NAME[:3])
    patient = practice.patient(f"{NAME}, Anna", "female")
    visit = practice.visit(patient)
    lesion = practice.history.people.add_lesion(patient, f"{NAME} 1", "scapula-left", by=practice.by).id
    for extension, data in (("dcm", planted()), ("jpg", photograph_with_names("jpg", 1))):
        save(practice, data, extension, lesion, visit)
    practice.seen(lesion, visit, f"{NAME}'s spot", EXCISION, note=NAME)
    practice.history.assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=DAY, note=NAME, laboratory_number=NAME, by="AB"
    )
    yield practice
    practice.history.close()


def save(practice: Practice, data: bytes, extension: str, lesion: int, visit: int) -> None:
    form = {"dcm": "DICOM", "jpg": "JPEG"}[extension]
    path = practice.store.add(data, form)
    image = KeptImage(path.stem, f"{NAME}.{extension}", form, *SIZE, len(data), path, stored=True)
    image_id = practice.history.people.save_clinical(image, lesion_id=lesion, visit_id=visit, by=practice.by)
    practice.history.people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by=practice.by)


def export(practice: Practice, target: Path, form: ExportFormat, pseudonyms: PseudonymFile | None = None) -> Exported:
    return export_folder(
        practice.history,
        practice.store,
        Selection(),
        target,
        form=form,
        is_deidentified=True,
        pseudonyms=pseudonyms,
        by="MK",
    )


def test_the_name_is_in_every_part_of_what_is_exported() -> None:
    data = planted()
    dataset = dcmread(io.BytesIO(data))
    named = [element for element in dataset.iterall() if NAME in str(element.value)]
    assert len(named) > 1000
    assert data.count(NAME.encode()) > 1000


@pytest.mark.parametrize("form", list(ExportFormat))
def test_nothing_of_anybody_is_left(practice: Practice, tmp_path: Path, form: ExportFormat) -> None:
    exported = export(practice, tmp_path / "out", form)
    assert (exported.images, exported.unreadable) == (2 if form.has_images else 0, [])
    known = practice.history.exchanged.patients()
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) > 2 or not form.has_images
    assert files
    day = DAY.isoformat()
    secrets = (
        NAME,
        f"{DAY:%d%m%Y}",
        "anna",
        NAME[:3] + "^",
        PLANTED_UID,
        day,
        day.replace("-", ""),
        known[0].made.time[:13],
    )
    for path in files:
        data = path.read_bytes().lower()
        for secret in secrets:
            for codec in ("utf-8", "utf-16-le", "utf-16-be"):
                assert secret.lower().encode(codec) not in data, (path, secret, codec)
        assert NAME.lower() not in path.name.lower()


def test_the_objects_say_how_they_were_deidentified(practice: Practice, tmp_path: Path) -> None:
    export(practice, tmp_path / "out", ExportFormat.DICOM)
    found = [dcmread(path) for path in (tmp_path / "out").rglob("*.dcm")]
    assert len(found) == 4
    for one in found:
        assert one.PatientIdentityRemoved == "YES"
        assert [code.CodeValue for code in one.DeidentificationMethodCodeSequence] == ["113100", "113107", "113108"]
        assert (one.LongitudinalTemporalInformationModified, one.PatientSex) == ("MODIFIED", "F")
        assert (one.PatientID, str(one.PatientName)) == ("Patient 1", "Patient 1^")
        assert not [element for element in one.iterall() if element.tag.is_private]
    assert len({one.StudyInstanceUID for one in found}) == 1
    pixels = {decode(path.read_bytes(), "x").tobytes() for path in (tmp_path / "out" / "images").iterdir()}
    originals = (planted(), photograph_with_names("jpg", 1))
    assert pixels == {decode(data, "x").tobytes() for data in originals}
    export(practice, tmp_path / "again", ExportFormat.DICOM)
    again = [dcmread(path) for path in (tmp_path / "again").rglob("*.dcm")]
    assert not {one.SOPInstanceUID for one in found} & {one.SOPInstanceUID for one in again}


def test_what_a_file_says_of_its_pixels_is_told_and_kept(practice: Practice, tmp_path: Path) -> None:
    for text, features in (("YES", "NO"), ("NO", "YES")):
        told = dicom(
            [photograph_with_names("jpg", 9)], SIZE, BurnedInAnnotation=text, RecognizableVisualFeatures=features
        )
        save(practice, told, "dcm", 1, 1)
    exported = export(practice, tmp_path / "out", ExportFormat.DICOM)
    assert (exported.images, exported.unreadable) == (4, [])
    assert len(exported.warnings) == 2
    found = {}
    for warning in exported.warnings:
        file, sentence = warning.split(": ")
        one = dcmread(tmp_path / "out" / file)
        found[sentence] = (one.BurnedInAnnotation, one.RecognizableVisualFeatures, one.PatientIdentityRemoved)
    assert found == {
        "the original says that text in its pixels names the patient.": ("YES", "NO", "NO"),
        "the original says that the patient can be recognised in it.": ("NO", "YES", "YES"),
    }


@pytest.mark.parametrize("form", [form for form in ExportFormat if form.has_images])
def test_the_table_of_pseudonyms_is_apart_and_leads_back(
    practice: Practice, tmp_path: Path, form: ExportFormat
) -> None:
    table = PseudonymFile(tmp_path / "table.csv", None)
    export(practice, tmp_path / "out", form, table)
    lines = table.read().splitlines()
    assert lines[0] == "what,new,old,sha256,days_back"
    assert len(lines) == 4
    what, new, *_old = lines[1].split(",")
    assert (what, new) == ("patient", "Patient 1")
    assert f'"{NAME}, Anna"' in lines[1]
    days = {line.rsplit(",", 1)[1] for line in lines[1:]}
    assert len(days) == 1
    sha256s = {one.image.sha256 for some in practice.history.exchanged.images().values() for one in some}
    assert {line.split(",")[3] for line in lines[2:]} == sha256s
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out" / "images").iterdir()}
    assert {line.split(",")[1] for line in lines[2:]} == files


def test_a_table_of_pseudonyms_is_nowhere_else(practice: Practice, tmp_path: Path) -> None:
    table = PseudonymFile(tmp_path / "table.csv", None)
    export(practice, tmp_path / "out", ExportFormat.CSV, table)
    assert not list((tmp_path / "out").rglob("table*"))
    with pytest.raises(RecordsError, match="is there already"):
        export(practice, tmp_path / "other", ExportFormat.CSV, table)
    for folder in ("other", "other.partial"):  # which becomes the folder
        with pytest.raises(RecordsError, match="must not lie in"):
            export(practice, tmp_path / "other", ExportFormat.CSV, PseudonymFile(tmp_path / folder / "t.csv", None))
    with pytest.raises(RecordsError, match=r"t\.csv” cannot be written"):
        export(practice, tmp_path / "other", ExportFormat.FHIR, PseudonymFile(tmp_path / "nowhere" / "t.csv", None))
    assert not (tmp_path / "other").exists()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RecordsError, match="cannot be written"):
        export(practice, tmp_path / "file" / "out", ExportFormat.CSV, PseudonymFile(tmp_path / "new.csv", None))
    assert not (tmp_path / "new.csv").exists()
