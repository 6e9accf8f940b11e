"""An image that is being imported, and the rules for placing it with a patient, unless its file names a different one."""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, RecordsError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.records.patient_file import Whereabouts, visit_on, whereabouts
from desktop.core.text_matching import identity
from desktop.session.picture import Picture, open_picture

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.imaging import opening
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Patient, Placement
else:
    opening = Late("desktop.core.imaging.opening")


@frozen
class ImportItem:
    """An image that is being imported. `picture` is set if it is open already; `patient` is None for an unassigned image.

    `saved_sha256` is set if the image is in the history already and only needs placing. `is_confirmed` is set if the user has
    confirmed that the image is of the patient, whatever its file says. `placing` is the change to which its placing belongs.
    """

    name: str
    path: Path | None
    picture: Picture | None
    kind: ImageKind
    patient: Patient | None
    lesion_id: int | None
    day: dt.date
    saved_sha256: str = ""
    is_confirmed: bool = False
    placing: Placing | None = field(default=None, compare=False)

    def is_of(self, patient: Patient | None) -> bool:
        """Return whether the image is meant for a patient, compared by id: the pseudonym may have changed."""
        if self.is_withdrawn:
            return False
        return self.patient is not None and patient is not None and self.patient.id == patient.id

    @property
    def is_overview(self) -> bool:
        """Whether the image is an overview photograph, which no lesion has."""
        return self.kind == "clinical" and self.lesion_id is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the placing was undone: the image is saved, but not placed."""
        return self.placing is not None and self.placing.is_withdrawn


class Placing:
    """The placing of images that were opened together: one change for the undo stack, which may be undone before it is done.

    The history's thread notes in it which images were placed, and where each was before.
    """

    def __init__(
        self,
        patient: Patient,
        lesion_id: int | None,
        kind: ImageKind,
        paths: frozenset[Path],
        names: tuple[str, ...],
    ) -> None:
        self.patient = patient
        self.lesion_id = lesion_id
        self.kind = kind
        self.paths = paths
        self.names = names
        """The names of the images that were opened; some may be there already, or stay elsewhere."""
        self.is_withdrawn = False
        """Whether it was undone, so that images that are still being imported are not placed either. Set on the GUI thread."""
        self._placements: dict[str, tuple[ImportItem, Placement | None]] = {}

    @property
    def hashes(self) -> frozenset[str]:
        """The SHA-256 of the images that were placed so far, or would have been if the placing had not been undone."""
        return frozenset(self._placements)

    @property
    def placed_names(self) -> tuple[str, ...]:
        """The names of the images of `hashes`."""
        return tuple(item.name for item, _before in tuple(self._placements.values()))

    def note(self, item: ImportItem, sha256: str, before: Placement | None) -> None:
        """Note where an image was before it was placed; None if it was not placed, because that was undone."""
        self._placements[sha256] = (replace(item, picture=None), before)  # a change keeps no pixels

    def put_back(self, history: History, by: str) -> None:
        """Put all images back where they were.

        A lesion's clinical photograph stays with its patient, without the lesion; an overview photograph is removed.
        """
        placed = [(item, before) for item, before in self._placements.values() if before is not None]
        history.people.put_back([before for item, before in placed if not item.is_overview], by=by)
        for item, before in placed:
            if item.is_overview:
                history.people.set_binned("image", before.image_id, binned=True, by=by)

    def place_again(self, history: History, by: str) -> None:
        """Place all images once more."""
        for sha256, (item, before) in list(self._placements.items()):
            if before is not None and item.is_overview:
                history.people.set_binned("image", before.image_id, binned=False, by=by)
            else:
                place(history, item, sha256, by)


@frozen
class PatientMismatch:
    """The file's header names a different patient. `saved_sha256` is empty if the image is not in the history."""

    named: DicomPatient
    saved_sha256: str


@frozen
class PatientTakenBack:
    """The image is in the history, but its patient is in the bin: adding them was undone meanwhile."""

    error: AppError
    saved_sha256: str


Elsewhere = Whereabouts | PatientMismatch | PatientTakenBack | None
"""Why an image was not placed as intended; None if it was."""


def load(item: ImportItem) -> Picture:
    """Open an image unless it is open already. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the file cannot be opened.
    """
    if item.picture is not None:
        return item.picture
    path = item.path
    if path is None:
        raise ValueError("an image has neither pixels nor a file")
    return open_picture(item.name, path, lambda: opening.read_file(path))


def names_another(named: DicomPatient | None, patient: Patient) -> bool:
    """Return whether a file names a patient other than this one; a file without a name does not."""
    return named is not None and bool(named.id) and identity(named.id) != identity(patient.pseudonym)


def mismatch_of(history: History, item: ImportItem, picture: Picture) -> PatientMismatch | None:
    """Return whom the file names, if that is not the intended patient and the image is not placed yet; else None."""
    named, patient = picture.patient, item.patient
    if named is None or patient is None or item.is_confirmed or item.is_withdrawn:
        return None
    if not names_another(named, patient):
        return None
    where = whereabouts(history, picture.sha256)
    if where.patient is not None:
        return None
    return PatientMismatch(named, "" if where.image_id is None else picture.sha256)


def place(history: History, item: ImportItem, sha256: str, by: str) -> Whereabouts | PatientTakenBack | None:
    """Place a saved image with its patient, if it has one.

    Returns:
        Where it is if it belongs elsewhere and stays there, or why it has no place.
    """
    patient = item.patient
    if patient is None:
        return None
    where = whereabouts(history, sha256)
    if stays(where, item, patient):
        return where
    if where.image_id is None or where.lesion is not None:
        return None
    if where.patient is not None and item.lesion_id is None and not history.people.is_removed(where.image_id):
        return None
    if item.placing is not None and item.is_withdrawn:
        item.placing.note(item, sha256, None)
        return None
    try:
        visit_id = visit_of(history, where, item, patient, by)
    except RecordsError as error:
        return PatientTakenBack(error, sha256)
    lesion_id = lesion_of(history, item)
    before = history.people.place(where.image_id, kind=item.kind, lesion_id=lesion_id, visit_id=visit_id, by=by)
    if item.placing is not None:
        if item.kind == "clinical":  # no entry would lead to it, and no erasure of its patient
            before = replace(before, kind="clinical", lesion_id=None, visit_id=visit_id)
        item.placing.note(item, sha256, before)
    return None


def stays(where: Whereabouts, item: ImportItem, patient: Patient) -> bool:
    """Return whether an image already belongs to another patient or lesion, from which only the user may move it."""
    if where.patient is None:
        return False
    if where.patient.id != patient.id:
        return True
    return where.lesion is not None and where.lesion.id != item.lesion_id


def lesion_of(history: History, item: ImportItem) -> int | None:
    """Return the lesion of an image; None if it is in the bin, because adding it was undone meanwhile."""
    if item.lesion_id is None or history.people.lesion(item.lesion_id).is_binned:
        return None
    return item.lesion_id


def visit_of(history: History, where: Whereabouts, item: ImportItem, patient: Patient, by: str) -> int:
    """Return the visit of an image, or the patient's visit on the day of the import if it has none.

    Raises:
        RecordsError: the patient is in the bin, because adding them was undone meanwhile.
    """
    if history.people.patient(patient.id).is_binned:
        raise RecordsError(tr("{patient} is in the bin."), patient=patient.pseudonym)
    if where.image_id is not None and where.patient is not None:
        known = history.people.placement(where.image_id).visit_id
        if known is not None:
            return known
    return visit_on(history, patient.id, item.day, by).id
