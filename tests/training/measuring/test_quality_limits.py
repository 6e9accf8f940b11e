import numpy as np
import pytest

from desktop.core.imaging.quality import measure
from tests.making import lesion
from training.judging.probe_results import DegradationStep
from training.measuring.quality_limits import SERIES, degraded, limits_of, mean_quality

PIXELS = [np.asarray(lesion(seed, (128, 128))) for seed in range(4)]


@pytest.mark.parametrize("series", SERIES)
def test_a_later_step_degrades_more(series: str) -> None:
    steps = SERIES[series].steps
    changes = [np.abs(degraded(PIXELS, series, amount).astype(int) - np.stack(PIXELS)).mean() for amount in steps]
    assert changes[0] > 0
    assert changes[-1] > changes[0]


@pytest.mark.parametrize(("series", "field"), [("shadow", "dark"), ("bright", "bright"), ("glare", "glare")])
def test_the_quality_measure_follows_the_degradation(series: str, field: str) -> None:
    amount = SERIES[series].steps[1]
    whole = np.mean([getattr(measure(one), field) for one in PIXELS])
    assert mean_quality(degraded(PIXELS, series, amount), series, amount) > whole


def test_blur_reduces_sharpness() -> None:
    assert mean_quality(degraded(PIXELS, "blur", 3.0), "blur", 3.0) < mean_quality(PIXELS, "blur", 0)


def test_a_limit_is_interpolated_where_five_points_are_lost() -> None:
    steps = [
        DegradationStep("blur", 1, 0.5, 0.79),
        DegradationStep("blur", 2, 0.3, 0.71),  # 5 of 8 points on the way from 0.79: 0.75 is half of it
        DegradationStep("blur", 3, 0.1, 0.2),
        DegradationStep("glare", 0.1, 0.2, 0.78),
        DegradationStep("size", 64, 64, 0.8),
        DegradationStep("size", 32, 32, 0.7),
        DegradationStep("dim", 0.5, 0.01, 0.1),
    ]
    found = limits_of(0.8, steps, {"blur": 0.6, "dim": 0, "shadow": 0, "bright": 0, "glare": 0, "size": 128}, "these")
    assert found.sharpness_least == pytest.approx(0.4)
    assert found.side_least == 48
    assert (found.glare_most, found.exposure_dark_most, found.exposure_bright_most) == (None, None, None)
    assert found.accuracy_lost == 0.05
