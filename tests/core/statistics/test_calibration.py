import numpy as np
import pytest
from scipy.special import softmax as scipys_softmax
from sklearn.calibration import calibration_curve

from desktop.core.statistics.calibration import (
    Binned,
    Calibration,
    CalibrationErrors,
    calibration_error,
    logits_of,
    softmax,
)


def test_softmax_agrees_with_scipy_and_logits_invert_it() -> None:
    logits = np.random.default_rng(0).normal(0, 30, (50, 9))
    assert softmax(logits) == pytest.approx(scipys_softmax(logits, axis=1), abs=1e-15)
    probabilities = np.random.default_rng(0).dirichlet(np.ones(9), 50)
    assert softmax(logits_of(probabilities)) == pytest.approx(probabilities)


def test_a_calibration_can_be_inverted() -> None:
    probabilities = np.random.default_rng(0).dirichlet(np.ones(3), 50)
    none = CalibrationErrors(0, None, None)
    calibration = Calibration(1.7, 50, {}, none, none, (0.3, -0.2, 0.1))
    assert calibration.apply(probabilities) != pytest.approx(probabilities)
    assert calibration.undo(calibration.apply(probabilities)) == pytest.approx(probabilities)


def test_reliability_points_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    sure = random.random(1500)
    came_true = random.random(1500) < sure**2
    points = np.array(Binned(sure, came_true).points(np.ones(1500)))
    shares, means = calibration_curve(came_true, sure, n_bins=15, strategy="quantile")
    assert points[:, 0] == pytest.approx(means)
    assert points[:, 1] == pytest.approx(shares)
    assert points[:, 2].tolist() == [100] * 15


def test_the_calibration_error_is_the_mean_gap_of_bins_of_equal_mass() -> None:
    confidence = np.array([0.9] * 300)
    assert calibration_error(confidence, np.arange(300) % 10 != 0) == pytest.approx(0, abs=0.011)
    assert calibration_error(confidence, np.zeros(300, bool)) == pytest.approx(0.9)
    assert calibration_error(np.array([0.2, 0.8]), np.array([False, True])) == pytest.approx(0.2)


def test_weights_count_as_numbers_of_images() -> None:
    confidence, right = np.array([0.6, 0.9]), np.array([True, False])
    repeated = calibration_error(np.repeat(confidence, [20, 40]), np.repeat(right, [20, 40]))
    assert calibration_error(confidence, right, np.array([1.0, 2.0])) == pytest.approx(repeated)
