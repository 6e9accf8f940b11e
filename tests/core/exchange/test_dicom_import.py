"""DICOM into a history: exported there and read here it says the same, nothing twice, and nothing into where it came from."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from desktop.core.errors import RecordsError
from desktop.core.exchange.anatomic_sites import anatomic_site, site_of
from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.conflicts import ConflictError, OnConflict
from desktop.core.exchange.exporting import export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.importing import Imported, import_folder
from desktop.core.imaging.capture import Capture
from desktop.core.imaging.opening import decode
from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.core.records.statements import StatementKind, Subject
from desktop.core.records.verifying import check_history
from desktop.widgets.common.body_places import places
from tests.core.exchange.histories import DAY, Practice, at, fill
from tests.core.imaging.dicoms import dicom, jpeg
from tests.making import lesion

SIZE = (96, 72)


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


def export(practice: Practice, target: Path) -> Path:
    export_folder(practice.history, practice.store, Selection(), target, form=ExportFormat.DICOM, by="EX")
    return target


def take(practice: Practice, folder: Path, on_conflict: OnConflict | None = None) -> Imported:
    return import_folder(practice.history, practice.store, folder, on_conflict=on_conflict, by="IM")


def said(history: History) -> dict[str, Any]:
    """Return what a history says of patients, lesions and images, as far as DICOM carries it."""
    found: dict[str, Any] = {}
    for row in history.exchanged.patients():
        lesions = {one.lesion.id: one.lesion for one in history.exchanged.lesions(row.patient.id)}
        found[row.patient.pseudonym] = {
            "sex": row.patient.sex,
            "visits": [visit.date for visit, _written in history.exchanged.visits(row.patient.id)],
            "lesions": {
                one.name: (one.site, _statements(history, Subject(lesion_id=one.id))) for one in lesions.values()
            },
            "images": sorted(
                (
                    *("" if one.lesion_id is None else lesions[one.lesion_id].name, one.day, one.kind),
                    "" if one.measures.scale is None else str(one.measures.scale.mm_per_pixel),
                    str(one.measures.capture or Capture()),
                    str(_statements(history, Subject(image_id=one.image_id))),
                )
                for one in history.exchanged.images().get(row.patient.id, [])
            ),
        }
    return found


def _statements(history: History, subject: Subject) -> list[Any]:
    """Return the assessments and outcomes, each visit's and kind's last, without labels for statistics."""
    withdrawn = {one.of for one in history.exchanged.statements(subject) if one.values.get("binned")}
    last = {}
    for one in history.exchanged.statements(subject):
        if one.kind in {StatementKind.ASSESSMENT, StatementKind.OUTCOME} and one.key not in withdrawn:
            values = {name: value for name, value in one.values.items() if name != "label"}
            last[one.kind, one.day, one.values.get("kind")] = (one.kind, values, one.written, one.day)
    return sorted(last.values(), key=str)


def whole(practice: Practice, folder: Path) -> None:
    practice.history.close()
    checked = check_history(folder, with_images=True)
    assert checked.is_whole, checked.faults


def test_what_is_exported_and_read_again_says_the_same(here: Practice, there: Practice, tmp_path: Path) -> None:
    fill(here, 6)
    visit = here.visit(1, DAY + dt.timedelta(400))
    sole = here.history.people.add_lesion(1, "Sole", "sole-left", by="MK").id
    image_id = here.image(lesion=sole, visit=visit)
    here.history.scales.give(image_id, Scale(0.02, "HEINE"), by="MK")
    long = "a diagnosis that somebody typed in words of their own, which is longer than a code may be"
    here.seen(sole, visit, long, FOLLOW_UP, plan_date=DAY + dt.timedelta(500), note="a\nb", change="cannot tell")
    loose = here.image(visit=visit)
    here.history.assessments.assess(image_id=loose, before_model=True, diagnosis="nevus", note="x", by="")
    imported = take(there, export(here, tmp_path / "folder"))
    assert imported.unreadable == []
    assert imported.added.answers == 0
    assert said(there.history) == said(here.history)
    whole(there, tmp_path / "there")


def test_reading_again_adds_nothing_and_later_exports_add_what_is_new(
    here: Practice, there: Practice, tmp_path: Path
) -> None:
    patient = here.patient("P-1", "female")
    lesion_id = here.history.people.add_lesion(patient, "L1", "cheek-left", by="MK").id
    visit = here.visit(patient)
    here.image(lesion=lesion_id, visit=visit)
    here.seen(lesion_id, visit, "nevus")
    take(there, export(here, tmp_path / "first"))
    again = take(there, tmp_path / "first")
    added = again.added
    assert (added.patients, added.lesions, added.images, added.findings) == (0, 0, 0, 0)
    later = here.visit(patient, DAY + dt.timedelta(90))
    here.image(lesion=lesion_id, visit=later)
    here.seen(lesion_id, later, "melanoma", EXCISION)
    folder = export(here, tmp_path / "second")
    for path in (folder / "images").iterdir():
        if dcmread(path).StudyDate == "20260302":
            path.unlink()  # what an archive sends of the later day alone
    for path in (folder / "findings").iterdir():
        if dcmread(path).StudyDate == "20260302":
            path.unlink()
    added = take(there, folder).added
    assert (added.patients, added.lesions, added.images, added.findings) == (0, 0, 1, 1)
    assert said(there.history) == said(here.history)


def test_what_came_from_a_history_does_not_go_into_it_again(here: Practice, tmp_path: Path) -> None:
    fill(here, 3)
    folder = export(here, tmp_path / "folder")
    before = said(here.history)
    for _archive in range(2):
        with pytest.raises(RecordsError, match="was exported from this history"):
            take(here, folder)
        for path in folder.glob("*/*.dcm"):  # which may give the patient another issuer
            one = dcmread(path)
            one.IssuerOfPatientID = "an archive"
            one.save_as(path)
    assert said(here.history) == before


def test_a_contradiction_is_asked_about(here: Practice, there: Practice, tmp_path: Path) -> None:
    patient = here.patient("P-1", "female")
    here.image(visit=here.visit(patient))
    folder = export(here, tmp_path / "folder")
    there.patient("P-1", "male")
    with pytest.raises(ConflictError) as asked:
        take(there, folder)
    assert asked.value.conflicts == ["P-1: male here, female in the folder, perhaps not the same person"]
    assert not there.history.exchanged.images()
    take(there, folder, OnConflict.BOTH)
    assert sorted(said(there.history)) == ["P-1", "P-1 (2)"]


def test_images_of_another_program(there: Practice, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    tags = {"StudyDate": "20250131", "PixelSpacing": [0.1, 0.1], "Manufacturer": "Unknown"}
    drawn = [jpeg(lesion(number, SIZE)) for number in range(7)]
    tracked = {"TrackingUID": "1.2.3", "TrackingID": "mole"}
    files = {
        "one": dicom(drawn[:1], SIZE, patient=("4711", "F", "064Y"), **tags, **tracked),
        "deeper/two.dcm": dicom(
            *(drawn[1:2], SIZE),
            patient=("4711", "F", ""),
            PatientBirthDate="19600603",
            **(tags | tracked),
            Modality="DMS",
        ),
        "three": dicom(
            drawn[2:3],
            SIZE,
            sop_class="1.2.840.10008.5.1.4.1.1.7",
            patient=("4712", "M", ""),
            Modality="OT",
            StudyDate="20250131",
        ),
        "four": dicom(drawn[3:4], SIZE, sop_class="1.2.840.10008.5.1.4.1.1.77.1.4"),
        "many": dicom(drawn[4:6], SIZE, patient=("4711", "F", ""), **tags),
        "six": dicom(drawn[5:6], SIZE, patient=("a 1", "F", ""), PatientBirthDate="19600603", **tags),
        "seven": dicom(drawn[4:5], SIZE, patient=("A  1", "M", ""), PatientBirthDate="19610603", **tags),
        "five": dicom(drawn[3:4], SIZE, patient=("4713", "M", "")),
        "eight": dicom(
            drawn[6:],
            SIZE,
            sop_class="1.2.840.10008.5.1.4.1.1.77.1.4",
            patient=("4714", "F", ""),
            Modality="DMS",
            StudyDate="20250131",
        ),
        "no-day": dicom(drawn[6:], SIZE, patient=("4711", "F", ""), StudyDate="2025ABCD"),
        "text.txt": b"no DICOM",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    imported = take(there, folder)
    assert sorted(imported.unreadable) == [
        "“five” does not say of which day it is.",
        "“many” holds several images. Open it in the window.",
        "“no-day” cannot be understood: “2025-AB-CD” in date.",
    ]
    found = said(there.history)
    assert {name: (one["sex"], len(one["images"])) for name, one in found.items()} == {
        "4711": ("female", 2),
        "4712": ("male", 1),
        "4714": ("female", 1),
        "A 1": ("unknown", 2),
    }
    years = {row.patient.pseudonym: row.patient.birth_year for row in there.history.exchanged.patients()}
    assert years == {"4711": 1960, "4712": None, "4714": None, "A 1": None}  # two years contradict each other
    assert found["4711"]["visits"] == [dt.date(2025, 1, 31)]
    assert [(image[0], image[2], image[3]) for image in found["4711"]["images"]] == [("mole", "dermoscopy", "")] * 2
    assert found["4712"]["images"][0][2] == "other"
    assert found["4714"]["images"][0][2] == "dermoscopy"
    (loose,) = there.history.exchanged.images()[None]
    assert loose.kind == "clinical"
    bands = [visit.age_band for visit, _written in there.history.exchanged.visits(1)]
    assert bands == ["60-69"]
    kept = there.store.read_kept(loose.image)
    assert decode(kept, "x").tobytes() == decode(files["four"], "x").tobytes()


def test_a_document_that_is_malformed_or_anothers_is_left_out(here: Practice, there: Practice, tmp_path: Path) -> None:
    patient = here.patient("P-1")
    visit = here.visit(patient)
    lesion_id = here.history.people.add_lesion(patient, "L1", "", by="MK").id
    here.seen(lesion_id, visit, "nevus")
    folder = export(here, tmp_path / "folder")
    (path,) = (folder / "findings").iterdir()
    for name, change in (
        ("when", lambda one: setattr(one, "ContentTime", "99")),
        ("tracking", lambda one: one.ContentSequence[-1].ContentSequence[0].ContentSequence.pop(1)),
        ("coded", lambda one: one.CodingSchemeIdentificationSequence.clear()),
    ):
        broken = dcmread(path)
        change(broken)
        broken.save_as(folder / f"{name}.dcm")
    path.unlink()
    imported = take(there, folder)
    assert sorted(imported.unreadable) == [
        "“coded.dcm” is no photograph (Enhanced SR Storage).",
        "“tracking.dcm” cannot be understood.",
        "“when.dcm” cannot be understood: “2026-03-02T99::+00:00” in when.",
    ]
    assert imported.added.findings == 0
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(RecordsError, match="cannot be read"):
        take(there, folder)


def test_a_place_is_found_again_by_its_codes_where_they_are_its_alone() -> None:
    again = []
    for place in places():
        site = anatomic_site(place)
        assert site is not None
        found = site_of(site.region.value, site.side.value if site.side else "")
        assert found in {place, ""}
        again.append(found)
    assert sum(map(bool, again)) > len(again) // 2
    assert site_of("1", "") == ""


def test_a_superseded_finding_is_another_document_and_is_not_read_beside_its_successor(
    here: Practice, there: Practice, tmp_path: Path
) -> None:
    patient = here.patient("P-1")
    lesion_id = here.history.people.add_lesion(patient, "L1", "", by="MK").id
    visit = here.visit(patient)
    outcomes = here.history.assessments

    def find(diagnosis: str, corrects: int | None = None) -> int:
        return outcomes.add_outcome(
            lesion_id=lesion_id,
            kind="histopathology",
            corrects=corrects,
            diagnosis=diagnosis,
            date=DAY + dt.timedelta(8),
            by="MK",
        ).id

    archive = tmp_path / "archive"
    here.seen(lesion_id, visit, "nevus")
    first = find("melanoma")
    shutil.copytree(export(here, tmp_path / "first"), archive)
    here.seen(lesion_id, visit, "blue_nevus")
    second = find("basal_cell_carcinoma", first)
    find("nevus", second)  # what it corrects was never exported
    shutil.copytree(export(here, tmp_path / "last"), archive, dirs_exist_ok=True)
    documents = {path.name: dcmread(path) for path in archive.glob("findings/*")}
    assert len(documents) == 4  # none under the UID of another, of which an archive keeps one
    for path in (tmp_path / "last" / "findings").iterdir():
        one = documents[path.name]
        replaced = {
            item.ReferencedSOPInstanceUID
            for study in one.PredecessorDocumentsSequence
            for series in study.ReferencedSeriesSequence
            for item in series.ReferencedSOPSequence
        }
        earlier = {
            other.SOPInstanceUID
            for name, other in documents.items()
            if other.SeriesInstanceUID == one.SeriesInstanceUID and name != path.name
        }
        assert earlier <= replaced
        assert len(replaced) == (2 if one.SeriesDescription == "Outcome" else 1)
    assert take(there, archive).added.findings == 2
    assert said(there.history) == said(here.history)


def test_each_specimen_is_a_document_of_its_own(here: Practice, there: Practice, tmp_path: Path) -> None:
    patient = here.patient("P-1")
    lesion_id = here.history.people.add_lesion(patient, "L1", "", by="MK").id
    here.visit(patient)
    specimens = [("superficial_spreading_melanoma", "involved", "26/1"), ("no_residual_tumour", "clear", "26/2")]
    for number, (diagnosis, margins, laboratory_number) in enumerate(specimens):
        here.history.assessments.add_outcome(
            lesion_id=lesion_id,
            kind="histopathology",
            diagnosis=diagnosis,
            margins=margins,
            laboratory_number=laboratory_number,
            date=DAY + dt.timedelta(8 + number * 30),
            by="MK",
        )
        take(there, export(here, tmp_path / f"folder {number}"))
    found = there.history.assessments.outcomes(lesion_id=1)
    assert {(one.diagnosis, one.margins, one.laboratory_number) for one in found} == set(specimens)
    assert take(there, tmp_path / "folder 1").added.findings == 0


def test_a_paired_place_without_a_side_is_none_and_an_unpaired_one_has_none() -> None:
    assert [site_of("22180002", side) for side in ("24028007", "", "1")] == ["buttock-right", "", ""]
    assert [site_of("113179006", side) for side in ("24028007", "")] == ["nose", "nose"]


def test_the_side_of_an_image_of_another_program_is_its_laterality(there: Practice, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = "22180002", "SCT", "Skin of buttock"
    for number, (keyword, side) in enumerate((("ImageLaterality", "L"), ("Laterality", "R"), ("ImageLaterality", "B"))):
        tags = {"StudyDate": "20250131", "TrackingUID": f"1.2.{number}", "TrackingID": f"L{number}", keyword: side}
        data = dicom(
            [jpeg(lesion(number, SIZE))], SIZE, patient=("4711", "F", ""), AnatomicRegionSequence=[region], **tags
        )
        (folder / str(number)).write_bytes(data)
    take(there, folder)
    sites = {name: site for name, (site, _said) in said(there.history)["4711"]["lesions"].items()}
    assert sites == {"L0": "buttock-left", "L1": "buttock-right", "L2": "Skin of buttock"}


def test_an_outcome_of_an_image_goes_with_it_and_what_belongs_to_nothing_is_named(
    here: Practice, there: Practice, tmp_path: Path
) -> None:
    patient = here.patient("P-1")
    visit = here.visit(patient)
    image_id = here.image(visit=visit)
    here.history.assessments.add_outcome(image_id=image_id, kind="histopathology", diagnosis="nevus", date=DAY, by="MK")
    lesion_id = here.history.people.add_lesion(patient, "L1", "", by="MK").id
    here.seen(lesion_id, visit, "melanoma")
    folder = export(here, tmp_path / "folder")
    nobodys = shutil.copytree(folder, tmp_path / "nobodys")
    assert take(there, folder).unreadable == []
    assert said(there.history) == said(here.history)
    for path in [*nobodys.glob("findings/*"), *nobodys.glob("images/*")]:
        one = dcmread(path)
        if one.SeriesDescription == "Assessment":
            one.PatientID = one.IssuerOfPatientID = ""
            one.save_as(path)
            assessment = path.name
        elif one.SeriesDescription == "Outcome":
            outcome = path.name
        else:
            path.unlink()
    imported = take(there, nobodys)
    assert sorted(imported.unreadable) == sorted(
        [
            f"“{assessment}” does not say whose lesion it is about.",
            f"“{outcome}” is about an image that is not in the folder.",
        ]
    )
    assert imported.added.findings == 0


def test_a_document_with_an_unknown_plan_is_left_out_by_its_name(
    here: Practice, there: Practice, tmp_path: Path
) -> None:
    patient = here.patient("P-1")
    visit = here.visit(patient)
    for name, plan in (("L1", FOLLOW_UP), ("L2", "watch")):  # as another version may have it
        lesion_id = here.history.people.add_lesion(patient, name, "back", by="MK").id
        here.image(lesion=lesion_id, visit=visit)
        here.seen(lesion_id, visit, "nevus", plan)
    imported = take(there, export(here, tmp_path / "folder"))
    (left_out,) = imported.unreadable
    assert (
        "cannot be understood: “watch” in plan is not one of: none, follow-up, biopsy or excision, refer." in left_out
    )
    (found,) = there.history.people.find_patients()
    plans = {
        one.name: [said.plan for said in there.history.assessments.of([one.id])]
        for one in there.history.people.lesions(found.id)
    }
    assert plans == {"L1": [FOLLOW_UP], "L2": []}
