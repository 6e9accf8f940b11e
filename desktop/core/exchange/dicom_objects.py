"""Patients as DICOM objects: images, what clinicians said, and model answers."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop.core.exchange.contents import PatientContents
from desktop.core.exchange.dicom_findings import finding_documents
from desktop.core.exchange.dicom_images import EXPLICIT_VR, Source, photograph
from desktop.core.exchange.dicom_machine import machine_documents
from desktop.core.exchange.dicom_patients import PatientObjects
from desktop.core.exchange.identifiers import IMPLEMENTATION, IMPLEMENTATION_NAME, Identifiers
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.imaging.dicom_dataset import known_uid
from desktop.core.imaging.dicom_identity import read_pixel_notes
from desktop.core.imaging.pydicom import FileMetaDataset, dcmwrite
from desktop.core.inference.contract import Contract
from desktop.core.records.exchanged_values import ImageRow


class ObjectKind(StrEnum):
    """What an object is; the values name folders."""

    IMAGE = "images"
    FINDING = "findings"
    MACHINE = "machine"


@dataclass(frozen=True)
class DicomObject:
    """An object: a data set of pydicom with its file meta information."""

    kind: ObjectKind
    dataset: Any

    @property
    def uid(self) -> str:
        """Its SOP Instance UID."""
        return str(self.dataset.SOPInstanceUID)

    @property
    def sop_class(self) -> str:
        """Its SOP class, as a UID."""
        return str(self.dataset.SOPClassUID)

    @property
    def class_name(self) -> str:
        """What the standard calls its SOP class."""
        return known_uid(self.sop_class).removesuffix(" Image Storage").removesuffix(" Storage")

    @property
    def syntax(self) -> str:
        """Its transfer syntax, as a UID."""
        return str(self.dataset.file_meta.TransferSyntaxUID)

    @property
    def byte_size(self) -> int:
        """The bytes of its pixels, which are nearly all of it."""
        return len(self.dataset.get("PixelData", b""))

    @property
    def day(self) -> str:
        """The day of its study, as DICOM writes it."""
        return str(self.dataset.StudyDate)

    def as_file(self) -> bytes:
        """Return it as a file (PS3.10): the same bytes whatever the version of pydicom."""
        buffer = io.BytesIO()
        dcmwrite(buffer, self.dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
        return buffer.getvalue()


class DicomObjects:
    """Makes the objects of patients: the images one by one, in the order of the contents, then the documents."""

    def __init__(self, patients: Iterable[PatientContents], identifiers: Identifiers, *, is_deidentified: bool) -> None:
        """Make objects with these identifiers."""
        self._patients = [PatientObjects(one, identifiers, is_deidentified=is_deidentified) for one in patients]
        self._of_image = {file: patient for patient in self._patients for file in patient.images}

    def image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> DicomObject:
        """Return an image, of which `original` are the bytes as they were opened.

        Raises:
            ImageError: it cannot be decoded.
        """
        patient, name = self._of_image[file], row.image.name
        source = Source(data, name, row.image.format, read_pixel_notes(original, name))
        return _object(ObjectKind.IMAGE, *photograph(patient, patient.images[file], source))

    def image_uid(self, file: str) -> str:
        """Return the UID that an image gets."""
        return self._of_image[file].uid("image", file)

    def pass_over(self, file: str) -> None:
        """Make no object of an image; those behind it in its series are numbered as if it were there."""
        self._of_image[file].pass_over(file)

    def documents(self, answers: Iterable[MachineAnswer], contracts: Mapping[str, Contract]) -> Iterator[DicomObject]:
        """Yield the documents; none refers to an image that was taken out of the contents."""
        some = list(answers)
        for patient in self._patients:
            patient.leave_out_unwritten()
            for document in finding_documents(patient):
                yield _object(ObjectKind.FINDING, document, EXPLICIT_VR)
            answered = [one for one in some if one.file in patient.images]
            for document in machine_documents(patient, answered, contracts):
                yield _object(ObjectKind.MACHINE, document, EXPLICIT_VR)


def _object(kind: ObjectKind, dataset: Any, syntax: str) -> DicomObject:
    meta: Any = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = IMPLEMENTATION
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    dataset.file_meta = meta
    return DicomObject(kind, dataset)
