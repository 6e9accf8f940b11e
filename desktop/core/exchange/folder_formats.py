"""What the formats of exported folders have in common, and the folder with tables."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from desktop.core.exchange import columns, machine_table, table_writing
from desktop.core.exchange.collecting import Collected
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.private_files import make_folder
from desktop.core.records.exchanged_values import ImageRow
from desktop.core.whole_files import save_file


class ExportFormat(StrEnum):
    """The formats in which patients leave; the values stand in the audit log."""

    CSV = "csv"
    FHIR = "fhir"
    DICOM = "dicom"
    GDT = "gdt"

    @property
    def has_images(self) -> bool:
        """Whether the images are exported too."""
        return self is not ExportFormat.GDT

    @property
    def has_unassigned(self) -> bool:
        """Whether images without a patient are exported too."""
        return self is ExportFormat.CSV


class FolderWriter(Protocol):
    """Writes one format into a folder that is there: each image first, then all the rest."""

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:
        """Write an image; return its path in the folder.

        Args:
            file: its path as what was collected names it.
            data: the bytes to write.
            row: its row of the history.
            original: the bytes as they were opened.

        Raises:
            AppError: it cannot be read.
        """

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:
        """Write what there is besides: of the images that were written alone, and of these the model's `answers`."""


class TableFolder:
    """Images byte for byte, with tables; LesionLens reads such a folder again."""

    def __init__(self, folder: Path) -> None:
        """Write into a folder."""
        self._folder = folder

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:  # noqa: ARG002 - as in all
        """Write an image as it is."""
        write_into(self._folder, file, data)
        return file

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:
        """Write the tables."""
        save_file(self._folder / columns.TABLE, table_writing.table_text(found.contents).encode())
        if answers:
            save_file(self._folder / machine_table.TABLE, machine_table.table_text(answers, found.contracts).encode())
            for sha256 in {one.answer.model_sha256 for one in answers}:
                contract = found.contracts[sha256].to_json()
                write_into(self._folder, f"{machine_table.MODELS}/{sha256}.json", contract.encode())


def write_into(folder: Path, file: str, content: bytes) -> None:
    """Write a file by its path in a folder of ours."""
    path = folder / file
    make_folder(path.parent)
    path.write_bytes(content)
