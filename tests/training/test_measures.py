"""Figures against what others compute of the same answers, and intervals that take a lesion as one piece of evidence."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, f1_score, roc_auc_score, roc_curve

from tests.training.answers import made_up
from training.calibrate import mix_weights
from training.judging import nested
from training.measures import AS_THEY_ARE, Answers, Ranked, bootstrapped, estimates
from training.measuring.judged import nine, seven

FOUND = made_up(900, seed=5)
ANSWERS = nine(FOUND, nested(FOUND, "validation"))


def test_the_figures_are_those_of_scikit_learn() -> None:
    told = estimates(ANSWERS, draws=2)
    answered = ANSWERS.probabilities.argmax(axis=1)
    one_hot = np.eye(9)[ANSWERS.truth]
    assert told["accuracy"].value == pytest.approx((answered == ANSWERS.truth).mean())
    assert told["balanced accuracy"].value == pytest.approx(balanced_accuracy_score(ANSWERS.truth, answered))
    assert told["macro F1"].value == pytest.approx(f1_score(ANSWERS.truth, answered, average="macro"))
    assert told["macro AUC"].value == pytest.approx(roc_auc_score(one_hot, ANSWERS.probabilities, average="macro"))
    assert told["AUC: melanoma"].value == pytest.approx(roc_auc_score(one_hot[:, 3], ANSWERS.probabilities[:, 3]))
    brier = sum(brier_score_loss(one_hot[:, place], ANSWERS.probabilities[:, place]) for place in range(9))
    assert told["Brier"].value == pytest.approx(brier)


def test_operating_points_lie_on_the_roc_curve() -> None:
    positive, scores = ANSWERS.truth == 3, ANSWERS.probabilities[:, 3].round(2)  # rounded: with ties
    area, sensitivity, specificity = Ranked(scores, positive)(np.ones(len(scores)))
    wrong, right, _ = roc_curve(positive, scores, drop_intermediate=False)
    assert area == pytest.approx(roc_auc_score(positive, scores))
    assert sensitivity == pytest.approx(right[1 - wrong >= 0.9].max())
    assert specificity == pytest.approx((1 - wrong)[right >= 0.95].max())


def test_weights_count_as_that_many_images() -> None:
    positive, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.3, 0.1])
    weighted = Ranked(scores, positive)(np.array([1.0, 2, 3, 1]))
    repeated = [0, 1, 1, 2, 2, 2, 3]
    assert weighted == pytest.approx(Ranked(scores[repeated], positive[repeated])(np.ones(7)))


def test_an_interval_is_as_wide_as_the_lesions_are_few() -> None:
    values = np.random.default_rng(0).normal(0, 1, 50)
    alone, doubled = (
        bootstrapped(lambda weights, own=own: {"mean": float(np.average(own, weights=weights))}, groups, 300)["mean"]
        for own, groups in ((values, np.arange(50)), (values.repeat(20), np.arange(50).repeat(20)))
    )
    assert alone.high - alone.low == pytest.approx(4 / 50**0.5, rel=0.3)
    assert doubled.high - doubled.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_seven_classes_and_malignant_sums_are_of_the_same_answers() -> None:
    merged = seven(FOUND, nested(FOUND, "validation"))
    assert merged is not None
    assert len(merged.classes) == 7
    assert merged.probabilities.sum(axis=1) == pytest.approx(1)
    malignant = ANSWERS.of_sum("malignant", ("melanoma", "basal_cell_carcinoma", "squamous_cell_carcinoma"))
    assert malignant.probabilities[:, 0] == pytest.approx(ANSWERS.probabilities[:, [1, 3, 7]].sum(axis=1))
    assert (malignant.truth == 0).sum() == np.isin(ANSWERS.truth, [1, 3, 7]).sum()


def test_calibration_is_told_in_the_mix_that_it_assumes_and_as_the_images_are() -> None:
    assert AS_THEY_ARE not in estimates(ANSWERS, draws=2)
    mix = mix_weights(ANSWERS.truth, 9, "balanced")
    assert mix.mean() == pytest.approx(1)
    balanced = Answers(ANSWERS.classes, ANSWERS.probabilities, ANSWERS.truth, ANSWERS.groups, mix)
    told = estimates(balanced, draws=2)
    assert told[AS_THEY_ARE].value == pytest.approx(estimates(ANSWERS, draws=2)["ECE"].value)
    assert told["ECE"].value != told[AS_THEY_ARE].value


def test_a_class_without_images_is_left_out() -> None:
    some = ANSWERS.where(ANSWERS.truth != 3)
    told = estimates(some, draws=3)
    assert "recall: melanoma" not in told
    assert 0 < told["balanced accuracy"].value < 1
