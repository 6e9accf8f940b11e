"""Thresholds are set on other images than they are measured on, and withhold the same answers as the app."""

import dataclasses

import numpy as np
import pytest

from desktop.core.inference.classifier import Prediction
from desktop.core.inference.judgement import Abstention, judge
from tests.making import contract
from tests.training.answers import NINE, made_up
from training.images.label_groups import groups_of
from training.judging.held_out import FOLDS
from training.judging.thresholds import FLAGGED_AS_NOVEL, WITHHELD, cross_fit, fit_thresholds, is_withheld


def test_each_fold_uses_the_thresholds_of_the_other_folds() -> None:
    found = made_up(900, too_sure=2.0)
    spoilt = found.probabilities.copy()
    spoilt[found.folds == 1] = np.roll(spoilt[found.folds == 1], 1, axis=1)  # fold 1 answers nonsense
    before, after = (
        cross_fit(found, "validation"),
        cross_fit(dataclasses.replace(found, probabilities=spoilt), "validation"),
    )
    assert before.by_fold[1] == after.by_fold[1]
    assert before.by_fold[2] != after.by_fold[2]
    temperatures = [one.temperature for one in before.by_fold.values()]
    assert temperatures == pytest.approx([2] * FOLDS, rel=0.25)
    here = found.folds == 3
    assert before.probabilities[here] == pytest.approx(before.by_fold[3].calibrated(found.probabilities[here]))


def test_no_calibration_is_fitted_without_a_prior() -> None:
    found = made_up(300, too_sure=2.0)
    fitted = fit_thresholds(found, "none", "these")
    assert (fitted.calibration, fitted.temperature) == (None, 1)
    assert cross_fit(found, "none").probabilities == pytest.approx(found.probabilities)


def test_a_tenth_is_withheld_and_a_fiftieth_is_novel() -> None:
    found = made_up(900)
    cross_fitted, fitted = cross_fit(found, "validation"), fit_thresholds(found, "validation", "these")
    assert cross_fitted.withheld.mean() == pytest.approx(WITHHELD, abs=0.04)
    assert cross_fitted.novel is not None
    assert cross_fitted.novel.mean() == pytest.approx(FLAGGED_AS_NOVEL, abs=0.012)
    assert fitted.novelty is not None
    assert fitted.certainty == round(fitted.certainty, 2)


def test_the_same_answers_are_withheld_as_in_the_app() -> None:
    found = made_up(400, seed=3)
    threshold = 0.55
    withheld = is_withheld(found.probabilities, NINE, threshold)
    description = contract(certainty_threshold=threshold, groups=groups_of(NINE))
    assert description.label_ids == NINE
    for row, expected in zip(found.probabilities, withheld, strict=True):
        judgement = judge(Prediction(tuple(row), None, "0" * 64, 1), description)
        assert (judgement.abstention is Abstention.UNCERTAIN) == expected
    assert 0.05 < withheld.mean() < 0.95
