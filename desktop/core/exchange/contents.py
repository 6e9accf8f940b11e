"""What a history and an exported folder have in common: patients with their lesions, images, and what was said of them.

No value has an id of a history. Patients are told apart by their pseudonym, lesions by a key, images by their SHA-256.
"""

from dataclasses import dataclass, field

from desktop.core.records.entries import Authorship
from desktop.core.records.exchanged_values import InfluenceRow, Measures, PinRow
from desktop.core.records.people import ImageKind, Lesion, Patient
from desktop.core.records.statements import Statement

NO_ID = 0
"""Stands in values of `people` for an id that only a history gives."""


@dataclass
class LesionContents:
    """A lesion of a patient; `changed` is who corrected it last, and when."""

    lesion: Lesion
    key: str
    changed: Authorship
    statements: list[Statement] = field(default_factory=list)
    influences: list[InfluenceRow] = field(default_factory=list)


@dataclass
class ImageContents:
    """An image: `file` is its path in the folder, with forward slashes, `name` its name in the history.

    `lesion_key` and `day` are those of its lesion and visit, empty if it has none. `statements` are about an image that has
    no lesion.
    """

    file: str
    name: str
    kind: ImageKind
    lesion_key: str
    day: str
    measures: Measures
    written: Authorship
    statements: list[Statement] = field(default_factory=list)
    pins: list[PinRow] = field(default_factory=list)

    @property
    def seen_on(self) -> str:
        """The day of its visit; that on which it was saved if it has none."""
        return self.day or self.written.time[:10]


@dataclass
class VisitContents:
    """A visit; `changed` is who entered its details last, and when."""

    day: str
    age_band: str
    changed: Authorship


@dataclass
class PatientContents:
    """A patient, as entered first (`made`) and corrected last (`changed`), and what belongs to them."""

    patient: Patient
    made: Authorship
    changed: Authorship
    visits: list[VisitContents] = field(default_factory=list)
    lesions: list[LesionContents] = field(default_factory=list)
    images: list[ImageContents] = field(default_factory=list)
    influences: list[InfluenceRow] = field(default_factory=list)

    @property
    def all_influences(self) -> list[InfluenceRow]:
        """The influences on the patient and on each lesion."""
        return [*self.influences, *(one for lesion in self.lesions for one in lesion.influences)]

    @property
    def days(self) -> list[str]:
        """The days on which something was seen, said or found, unsorted."""
        said = [*(lesion.statements for lesion in self.lesions), *(image.statements for image in self.images)]
        return [
            *(visit.day for visit in self.visits),
            *(image.written.time[:10] for image in self.images),
            *(one.written.time[:10] for statements in said for one in statements),
            *(one.changed.time[:10] for one in self.all_influences),
        ]


@dataclass
class Contents:
    """The patients of a history or folder, and the images that have none."""

    patients: list[PatientContents] = field(default_factory=list)
    images: list[ImageContents] = field(default_factory=list)

    @property
    def all_images(self) -> list[ImageContents]:
        """Every image, with or without a patient."""
        return [*(image for patient in self.patients for image in patient.images), *self.images]

    def without_images(self, files: set[str]) -> None:
        """Take out images by their path."""
        for patient in self.patients:
            patient.images = [image for image in patient.images if image.file not in files]
        self.images = [image for image in self.images if image.file not in files]
