"""How well a score separates positive from negative images."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.statistics.bootstrap import Weights

AT_SPECIFICITY, AT_SENSITIVITY = 0.90, 0.95


def area_under_curve(positive: NDArray[np.bool_], scores: NDArray[np.floating]) -> float:
    """Return the area under the ROC curve: how often a positive has the higher score than a negative, ties counting half.

    Both are [n], with at least one image on either side (Hanley and McNeil 1982).
    """
    values, rank = np.unique(scores, return_inverse=True)
    positives = np.bincount(rank[positive], minlength=len(values))
    negatives = np.bincount(rank[~positive], minlength=len(values))
    below = np.cumsum(negatives) - negatives
    wins_twice = (positives * (2 * below + negatives)).sum()  # whole numbers: exact
    return float(wins_twice / (2 * positives.sum() * negatives.sum()))


class Ranked:
    """How well a score separates positive from negative images, for any weights of the images."""

    def __init__(self, scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> None:
        """Sort once; `scores` and `positive` are [n]."""
        values, self._rank = np.unique(scores, return_inverse=True)
        self._count = len(values)
        self._positive = positive

    def __call__(self, weights: Weights) -> tuple[float, float, float]:
        """Return the area under the ROC curve, the sensitivity at 90 % specificity, the specificity at 95 % sensitivity.

        All three are NaN where one side has no weight.
        """
        positives = np.bincount(self._rank, weights * self._positive, self._count)
        negatives = np.bincount(self._rank, weights * ~self._positive, self._count)
        if not (positives.sum() and negatives.sum()):
            return float("nan"), float("nan"), float("nan")
        missed = (np.cumsum(positives) - positives) / positives.sum()
        passed = (np.cumsum(negatives) - negatives) / negatives.sum()
        area = float((positives * (passed + negatives / negatives.sum() / 2)).sum() / positives.sum())
        # A threshold at each score, and one above all of them, which raises nothing.
        sensitivity, specificity = np.append(1 - missed, 0.0), np.append(passed, 1.0)
        rounding = 1e-12
        return (
            area,
            float(sensitivity[specificity >= AT_SPECIFICITY - rounding].max()),
            float(specificity[sensitivity >= AT_SENSITIVITY - rounding].max()),
        )
