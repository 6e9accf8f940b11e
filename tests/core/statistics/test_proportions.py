import numpy as np
import pytest
from scipy.stats import binomtest, norm
from sklearn.metrics import balanced_accuracy_score

from desktop.core.statistics.proportions import (
    balanced_accuracy,
    exact_interval,
    mean,
    proportion,
    proportion_by_group,
)


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (56, 118), (1, 3), (999, 100_000)])
def test_the_interval_agrees_with_wilsons(k: int, n: int) -> None:
    share, expected = proportion(k, n), binomtest(k, n).proportion_ci(method="wilson")
    assert (share.k, share.n, share.value) == (k, n, k / n)
    assert (share.low, share.high) == (expected.low, expected.high)


@pytest.mark.parametrize("n", [1, 20, 137])
def test_the_exact_interval_of_none_and_all_is_clopper_and_pearsons(n: int) -> None:
    for k in (0, n):
        expected = binomtest(k, n).proportion_ci(method="exact")
        assert exact_interval(is_all=k == n, n=n) == pytest.approx((expected.low, expected.high), abs=1e-12)


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


@pytest.mark.parametrize("k", [0, 1, 17, 40])
def test_images_that_are_their_own_groups_have_wilsons_interval(k: int) -> None:
    assert proportion_by_group(np.arange(40) < k, np.arange(40)[::-1]) == proportion(k, 40)


@pytest.mark.parametrize("k", [0, 1, 17, 40])
def test_copies_of_an_image_are_worth_one(k: int) -> None:
    found, one = proportion_by_group(np.repeat(np.arange(40) < k, 3), np.repeat(np.arange(40), 3)), proportion(k, 40)
    assert (found.k, found.n, found.value) == (3 * k, 120, k / 40)
    assert (found.low, found.high) == pytest.approx((one.low, one.high))


def test_an_interval_by_group_holds_the_truth_as_often_as_it_says() -> None:
    """Lesions of one to six images whose answers go together: Wilson's interval of the images holds it far too seldom."""
    random = np.random.default_rng(1)
    held = alone = 0
    for _ in range(600):
        groups = np.repeat(np.arange(60), random.integers(1, 7, 60))
        shares = random.beta(1.4, 0.6, 60)  # 0.7 on average
        counted = random.random(len(groups)) < shares[groups]
        found, images = proportion_by_group(counted, groups), proportion(int(counted.sum()), len(groups))
        held += found.low <= 0.7 <= found.high
        alone += images.low <= 0.7 <= images.high
    assert 0.92 <= held / 600 <= 0.98
    assert alone / 600 < 0.88


def test_a_mean_by_group_is_as_wide_as_that_of_the_groups() -> None:
    values = np.random.default_rng(2).gamma(2, size=30)
    found, one = mean(np.repeat(values, 4), np.repeat(np.arange(30), 4)), mean(values)
    assert (found.n, found.value) == (120, pytest.approx(one.value))
    assert (found.low, found.high) == pytest.approx((one.low, one.high))
    assert mean(values, np.arange(30)) == one
