"""A request to open an image: which one, where it comes from, and for whom."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.people import Patient, PlacedImage
    from desktop.core.records.values import Entry


@frozen
class OpeningRequest:
    """Exactly one of `path` (a file), `pasted`, `entry` (of the history) and `placed` (an image of a patient) is set.

    `patient` and `lesion_id` say to whom the image belongs or is to be added. `patient` is None if no patient is open, and
    for an image from the history or a batch, whose patient is read from the history. `is_earlier` is whether the image is of
    an earlier visit of the open patient: a model that has not answered it does so only if it is asked.
    """

    name: str
    path: Path | None = None
    pasted: QImage | None = field(default=None, compare=False)
    entry: Entry | None = None
    placed: PlacedImage | None = None
    patient: Patient | None = None
    lesion_id: int | None = None
    is_earlier: bool = False

    @property
    def key(self) -> str:
        """The key of the image in the film strip: its SHA-256 if it is placed, else its path, else empty."""
        if self.placed is not None:
            return self.placed.image.sha256
        return "" if self.path is None else str(self.path)

    @property
    def is_clinical(self) -> bool:
        """Whether it is a clinical photograph, which is never classified."""
        return self.placed is not None and self.placed.kind == "clinical"

    def is_for(self, patient: Patient | None) -> bool:
        """Return whether the image was opened for a patient, compared by id: the pseudonym may have changed."""
        return self.patient is not None and patient is not None and self.patient.id == patient.id

    def answered_by(self, classifier: Classifier | None) -> Entry | None:
        """Return the entry to show: the requested one, or the placed image's newest.

        One of this model at its working points comes before all others.
        """
        if self.entry is not None or self.placed is None or self.is_clinical:
            return self.entry
        whole = [entry for entry in self.placed.entries if not entry.region]
        own = (
            []
            if classifier is None
            else [one for one in whole if one.answer.is_of(classifier.sha256, classifier.working_points)]
        )
        return next(iter((own or whole)[-1:]), None)


def of_file(path: Path, patient: Patient | None = None, lesion_id: int | None = None) -> OpeningRequest:
    """Return the request to open a file, optionally for a patient."""
    return OpeningRequest(path.name, path=path, patient=patient, lesion_id=lesion_id)


def of_entry(entry: Entry) -> OpeningRequest:
    """Return the request to open an image of the history with its saved answer."""
    return OpeningRequest(entry.image.name, entry=entry)


def of_placed(placed: PlacedImage, patient: Patient | None, *, is_earlier: bool = False) -> OpeningRequest:
    """Return the request to open an image of a patient; see `OpenPatient.request_for`."""
    return OpeningRequest(
        placed.image.name, placed=placed, patient=patient, lesion_id=placed.lesion_id, is_earlier=is_earlier
    )
