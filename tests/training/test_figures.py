import keras
import numpy as np
import pytest

from desktop.core.inference.contract import Flag, Group
from tests.making import NINE, contract
from training.figures import split_figures

TWO = NINE[3:5]  # melanoma, nevus


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


def test_calibration_bins_include_probability_one_and_are_weighted_by_images() -> None:
    probabilities = np.array([[1.0, 0.0], [1.0, 0.0], [0.55, 0.45], [0.55, 0.45]], np.float32)
    figures = split_figures("test", probabilities, np.array([0, 0, 0, 1]), contract(labels=TWO))
    assert [(one.images, one.accuracy.k) for one in figures.bins] == [(2, 1), (2, 2)]
    assert figures.calibration_error == pytest.approx(0.025, abs=1e-6)
