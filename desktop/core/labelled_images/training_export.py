"""What a folder that LesionLens exported for training says of itself, beside its table."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from desktop.core.errors import DataError
from desktop.core.frozen import frozen
from desktop.core.inference.checked_types import Count, Text
from desktop.core.marking import tr

TABLE, MANIFEST = "lesions.csv", "export.json"
"""The names of both files."""

PIXELS = 1024
"""Both sides of an exported picture keep this many, where they had them."""


@frozen
class TrainingExport:
    """An export: for which model, and on which of its lesions a new one may be judged.

    `history` tells whether two exports come from one history, so that their names can be compared. `model_sha256` is the model
    that is to be improved, and `look` counts the exports for it, with this one. `judged` are the names of the lesions in the
    test split whose histology is later than that model. `left_out` counts lesions and images by reason. `followed` of the
    lesions are benign by follow-up, and `photographs` are the files of the clinical photographs, each of which was chosen.
    """

    version: Literal[1]
    history: Text
    model_sha256: Text
    look: Annotated[int, msgspec.Meta(ge=1)]
    lesions: Count
    images: Count
    judged: tuple[Text, ...]
    left_out: dict[str, Count]
    followed: Count = 0
    photographs: tuple[Text, ...] = ()

    def to_json(self) -> bytes:
        """Return what `read_export` reads."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def read_export(folder: Path) -> TrainingExport:
    """Read what an exported folder says of itself.

    Raises:
        DataError: it is no such folder, or of a newer version.
    """
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=TrainingExport)
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(
            tr(
                "“{folder}” is no folder that LesionLens exported for training ({detail}). Make one with Practice > Export "
                "for training."
            ),
            folder=folder,
            detail=error,
        ) from error
