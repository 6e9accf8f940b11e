"""Writes patients as bundles of HL7 FHIR R4B, beside their images.

A patient's bundle has what clinicians said and nothing of a model; answers of models are in a bundle of their own.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.exchange.collecting import Collected
from desktop.core.exchange.fhir_findings import findings
from desktop.core.exchange.fhir_machine import machine_resources
from desktop.core.exchange.fhir_parts import bundle
from desktop.core.exchange.fhir_patients import ExportedFile, FhirPatient
from desktop.core.exchange.fhir_reports import VisitPdf, visit_report
from desktop.core.exchange.folder_formats import write_into
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.imaging.dicom_identity import read_identity
from desktop.core.records.exchanged_values import ImageRow

PATIENTS, MACHINE = "patients", "machine"
"""The folders of the bundles: of what clinicians said, and of model answers."""


class FhirFolder:
    """A folder with two bundles a patient, named by the patient's identifier, and the images byte for byte."""

    def __init__(self, folder: Path, identifiers: Identifiers, pdf: VisitPdf | None) -> None:
        """Write into a folder; `pdf` is the report of a visit of the one patient who is exported."""
        self._folder = folder
        self._pdf = pdf
        self._identifiers = identifiers
        self._files: dict[str, ExportedFile] = {}

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:  # noqa: ARG002 - as in all
        """Write an image as it is."""
        sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # what FHIR's Attachment.hash is
        self._files[file] = ExportedFile(
            row.image.width,
            row.image.height,
            len(data),
            base64.b64encode(sha1).decode(),
            read_identity(data, row.image.name),
        )
        write_into(self._folder, file, data)
        return file

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:
        """Write the bundles."""
        for one in found.contents.patients:
            patient = FhirPatient(one, self._files, self._identifiers)
            whose = list(patient.resources())
            reports = [] if self._pdf is None else visit_report(patient, self._pdf)
            name = f"{patient.identifier('patient')}.json"
            write_into(self._folder, f"{PATIENTS}/{name}", _json(bundle([*whose, *findings(patient), *reports])))
            answered = [answer for answer in answers if answer.file in patient.images]
            if answered:
                machine = list(machine_resources(patient, answered, found.contracts))
                write_into(self._folder, f"{MACHINE}/{name}", _json(bundle([*whose, *machine])))


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)
