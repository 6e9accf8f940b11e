"""What is asked for when an image is opened: which one, where it comes from, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from desktop.core.records.people import Patient, PlacedImage
    from desktop.core.records.values import Entry


@dataclass(frozen=True)
class OpeningRequest:
    """One of these: a file, an image that was pasted, an entry of the history, or an image that is placed with a patient.

    `patient` is whose the image is meant to be, with the lesion of `lesion_id`, or whose it is already. It is None for an
    image that is brought while nobody is open, and for one that comes from the history or a batch: whose that is, the
    history knows.
    """

    name: str
    path: Path | None = None
    pasted: QImage | None = field(default=None, compare=False)
    entry: Entry | None = None
    placed: PlacedImage | None = None
    patient: Patient | None = None
    lesion_id: int | None = None

    @property
    def key(self) -> str:
        """What the image is found by in the film strip: its SHA-256 where it is placed, else its path; else empty."""
        if self.placed is not None:
            return self.placed.image.sha256
        return "" if self.path is None else str(self.path)

    @property
    def is_clinical(self) -> bool:
        """Whether it is a clinical photograph, which is never classified."""
        return self.placed is not None and self.placed.kind == "clinical"

    def is_for(self, patient: Patient | None) -> bool:
        """Tell whether it was opened for a patient, whatever they are called by now."""
        return self.patient is not None and patient is not None and self.patient.id == patient.id

    def answered_by(self, model_sha256: str | None) -> Entry | None:
        """Return the entry that is shown: the one asked for; of a placed image the newest of the whole, the model's first."""
        if self.entry is not None or self.placed is None or self.is_clinical:
            return self.entry
        whole = [entry for entry in self.placed.entries if not entry.region]
        of_model = [entry for entry in whole if entry.answer.model_sha256 == model_sha256]
        return next(iter((of_model or whole)[-1:]), None)


def of_file(path: Path, patient: Patient | None = None, lesion_id: int | None = None) -> OpeningRequest:
    """Return the request to open a file, for a patient where one is given."""
    return OpeningRequest(path.name, path=path, patient=patient, lesion_id=lesion_id)


def of_entry(entry: Entry) -> OpeningRequest:
    """Return the request to open an image of the history with the answer that it was given."""
    return OpeningRequest(entry.image.name, entry=entry)


def of_placed(placed: PlacedImage, patient: Patient | None) -> OpeningRequest:
    """Return the request to open an image of a patient."""
    return OpeningRequest(placed.image.name, placed=placed, patient=patient, lesion_id=placed.lesion_id)
