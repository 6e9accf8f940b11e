"""Intervals of shares that images of one lesion make: they are no independent evidence."""

import dataclasses

import numpy as np
import pytest

from desktop.core.statistics.proportions import proportion
from tests.training.answers import NINE, made_up
from training.judging.contract_figures import certainty_test, flag_test
from training.judging.held_out import HeldOut
from training.judging.intervals import ERROR_ALL, SENSITIVITY, SPECIFICITY, of_certainty, of_flag, of_recalls
from training.judging.thresholds import is_wrong, nested, thresholds


def copied(found: HeldOut, times: int) -> HeldOut:
    """Return every image so many times over, as copies of it in its own group."""
    chosen = np.repeat(np.arange(len(found.images)), times)
    images = tuple(found.images[place] for place in chosen)
    assert found.novelty is not None
    return HeldOut(found.labels, images, found.probabilities[chosen], found.novelty[chosen])


def test_copies_make_no_interval_narrower() -> None:
    once = made_up(300)
    many = copied(once, 8)
    own, others = (of_recalls(found, nested(found, "none")) for found in (once, many))
    right, n = int((~is_wrong(many, nested(many, "none")) & (many.truth == 4)).sum()), int((many.truth == 4).sum())
    wilson = proportion(right, n)
    assert set(own) == set(NINE)
    assert (others["nevus"].value, others["nevus"].low, others["nevus"].high) == pytest.approx(
        (own["nevus"].value, own["nevus"].low, own["nevus"].high)
    )
    assert others["nevus"].high - others["nevus"].low > 2 * (wilson.high - wilson.low)


def test_every_share_is_the_one_that_the_contract_counts_and_lies_in_its_interval() -> None:
    found = made_up(900)
    judged = nested(found, "validation")
    flag = thresholds(found, "validation", "these").flags[0]
    test = flag_test(flag, found, judged, "these")
    assert test is not None
    told = of_flag(flag, found, judged)
    assert told[SENSITIVITY].value == pytest.approx(1 - test.missed / test.positives)
    assert told[SPECIFICITY].value == pytest.approx(1 - test.raised_wrongly / test.negatives)
    costs, counted = of_certainty(found, judged), certainty_test(found, judged, "these")
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


def test_where_no_flag_is_set_none_is_told() -> None:
    found = made_up(900)
    judged = dataclasses.replace(nested(found, "none"), raised={})
    assert of_flag(thresholds(found, "none", "these").flags[0], found, judged) == {}
    assert ERROR_ALL in of_certainty(found, judged)
    assert len(of_certainty(found, judged)) == 3
