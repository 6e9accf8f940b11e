"""A model file in memory, so that the same bytes are hashed, tried and run."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import field
from pathlib import Path
from typing import Self

from desktop.core.errors import ModelError
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.paths import reachable

MAX_BYTES = 1_000_000_000
"""Larger files are refused before they are read. The largest networks that learn dermoscopy have 300 million parameters."""


@frozen
class ModelFile:
    """The bytes of a model file, and their SHA-256 in hexadecimal digits."""

    path: Path
    content: bytes = field(repr=False)
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a model file.

        Raises:
            ModelError: it cannot be read, is not a file, or is larger than `MAX_BYTES`.
        """
        try:
            found = reachable(path).stat()
            if not stat.S_ISREG(found.st_mode):  # a folder, or a pipe or device that never ends
                raise ModelError(tr("“{name}” is not a file. Choose a model file."), name=path.name or str(path))
            if found.st_size > MAX_BYTES:
                raise ModelError(
                    tr("“{name}” is {size} MB large; models of at most {limit} MB are used. Choose another file."),
                    name=path.name,
                    size=found.st_size // 1_000_000,
                    limit=MAX_BYTES // 1_000_000,
                )
            content = reachable(path).read_bytes()
        except (OSError, ValueError) as error:
            raise ModelError(
                tr("The model “{name}” cannot be read ({detail}). Choose another model file."),
                name=path.name,
                detail=getattr(error, "strerror", None) or error,
            ) from error
        return cls(path, content, hashlib.sha256(content).hexdigest())
