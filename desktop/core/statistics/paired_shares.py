"""An exact interval for the difference of two shares of the same lesions, of which a patient may have several."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_HALVINGS = 60
"""Of the unit interval, in which an end is sought: what is left is far below a float's rounding."""


def exact_difference(changes: NDArray[np.int64], lesions: int, tail: float) -> tuple[float, float]:
    """Return an interval for the difference of two shares, the new less the old.

    Given by how many lesions the count of each patient changes, chance decides in which direction: each change is an increase
    with the same probability, whose exact interval (Clopper and Pearson 1934) is that of the difference. Where both shares are
    equal, an increase is as likely as a decrease at each patient, so that an interval without 0 errs at most as often as it
    says, for any number of lesions: it is Fisher's test of random signs (1935), by patient. With one lesion a patient it is
    McNemar's exact test, and the conditional interval of Newcombe (1998, Statistics in Medicine 17, 2635). Where nothing
    changes, the ends are the share of patients who may change all the same.

    Args:
        changes: [p], of each patient with such lesions, the number that count by the new share less that by the old one.
        lesions: how many there are.
        tail: how often the difference lies beyond either end.
    """
    sizes, numbers = np.unique(np.abs(changes[changes != 0]), return_counts=True)
    if not len(sizes):
        most = 1 - tail ** (1 / len(changes))
        return -most, most
    changed, increased = int(sizes @ numbers), int(changes[changes > 0].sum())
    low = _least_probability(sizes.tolist(), numbers.tolist(), increased, tail)
    high = 1 - _least_probability(sizes.tolist(), numbers.tolist(), changed - increased, tail)
    return (2 * low - 1) * changed / lesions, (2 * high - 1) * changed / lesions


def _least_probability(sizes: Sequence[int], numbers: Sequence[int], increased: int, tail: float) -> float:
    """Return the probability of an increase at which so many, or more, are seen with the probability `tail`."""
    if increased == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        total = np.ones(1)
        for size, number in zip(sizes, numbers, strict=True):
            own = np.zeros(size * number + 1)
            own[::size] = _binomial(number, middle)
            total = np.convolve(total, own)
        low, high = (middle, high) if total[increased:].sum() < tail else (low, middle)
    return (low + high) / 2


def _binomial(number: int, probability: float) -> NDArray[np.float64]:
    """Return the probabilities of 0 to `number` of so many draws, for a probability between 0 and 1."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, number + 1)))])
    counts = np.arange(number + 1)
    chosen = logs[-1] - logs - logs[::-1]
    found: NDArray[np.float64] = np.exp(chosen + counts * np.log(probability) + counts[::-1] * np.log1p(-probability))
    return found
