"""A running mean of the weights during training (Polyak and Juditsky 1992), steadier than the weights of the last step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np
from numpy.typing import NDArray

EVERY = 16
"""Steps between two updates of the mean: reading the weights after each step halves the speed of training on a CPU."""


class AverageWeights(keras.callbacks.Callback):  # type: ignore[misc] # keras ships no types
    """Keeps the running mean of a model's weights, including the statistics of its normalisations.

    The mean is updated every `EVERY` steps. At first it keeps less of its past, updates / (9 + updates), so that the initial
    weights are forgotten soon.
    """

    def __init__(self, model: keras.Model, keep: float) -> None:
        """Start from the model's present weights; `keep` is the share of the mean that one step keeps."""
        super().__init__()
        self._keep = keep**EVERY
        self.steps = 0
        self.values = _values(model)

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:  # noqa: ARG002 - Keras' signature
        """Add the weights of every `EVERY`-th step to the mean."""
        self.steps += 1
        if self.steps % EVERY:
            return
        looks = self.steps // EVERY
        keep = min(self._keep, looks / (9 + looks))
        taken = np.float32(1 - keep)
        own = _values(self.model)
        self.values = [mean + taken * (value - mean) for mean, value in zip(self.values, own, strict=True)]

    @contextmanager
    def in_place(self, model: keras.Model) -> Iterator[None]:
        """Give a model the mean weights within a `with` block."""
        own = _values(model)
        _assign(model, self.values)
        try:
            yield
        finally:
            _assign(model, own)

    def restore(self, values: Sequence[NDArray[np.float32]], steps: int) -> None:
        """Continue from the mean of `steps` steps."""
        self.values = list(values)
        self.steps = steps


def _values(model: keras.Model) -> list[NDArray[np.float32]]:
    return [np.array(keras.ops.convert_to_numpy(weight)) for weight in model.weights]


def _assign(model: keras.Model, values: Sequence[NDArray[np.float32]]) -> None:
    for weight, value in zip(model.weights, values, strict=True):
        weight.assign(value)
