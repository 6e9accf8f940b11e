"""The training records saved beside a network's answers: its own, and those of the networks that it started from."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from desktop.core.errors import DataError
from training.run.run_folder import RunFolder, RunRecord

_Kept = TypeVar("_Kept")

RECIPE, EARLIER_RECIPES = "recipe.json", "earlier_recipes.json"
"""The record of the network, and those of the networks that it started from, the first training first."""

_PARTS_OF_A_FILE = 2
"""What is kept of the path of a weights file: the run's folder and the file name."""

_NO_FILE = ("none", "imagenet", "shipped")


def save_recipe(record: RunRecord, folder: Path) -> None:
    """Write the record of a network, and those of the networks that it started from, without paths of this machine.

    Args:
        record: of the network's run.
        folder: the folder of its answers.

    Raises:
        DataError: a run that it started from no longer exists, and its record was not saved before.
    """
    _write(folder / RECIPE, _without_paths(record))
    kept = folder / EARLIER_RECIPES
    if record.settings.weights in _NO_FILE:
        kept.unlink(missing_ok=True)
    elif not kept.exists() or RunFolder(record.settings.weights_file.parent).is_prepared:
        _write(kept, [_without_paths(one) for one in _earlier(record)])


def recipe_of(folder: Path) -> RunRecord:
    """Read the record of the network whose answers are in a folder, a run's own or one that `keep` wrote.

    Raises:
        DataError: the record does not exist or cannot be read.
    """
    run = RunFolder(folder)
    if run.is_prepared and not (folder / RECIPE).exists():
        return run.load_record()
    return _read(folder / RECIPE, RunRecord)


def earlier_recipes_of(folder: Path) -> tuple[RunRecord, ...]:
    """Read the records of the networks that the one in a folder started from, the first training first.

    Raises:
        DataError: the records cannot be read.
    """
    if recipe_of(folder).settings.weights in _NO_FILE:
        return ()
    return _read(folder / EARLIER_RECIPES, tuple[RunRecord, ...])


def _earlier(record: RunRecord) -> list[RunRecord]:
    found: list[RunRecord] = []
    while record.settings.weights not in _NO_FILE:
        record = RunFolder(record.settings.weights_file.parent).load_record()
        found.insert(0, record)
    return found


def _without_paths(record: RunRecord) -> RunRecord:
    weights = Path(*Path(record.settings.weights).parts[-_PARTS_OF_A_FILE:]).as_posix()
    data = Path(record.settings.data).name
    corrections = Path(record.settings.corrections).name
    settings = dataclasses.replace(record.settings, data=data, weights=weights, limits="", corrections=corrections)
    return dataclasses.replace(record, settings=settings)


def _write(path: Path, content: RunRecord | Sequence[RunRecord]) -> None:
    RunFolder.write(path, msgspec.json.format(msgspec.json.encode(content), indent=1))


def _read(path: Path, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(
            "“{path}” cannot be read ({detail}). Make it with lesionlens-train keep.", path=path, detail=error
        ) from error
