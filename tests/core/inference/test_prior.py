"""Probabilities for a practice's own prior, counting of a prior, and its effect on the leading label."""

import re

import pytest
from scipy.stats import binomtest

from desktop.core.errors import UsageError
from desktop.core.inference.prior import (
    PriorPoint,
    PriorTest,
    before_and_after,
    check_shares,
    counted,
    defining_shares,
    nearest,
    prior_for,
    shifted,
)

OWN = {"melanoma": 0.16, "nevus": 0.54, "bcc": 0.30}
ANSWER = {"melanoma": 0.24, "nevus": 0.61, "bcc": 0.15}


def test_another_share_of_melanomas_leaves_the_others_in_proportion() -> None:
    new = prior_for(OWN, {"melanoma": 0.03})
    assert new["melanoma"] == 0.03
    assert sum(new.values()) == pytest.approx(1)
    assert new["nevus"] / new["bcc"] == pytest.approx(OWN["nevus"] / OWN["bcc"])


def test_labels_without_a_share_stay_in_proportion() -> None:
    new = prior_for(OWN, {"melanoma": 0.03, "bcc": 0.2, "of another model": 0.5})
    assert new == pytest.approx({"melanoma": 0.03, "nevus": 0.77, "bcc": 0.2})
    assert list(new) == list(OWN)
    assert prior_for(OWN, {"melanoma": 0.03, "nevus": 0.77, "bcc": 0.2}) == pytest.approx(new)


def test_shares_that_name_a_prior_make_it_again() -> None:
    own = {"melanoma": 0.1, "nevus": 0.4, "bcc": 0.2, "scc": 0.2, "ak": 0.1}
    for shares in ({"melanoma": 0.03}, {"melanoma": 0.03, "bcc": 0.3}, {"melanoma": 0.05, "ak": 0.2, "bcc": 0.1}):
        new = prior_for(own, shares)
        assert defining_shares(new, own) == shares
        assert prior_for(own, defining_shares(new, own)) == pytest.approx(new)
    every = {"melanoma": 0.1, "nevus": 0.3, "bcc": 0.1, "scc": 0.4, "ak": 0.1}
    assert defining_shares(every, own) == every
    assert defining_shares({"melanoma": 0.3, "nevus": 0.7}, {"melanoma": 0.5, "nevus": 0.5}) == {"melanoma": 0.3}


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({"melanoma": 0.5, "bcc": 0.5}, "add up to 100.0 %. They must leave something"),
        ({"melanoma": 0.5, "bcc": 0.6}, "add up to 110.0 %. They must leave something"),
        ({"melanoma": 0.03, "nevus": 0.8, "bcc": 0.1}, "add up to 93.0 %. Where every diagnosis has one"),
    ],
)
def test_shares_that_do_not_fit_together_are_refused(shares: dict[str, float], says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        check_shares(shares, tuple(OWN))


def test_shares_that_fit_together_are_accepted() -> None:
    for shares in ({"melanoma": 0.03}, {"melanoma": 0.5, "bcc": 0.499}, {"melanoma": 0.03, "nevus": 0.8, "bcc": 0.17}):
        check_shares(shares, tuple(OWN))


def test_shift_is_bayes_rule_with_the_same_likelihoods() -> None:
    new = {"melanoma": 0.03, "nevus": 0.80, "bcc": 0.17}
    answer = shifted(ANSWER, OWN, new)
    assert sum(answer.values()) == pytest.approx(1)
    for label, value in ANSWER.items():
        likelihood_ratio = (value / OWN[label]) / (ANSWER["nevus"] / OWN["nevus"])
        assert (answer[label] / new[label]) / (answer["nevus"] / new["nevus"]) == pytest.approx(likelihood_ratio)


def test_shift_to_the_own_prior_changes_nothing_and_there_and_back_is_the_same() -> None:
    assert shifted(ANSWER, OWN, OWN) == pytest.approx(ANSWER)
    new = prior_for(OWN, {"melanoma": 0.03})
    assert shifted(shifted(ANSWER, OWN, new), new, OWN) == pytest.approx(ANSWER)


def test_rarer_melanomas_lower_their_figure_and_no_order_among_the_others() -> None:
    answer = shifted(ANSWER, OWN, prior_for(OWN, {"melanoma": 0.03}))
    assert answer["melanoma"] < ANSWER["melanoma"]
    assert answer["nevus"] / answer["bcc"] == pytest.approx(ANSWER["nevus"] / ANSWER["bcc"])


def test_share_is_counted_with_its_interval() -> None:
    found = counted(25, 640)
    assert found.value == 25 / 640
    assert found.low < found.value < found.high
    expected = binomtest(25, 640).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("melanomas", "lesions", "says"),
    [(19, 400, "19 melanomas"), (40, 60, "50 %"), (20, 4000, "1 and"), (20, 0, "0 lesions")],
)
def test_share_that_cannot_be_counted_is_refused_with_the_reason(melanomas: int, lesions: int, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        counted(melanomas, lesions)


TEST = PriorTest(
    "900 images",
    {"melanoma": 100, "nevus": 500, "bcc": 300},
    {"melanoma": 70, "nevus": 450, "bcc": 240},
    (
        PriorPoint(0.03, {"melanoma": 30, "nevus": 480, "bcc": 250}),
        PriorPoint(0.04, {"melanoma": 40, "nevus": 475, "bcc": 248}),
    ),
)


def test_figures_of_the_leading_label_are_those_of_the_practice() -> None:
    before, after = before_and_after(TEST, OWN, 0.03)
    prior = prior_for(OWN, {"melanoma": 0.03})
    assert before.accuracy == pytest.approx(prior["melanoma"] * 0.7 + prior["nevus"] * 0.9 + prior["bcc"] * 0.8)
    assert after.accuracy == pytest.approx(prior["melanoma"] * 0.3 + prior["nevus"] * 0.96 + prior["bcc"] * 250 / 300)
    assert before.balanced_accuracy == pytest.approx((0.7 + 0.9 + 0.8) / 3)
    assert (before.found, after.found, after.melanomas) == (70, 30, 100)


def test_nearest_measured_share_is_taken() -> None:
    assert nearest(TEST, OWN, 0.036).melanomas == 0.04
    assert nearest(TEST, OWN, 0.5).melanomas == OWN["melanoma"]


def test_the_models_own_share_changes_nothing() -> None:
    """It is no whole per cent, as the measured shares are."""
    own = prior_for(OWN, {"melanoma": 0.0384})
    before, after = before_and_after(TEST, own, own["melanoma"])
    assert before == after
    assert before.accuracy == pytest.approx(own["melanoma"] * 0.7 + own["nevus"] * 0.9 + own["bcc"] * 0.8)


def test_counts_that_cannot_be_are_no_test() -> None:
    assert TEST.is_consistent
    assert not PriorTest("x", {"melanoma": 1}, {"melanoma": 2}, TEST.points).is_consistent
