"""Intervals of any figure by bootstrap over groups of images.

Images of one lesion, and copies of one picture, are no independent evidence: the bootstrap draws whole groups. A draw is a
weight for each image, so every figure that is drawn is a weighted one. Two figures, or the same figure of two models, are
compared by drawing their difference.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
_SEED = 20_261_123
_INTERVAL = (2.5, 97.5)

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def bootstrapped(
    figures: Callable[[Weights], dict[str, float]], groups: NDArray[np.int64], draws: int = DRAWS
) -> dict[str, Estimate]:
    """Return what `figures` gives with all weights one, and the interval of what it gives when groups are drawn anew."""
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
            low, high = np.percentile(known, _INTERVAL)
            made[name] = Estimate(float(value), float(low), float(high))
    return made
