"""The calibration errors of a source, beside those of a perfectly calibrated network on as many images."""

import numpy as np
import pytest

from tests.training.answers import made_up
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import cross_fit
from training.measuring.subgroup_figures import SourceCalibration, calibration_by_source


def of_source(found: HeldOutAnswers, source: str) -> SourceCalibration:
    return next(one for one in calibration_by_source(found, cross_fit(found, "none")) if one.source == source)


def test_calibrated_answers_have_the_error_of_chance() -> None:
    one = of_source(made_up(3000), "HAM10000")
    assert set(one.errors) == set(one.by_chance) == {"top", "melanoma", "malignant"}
    # Two images of a lesion share its label, so that the errors scatter as those of half as many images.
    assert all(one.errors[name] < 2 * one.by_chance[name] for name in one.errors)


def test_overconfident_answers_have_a_larger_error_than_chance_gives() -> None:
    one = of_source(made_up(3000, too_sure=3.0), "HAM10000")
    assert one.errors["top"] > 3 * one.by_chance["top"]


def test_chance_alone_gives_fewer_images_a_larger_error() -> None:
    found = made_up(3000)
    few = found.subset(np.arange(3000) < 300)
    many, fewer = (of_source(one, "HAM10000").by_chance["melanoma"] for one in (found, few))
    assert fewer / many == pytest.approx(np.sqrt(10), rel=0.5)
