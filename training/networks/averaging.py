"""A running mean of the weights over the steps of training (Polyak and Juditsky 1992): steadier than the last step's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np
from numpy.typing import NDArray

EVERY = 16
"""Steps between two looks at the weights: reading them after each step halves the speed of a training on a processor."""


class AverageWeights(keras.callbacks.Callback):  # type: ignore[misc] # keras ships no types
    """Keeps the mean of a model's weights, the statistics of its normalisations included.

    It looks at the weights every `EVERY` steps. At first the mean forgets faster, by (1 + looks) / (10 + looks), so that it
    does not drag the first weights along.
    """

    def __init__(self, model: keras.Model, keep: float) -> None:
        """Begin with the weights as they are; `keep` is what a step leaves of the mean."""
        super().__init__()
        self._keep = keep**EVERY
        self.steps = 0
        self.values = _values(model)

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:  # noqa: ARG002 - Keras' signature
        """Take the weights of every `EVERY`-th step into the mean; the model is the one that is being trained."""
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
        """Put the mean into a model for the length of a block."""
        own = _values(model)
        _assign(model, self.values)
        try:
            yield
        finally:
            _assign(model, own)

    def restore(self, values: Sequence[NDArray[np.float32]], steps: int) -> None:
        """Go on from a mean that so many steps have made."""
        self.values = list(values)
        self.steps = steps


def _values(model: keras.Model) -> list[NDArray[np.float32]]:
    return [np.array(keras.ops.convert_to_numpy(weight)) for weight in model.weights]


def _assign(model: keras.Model, values: Sequence[NDArray[np.float32]]) -> None:
    for weight, value in zip(model.weights, values, strict=True):
        weight.assign(value)
