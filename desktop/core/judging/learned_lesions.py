"""Which lesions of a practice's exports a model learned from, as noted in a file beside the model file."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.errors import DataError
from desktop.core.marking import tr

SUFFIX = ".lesions"
"""Takes the place of the model file's own."""


@dataclass(frozen=True)
class LearnedLesions:
    """The lesions that a model learned from or was set on, by their names in the exports of each history."""

    lesions: dict[str, tuple[str, ...]]

    @property
    def names(self) -> frozenset[str]:
        """The names in the exports of all histories: no two histories give the same one."""
        return frozenset(name for names in self.lesions.values() for name in names)


def read_learned_lesions(model: Path) -> LearnedLesions:
    """Return what is noted beside a model file; nothing where there is no note.

    Raises:
        DataError: the note is there and cannot be read.
    """
    noted = model.with_suffix(SUFFIX)
    if not noted.exists():
        return LearnedLesions({})
    try:
        return msgspec.json.decode(noted.read_bytes(), type=LearnedLesions)
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(
            tr("“{path}” cannot be read ({detail}): which lesions the model learned from is not known."),
            path=noted,
            detail=error,
        ) from error
