"""Proportions and means with 95 % intervals, for independent images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NORMAL_95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True)
class Proportion:
    """`k` of `n` as a proportion, with its 95 % Wilson interval."""

    k: int
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Mean:
    """A mean of `n` values with its 95 % interval by the normal approximation."""

    n: int
    value: float
    low: float
    high: float


def proportion(k: int, n: int) -> Proportion:
    """Return `k` of `n`, which must not be zero, with its interval.

    The interval is Wilson's score interval without correction for continuity (Wilson 1927; Newcombe 1998, method 3).
    """
    share = k / n
    spread = 2 * (n + _NORMAL_95**2)
    centre = (2 * n * share + _NORMAL_95**2) / spread
    half = _NORMAL_95 / spread * (4 * n * share * (1 - share) + _NORMAL_95**2) ** 0.5
    return Proportion(k, n, share, 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)


def mean(values: NDArray[np.float64]) -> Mean:
    """Return the mean of values [n], n at least 1, with its interval; of one value the interval is that value."""
    average = float(values.mean())
    half = _NORMAL_95 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return Mean(len(values), average, average - half, average + half)


def balanced_accuracy(right: NDArray[np.bool_], truth: NDArray[np.int64]) -> float:
    """Return the mean sensitivity over the labels that have images; both are [n]."""
    return float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))
