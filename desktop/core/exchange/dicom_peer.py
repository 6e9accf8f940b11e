"""How another DICOM program on the network is reached: an archive, or the worklist of a hospital."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.marking import tr

_TITLE = re.compile(r"[ -\[\]-~]{1,16}")
"""Printable ASCII without the backslash (PS3.5, table 6.2-1)."""

_MOST_PORT = 65_535


class NetworkError(AppError):
    """Another DICOM program cannot be reached, or refuses what it is asked."""


class Role(Enum):
    """What another program is for."""

    ARCHIVE = auto()
    WORKLIST = auto()


_ENTER_TITLE = {
    Role.ARCHIVE: tr("Enter the AE title of the archive: 1 to 16 letters and digits."),
    Role.WORKLIST: tr("Enter the AE title of the worklist: 1 to 16 letters and digits."),
}


@dataclass(frozen=True)
class Peer:
    """Another program: its AE title and address, our own AE title, how the connection is protected, and what it is for.

    With `uses_tls`, `authority` is a file with the certificates (PEM) of those to trust; None trusts whom the system trusts.
    """

    title: str
    host: str
    port: int
    own_title: str = "LESIONLENS"
    uses_tls: bool = False
    authority: Path | None = None
    role: Role = Role.ARCHIVE

    @property
    def name(self) -> str:
        """What it is called in sentences and in the audit log."""
        return f"{self.title} ({self.host}:{self.port})"

    def check(self) -> None:
        """Check that it can be reached so.

        Raises:
            NetworkError: a title, the address or the port is none, or the file of the authority is not there.
        """
        if not _is_title(self.own_title):
            raise NetworkError(tr("Enter the AE title of LesionLens: 1 to 16 letters and digits."))
        if not _is_title(self.title):
            raise NetworkError(_ENTER_TITLE[self.role])
        if not self.host or self.host != "".join(self.host.split()):
            raise NetworkError(tr("Enter the address of {title}: a name or an IP address."), title=self.title)
        if not 1 <= self.port <= _MOST_PORT:
            raise NetworkError(
                tr("Enter the port of {title}, from 1 to 65535; often it is 104 or 11112."), title=self.title
            )
        if self.uses_tls and self.authority is not None and not self.authority.is_file():
            raise NetworkError(tr("The file with certificates “{file}” is not there."), file=self.authority)


def _is_title(text: str) -> bool:
    return bool(_TITLE.fullmatch(text)) and text == text.strip()
