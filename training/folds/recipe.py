"""What made the folds in a folder, kept beside their answers: how they were trained, and how those that they went on from."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop.core.errors import DataError
from training.run.config import FOLD
from training.run.run_folder import Record, RunFolder

_Kept = TypeVar("_Kept")

RECIPE, EARLIER_RECIPES = "recipe.json", "earlier_recipes.json"
"""What made the folds, beside their answers; and what made the folds that they went on from, the first training first."""

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
    _write(folder / RECIPE, _without_paths(record))
    kept = folder / EARLIER_RECIPES
    if FOLD not in record.settings.weights:
        kept.unlink(missing_ok=True)
    elif not kept.exists() or RunFolder(record.settings.weights_file.parent).is_prepared:
        _write(kept, [_without_paths(one) for one in _earlier(record)])


def recipe_of(folder: Path) -> Record:
    """Read what made the folds in a folder.

    Raises:
        DataError: it is not there, or cannot be read.
    """
    return _read(folder / RECIPE, Record)


def earlier_recipes_of(folder: Path) -> tuple[Record, ...]:
    """Read what made the folds that those in a folder went on from, the first training first; none where there are none.

    Raises:
        DataError: it cannot be read.
    """
    if FOLD not in recipe_of(folder).settings.weights:
        return ()
    return _read(folder / EARLIER_RECIPES, tuple[Record, ...])


def _earlier(record: Record) -> list[Record]:
    found: list[Record] = []
    while FOLD in record.settings.weights:
        record = RunFolder(record.settings.weights_file.parent).load_record()
        found.insert(0, record)
    return found


def _without_paths(record: Record) -> Record:
    weights = Path(*Path(record.settings.weights).parts[-_PARTS_OF_A_FILE:]).as_posix()
    data = Path(record.settings.data).name
    settings = dataclasses.replace(record.settings, data=data, weights=weights, judged_by="", limits="")
    return dataclasses.replace(record, settings=settings)


def _write(path: Path, content: Record | Sequence[Record]) -> None:
    RunFolder.write(path, msgspec.json.format(msgspec.json.encode(content), indent=1))


def _read(path: Path, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(
            "“{path}” cannot be read ({detail}). Make it with lesionlens-train cross.", path=path, detail=error
        ) from error
