"""The state of a training in one file: the network, its optimizer, the running mean, and the position in the epoch."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from training.networks.averaging import AverageWeights


@dataclass(frozen=True)
class PartialEpoch:
    """The mean loss and accuracy of a part of an epoch with `images` images."""

    loss: float
    accuracy: float
    images: int


@dataclass(frozen=True)
class Checkpoint:
    """A training after `steps` steps from its beginning; `parts` are the finished parts of the current epoch."""

    steps: int
    parts: tuple[PartialEpoch, ...]
    network: tuple[NDArray[Any], ...]
    optimizer: tuple[NDArray[Any], ...]
    mean: tuple[NDArray[np.float32], ...]
    mean_steps: int

    def restore(self, model: keras.Model, average: AverageWeights | None) -> None:
        """Restore the state into a compiled network of the same phase, and into the running mean, if there is one."""
        _assign(_state_of(model), self.network)
        model.optimizer.build(model.trainable_variables)
        _assign(model.optimizer.variables, self.optimizer)
        if average:
            average.restore(self.mean, self.mean_steps)


def save(
    path: Path, model: keras.Model, average: AverageWeights | None, steps: int, parts: Sequence[PartialEpoch]
) -> None:
    """Write the state of a training."""
    arrays: dict[str, Any] = {
        "steps": np.array(steps),
        "average_steps": np.array(average.steps if average else 0),
        "parts": np.array([(part.loss, part.accuracy, part.images) for part in parts]).reshape(-1, 3),
        **_numbered("network", _values(_state_of(model))),
        **_numbered("optimizer", _values(model.optimizer.variables)),
        **_numbered("mean", average.values if average else ()),
    }
    with path.open("wb") as file:
        np.savez(file, **arrays)


def read(path: Path) -> Checkpoint:
    """Read what `save` wrote.

    Raises:
        DataError: the file is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            return Checkpoint(
                int(saved["steps"]),
                tuple(
                    PartialEpoch(float(loss), float(accuracy), int(images)) for loss, accuracy, images in saved["parts"]
                ),
                _of(saved, "network"),
                _of(saved, "optimizer"),
                _of(saved, "mean"),
                int(saved["average_steps"]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError("“{path}” cannot be read ({detail}). Start another run.", path=path, detail=error) from error


def _state_of(model: keras.Model) -> list[Any]:
    """Return the variables that training changes: the weights, and the states of random layers."""
    return [*model.weights, *random_states(model)]


def random_states(model: keras.Model) -> list[Any]:
    """Return the states of a network's random layers, such as dropout."""
    return [variable for variable in model.variables if variable.name == "seed_generator_state"]


def _values(variables: Sequence[Any]) -> list[NDArray[Any]]:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: Sequence[Any], values: Sequence[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _numbered(name: str, arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}_{number}": array for number, array in enumerate(arrays)}


def _of(saved: Any, name: str) -> tuple[NDArray[Any], ...]:
    count = sum(key.rpartition("_")[0] == name for key in saved.files)
    return tuple(saved[f"{name}_{number}"] for number in range(count))
