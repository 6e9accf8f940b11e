"""An image on its way into the history, and how it is placed with whom it was meant for, unless its file names another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.records.patient_file import Whereabouts, visit_on, whereabouts
from desktop.core.text_matching import identity
from desktop.session.picture import Picture, open_picture

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.imaging import opening
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Patient
else:
    opening = Late("desktop.core.imaging.opening")


@dataclass(frozen=True)
class ImportItem:
    """One image on its way into the history. `picture` is set where it is open already; `patient` is None for nobody's.

    `kept` is the SHA-256 of one that is in the history already and is only to be placed. `is_said_theirs` is whether a
    person has said that it is the patient's, whomever its file names.
    """

    name: str
    path: Path | None
    picture: Picture | None
    kind: ImageKind
    patient: Patient | None
    lesion_id: int | None
    day: dt.date
    kept: str = ""
    is_said_theirs: bool = False

    def is_of(self, patient: Patient | None) -> bool:
        """Tell whether it is a patient's, whatever they are called by now."""
        return self.patient is not None and patient is not None and self.patient.id == patient.id


@dataclass(frozen=True)
class Doubt:
    """Whom a file names in place of the patient with whom it was to be placed; `kept` is its SHA-256 where it is kept."""

    named: DicomPatient
    kept: str


Elsewhere = Whereabouts | Doubt | None
"""Why an image was not placed as it was meant; None where it was."""


def load(arrival: ImportItem) -> Picture:
    """Open an image, if it is not open already. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the file cannot be opened.
    """
    if arrival.picture is not None:
        return arrival.picture
    path = arrival.path
    if path is None:
        raise ValueError("an image has neither pixels nor a file")
    return open_picture(arrival.name, path, lambda: opening.read_file(path))


def names_another(named: DicomPatient | None, patient: Patient) -> bool:
    """Tell whether a file names another patient than this one; a file that names none does not."""
    return named is not None and bool(named.id) and identity(named.id) != identity(patient.pseudonym)


def doubt_of(history: History, arrival: ImportItem, picture: Picture) -> Doubt | None:
    """Return whom the file names, where that is another than the patient it would be placed with, and it is nobody's yet."""
    named, patient = picture.patient, arrival.patient
    if named is None or patient is None or arrival.is_said_theirs or not names_another(named, patient):
        return None
    where = whereabouts(history, picture.sha256)
    if where.patient is not None:
        return None
    return Doubt(named, "" if where.image_id is None else picture.sha256)


def place(history: History, arrival: ImportItem, sha256: str, by: str) -> Whereabouts | None:
    """Place a kept image, if it is to be anybody's; return where it is already, if it stays there."""
    patient = arrival.patient
    if patient is None:
        return None
    where = whereabouts(history, sha256)
    if stays(where, arrival, patient):
        return where
    if where.image_id is None or where.lesion is not None or (where.patient is not None and arrival.lesion_id is None):
        return None
    visit_id = visit_of(history, where, arrival, patient, by)
    history.people.place(where.image_id, kind=arrival.kind, lesion_id=arrival.lesion_id, visit_id=visit_id, by=by)
    return None


def stays(where: Whereabouts, arrival: ImportItem, patient: Patient) -> bool:
    """Return whether an image is another patient's or another lesion's already: only a person moves it from there."""
    if where.patient is None:
        return False
    if where.patient.id != patient.id:
        return True
    return where.lesion is not None and where.lesion.id != arrival.lesion_id


def visit_of(history: History, where: Whereabouts, arrival: ImportItem, patient: Patient, by: str) -> int:
    """Return the visit that an image is of already, or that of the day on which it came."""
    if where.image_id is not None and where.patient is not None:
        known = history.people.placement(where.image_id).visit_id
        if known is not None:
            return known
    return visit_on(history, patient.id, arrival.day, by).id
