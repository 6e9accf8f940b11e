"""Writes patients as DICOM files: images, what clinicians said, and model answers, each in a folder of its own."""

import io
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.core.exchange.collecting import IMAGES, Collected
from desktop.core.exchange.dicom_findings import finding_documents
from desktop.core.exchange.dicom_images import EXPLICIT_VR, Source, photograph
from desktop.core.exchange.dicom_machine import machine_documents
from desktop.core.exchange.dicom_patients import PatientObjects
from desktop.core.exchange.folder_formats import write_into
from desktop.core.exchange.identifiers import Identifiers, code_system, dicom_uid
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.imaging.dicom_identity import read_pixel_notes
from desktop.core.imaging.pydicom import FileMetaDataset, dcmwrite
from desktop.core.records.exchanged_values import ImageRow

FINDINGS, MACHINE = "findings", "machine"
"""The folders of the documents: of what clinicians said, and of model answers."""


class DicomFolder:
    """A folder of DICOM files; documents are named by their UIDs, images as in every export."""

    def __init__(self, folder: Path, found: Collected, identifiers: Identifiers, *, is_deidentified: bool) -> None:
        """Write into a folder."""
        self._folder = folder
        self._patients = [
            PatientObjects(one, identifiers, is_deidentified=is_deidentified) for one in found.contents.patients
        ]
        self._of_image = {file: patient for patient in self._patients for file in patient.images}

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:
        """Write an image as an object of DICOM."""
        patient, name = self._of_image[file], row.image.name
        source = Source(data, name, row.image.format, read_pixel_notes(original, name))
        one, syntax = photograph(patient, patient.images[file], source)
        path = f"{IMAGES}/{PurePosixPath(file).stem}.dcm"
        write_into(self._folder, path, _bytes_of(one, syntax))
        return path

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:
        """Write the documents."""
        for patient in self._patients:
            patient.leave_out_unwritten()
            for document in finding_documents(patient):
                self._write(FINDINGS, document)
            answered = [one for one in answers if one.file in patient.images]
            for document in machine_documents(patient, answered, found.contracts):
                self._write(MACHINE, document)

    def _write(self, where: str, document: Any) -> None:
        write_into(self._folder, f"{where}/{document.SOPInstanceUID}.dcm", _bytes_of(document, EXPLICIT_VR))


def _bytes_of(one: Any, syntax: str) -> bytes:
    """Return an object as a file: the same bytes whatever the version of pydicom."""
    one.file_meta = FileMetaDataset()
    one.file_meta.MediaStorageSOPClassUID = one.SOPClassUID
    one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
    one.file_meta.TransferSyntaxUID = syntax
    one.file_meta.ImplementationClassUID = dicom_uid(code_system("implementation"))
    one.file_meta.ImplementationVersionName = "LESIONLENS"
    buffer = io.BytesIO()
    dcmwrite(buffer, one, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return buffer.getvalue()
