import numpy as np
import pytest
from scipy.stats import bootstrap

from desktop.core.statistics.bootstrap import bootstrapped


def test_intervals_widen_with_fewer_lesions() -> None:
    values = np.random.default_rng(0).normal(0, 1, 50)
    alone, doubled = (
        bootstrapped(lambda weights, own=own: {"mean": float(np.average(own, weights=weights))}, groups, 300)["mean"]
        for own, groups in ((values, np.arange(50)), (values.repeat(20), np.arange(50).repeat(20)))
    )
    assert alone.high - alone.low == pytest.approx(4 / 50**0.5, rel=0.3)
    assert doubled.high - doubled.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_the_interval_agrees_with_scipys_percentile_interval() -> None:
    values = np.random.default_rng(1).gamma(2, size=80)
    found = bootstrapped(lambda weights: {"mean": float(np.average(values, weights=weights))}, np.arange(80), 4000)
    expected = bootstrap((values,), np.mean, n_resamples=4000, method="percentile", random_state=1).confidence_interval
    assert (found["mean"].low, found["mean"].high) == pytest.approx((expected.low, expected.high), abs=0.03)
    assert found["mean"].value == pytest.approx(values.mean())


def test_an_undefined_figure_is_left_out() -> None:
    assert bootstrapped(lambda _weights: {"none": np.nan, "one": 1.0}, np.arange(5), 3).keys() == {"one"}
