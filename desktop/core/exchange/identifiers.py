"""Identifiers of what is exported, derived from what it is: exporting again gives the same, another history others.

In a de-identified export they are derived from a random number, so that they lead back to nothing.
"""

import secrets
import uuid
from dataclasses import dataclass
from typing import Self

_OURS = uuid.UUID("5c0b6f0c-6f0e-4d0c-9a31-0c1b53f27c5e")
"""Drawn once. The code systems of LesionLens are derived from it."""


@dataclass(frozen=True)
class Identifiers:
    """The identifiers of one export; `namespace` is that of its history."""

    namespace: uuid.UUID

    @classmethod
    def of_history(cls, origin: str) -> Self:
        """Return those of a history, by its `History.origin`."""
        return cls(uuid.uuid5(_OURS, origin))

    @classmethod
    def drawn(cls) -> Self:
        """Return identifiers that nobody can derive again."""
        return cls(uuid.UUID(bytes=secrets.token_bytes(16), version=4))

    def uuid(self, *what: str) -> uuid.UUID:
        """Return the identifier of something, by its kind and what tells it from others of that kind."""
        return uuid.uuid5(self.namespace, "\0".join(what))

    def uid(self, *what: str) -> str:
        """Return the same as a UID of DICOM (PS3.5, B.2)."""
        return dicom_uid(self.uuid(*what))


def dicom_uid(identifier: uuid.UUID) -> str:
    """Return the UID of DICOM that a UUID stands for."""
    return f"2.25.{identifier.int}"


def code_system(name: str) -> uuid.UUID:
    """Return the identifier of one of the code systems of LesionLens."""
    return uuid.uuid5(_OURS, name)


IMPLEMENTATION = dicom_uid(code_system("implementation"))
IMPLEMENTATION_NAME = "LESIONLENS"
"""What LesionLens calls itself in files and associations of DICOM (PS3.7, D.3.3.2)."""
