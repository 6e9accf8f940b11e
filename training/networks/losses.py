"""The loss of a training whose labels are not shown equally often, yet which is to answer as if they were."""

from collections.abc import Sequence
from typing import Any

import keras

_SMALLEST = 1e-7
"""The least probability that is divided by: Keras' own cross-entropy keeps the same distance from 0."""


@keras.saving.register_keras_serializable("lesionlens")
class AdjustedCrossentropy(keras.losses.Loss):  # type: ignore[misc] # keras ships no types
    """Cross-entropy after each probability was multiplied by its label's share to a power (Menon et al. 2021).

    The network learns what makes the rare labels likely beside the frequent ones; the multiplication is left out when it
    answers, so that it answers as if every label were as frequent as any other where the power is 1.
    """

    def __init__(self, shares: Sequence[float], power: float, name: str = "adjusted_crossentropy") -> None:
        super().__init__(name=name)
        self._shares = tuple(float(share) for share in shares)
        self._power = power

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image: `y_true` rows of shares or label indices, `y_pred` probabilities [n, labels]."""
        weights = keras.ops.power(keras.ops.convert_to_tensor(self._shares, y_pred.dtype), self._power)
        weighted = keras.ops.maximum(y_pred, _SMALLEST) * weights
        adjusted = weighted / keras.ops.sum(weighted, axis=-1, keepdims=True)
        if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == y_pred.shape[-1]:
            return keras.ops.categorical_crossentropy(y_true, adjusted)
        return keras.ops.sparse_categorical_crossentropy(keras.ops.reshape(y_true, (-1,)), adjusted)

    def get_config(self) -> dict[str, Any]:
        """Return what a checkpoint keeps of it."""
        return {"shares": self._shares, "power": self._power, "name": self.name}
