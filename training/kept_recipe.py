"""What made the folds in a folder, kept beside their answers: how they were trained, and how those that they went on from."""

import dataclasses
from pathlib import Path

import msgspec

from desktop.core.errors import DataError
from training.config import FOLD
from training.run_folder import Record, RunFolder

RECIPE, FIRST_RECIPE = "recipe.json", "first_recipe.json"
"""What made the folds, beside their answers; and what made the folds that they went on from, where they did."""

_PARTS_OF_A_FILE = 3
"""What is kept of the path of weights: the folder of the folds, the fold, the file."""


def save_recipe(record: Record, folder: Path) -> None:
    """Write what made the folds, and those that they went on from, without the paths of this machine.

    Args:
        record: of the first of the folds.
        folder: of the folds.

    Raises:
        DataError: the folds that they went on from are no longer there, and were not written down before.
    """
    _save(record, folder / RECIPE)
    first = folder / FIRST_RECIPE
    if FOLD not in record.settings.weights:
        first.unlink(missing_ok=True)
        return
    earlier = RunFolder(record.settings.weights_file.parent)
    if earlier.is_prepared or not first.exists():
        _save(earlier.load_record(), first)


def _save(record: Record, path: Path) -> None:
    weights = Path(*Path(record.settings.weights).parts[-_PARTS_OF_A_FILE:]).as_posix()
    settings = dataclasses.replace(
        record.settings, data=Path(record.settings.data).name, weights=weights, judged_by="", limits=""
    )
    RunFolder.write(
        path, msgspec.json.format(msgspec.json.encode(dataclasses.replace(record, settings=settings)), indent=1)
    )


def recipe_of(folder: Path) -> Record:
    """Read what made the folds in a folder.

    Raises:
        DataError: it is not there, or cannot be read.
    """
    return _read_recipe(folder / RECIPE)


def first_recipe_of(folder: Path) -> Record | None:
    """Read what made the folds that those in a folder went on from, None where they did not go on from any.

    Raises:
        DataError: it cannot be read.
    """
    return _read_recipe(folder / FIRST_RECIPE) if FOLD in recipe_of(folder).settings.weights else None


def _read_recipe(path: Path) -> Record:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(
            "“{path}” cannot be read ({detail}). Make it with lesionlens-train cross.", path=path, detail=error
        ) from error
