"""The effect of another prior on the leading label of held-out images."""

import numpy as np
import pytest

from desktop.core.inference.prior import prior_for
from tests.training.answers import NINE, made_up
from training.calibrate import prior_weights
from training.judging.held_out import HeldOutAnswers
from training.judging.priors import prior_test
from training.judging.thresholds import cross_fit, is_wrong


def mix_of(found: HeldOutAnswers) -> dict[str, float]:
    weights = prior_weights(found.truth, len(NINE), "root")
    return dict(zip(NINE, (np.bincount(found.truth, weights, len(NINE)) / weights.sum()).tolist(), strict=True))


def test_counts_are_those_of_the_answers_shifted_one_by_one() -> None:
    found = made_up(900, seed=2)
    cross_fitted, own = cross_fit(found, "root"), mix_of(found)
    test = prior_test(found, cross_fitted, own, "900 images")
    assert test is not None
    assert test.is_consistent
    assert [point.melanomas for point in test.points] == pytest.approx([percent / 100 for percent in range(1, 51)])
    assert sum(test.own.values()) == int((~is_wrong(found, cross_fitted)).sum())
    melanoma = NINE.index("melanoma")
    point = test.points[2]
    new = prior_for(own, {"melanoma": point.melanomas})
    right = 0
    for place in np.flatnonzero(found.truth == melanoma):
        weighed = [cross_fitted.probabilities[place, at] * new[label] / own[label] for at, label in enumerate(NINE)]
        keratoses = weighed[NINE.index("pigmented_benign_keratosis")] + weighed[NINE.index("seborrheic_keratosis")]
        right += weighed[melanoma] == max(*weighed, keratoses)
    assert point.right["melanoma"] == right
    assert test.points[0].right["melanoma"] < test.own["melanoma"] < test.points[-1].right["melanoma"]
    assert test.points[0].right["nevus"] >= test.own["nevus"]


def test_without_an_own_prior_nothing_is_told() -> None:
    found = made_up(300)
    cross_fitted = cross_fit(found, "none")
    assert prior_test(found, cross_fitted, None, "x") is None
    assert prior_test(found, cross_fitted, dict.fromkeys(NINE, 0.0), "x") is None
