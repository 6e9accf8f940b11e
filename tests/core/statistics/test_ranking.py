import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from desktop.core.statistics.ranking import Ranked, area_under_curve

RANDOM = np.random.default_rng(0)
POSITIVE = RANDOM.random(900) < 0.1
SCORES = RANDOM.normal(1.0 * POSITIVE)


@pytest.mark.parametrize("decimals", [0, 1, 12], ids=["many ties", "some ties", "no ties"])
def test_auc_agrees_with_scikit_learn(decimals: int) -> None:
    scores = SCORES.round(decimals)
    assert area_under_curve(POSITIVE, scores) == pytest.approx(roc_auc_score(POSITIVE, scores), abs=1e-14)


def test_auc_is_one_for_perfect_separation_and_a_half_for_none() -> None:
    assert area_under_curve(POSITIVE, POSITIVE.astype(float)) == 1
    assert area_under_curve(POSITIVE, -POSITIVE.astype(float)) == 0
    assert area_under_curve(POSITIVE, np.zeros(900)) == 0.5


def test_operating_points_lie_on_the_roc_curve() -> None:
    positive, scores = POSITIVE, SCORES.round(1)  # rounded: with ties
    area, sensitivity, specificity = Ranked(scores, positive)(np.ones(len(scores)))
    wrong, right, _ = roc_curve(positive, scores, drop_intermediate=False)
    assert area == pytest.approx(roc_auc_score(positive, scores))
    assert sensitivity == pytest.approx(right[1 - wrong >= 0.9].max())
    assert specificity == pytest.approx((1 - wrong)[right >= 0.95].max())


def test_weights_count_as_numbers_of_images() -> None:
    positive, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.3, 0.1])
    weighted = Ranked(scores, positive)(np.array([1.0, 2, 3, 1]))
    repeated = [0, 1, 1, 2, 2, 2, 3]
    assert weighted == pytest.approx(Ranked(scores[repeated], positive[repeated])(np.ones(7)))


def test_without_weight_on_one_side_there_are_no_figures() -> None:
    assert np.isnan(Ranked(SCORES, POSITIVE)(POSITIVE.astype(float))).all()
