"""Which patient and image became which in a de-identified export: a table that is kept apart from it.

Whoever has it can tell who the patients are, so it is written only where it is asked for, and encrypted if the history is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.core.encryption.file_cipher import MAGIC, FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.cells import MARK, csv_cell, csv_line
from desktop.core.whole_files import whole_file

PATIENT, IMAGE = "patient", "image"
_COLUMNS = ("what", "new", "old", "sha256", "days_back")
_NAME = "pseudonyms"
"""Under which the table is encrypted, so that no other file passes for it."""


@dataclass(frozen=True)
class Replaced:
    """A `PATIENT` or `IMAGE` with its name before and after; its days were moved back by `days_back`."""

    what: str
    new: str
    old: str
    sha256: str
    days_back: int


@dataclass(frozen=True)
class PseudonymFile:
    """Where the table goes, and the history's key if it is encrypted."""

    path: Path
    key: Key | None

    def check(self, folder: Path) -> None:
        """Refuse a place where the table must not be.

        Raises:
            RecordsError: a file is there, or it lies in the folder that is given away.
        """
        if self.path.exists():
            raise RecordsError(tr("“{file}” is there already. Choose another name."), file=self.path)
        if self.path.resolve().is_relative_to(folder.resolve()):
            raise RecordsError(
                tr("The table of pseudonyms must not lie in “{folder}”, which is given away. Choose another place."),
                folder=folder,
            )

    def write(self, rows: Iterable[Replaced]) -> None:
        """Write the table; only its owner can read it.

        Raises:
            RecordsError: it cannot be written.
        """
        lines = [(row.what, row.new, row.old, row.sha256, str(row.days_back)) for row in rows]
        text = MARK + "".join(csv_line(map(csv_cell, cells)) for cells in (_COLUMNS, *lines))
        content = text.encode()
        try:
            with whole_file(self.path) as written:
                written.write_bytes(content if self.key is None else FileCipher(self.key).encrypt(content, _NAME))
        except OSError as error:
            raise RecordsError(
                tr("“{file}” cannot be written ({detail}). Choose another place."),
                file=self.path,
                detail=error.strerror or error,
            ) from error

    def read(self) -> str:
        """Return the table as text.

        Raises:
            RecordsError: it cannot be read, or not with this key.
        """
        try:
            content = self.path.read_bytes()
            if content.startswith(MAGIC):
                if self.key is None:
                    raise RecordsError(tr("“{file}” is encrypted by the passphrase of its history."), file=self.path)
                content = FileCipher(self.key).decrypt(content, _NAME)
            return content.decode("utf-8-sig")
        except OSError as error:
            raise RecordsError(
                tr("“{file}” cannot be read ({detail})."), file=self.path, detail=error.strerror or error
            ) from error
        except ValueError as error:  # DamagedFileError, and bytes that are no text
            raise RecordsError(tr("“{file}” is no table of pseudonyms of this history."), file=self.path) from error
