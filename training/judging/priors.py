"""The effect of another prior on the leading label of the answers to held-out images, for each share of melanomas."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.prior import LEAST, MOST, PriorPoint, PriorTest, prior_for
from desktop.core.labels import MELANOMA
from training.images.label_groups import group_owners, groups_of
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted, leading

_SHARES = tuple(percent / 100 for percent in range(round(100 * LEAST), round(100 * MOST) + 1))


def prior_test(
    found: HeldOutAnswers, cross_fitted: CrossFitted, own: Mapping[str, float] | None, where: str
) -> PriorTest | None:
    """Return how often the right label leads with each whole per cent of melanomas as the prior, cross-fitted.

    Args:
        found: the answers to the held-out images.
        cross_fitted: the same, cross-fitted.
        own: the prior that the model's probabilities assume, None if they are not calibrated.
        where: a description of these images.

    Returns:
        None if the model's own prior is not known, a label has no share in it, or the model has no label melanoma.
    """
    if own is None or MELANOMA not in own or not all(0 < own.get(label, 0.0) < 1 for label in found.labels):
        return None
    shares = np.array([own[label] for label in found.labels])
    points = []
    for melanomas in _SHARES:
        new = prior_for(own, {MELANOMA: melanomas})
        weighed = cross_fitted.probabilities * (np.array([new[label] for label in found.labels]) / shares)
        points.append(PriorPoint(melanomas, _right(found, weighed / weighed.sum(axis=1, keepdims=True))))
    counts = np.bincount(found.truth, minlength=len(found.labels)).tolist()
    return PriorTest(
        f"{where}, cross-fitted",
        dict(zip(found.labels, counts, strict=True)),
        _right(found, cross_fitted.probabilities),
        tuple(points),
    )


def _right(found: HeldOutAnswers, probabilities: NDArray[np.float64]) -> dict[str, int]:
    """Return for each label how many of its images are answered with it or its group."""
    leads, _ = leading(probabilities, found.labels)
    owner = group_owners(found.labels, [group.labels for group in groups_of(found.labels)])
    right = np.bincount(found.truth[leads == owner[found.truth]], minlength=len(found.labels))
    return dict(zip(found.labels, right.tolist(), strict=True))
