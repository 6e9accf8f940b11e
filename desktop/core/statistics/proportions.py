"""Proportions and means with 95 % intervals, for independent images and for images of which several show one lesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop.core.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NORMAL_95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


@frozen
class Proportion:
    """`k` of `n` as a proportion, with its 95 % interval, Wilson's."""

    k: int
    n: int
    value: float
    low: float
    high: float


@frozen
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
    return _wilson(k, n, n)


def proportion_by_group(counted: NDArray[np.bool_], groups: NDArray[np.int64]) -> Proportion:
    """Return in how many of n images, at least 1, something holds, with an interval that heeds which images go together.

    Images of one lesion answer alike, so that n of them are worth fewer. Wilson's interval is taken for as many independent
    images as have the variance of the groups (Rao and Scott 1992), at most n; where all or none are counted, for as many as
    there are groups. Where every image is its own group the interval is Wilson's.

    Args:
        counted: [n], of which images it holds.
        groups: [n], the group of each image.
    """
    n, k = len(counted), int(counted.sum())
    places = np.unique(groups, return_inverse=True)[1]
    share = k / n
    if k in {0, n}:
        return _wilson(k, n, int(places.max()) + 1)
    deviations = np.bincount(places, counted - share)
    effect = float((deviations**2).sum()) / (n * share * (1 - share))
    return _wilson(k, n, n / max(effect, 1.0))


def exact_interval(*, is_all: bool, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share of none or all of n independent draws (Clopper and Pearson 1934).

    A bootstrap has no spread there: every draw of none is none.
    """
    least_likely = 0.025 ** (1 / n)
    return (least_likely, 1.0) if is_all else (0.0, 1 - least_likely)


def _wilson(k: int, n: int, independent: float) -> Proportion:
    """Return `k` of `n` with the interval of the same share of so many independent images."""
    share = k / n
    spread = 2 * (independent + _NORMAL_95**2)
    centre = (2 * independent * share + _NORMAL_95**2) / spread
    half = _NORMAL_95 / spread * (4 * independent * share * (1 - share) + _NORMAL_95**2) ** 0.5
    return Proportion(k, n, share, 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)


def mean(values: NDArray[np.float64], groups: NDArray[np.int64] | None = None) -> Mean:
    """Return the mean of values [n], n at least 1, with its interval; of one value, or group, the interval is that value.

    With `groups` [n], the variance is that of the groups' sums: values of one group are not independent.
    """
    average = float(values.mean())
    places = np.arange(len(values)) if groups is None else np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(places, values - average)
    count = len(sums)
    error = (count / (count - 1) * float((sums**2).sum())) ** 0.5 / len(values) if count > 1 else 0.0
    half = _NORMAL_95 * error
    return Mean(len(values), average, average - half, average + half)


def balanced_accuracy(right: NDArray[np.bool_], truth: NDArray[np.int64]) -> float:
    """Return the mean sensitivity over the labels that have images; both are [n]."""
    return float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))
