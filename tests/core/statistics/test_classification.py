"""Figures agree with scikit-learn's for the same answers."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, f1_score, roc_auc_score

from desktop.core.statistics.classification import AS_THEY_ARE, Answers, estimates

CLASSES = ("akiec", "bcc", "bkl", "melanoma", "nevus")
PRIOR = np.array([0.05, 0.1, 0.15, 0.1, 0.6])


def made_up(count: int) -> Answers:
    """Mostly right answers, with few images of some classes and two images of each lesion."""
    random = np.random.default_rng(5)
    truth = random.choice(len(CLASSES), count, p=PRIOR)
    powers = np.exp(random.normal(0, 1, (count, len(CLASSES))) + 2 * np.eye(len(CLASSES))[truth])
    return Answers(CLASSES, powers / powers.sum(axis=1, keepdims=True), truth, np.arange(count) // 2, np.ones(count))


ANSWERS = made_up(900)


def test_figures_agree_with_scikit_learn() -> None:
    told = estimates(ANSWERS, draws=2)
    answered = ANSWERS.probabilities.argmax(axis=1)
    one_hot = np.eye(len(CLASSES))[ANSWERS.truth]
    assert told["accuracy"].value == pytest.approx((answered == ANSWERS.truth).mean())
    assert told["balanced accuracy"].value == pytest.approx(balanced_accuracy_score(ANSWERS.truth, answered))
    assert told["macro F1"].value == pytest.approx(f1_score(ANSWERS.truth, answered, average="macro"))
    assert told["macro AUC"].value == pytest.approx(roc_auc_score(one_hot, ANSWERS.probabilities, average="macro"))
    assert told["AUC: melanoma"].value == pytest.approx(roc_auc_score(one_hot[:, 3], ANSWERS.probabilities[:, 3]))
    brier = sum(brier_score_loss(one_hot[:, place], ANSWERS.probabilities[:, place]) for place in range(len(CLASSES)))
    assert told["Brier"].value == pytest.approx(brier)


def test_a_sum_of_classes_against_the_rest_uses_the_same_answers() -> None:
    malignant = ANSWERS.of_sum("malignant", ("melanoma", "bcc"))
    assert malignant.classes == ("malignant", "rest")
    assert malignant.probabilities[:, 0] == pytest.approx(ANSWERS.probabilities[:, [1, 3]].sum(axis=1))
    assert (malignant.truth == 0).sum() == np.isin(ANSWERS.truth, [1, 3]).sum()


def test_calibration_error_is_given_for_the_assumed_prior_and_for_the_images_own() -> None:
    assert AS_THEY_ARE not in estimates(ANSWERS, draws=2)
    mix = 1 / (len(CLASSES) * np.bincount(ANSWERS.truth)[ANSWERS.truth] / len(ANSWERS.truth))
    balanced = Answers(ANSWERS.classes, ANSWERS.probabilities, ANSWERS.truth, ANSWERS.groups, mix)
    told = estimates(balanced, draws=2)
    assert told[AS_THEY_ARE].value == pytest.approx(estimates(ANSWERS, draws=2)["ECE"].value)
    assert told["ECE"].value != told[AS_THEY_ARE].value


def test_a_class_without_images_is_left_out() -> None:
    some = ANSWERS.where(ANSWERS.truth != 3)
    told = estimates(some, draws=3)
    assert "recall: melanoma" not in told
    assert 0 < told["balanced accuracy"].value < 1
