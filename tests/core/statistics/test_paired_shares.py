"""The exact interval of a paired difference: its ends by other means, and how often it errs where there is no difference."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, permutation_test

from desktop.core.statistics.paired_shares import exact_difference


def changes_of(decreased: int, increased: int, lesions: int) -> NDArray[np.int64]:
    """Return the changes of patients with one lesion each."""
    return np.repeat([-1, 1, 0], [decreased, increased, lesions - decreased - increased])


@pytest.mark.parametrize(("decreased", "increased"), [(0, 7), (6, 0), (3, 9), (15, 15), (400, 350)])
@pytest.mark.parametrize("tail", [0.025, 0.05 / 6])
def test_with_one_lesion_a_patient_it_is_the_interval_of_mcnemars_exact_test(
    decreased: int, increased: int, tail: float
) -> None:
    lesions, changed = 800, decreased + increased
    found = exact_difference(changes_of(decreased, increased, lesions), lesions, tail)
    shares = binomtest(increased, changed).proportion_ci(1 - 2 * tail, method="exact")
    wanted = [(2 * share - 1) * changed / lesions for share in (shares.low, shares.high)]
    assert found == pytest.approx(wanted, abs=1e-9)
    assert (found[1] < 0) == (binomtest(increased, changed, alternative="less").pvalue < tail)


def test_several_lesions_of_a_patient_change_together() -> None:
    changes, lesions, tail = np.array([3, -1, 2, 2, -1, 1, 0, 1]), 20, 0.025
    found = exact_difference(changes, lesions, tail)
    changed, increased = 11, 9
    for end, is_low in zip(found, (True, False), strict=True):
        share = (end * lesions / changed + 1) / 2
        beyond = 0.0
        for ups in itertools.product([False, True], repeat=7):
            total = sum(size for size, up in zip((3, 1, 2, 2, 1, 1, 1), ups, strict=True) if up)
            if total >= increased if is_low else total <= increased:
                beyond += float(np.prod([share if up else 1 - share for up in ups]))
        assert beyond == pytest.approx(tail, abs=1e-9)
    assert found[0] < exact_difference(changes_of(2, 9, lesions), lesions, tail)[0]


@pytest.mark.parametrize("changes", [(-3, -2, -1, -1, 1), (-2, -2, -2, -1, -1, -1), (-4, 1, 1, 1), (-5, -5, -5, 1)])
def test_it_leaves_0_out_where_fishers_test_of_random_signs_does(changes: tuple[int, ...]) -> None:
    values = np.array(changes)
    by_signs = permutation_test((values,), np.sum, permutation_type="samples", alternative="less", n_resamples=np.inf)
    for tail in (0.01, 0.025, 0.1, 0.3):
        assert (exact_difference(values, 40, tail)[1] < 0) == (by_signs.pvalue < tail)


def test_where_nothing_changes_the_patients_say_how_sure_that_is() -> None:
    low, high = exact_difference(np.zeros(30, np.int64), 60, 0.025)
    assert high == pytest.approx(binomtest(0, 30).proportion_ci(0.95, method="exact").high, abs=1e-9)
    assert low == -high


@pytest.mark.parametrize("lesions", [20, 30, 60])
@pytest.mark.parametrize("together", [1, 2], ids=["one a patient", "two a patient"])
def test_equal_models_differ_at_most_as_often_as_it_says(lesions: int, together: int) -> None:
    tail, tries = 0.025, 1000
    random = np.random.default_rng(19)
    # At each patient chance decides which of two equal models alerts on more lesions, and on how many more.
    shape = (tries, lesions // together)
    changes = np.sort(random.choice([-1, 1], shape) * random.binomial(together, 0.4, shape))
    cases, numbers = np.unique(changes, axis=0, return_counts=True)
    ends = [exact_difference(one, lesions, tail) for one in cases]
    below = sum(number for number, (_, high) in zip(numbers.tolist(), ends, strict=True) if high < 0)
    above = sum(number for number, (low, _) in zip(numbers.tolist(), ends, strict=True) if low > 0)
    assert 0 < below <= tail * tries
    assert 0 < above <= tail * tries
