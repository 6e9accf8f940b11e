"""Rows of a history with their authorship, as they are carried from one history into another.

Ids differ between histories. A patient is known by the pseudonym, an image by its SHA-256, and a lesion by its `key`: when and
by whom it was added, and the name that it had then, none of which a correction changes.
"""

from dataclasses import dataclass

from desktop.core.imaging.capture import Capture
from desktop.core.imaging.scale import Scale
from desktop.core.records.entries import Authorship
from desktop.core.records.influences import Span
from desktop.core.records.people import ImageKind, Lesion, Patient, Pin
from desktop.core.records.values import KeptImage


@dataclass(frozen=True)
class PatientRow:
    """A patient as entered first (`made`) and corrected last (`changed`)."""

    patient: Patient
    made: Authorship
    changed: Authorship


@dataclass(frozen=True)
class LesionRow:
    """A lesion as corrected last (`changed`); `key` tells it from every other one of its patient."""

    lesion: Lesion
    key: str
    changed: Authorship


@dataclass(frozen=True)
class Measures:
    """What was entered for an image: its scale, how it was taken, and an outline as JSON, see `ImageOutlines`."""

    scale: Scale | None = None
    capture: Capture | None = None
    outline: str | None = None


@dataclass(frozen=True)
class ImageRow:
    """An image and its place; `day` is that of its visit, empty if it has none. `written` is who saved it, and when."""

    image_id: int
    image: KeptImage
    kind: ImageKind
    lesion_id: int | None
    day: str
    measures: Measures
    written: Authorship


@dataclass(frozen=True)
class Disclosure:
    """That an answer was seen before an assessment, or though the model abstained, of a lesion's image or of one without."""

    has_lesion: bool
    reason: str
    written: Authorship


@dataclass(frozen=True)
class AnswerStep:
    """What was done about an answer, see `care_steps`; `day` is None where that was taken back."""

    step: str
    day: str | None
    person: str
    note: str
    written: Authorship


@dataclass(frozen=True)
class InfluenceRow:
    """An influence on how a lesion looks, as entered first (`made`) and corrected last (`changed`)."""

    kind: str
    span: Span
    note: str
    is_withdrawn: bool
    made: Authorship
    changed: Authorship

    @property
    def key(self) -> tuple[str, Authorship]:
        """What tells it from every other of its lesion or patient, in every history."""
        return self.kind, self.made


@dataclass(frozen=True)
class PinRow:
    """Where a lesion is on a photograph, by the lesion's `key`; `point` is None where the pin was removed."""

    lesion_key: str
    point: Pin | None
    written: Authorship
