import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.core.inference.contract import Contract, Flag, Group
from desktop.core.labelled_images.labelled import Split
from desktop.core.statistics.calibration import Binned
from desktop.core.statistics.proportions import proportion
from tests.making import NINE, contract
from training import figures as measuring
from training.figures import SplitFigures

TWO = NINE[3:5]  # melanoma, nevus


def split_figures(
    split: Split,
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
    described: Contract,
    groups: NDArray[np.int64] | None = None,
) -> SplitFigures:
    """Measure images each of which is its own group, unless they are given."""
    return measuring.split_figures(
        split, probabilities, truth, np.arange(len(truth)) if groups is None else groups, described
    )


def test_figures_of_a_hand_made_example() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.2, 0.8]], np.float32)
    figures = split_figures("test", probabilities, np.array([0, 0, 1, 1]), contract(labels=TWO))
    assert (figures.accuracy.k, figures.accuracy.n) == (3, 4)
    assert figures.confusion == ((2, 0), (1, 1))
    melanoma, nevus = figures.labels
    assert melanoma.precision is not None
    assert melanoma.recall is not None
    assert (melanoma.precision.k, melanoma.precision.n) == (2, 3)
    assert (melanoma.recall.k, melanoma.recall.n) == (2, 2)
    assert nevus.support == 2
    assert melanoma.auc == pytest.approx(0.75)
    assert figures.balanced_accuracy == 0.75
    assert figures.grouped is None


def test_the_loss_agrees_with_keras() -> None:
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(9), 50).astype(np.float32)
    probabilities[0] = np.eye(9, dtype=np.float32)[1]
    truth = np.zeros(50, int)
    figures = split_figures("test", probabilities, truth, contract())
    expected = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(truth, probabilities))
    assert figures.loss.value == pytest.approx(float(expected), abs=1e-5)
    assert figures.loss.low < figures.loss.value < figures.loss.high


def test_labels_without_images_or_answers_are_left_out_of_means() -> None:
    probabilities = np.zeros((3, 9), np.float32)
    probabilities[:, 0] = 1
    figures = split_figures("test", probabilities, np.array([0, 0, 1]), contract())
    assert figures.balanced_accuracy == 0.5
    absent = figures.labels[5]
    assert (absent.support, absent.precision, absent.recall, absent.auc) == (0, None, None, None)
    assert figures.mean_auc == 0.5


def test_one_image_is_enough_for_every_figure() -> None:
    figures = split_figures("test", np.full((1, 9), 1 / 9, np.float32), np.array([0]), contract())
    assert figures.loss.low == figures.loss.value
    assert figures.mean_auc is None


def test_a_group_competes_with_its_sum() -> None:
    keratoses = Group("benign_keratosis", "Benign keratosis", (NINE[5].id, NINE[6].id))
    probabilities = np.zeros((2, 9), np.float32)
    probabilities[0, [4, 5, 6]] = 0.4, 0.3, 0.3  # nevus leads, the keratoses together are more
    probabilities[1, [4, 5, 6]] = 0.2, 0.7, 0.1  # the other keratosis is named
    figures = split_figures("test", probabilities, np.array([5, 6]), contract(groups=(keratoses,)))
    assert figures.accuracy.k == 0
    assert figures.grouped is not None
    assert figures.grouped.k == 2


def test_a_flag_is_measured_at_its_threshold() -> None:
    flag = Flag("melanoma", "Melanoma", ("melanoma",), 0.3, 0.95, 0.5, 1, 20, "validation")
    probabilities = np.array([[0.3, 0.7], [0.2, 0.8], [0.5, 0.5], [0.1, 0.9]], np.float32)
    figures = split_figures("test", probabilities, np.array([0, 0, 1, 1]), contract(labels=TWO, flags=(flag,)))
    (tried,) = figures.flags
    assert tried.sensitivity is not None
    assert tried.specificity is not None
    assert (tried.sensitivity.k, tried.sensitivity.n) == (1, 2), "the threshold itself raises the flag"
    assert (tried.specificity.k, tried.specificity.n) == (1, 2)


def test_the_calibration_error_is_that_of_the_model_card() -> None:
    random = np.random.default_rng(4)
    probabilities, truth = random.dirichlet(np.ones(9), 300).astype(np.float32), random.integers(0, 9, 300)
    figures = split_figures("test", probabilities, truth, contract())
    binned = Binned(probabilities.max(axis=1), probabilities.argmax(axis=1) == truth)
    assert figures.calibration_error == binned.error(np.ones(300))
    assert sum(one.images for one in figures.bins) == 300
    gaps = [abs(one.confidence - one.accuracy) * one.images / 300 for one in figures.bins]
    assert sum(gaps) == pytest.approx(figures.calibration_error)


def test_images_of_one_lesion_are_worth_no_more_than_one() -> None:
    random = np.random.default_rng(5)
    probabilities, truth = random.dirichlet(np.ones(9), 60).astype(np.float32), random.integers(0, 9, 60)
    alone = split_figures("test", probabilities, truth, contract())
    thrice = split_figures(
        "test", np.repeat(probabilities, 3, 0), np.repeat(truth, 3), contract(), np.repeat(np.arange(60), 3)
    )
    assert (thrice.accuracy.k, thrice.accuracy.n) == (3 * alone.accuracy.k, 180)
    assert alone.accuracy == proportion(alone.accuracy.k, 60)
    for one, other in ((alone.accuracy, thrice.accuracy), (alone.loss, thrice.loss)):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    for label, tripled in zip(alone.labels, thrice.labels, strict=True):
        assert label.recall is not None
        assert tripled.recall is not None
        assert (label.recall.low, label.recall.high) == pytest.approx((tripled.recall.low, tripled.recall.high))
