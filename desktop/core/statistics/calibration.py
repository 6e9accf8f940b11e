"""Calibration of probabilities, and the calibration error: the distance between confidence and observed frequency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1e-12
"""The least probability whose logarithm is taken."""

_BINS = 15
"""Bins of the calibration error; all have the same total weight."""


@dataclass(frozen=True)
class CalibrationErrors:
    """The expected calibration error of the most probable label, of melanoma and of the malignant sum.

    None where the model does not have these labels.
    """

    top: float
    melanoma: float | None
    malignant: float | None


@dataclass(frozen=True)
class Calibration:
    """Temperature scaling with logit adjustment: logits are divided by a temperature, then each label's offset is added.

    It also records the number of images it was fitted on, the prior it assumes, and its effect on those images. The
    offsets are in the labels' order, and 0 if there are none.
    """

    temperature: float
    images: int
    mix: dict[str, float]
    before: CalibrationErrors
    after: CalibrationErrors
    offsets: tuple[float, ...] = ()

    def apply(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the calibrated probabilities [n, labels]."""
        return softmax(logits_of(probabilities) / self.temperature + self._offsets(probabilities))

    def undo(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the uncalibrated probabilities [n, labels]."""
        return softmax((logits_of(probabilities) - self._offsets(probabilities)) * self.temperature)

    def _offsets(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.array(self.offsets) if self.offsets else np.zeros(probabilities.shape[1])


def logits_of(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return logits [n, labels] that softmax turns into these probabilities."""
    return np.log(np.maximum(probabilities.astype(np.float64), _SMALLEST))


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities [n, labels], each row of which adds up to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    softened: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return softened


class Binned:
    """Answers in `_BINS` bins of equal weight, sorted by confidence."""

    def __init__(self, confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> None:
        """Sort once; both are [n]."""
        self._order = np.argsort(confidence, kind="stable")
        self._confidence = confidence[self._order].astype(np.float64)
        self._right = right[self._order].astype(np.float64)

    def error(self, weights: NDArray[np.float64]) -> float:
        """Return the mean over bins of the distance between confidence and accuracy."""
        shares, bins = self._bins(weights)
        gaps = np.bincount(bins, shares * (self._confidence - self._right), _BINS)
        return float(np.abs(gaps).sum())

    def points(self, weights: NDArray[np.float64]) -> list[tuple[float, float, int]]:
        """Return the weighted mean confidence, the weighted accuracy and the count of each bin."""
        shares, bins = self._bins(weights)
        parts = [(shares[here], here) for here in (bins == number for number in range(_BINS)) if here.any()]
        return [
            (
                float(np.average(self._confidence[here], weights=own)),
                float(np.average(self._right[here], weights=own)),
                int(here.sum()),
            )
            for own, here in parts
        ]

    def _bins(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        shares = weights[self._order] / weights.sum()
        return shares, np.minimum(((np.cumsum(shares) - shares / 2) * _BINS).astype(int), _BINS - 1)


def calibration_error(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> float:
    """Return the mean over bins of the distance between confidence and accuracy; see `Binned`."""
    return Binned(confidence, right).error(np.ones(len(confidence)) if weights is None else weights)
