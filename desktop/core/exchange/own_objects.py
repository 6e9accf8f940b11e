"""What tells the DICOM objects that were exported from a history: they do not go into it again."""

from dataclasses import dataclass
from typing import Any, Self

from desktop.core.exchange.collecting import file_of
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.imaging.dicom_dataset import text_of
from desktop.core.records.history import History


@dataclass(frozen=True)
class OwnObjects:
    """The issuer of a history's patient ids, and the UIDs of its images."""

    issuer: str
    images: frozenset[str]

    @classmethod
    def of(cls, history: History) -> Self:
        """Return those of a history."""
        identifiers = Identifiers.of_history(history.origin())
        images = (
            identifiers.uid("image", str(patient), file_of(row))
            for patient, rows in history.exchanged.images().items()
            for row in rows
        )
        return cls(str(identifiers.namespace), frozenset(images))

    def has(self, dataset: Any) -> bool:
        """Whether an object was exported from that history; an archive may have given the patient another issuer."""
        return text_of(dataset, "IssuerOfPatientID") == self.issuer or text_of(dataset, "SOPInstanceUID") in self.images
