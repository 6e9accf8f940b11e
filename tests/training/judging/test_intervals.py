"""Intervals of proportions: images of one lesion are not independent evidence."""

import dataclasses

import numpy as np
import pytest

from desktop.core.statistics.proportions import proportion
from tests.training.answers import NINE, made_up
from training.judging.contract_figures import certainty_test, flag_test
from training.judging.held_out import HeldOutAnswers
from training.judging.intervals import (
    ERROR_ALL,
    SENSITIVITY,
    SPECIFICITY,
    certainty_intervals,
    flag_intervals,
    recall_intervals,
)
from training.judging.thresholds import cross_fit, fit_thresholds, is_wrong


def copied(found: HeldOutAnswers, times: int) -> HeldOutAnswers:
    """Return every image repeated, as copies in its own group."""
    chosen = np.repeat(np.arange(len(found.images)), times)
    images = tuple(found.images[place] for place in chosen)
    assert found.novelty is not None
    return HeldOutAnswers(found.labels, images, found.probabilities[chosen], found.novelty[chosen])


def test_copies_do_not_narrow_an_interval() -> None:
    once = made_up(300)
    many = copied(once, 8)
    own, others = (recall_intervals(found, cross_fit(found, "none")) for found in (once, many))
    right, n = int((~is_wrong(many, cross_fit(many, "none")) & (many.truth == 4)).sum()), int((many.truth == 4).sum())
    wilson = proportion(right, n)
    assert set(own) == set(NINE)
    assert (others["nevus"].value, others["nevus"].low, others["nevus"].high) == pytest.approx(
        (own["nevus"].value, own["nevus"].low, own["nevus"].high)
    )
    assert others["nevus"].high - others["nevus"].low > 2 * (wilson.high - wilson.low)


def test_every_proportion_equals_the_contracts_and_lies_in_its_interval() -> None:
    found = made_up(900)
    cross_fitted = cross_fit(found, "validation")
    flag = fit_thresholds(found, "validation", "these").flags[0]
    test = flag_test(flag, found, cross_fitted, "these")
    assert test is not None
    told = flag_intervals(flag, found, cross_fitted)
    assert told[SENSITIVITY].value == pytest.approx(1 - test.missed / test.positives)
    assert told[SPECIFICITY].value == pytest.approx(1 - test.raised_wrongly / test.negatives)
    costs, counted = certainty_intervals(found, cross_fitted), certainty_test(found, cross_fitted, "these")
    assert [one.value for one in costs.values()] == pytest.approx(
        [
            1 - counted.answered / counted.n,
            counted.error_all,
            counted.error_answered,
            counted.sensitivity_if_missed,
            counted.sensitivity_if_referred,
        ]
    )
    assert all(one.low < one.value < one.high for one in (*told.values(), *costs.values()))


def test_a_flag_without_a_threshold_has_no_figures() -> None:
    found = made_up(900)
    cross_fitted = dataclasses.replace(cross_fit(found, "none"), raised={})
    assert flag_intervals(fit_thresholds(found, "none", "these").flags[0], found, cross_fitted) == {}
    assert ERROR_ALL in certainty_intervals(found, cross_fitted)
    assert len(certainty_intervals(found, cross_fitted)) == 3
