"""Reads a folder of DICOM files as the rows of a table: images of any program, and findings in documents of LesionLens.

Patients are known by their ID, lesions by their Tracking UID. Model answers and other programs' documents are not read.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from desktop.core.errors import AppError, RecordsError
from desktop.core.exchange.columns import COLUMNS, RowKind
from desktop.core.exchange.contents import Contents
from desktop.core.exchange.dicom_codes import place_of
from desktop.core.exchange.dicom_document_reading import FindingRead, dicom_date, is_ours, read_findings, replaced_by
from desktop.core.exchange.dicom_documents import ENHANCED_SR
from desktop.core.exchange.dicom_patients import DERMOSCOPIC, MAKER, PHOTOGRAPHIC
from desktop.core.exchange.own_objects import OwnObjects
from desktop.core.exchange.table_reading import read_contents
from desktop.core.exchange.table_rows import Row, wrong_cell
from desktop.core.imaging.capture_reading import dicom_taken
from desktop.core.imaging.dicom import SOP_CLASSES
from desktop.core.imaging.dicom_dataset import (
    UNREADABLE,
    is_dicom,
    known_uid,
    number_of_frames,
    numbers_of,
    read_dataset,
    text_of,
)
from desktop.core.imaging.dicom_patient import DicomPatient, read_patient
from desktop.core.imaging.kinds import read_beginning
from desktop.core.imaging.opening import read_file
from desktop.core.marking import tr
from desktop.core.patient_context import age_band
from desktop.core.place_words import is_place
from desktop.core.records.made_elsewhere import NOON
from desktop.core.text_matching import identity

_KINDS = {DERMOSCOPIC: "dermoscopy", PHOTOGRAPHIC: "clinical"}
"""By SOP class, unless the modality says that it is dermoscopy; images of any other are neither."""

_DERMOSCOPY = "DMS"
_COLUMNS = {column.name: column for column in COLUMNS}


def dicom_files(folder: Path) -> list[Path]:
    """Return the DICOM files of a folder and its subfolders, recognised by their first bytes."""
    return sorted(path for path in folder.rglob("*") if is_dicom(read_beginning(path)))


@dataclass
class DicomRead:
    """What a folder has; `left_out` says of each file that was not read why."""

    contents: Contents
    left_out: list[str]


def read_dicom_folder(folder: Path, files: list[Path], own: OwnObjects, lesions: Mapping[str, str]) -> DicomRead:
    """Read the files of a folder.

    Args:
        folder: the folder.
        files: its DICOM files.
        own: the objects of the history into which they go.
        lesions: the keys of the history's lesions that came from DICOM, by their Tracking UIDs.

    Raises:
        RecordsError: the files were exported from that very history.
    """
    found = _Found(folder, lesions, dt.datetime.now(dt.UTC).date().isoformat())
    for path in files:
        try:
            found.add(path, own)
        except RecordsError:
            raise
        except AppError as error:
            found.left_out.append(str(error))
        except _CellError as error:
            found.left_out.append(
                tr("“{name}” cannot be understood: {detail}.").format(name=path.name, detail=error.args[0])
            )
        except UNREADABLE:
            found.left_out.append(tr("“{name}” cannot be understood.").format(name=path.name))
    return DicomRead(read_contents(found.rows()), found.left_out)


class _CellError(ValueError):
    """What a file says does not fit its column; the first argument tells what and which."""


@dataclass
class _Lesion:
    pseudonym: str
    name: str
    site: str
    day: str


class _Origin(NamedTuple):
    """The document of a finding, and whose it is."""

    uid: str
    name: str
    pseudonym: str


@dataclass
class _Found:
    """What was read so far."""

    folder: Path
    keys: Mapping[str, str]
    today: str
    """Stands for the day of an image that has neither one nor a patient."""
    left_out: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """The pseudonyms as they came first, whatever their case."""
    sexes: dict[str, set[str]] = field(default_factory=dict)
    birth_years: dict[str, set[int]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    """The first day of each patient."""
    ages: dict[tuple[str, str], str] = field(default_factory=dict)
    visits: set[tuple[str, str]] = field(default_factory=set)
    lesions: dict[str, _Lesion] = field(default_factory=dict)
    images: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """The files of images by their SOP Instance UIDs, which some programs give twice."""
    findings: list[tuple[_Origin, FindingRead]] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)
    """The UIDs of documents that another one in the folder replaces: they say what holds no longer."""

    def add(self, path: Path, own: OwnObjects) -> None:
        data = read_file(path)
        dataset = read_dataset(io.BytesIO(data), path.name, header_only=True)
        if own.has(dataset):
            raise RecordsError(
                tr("“{folder}” was exported from this history, which has all of it. Nothing was imported."),
                folder=self.folder,
            )
        sop_class = text_of(dataset, "SOPClassUID")
        pseudonym = " ".join(text_of(dataset, "PatientID").split())
        pseudonym = self.names.setdefault(identity(pseudonym), pseudonym)
        if sop_class == ENHANCED_SR and is_ours(dataset):
            self._add_findings(pseudonym, dataset, data, path.name)
        elif sop_class not in SOP_CLASSES:
            kind = known_uid(sop_class) or sop_class
            self.left_out.append(tr("“{name}” is no photograph ({kind}).").format(name=path.name, kind=kind))
        elif number_of_frames(dataset) > 1:
            self.left_out.append(tr("“{name}” holds several images. Open it in the window.").format(name=path.name))
        else:
            day = next(filter(None, (text_of(dataset, one) for one in ("StudyDate", "ContentDate", "SeriesDate"))), "")
            day = _checked({"date": dicom_date(day)})["date"]
            if pseudonym and not day:
                self.left_out.append(tr("“{name}” does not say of which day it is.").format(name=path.name))
                return
            self._add_image(pseudonym, dataset, data, path, day)

    def _add_patient(self, pseudonym: str, patient: DicomPatient | None, day: str) -> None:
        if not pseudonym or patient is None:
            return
        self.sexes.setdefault(pseudonym, set()).add(patient.sex)
        if patient.birth_year is not None:
            self.birth_years.setdefault(pseudonym, set()).add(patient.birth_year)
        self.days[pseudonym] = min(self.days.get(pseudonym, day), day)
        self.ages[pseudonym, day] = age_band(patient.age) or self.ages.get((pseudonym, day), "")

    def _add_image(self, pseudonym: str, dataset: Any, data: bytes, path: Path, day: str) -> None:
        file = path.relative_to(self.folder).as_posix()
        taken, patient = dicom_taken(data, path.name), read_patient(data, path.name)
        uid = text_of(dataset, "TrackingUID") if pseudonym else ""
        is_dermoscopy = text_of(dataset, "Modality") == _DERMOSCOPY
        kind = "dermoscopy" if is_dermoscopy else _KINDS.get(text_of(dataset, "SOPClassUID"), "other")
        scale = numbers_of(dataset, "PixelSpacing") if text_of(dataset, "SoftwareVersions").startswith(MAKER) else []
        cells = {
            "row": RowKind.IMAGE,
            "patient": pseudonym,
            "image": file,
            "name": path.name,
            "kind": kind,
            "date": day if pseudonym else "",
            "when": f"{day or self.today}{NOON}",
            "mm_per_pixel": repr(scale[0]) if scale else "",
            "taken_with": "" if taken is None else taken.capture.device,
            "contact": "" if taken is None else taken.capture.contact,
            "light": "" if taken is None else taken.capture.light,
            "lesion_key": uid,  # until all lesions are known
        }
        checked = _checked(cells, but="lesion_key")
        if uid:
            self._add_lesion(pseudonym, text_of(dataset, "TrackingID"), uid, place_of(dataset), day)
        if pseudonym:
            self._add_patient(pseudonym, patient, day)
            self.visits.add((pseudonym, day))
        self.images.append(checked)
        self.files.setdefault(text_of(dataset, "SOPInstanceUID"), file)

    def _add_findings(self, pseudonym: str, dataset: Any, data: bytes, name: str) -> None:
        patient = read_patient(data, name)
        origin = _Origin(text_of(dataset, "SOPInstanceUID"), name, pseudonym)
        self.replaced.update(replaced_by(dataset))
        for finding, cells in [(one, _checked(one.cells)) for one in read_findings(dataset)]:
            if finding.lesion is not None and not pseudonym:
                self.left_out.append(tr("“{name}” does not say whose lesion it is about.").format(name=name))
                continue
            if finding.lesion is not None:
                called, uid = finding.lesion
                self._add_lesion(pseudonym, called, uid, finding.site, cells["when"][:10])
                if cells["row"] == RowKind.ASSESSMENT:
                    self.visits.add((pseudonym, cells["date"]))
            self._add_patient(pseudonym, patient, cells["when"][:10])
            self.findings.append((origin, FindingRead(cells, finding.lesion, finding.site, finding.image)))

    def _add_lesion(self, pseudonym: str, name: str, uid: str, site: str, day: str) -> None:
        own = name.removeprefix(f"{pseudonym} ").strip() or uid
        known = self.lesions.setdefault(uid, _Lesion(pseudonym, own, site, day))
        if known.pseudonym != pseudonym:
            raise ValueError(uid)
        if site and (is_place(site) or not is_place(known.site)):
            known.site = site
        known.day = min(known.day, day)

    def rows(self) -> Iterator[Row]:
        """Yield what was read, as the rows of a table."""
        for pseudonym, sexes in self.sexes.items():
            told = sexes - {"unknown"}
            when = f"{self.days[pseudonym]}{NOON}"
            years = self.birth_years.get(pseudonym, set())
            yield _row(
                row=RowKind.PATIENT,
                patient=pseudonym,
                sex=told.pop() if len(told) == 1 else "",
                birth_year=str(years.pop()) if len(years) == 1 else "",
                when=when,
            )
        for pseudonym, day in sorted(self.visits):
            band = self.ages.get((pseudonym, day), "")
            yield _row(row=RowKind.VISIT, patient=pseudonym, date=day, age_band=band, when=f"{day}{NOON}")
        for uid, lesion in self.lesions.items():
            yield _row(
                row=RowKind.LESION,
                patient=lesion.pseudonym,
                lesion=lesion.name,
                lesion_key=self._key(uid),
                site=lesion.site,
                changed_when=self._key(uid).partition("|")[0],
            )
        for cells in self.images:
            uid = cells["lesion_key"]
            lesion_name = self.lesions[uid].name if uid else ""
            yield Row(0, cells | {"lesion": lesion_name, "lesion_key": self._key(uid) if uid else ""})
        for origin, finding in self.findings:
            if origin.uid in self.replaced:
                continue
            if finding.lesion is not None:
                yield Row(0, finding.cells | {"patient": origin.pseudonym, "lesion_key": self._key(finding.lesion[1])})
            elif finding.image in self.files:
                yield Row(0, finding.cells | {"image": self.files[finding.image]})
            else:
                self.left_out.append(
                    tr("“{name}” is about an image that is not in the folder.").format(name=origin.name)
                )

    def _key(self, uid: str) -> str:
        """Return the key of a lesion: that which it has in the history, else one by its Tracking UID."""
        return self.keys.get(uid) or f"{self.lesions[uid].day}{NOON}||{uid}"


def _checked(cells: Mapping[str, str], but: str = "") -> dict[str, str]:
    """Return cells in the form in which they are stored.

    Raises:
        _CellError: one is not what its column may hold.
    """
    checked = {}
    for name, cell in cells.items():
        try:
            checked[name] = _COLUMNS[name].check(cell) if cell and name != but else cell
        except (ValueError, OverflowError) as error:
            raise _CellError(wrong_cell(cell, _COLUMNS[name])) from error
    return checked


def _row(**cells: str) -> Row:
    return Row(0, _checked(cells))
