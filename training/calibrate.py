"""Thresholds at which a label that must not be missed is flagged, measured on images the network did not learn from."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Flag

SENSITIVITY = 0.95
"""What a flag has to reach on the validation split; the rest of the trade is specificity, which the contract tells."""

_FEWEST_POSITIVES = 20
"""With fewer positives one miss is already more than 5 % of them, and 95 % cannot be told from 100 %."""

_FEWEST_NEGATIVES = 20
"""The same for the specificity that is told beside it."""

_STEPS = 10_000
"""A threshold has four decimals, rounded down: what the user reads is what is applied, and no last bit decides."""

_FLAGGED = (
    ("melanoma", "Melanoma", ("melanoma",)),
    ("malignant", "Malignancy", ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")),
)


def flags(
    probabilities: NDArray[np.float32], truth: Sequence[str], labels: Sequence[str], measured_on: str
) -> tuple[Flag, ...]:
    """Return the flags that these images allow, each with the highest threshold that is sensitive enough.

    Args:
        probabilities: [n, labels], of images that took no part in training.
        truth: the label id of each image.
        labels: the label ids in the order of the columns.
        measured_on: what these images are, in words.

    Returns:
        A flag for each label or sum that the model knows and that has enough images on both sides.
    """
    made = []
    for flag_id, name, members in _FLAGGED:
        if not set(members) <= set(labels):
            continue
        sums = probabilities[:, [labels.index(member) for member in members]].sum(axis=1, dtype=np.float64)
        positive = np.isin(truth, members)
        positives, negatives = int(positive.sum()), int((~positive).sum())
        if positives < _FEWEST_POSITIVES or negatives < _FEWEST_NEGATIVES:
            continue
        threshold = _highest_threshold(sums[positive])
        missed = int((sums[positive] < threshold).sum())
        specificity = float((sums[~positive] < threshold).mean())
        made.append(
            Flag(
                id=flag_id,
                name=name,
                labels=members,
                threshold=threshold,
                sensitivity=1 - missed / positives,
                specificity=specificity,
                missed=missed,
                positives=positives,
                measured_on=measured_on,
            )
        )
    return tuple(made)


def _highest_threshold(positives: NDArray[np.float64]) -> float:
    """Return the highest threshold, rounded down to four decimals, that enough of the positives reach."""
    may_miss = math.floor(round((1 - SENSITIVITY) * len(positives), 9))
    return math.floor(float(np.sort(positives)[may_miss]) * _STEPS) / _STEPS
