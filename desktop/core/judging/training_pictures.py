"""The pictures that a model learned from, recognised in a clinic's data so that they do not count for it.

256 bits of each picture, from which it cannot be made, lie in a file beside the model file, named by the fingerprint of the
training data. A model file that was made from the shipped one without training has the same fingerprint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.image_copies.recognition import WORDS, bits_of, recognised
from desktop.core.paths import SHIPPED_MODEL, reachable

SUFFIX = ".pictures"
"""Takes the place of the model file's own."""

_BEGIN = b"LesionLens training pictures 1\n"
_MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class TrainingPictures:
    """The pictures that a model learned from, or that set its limits: `known` [n, WORDS]."""

    fingerprint: str
    known: NDArray[np.uint64]

    def shows(self, thumbnails: NDArray[np.uint8], compared: Callable[[], None] = lambda: None) -> NDArray[np.bool_]:
        """Tell which thumbnails of whole frames [n, THUMBNAIL, THUMBNAIL, 3] are copies of these pictures; see `recognised`."""
        return recognised(thumbnails, self.known, compared)

    @classmethod
    def of(cls, fingerprint: str, thumbnails: NDArray[np.uint8]) -> "TrainingPictures":
        """Keep thumbnails of whole frames [n, THUMBNAIL, THUMBNAIL, 3]; their order and copies are lost."""
        return cls(fingerprint, np.unique(bits_of(thumbnails), axis=0))

    def and_of(self, earlier: "TrainingPictures") -> "TrainingPictures":
        """Return these pictures with those of a model that this one began with."""
        return TrainingPictures(self.fingerprint, np.unique(np.concatenate([self.known, earlier.known]), axis=0))

    def to_bytes(self) -> bytes:
        """Return what `find_training_pictures` reads."""
        return _BEGIN + f"{self.fingerprint}\n".encode() + self.known.astype("<u8").tobytes()


def find_training_pictures(model: Path, fingerprint: str) -> TrainingPictures | None:
    """Return the pictures that a model with this fingerprint of its training data learned from, None if nothing tells.

    They are looked for beside the model file, then beside the shipped one.
    """
    for path in (model.with_suffix(SUFFIX), SHIPPED_MODEL.with_suffix(SUFFIX)):
        found = _read(reachable(path))
        if found is not None and found.fingerprint == fingerprint:
            return found
    return None


def shipped_pictures() -> TrainingPictures | None:
    """Return the pictures that the shipped model learned from, None if the installation lacks them."""
    return _read(SHIPPED_MODEL.with_suffix(SUFFIX))


def _read(path: Path) -> TrainingPictures | None:
    """Read such a file, None if there is none or it is something else."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    fingerprint, _, words = content.removeprefix(_BEGIN).partition(b"\n")
    if not content.startswith(_BEGIN) or not words or len(words) % (8 * WORDS):
        return None
    known = np.frombuffer(words, "<u8").astype(np.uint64).reshape(-1, WORDS)
    return TrainingPictures(fingerprint.decode("ascii", "replace"), known)
