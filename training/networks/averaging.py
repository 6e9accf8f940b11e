"""A running mean of the weights over the steps of training (Polyak and Juditsky 1992): steadier than the last step's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray


class AverageWeights(keras.callbacks.Callback):  # type: ignore[misc] # keras ships no types
    """Keeps the mean of a model's weights, the statistics of its normalisations included.

    At first the mean forgets faster, by (1 + step) / (10 + step), so that it does not drag the first weights along.
    """

    def __init__(self, model: keras.Model, keep: float) -> None:
        """Begin with the weights as they are; `keep` is what a step leaves of the mean."""
        super().__init__()
        self._model = model
        self._keep = keep
        self._steps = 0
        self._mean = _values(model)

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:  # noqa: ARG002 - Keras' signature
        """Take the weights of this step into the mean."""
        keep = min(self._keep, (1 + self._steps) / (10 + self._steps))
        self._steps += 1
        taken = np.float32(1 - keep)
        own = _values(self._model)
        self._mean = [mean + taken * (value - mean) for mean, value in zip(self._mean, own, strict=True)]

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the mean into the model for the length of a block."""
        own = _values(self._model)
        _assign(self._model, self._mean)
        try:
            yield
        finally:
            _assign(self._model, own)

    def save(self, path: Path) -> None:
        """Write the mean and the number of steps that made it."""
        with path.open("wb") as file:
            np.savez(file, *self._mean, steps=np.array(self._steps))

    def load(self, path: Path) -> None:
        """Go on from what `save` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            self._steps = int(saved["steps"])
            self._mean = [saved[f"arr_{place}"] for place in range(len(self._mean))]


def _values(model: keras.Model) -> list[NDArray[np.float32]]:
    return [np.array(keras.ops.convert_to_numpy(weight)) for weight in model.weights]


def _assign(model: keras.Model, values: list[NDArray[np.float32]]) -> None:
    for weight, value in zip(model.weights, values, strict=True):
        weight.assign(value)
