import numpy as np
import pytest
from scipy.stats import binomtest, norm
from sklearn.metrics import balanced_accuracy_score

from desktop.core.statistics.proportions import balanced_accuracy, mean, proportion


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (56, 118), (1, 3), (999, 100_000)])
def test_the_interval_agrees_with_wilsons(k: int, n: int) -> None:
    share, expected = proportion(k, n), binomtest(k, n).proportion_ci(method="wilson")
    assert (share.k, share.n, share.value) == (k, n, k / n)
    assert (share.low, share.high) == (expected.low, expected.high)


def test_a_mean_has_the_interval_of_the_normal_approximation() -> None:
    values = np.random.default_rng(0).gamma(2, size=60)
    found = mean(values)
    assert (found.low, found.high) == pytest.approx(norm.interval(0.95, values.mean(), values.std(ddof=1) / 60**0.5))
    assert (found.n, found.value) == (60, pytest.approx(values.mean()))


def test_the_interval_of_one_value_is_that_value() -> None:
    found = mean(np.array([0.3]))
    assert (found.low, found.value, found.high) == (0.3, 0.3, 0.3)


def test_every_label_counts_equally_in_balanced_accuracy() -> None:
    random = np.random.default_rng(0)
    truth, answered = random.integers(0, 4, 200) ** 2, random.integers(0, 4, 200) ** 2
    assert balanced_accuracy(truth == answered, truth) == pytest.approx(balanced_accuracy_score(truth, answered))
