"""The loss of a training whose labels are not shown equally often, yet which is to answer as if they were."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

_SMALLEST = 1e-7
"""The least probability that is divided by: Keras' own cross-entropy keeps the same distance from 0."""


class AdjustedCrossentropy(keras.losses.Loss):  # type: ignore[misc] # keras ships no types
    """Cross-entropy after each probability was multiplied by its label's share to a power (Menon et al. 2021).

    The network learns what makes the rare labels likely beside the frequent ones; the multiplication is left out when it
    answers, so that it answers as if every label were as frequent as any other where the power is 1.

    Two terms can be added. `owners` names for each label the label that it counts as: labels of one owner are not told apart by
    the loss but for `apart` of it. `pair` are two labels that are hard to part: an image of either also bears the loss of the
    choice between the two alone, times `pair_weight`.
    """

    def __init__(
        self,
        shares: Sequence[float],
        power: float,
        owners: Sequence[int] = (),
        apart: float = 1.0,
        pair: Sequence[int] = (),
        pair_weight: float = 0.0,
    ) -> None:
        super().__init__(name="adjusted_crossentropy")
        self._shares = tuple(float(share) for share in shares)
        self._power = power
        self._owners = tuple(int(owner) for owner in owners)
        self._apart = apart
        self._pair = tuple(int(label) for label in pair)
        self._pair_weight = pair_weight

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image: `y_true` rows of shares or label indices, `y_pred` probabilities [n, labels]."""
        weights = keras.ops.power(keras.ops.convert_to_tensor(self._shares, y_pred.dtype), self._power)
        weighted = keras.ops.maximum(y_pred, _SMALLEST) * weights
        adjusted = weighted / keras.ops.sum(weighted, axis=-1, keepdims=True)
        if not (len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == y_pred.shape[-1]):
            y_true = keras.ops.one_hot(
                keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32"), y_pred.shape[-1], dtype=y_pred.dtype
            )
        loss = keras.ops.categorical_crossentropy(y_true, adjusted)
        if self._owners and self._apart < 1:
            sums = np.eye(len(self._owners), dtype=np.float32)[list(self._owners)]
            of_owners = -keras.ops.sum(
                keras.ops.matmul(y_true, sums) * keras.ops.log(keras.ops.matmul(adjusted, sums) + _SMALLEST), axis=-1
            )
            loss = self._apart * loss + (1 - self._apart) * of_owners
        if self._pair_weight:
            two = keras.ops.take(adjusted, self._pair, axis=-1)
            between = two / keras.ops.sum(two, axis=-1, keepdims=True)
            of_pair = -keras.ops.sum(
                keras.ops.take(y_true, self._pair, axis=-1) * keras.ops.log(between + _SMALLEST), -1
            )
            loss = loss + self._pair_weight * of_pair
        return loss
