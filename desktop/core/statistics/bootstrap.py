"""Confidence intervals of any figure, by bootstrap over groups of images.

Images of one lesion and copies of one picture are not independent, so whole groups are drawn. A draw is a weight for each
image; every figure must therefore accept weights. Two figures, or one figure of two models, are compared by drawing their
difference.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
_SEED = 20_261_123
TAIL = 0.025
"""The share of the draws beyond either end of a 95 % interval."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval, of 95 % unless another is said."""

    value: float
    low: float
    high: float


def bootstrapped(
    figures: Callable[[Weights], dict[str, float]], groups: NDArray[np.int64], draws: int = DRAWS, tail: float = TAIL
) -> dict[str, Estimate]:
    """Return the values of `figures` with all weights one, and their intervals over draws of groups.

    A share `tail` of the draws lies beyond either end of an interval; a figure that is NaN with all weights one is left out.
    """
    found = figures(np.ones(len(groups)))
    members = np.unique(groups, return_inverse=True)[1]
    count = int(members.max()) + 1
    random = np.random.default_rng(_SEED)
    drawn = [
        list(figures(np.bincount(random.integers(count, size=count), minlength=count)[members].astype(float)).values())
        for _ in range(draws)
    ]
    table = np.array(drawn)
    made = {}
    for (name, value), column in zip(found.items(), table.T, strict=True):
        known = column[~np.isnan(column)]
        if not np.isnan(value):
            low, high = np.quantile(known, (tail, 1 - tail))
            made[name] = Estimate(float(value), float(low), float(high))
    return made
