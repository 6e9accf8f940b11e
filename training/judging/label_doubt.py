"""How far answers doubt the labels of the images, by confident learning (Northcutt, Jiang and Chuang 2021, JAIR 70)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelDoubts:
    """The doubt about each of n labels; `given` and `suggested` are label indices, the same where nothing is suggested.

    `self_confidence` is the probability of the given label.
    """

    given: NDArray[np.int64]
    suggested: NDArray[np.int64]
    self_confidence: NDArray[np.float64]

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The most doubtful first: those with the lowest self-confidence (`docs/experiments.md` has other orders)."""
        return np.argsort(self.self_confidence, kind="stable")


def doubt_labels(probabilities: NDArray[np.float64], given: NDArray[np.int64]) -> LabelDoubts:
    """Return how far answers doubt the given labels.

    Another label is suggested where it is the most probable of those whose probability reaches their threshold, the mean
    self-confidence of the label's images. As each label has its own threshold, rare labels and uncalibrated probabilities do
    not bias it.

    Args:
        probabilities: [n, labels], the answers of networks that were not trained on these images.
        given: [n], the label index of each image.
    """
    labels = probabilities.shape[1]
    self_confidence = probabilities[np.arange(len(given)), given]
    counts = np.bincount(given, minlength=labels)
    sums = np.bincount(given, self_confidence, labels)
    thresholds = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    reached = np.where(probabilities >= thresholds, probabilities, -np.inf)
    suggested = np.where(np.isfinite(reached).any(axis=1), reached.argmax(axis=1), given)
    return LabelDoubts(given, suggested, self_confidence)
