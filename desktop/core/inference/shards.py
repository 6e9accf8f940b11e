"""One shard of a run over many files, so that several machines share the work without talking to each other."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shard:
    """Shard `index` of `count`, the first being 0."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def takes(self, path: Path, roots: Sequence[Path]) -> bool:
        """Tell whether a file belongs to this shard.

        That depends on its path below the folder of `roots` it was found in alone, so it stays when files are added and is
        the same where the folder is mounted elsewhere. A file that is itself in `roots` counts by its whole path.
        """
        name = unicodedata.normalize("NFC", _below(path, roots).as_posix())
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest) % self.count == self.index


def _below(path: Path, roots: Sequence[Path]) -> Path:
    return next((path.relative_to(root) for root in roots if root != path and path.is_relative_to(root)), path)
