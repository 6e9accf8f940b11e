"""Writes patients as DICOM files: images, what clinicians said, and model answers, each in a folder of its own."""

from pathlib import Path, PurePosixPath

from desktop.core.exchange.collecting import Collected
from desktop.core.exchange.dicom_objects import DicomObjects, ObjectKind
from desktop.core.exchange.folder_formats import write_into
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.records.exchanged_values import ImageRow


class DicomFolder:
    """A folder of DICOM files; documents are named by their UIDs, images as in every export."""

    def __init__(self, folder: Path, found: Collected, identifiers: Identifiers, *, is_deidentified: bool) -> None:
        """Write into a folder."""
        self._folder = folder
        self._objects = DicomObjects(found.contents.patients, identifiers, is_deidentified=is_deidentified)

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:
        """Write an image as an object of DICOM."""
        made = self._objects.image(file, data, row, original)
        path = f"{ObjectKind.IMAGE}/{PurePosixPath(file).stem}.dcm"
        write_into(self._folder, path, made.as_file())
        return path

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:
        """Write the documents."""
        for made in self._objects.documents(answers, found.contracts):
            write_into(self._folder, f"{made.kind}/{made.uid}.dcm", made.as_file())
