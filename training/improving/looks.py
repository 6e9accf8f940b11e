"""Counts how often a new model was judged on the lesions of an export: who looks often finds something by chance."""

from pathlib import Path

import msgspec

from desktop.core.errors import DataError
from desktop.core.labelled_images.training_export import TrainingExport

_FILE = "looks.json"


def note_look(folder: Path, export: TrainingExport, model_sha256: str) -> int:
    """Note in an exported folder that a model is judged on it, and return which look it is at these lesions.

    Earlier exports for the same model count as a look each. A model that was judged here before is no new look.

    Raises:
        DataError: the note is there and cannot be read.
        OSError: it cannot be written.
    """
    path = folder / _FILE
    try:
        seen = msgspec.json.decode(path.read_bytes(), type=list[str]) if path.exists() else []
    except msgspec.MsgspecError as error:
        raise DataError(
            "“{path}” cannot be read ({detail}): how often these lesions were looked at is not known. Export again.",
            path=path,
            detail=error,
        ) from error
    if model_sha256 not in seen:
        seen.append(model_sha256)
        path.write_bytes(msgspec.json.encode(seen))
    return export.look + seen.index(model_sha256)
