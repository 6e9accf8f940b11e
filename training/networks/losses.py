"""Logit-adjusted cross-entropy: labels are not shown equally often, yet the network answers as if they were."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

_SMALLEST = 1e-7
"""Probabilities are clipped to this, as in Keras' own cross-entropy."""


class AdjustedCrossentropy(keras.losses.Loss):  # type: ignore[misc] # keras ships no types
    """Cross-entropy with logit adjustment: each probability times its label's share to a power (Menon et al. 2021).

    The network answers without the adjustment. With a power of 1 it then answers as if all labels were equally frequent.

    Two terms can be added. `owners` gives for each label the label that it counts as; only the share `apart` of the loss
    distinguishes labels with the same owner. `pair` are two labels that are hard to distinguish: for images of either, the loss
    of the choice between these two is added, times `pair_weight`.
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
        """Return the loss of each image; `y_true` are label indices or rows of shares, `y_pred` probabilities [n, labels]."""
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
