"""Every verdict on a new model is reached on purpose, and every figure is counted again by other means."""

import dataclasses

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import binomtest
from scipy.stats.mstats import mquantiles
from sklearn.metrics import recall_score

from desktop.core.errors import DataError
from desktop.core.inference.alerts import Alert
from desktop.core.judging.better import (
    FEWEST_CLINIC,
    FEWEST_HELD_OUT,
    GAIN,
    MALIGNANT,
    MELANOMAS,
    Bar,
    Comparison,
    Measure,
    Rule,
    State,
    Verdict,
    age_band,
    compare,
    error_of,
)
from desktop.core.judging.better_words import unknown_sentence
from desktop.core.judging.lesion_answers import ImageAnswers, LesionAnswers, votes
from desktop.core.judging.paired_lesions import PairedLesions, Shares, differences, pair
from tests.alerts import melanoma_alert
from tests.core.judging.paired import lesions
from tests.making import NINE, contract

DRAWS = 400
BARS = (
    Bar(Rule.CALIBRATION, 0.03, most=True, old=0.02, new=0.025),
    Bar(Rule.NOVELTY, 0.04, most=True, old=0.02, new=0.02),
    Bar(Rule.COPIES, 0.95, most=False, old=0.97, new=0.96),
)
SAME_HELD_OUT = lesions(200, 300, old=(190, 150), new=(190, 150))
FEWER_ALARMS = lesions(40, 160, old=(36, 120), new=(36, 60))


def compared(
    held_out: PairedLesions | None = SAME_HELD_OUT,
    clinic: PairedLesions = FEWER_ALARMS,
    bars: tuple[Bar, ...] = BARS,
    measure: Measure = Measure.ALARMS,
    look: int = 1,
    *,
    knows_training: bool = True,
) -> Comparison:
    return compare(held_out, clinic, bars, measure=measure, look=look, knows_training=knows_training, draws=DRAWS)


def failed(one: Comparison) -> set[Rule]:
    return {rule for rule, state in one.rules.items() if state is State.FAILED}


def unmeasured(one: Comparison) -> set[Rule]:
    return {rule for rule, state in one.rules.items() if state is State.NOT_MEASURED}


def test_fewer_alarms_and_nothing_lost_is_better() -> None:
    found = compared()
    assert found.verdict is Verdict.BETTER
    assert set(found.rules.values()) == {State.MET}
    assert found.missed == ()


def test_without_a_gain_the_old_model_is_kept() -> None:
    found = compared(clinic=lesions(40, 160, old=(36, 120), new=(36, 118)))
    assert (found.verdict, failed(found)) == (Verdict.NO_DIFFERENCE, {Rule.GAIN})
    more_alarms = compared(clinic=lesions(40, 160, old=(36, 60), new=(36, 120)))
    assert (more_alarms.verdict, failed(more_alarms)) == (Verdict.NO_DIFFERENCE, {Rule.GAIN})


@pytest.mark.parametrize(
    ("new", "is_lost"),
    [((188, 150), False), ((187, 150), True)],
    ids=["one point fewer", "more than one point fewer"],
)
def test_a_loss_of_melanomas_on_held_out_lesions_is_worse(new: tuple[int, int], is_lost: bool) -> None:
    found = compared(lesions(200, 300, old=(190, 150), new=new))
    assert (Rule.MELANOMAS_HELD_OUT in failed(found)) == is_lost
    assert (found.verdict is Verdict.WORSE) == is_lost


def test_a_bound_below_five_points_is_worse_though_the_difference_is_none() -> None:
    held_out = lesions(150, 0, old=(135, 0), new=(135, 0))
    swapped = dataclasses.replace(held_out, new_melanoma=np.roll(held_out.new_melanoma, 15))
    found = compared(swapped)
    shares = found.held_out[MELANOMAS]
    assert shares.difference == 0
    assert shares.low < -0.05
    assert (found.verdict, failed(found)) == (Verdict.WORSE, {Rule.MELANOMAS_HELD_OUT})


def test_a_melanoma_of_the_clinic_lost_is_worse_and_named() -> None:
    clinic = lesions(40, 160, old=(36, 120), new=(35, 60))
    found = compared(clinic=clinic)
    assert found.verdict is Verdict.WORSE
    assert Rule.MELANOMAS_CLINIC in failed(found)
    assert found.missed == (35,)
    one_for_another = dataclasses.replace(clinic, new_melanoma=clinic.new_melanoma | (np.arange(200) == 39))
    assert compared(clinic=one_for_another).rules[Rule.MELANOMAS_CLINIC] is State.MET
    assert compared(clinic=one_for_another).missed == (35,)


def test_harm_to_the_malignant_sum_is_worse() -> None:
    found = compared(lesions(200, 300, old=(190, 150), new=(190, 150), lost=20))
    assert (found.verdict, failed(found)) == (Verdict.WORSE, {Rule.MALIGNANT_HELD_OUT})
    here = compared(clinic=lesions(40, 160, old=(36, 120), new=(36, 60), lost=1))
    assert (here.verdict, failed(here)) == (Verdict.WORSE, {Rule.MALIGNANT_CLINIC})


def test_harm_to_one_age_is_worse_though_all_together_lose_little() -> None:
    held_out = lesions(400, 0, old=(400, 0), new=(398, 0))
    ages = np.where(np.arange(400) >= 380, 30.0, 50.0)
    two_of_twenty = compared(dataclasses.replace(held_out, ages=ages))
    assert (two_of_twenty.verdict, failed(two_of_twenty)) == (Verdict.WORSE, {Rule.AGES})
    assert two_of_twenty.held_out[age_band(0, 40)].difference == pytest.approx(-0.1, abs=1e-9)
    ages = np.where(np.arange(400) >= 381, 30.0, 50.0)
    of_nineteen = compared(dataclasses.replace(held_out, ages=ages))
    assert of_nineteen.verdict is Verdict.BETTER
    assert age_band(0, 40) not in of_nineteen.held_out
    unknown = compared(dataclasses.replace(held_out, ages=np.full(400, np.nan)))
    assert (unknown.verdict, unmeasured(unknown)) == (Verdict.NOT_MEASURED, {Rule.AGES})


@pytest.mark.parametrize(
    ("bar", "wanted"),
    [
        (Bar(Rule.CALIBRATION, 0.03, most=True, old=0.02, new=0.031), State.FAILED),
        (Bar(Rule.CALIBRATION, 0.03, most=True, old=0.04, new=0.035), State.MET),
        (Bar(Rule.NOVELTY, 0.04, most=True, old=0.02, new=0.05), State.FAILED),
        (Bar(Rule.COPIES, 0.95, most=False, old=0.97, new=0.94), State.FAILED),
        (Bar(Rule.COPIES, 0.95, most=False, old=0.925, new=0.93), State.MET),
        (Bar(Rule.COPIES, 0.95, most=False, old=0.97, new=None), State.NOT_MEASURED),
    ],
)
def test_a_bar_fails_where_the_new_model_is_beyond_it_and_worse(bar: Bar, wanted: State) -> None:
    found = compared(bars=(*BARS, bar))
    assert found.rules[bar.rule] is wanted
    verdicts = {State.FAILED: Verdict.WORSE, State.MET: Verdict.BETTER, State.NOT_MEASURED: Verdict.NOT_MEASURED}
    assert found.verdict is verdicts[wanted]


def test_with_few_melanomas_here_nothing_can_be_told() -> None:
    few = FEWEST_CLINIC - 1
    found = compared(clinic=lesions(few, 160, old=(few, 120), new=(few, 60)))
    assert found.verdict is Verdict.TOO_FEW
    assert found.rules[Rule.GAIN] is State.MET
    enough = compared(clinic=lesions(few + 1, 160, old=(few + 1, 120), new=(few + 1, 60)))
    assert enough.verdict is Verdict.BETTER
    harmful = compared(clinic=lesions(few, 160, old=(few, 120), new=(few - 1, 60)))
    assert harmful.verdict is Verdict.WORSE


def test_without_held_out_lesions_forgetting_is_not_measured() -> None:
    found = compared(held_out=None)
    assert found.verdict is Verdict.NOT_MEASURED
    assert unmeasured(found) == {Rule.MELANOMAS_HELD_OUT, Rule.MALIGNANT_HELD_OUT, Rule.AGES}
    few = FEWEST_HELD_OUT - 1
    assert compared(lesions(few, 300, old=(few, 150), new=(few, 150))).verdict is Verdict.NOT_MEASURED
    assert compared(lesions(few + 1, 300, old=(few + 1, 9), new=(few + 1, 9))).verdict is Verdict.BETTER
    assert compared(bars=()).verdict is Verdict.NOT_MEASURED
    of_melanoma_alone = lesions(200, 300, old=(190, 150), new=(190, 150), has_malignant_alert=False)
    assert unmeasured(compared(of_melanoma_alone)) == {Rule.MALIGNANT_HELD_OUT}


def test_without_knowing_the_training_images_there_is_no_verdict_but_that_of_harm() -> None:
    unknown = compared(knows_training=False)
    assert unknown.verdict is Verdict.UNKNOWN_TRAINING
    assert unknown_sentence(unknown) is None
    few = lesions(FEWEST_CLINIC - 1, 160, old=(19, 120), new=(19, 60))
    assert compared(clinic=few, knows_training=False).verdict is Verdict.UNKNOWN_TRAINING
    lost = compared(clinic=lesions(40, 160, old=(36, 120), new=(35, 60)), knows_training=False)
    forgotten = compared(lesions(200, 300, old=(190, 150), new=(187, 150)), knows_training=False)
    for harmful in (lost, forgotten):
        assert harmful.verdict is Verdict.WORSE
        assert "learned from is not known" in str(unknown_sentence(harmful))
    assert unknown_sentence(compared(clinic=lesions(40, 160, old=(36, 120), new=(35, 60)))) is None


def test_the_gain_is_of_the_measure_that_was_named() -> None:
    more_found = lesions(60, 160, old=(40, 80), new=(55, 80))
    assert compared(clinic=more_found, measure=Measure.MELANOMAS).verdict is Verdict.BETTER
    assert compared(clinic=more_found, measure=Measure.MALIGNANT).verdict is Verdict.BETTER
    assert compared(clinic=more_found, measure=Measure.ALARMS).verdict is Verdict.NO_DIFFERENCE
    none_benign = compared(clinic=lesions(60, 0, old=(40, 0), new=(55, 0)))
    assert none_benign.rules[Rule.GAIN] is State.NOT_MEASURED
    assert none_benign.verdict is Verdict.NO_DIFFERENCE


def test_a_gain_on_few_lesions_is_none() -> None:
    few = FEWEST_CLINIC - 1
    found = compared(clinic=lesions(40, few, old=(36, few), new=(36, 0)))
    assert found.clinic[GAIN].high < 0
    assert (found.rules[Rule.GAIN], found.verdict) == (State.NOT_MEASURED, Verdict.NO_DIFFERENCE)
    assert compared(clinic=lesions(40, few + 1, old=(36, few + 1), new=(36, 0))).verdict is Verdict.BETTER


def test_each_look_is_held_to_a_wider_interval() -> None:
    assert [error_of(look) for look in (1, 2, 3)] == pytest.approx([0.025, 0.05 / 6, 0.05 / 12])
    assert sum(error_of(look) for look in range(1, 100_000)) == pytest.approx(0.05, abs=1e-6)
    clinic = lesions(40, 160, old=(36, 80), new=(36, 72))
    first, tenth = (compared(clinic=clinic, look=look) for look in (1, 10))
    assert (first.verdict, tenth.verdict) == (Verdict.BETTER, Verdict.NO_DIFFERENCE)
    assert first.clinic[GAIN].low > tenth.clinic[GAIN].low


def equal_models(lesions: int, random: np.random.Generator) -> PairedLesions:
    """Return benign lesions, each of a patient, and what two equal models say of them: where they differ, chance decides."""
    changes = np.sort(np.where(random.random(lesions) < 0.3, random.choice([-1, 1], lesions), 0))
    melanomas = np.ones(FEWEST_CLINIC, bool)
    is_benign = np.arange(lesions + FEWEST_CLINIC) < lesions
    old, new = (np.concatenate([one, melanomas]) for one in (changes < 0, changes > 0))
    return PairedLesions(
        melanoma=~is_benign,
        malignant=~is_benign,
        benign=is_benign,
        proved=np.ones(len(is_benign), bool),
        patients=np.arange(len(is_benign)),
        ages=np.full(len(is_benign), np.nan),
        old_melanoma=old,
        new_melanoma=new,
        old_malignant=None,
        new_malignant=None,
    )


@pytest.mark.parametrize(("count", "look"), [(20, 1), (30, 1), (60, 1), (20, 3)])
def test_of_equal_models_the_new_one_gains_at_most_as_often_as_a_look_allows(count: int, look: int) -> None:
    """Nothing else is asked of the new model here: whatever else better needs can but make it rarer."""
    random, tries, error = np.random.default_rng(2026), 1000, error_of(look)
    told: dict[tuple[int, int], tuple[bool, bool]] = {}
    by_rule = by_draws = 0
    for _ in range(tries):
        clinic = equal_models(count, random)
        alarms = clinic.benign, clinic.old_melanoma, clinic.new_melanoma
        changes = int((alarms[0] & alarms[1]).sum()), int((alarms[0] & alarms[2]).sum())
        if changes not in told:
            drawn = differences(clinic, {GAIN: alarms}, error, DRAWS, is_exact=False)[GAIN]
            told[changes] = compared(None, clinic, look=look).rules[Rule.GAIN] is State.MET, drawn.high < 0
        by_rule += told[changes][0]
        by_draws += told[changes][1]
    assert by_rule <= error * tries
    assert by_rule < by_draws
    if look == 3:
        assert by_draws > 2 * error * tries, "the bootstrap alone would err more often than is allowed"


def exact_end(changes: dict[int, int], lesions: int, tail: float, *, is_low: bool) -> float:
    """Count an end of the exact interval again: the polynomial of the patients' chances, and where its tail is as wanted."""
    sizes = [abs(one) for one in changes.values() if one]
    changed, increased = sum(sizes), sum(one for one in changes.values() if one > 0)
    if not sizes:
        most = binomtest(0, len(changes)).proportion_ci(1 - 2 * tail, method="exact").high
        return -most if is_low else most

    def beyond(share: float) -> float:
        chances = Polynomial([1.0])
        for size in sizes:
            chances = chances * Polynomial([1 - share, *[0.0] * (size - 1), share])
        there = chances.coef[increased:] if is_low else chances.coef[: increased + 1]
        return float(there.sum()) - tail

    if increased == (0 if is_low else changed):
        return (-1 if is_low else 1) * changed / lesions
    return (2 * float(brentq(beyond, 0, 1, xtol=1e-14)) - 1) * changed / lesions


def recounted(
    of: PairedLesions,
    among: NDArray[np.bool_],
    old: NDArray[np.bool_],
    new: NDArray[np.bool_],
    tail: float,
    *,
    is_exact: bool,
) -> Shares:
    """Count a difference again: each draw lists the lesions of the drawn patients, as often as they are drawn."""
    random = np.random.default_rng(20_261_123)
    own = [np.flatnonzero(of.patients == patient) for patient in np.unique(of.patients)]

    def difference(listed: NDArray[np.int64]) -> float:
        chosen = listed[among[listed]]
        if not len(chosen):
            return float("nan")
        truth = np.ones(len(chosen), int)
        return float(recall_score(truth, new[chosen]) - recall_score(truth, old[chosen]))

    drawn = [
        difference(np.concatenate([own[one] for one in random.integers(len(own), size=len(own))])) for _ in range(DRAWS)
    ]
    known = [value for value in drawn if not np.isnan(value)]
    low, high = mquantiles(known, prob=[tail, 1 - tail], alphap=1, betap=1)
    whole = difference(np.arange(len(among)))
    counts = (int(np.count_nonzero(among & one)) for one in (old, new))
    changes = {
        patient: sum(
            int(new[place]) - int(old[place]) for place in np.flatnonzero(among) if of.patients[place] == patient
        )
        for patient in set(of.patients[among].tolist())
    }
    if is_exact:
        low = min(low, exact_end(changes, int(among.sum()), tail, is_low=True))
        high = max(high, exact_end(changes, int(among.sum()), tail, is_low=False))
    return Shares(int(among.sum()), len(changes), *counts, whole, float(low), float(high))


def made_up(count: int, seed: int) -> PairedLesions:
    random = np.random.default_rng(seed)
    kind = random.choice(4, size=count, p=[0.4, 0.2, 0.3, 0.1])  # melanoma, other malignant, benign, precursor
    raised = [random.random(count) < share for share in (0.7, 0.65, 0.8, 0.75)]
    return PairedLesions(
        melanoma=kind == 0,
        malignant=kind <= 1,
        benign=kind == 2,
        proved=random.random(count) < 0.8,
        patients=random.integers(count // 2, size=count),
        ages=np.where(random.random(count) < 0.1, np.nan, random.uniform(20, 90, count)),
        old_melanoma=raised[0],
        new_melanoma=raised[1],
        old_malignant=raised[2],
        new_malignant=raised[3],
    )


@pytest.mark.parametrize(("look", "count"), [(1, 180), (3, 60)])
def test_every_figure_is_the_same_counted_by_other_means(look: int, count: int) -> None:
    held_out, clinic = made_up(500, 1), made_up(count, 2)
    found = compared(held_out, clinic, look=look)
    tail = 0.05 / (look * (look + 1))
    wanted = {
        (GAIN, "clinic"): (
            clinic.benign & clinic.proved,
            clinic.old_melanoma | (clinic.old_malignant == True),  # noqa: E712
            clinic.new_melanoma | (clinic.new_malignant == True),  # noqa: E712
        )
    }
    for name, of in (("clinic", clinic), ("held_out", held_out)):
        assert of.old_malignant is not None
        assert of.new_malignant is not None
        wanted[MELANOMAS, name] = (of.melanoma, of.old_melanoma, of.new_melanoma)
        wanted[MALIGNANT, name] = (of.malignant, of.old_malignant, of.new_malignant)
    for first, below in ((0, 40), (40, 60), (60, 130)):
        aged = np.array([first <= age < below for age in held_out.ages.tolist()])
        wanted[age_band(first, below), "held_out"] = (
            held_out.melanoma & aged,
            held_out.old_melanoma,
            held_out.new_melanoma,
        )
    assert {(name, "held_out") for name in found.held_out} | {(name, "clinic") for name in found.clinic} == set(wanted)
    for (name, of_set), (among, old, new) in wanted.items():
        is_clinic = of_set == "clinic"
        of, own, beyond = (clinic, found.clinic, tail) if is_clinic else (held_out, found.held_out, 0.05)
        expected = dataclasses.astuple(recounted(of, among, old, new, beyond, is_exact=is_clinic))
        assert dataclasses.astuple(own[name]) == pytest.approx(expected, abs=1e-9), (name, of_set)


def answered(sure: list[bool], *alerts: Alert) -> LesionAnswers:
    """Answer a melanoma, a nevus and an actinic keratosis, with two images of the melanoma."""
    described = contract(alerts=alerts)
    melanoma = described.label_ids.index("melanoma")
    probabilities = np.full((4, len(NINE)), 0.05)
    probabilities[:, melanoma] = np.where(sure, 0.6, 0.01)
    answers = ImageAnswers(
        places=(0, 1, 2, 3),
        names=("a", "b", "c", "d"),
        truth=("melanoma", "melanoma", "nevus", "actinic_keratosis"),
        lesions=np.array([0, 0, 2, 3]),
        patients=np.array([0, 0, 2, 2]),
        proved=np.array([True, False, False, True]),
        probabilities=probabilities / probabilities.sum(axis=1, keepdims=True),
        with_context=np.full((4, len(NINE)), np.nan),
        withheld=("",) * 4,
        sides=(None,) * 4,
    )
    return votes(answers, described, {})


def test_a_pair_has_one_vote_a_lesion_by_what_it_turned_out_to_be() -> None:
    alert = melanoma_alert(-1.5)
    old, new = answered([True, True, True, False], alert), answered([True, True, False, False], alert)
    found = pair(old, new, contract(), np.array([70.0, 30.0, np.nan]))
    assert found.melanoma.tolist() == found.malignant.tolist() == [True, False, False]
    assert found.benign.tolist() == [False, True, False]
    assert found.proved.tolist() == [True, False, True]
    assert found.old_melanoma.tolist() == [True, True, False]
    assert found.new_melanoma.tolist() == [True, False, False]
    assert found.old_malignant is None
    with pytest.raises(DataError, match="no alert for melanoma"):
        pair(old, answered([True] * 4), contract(), np.full(3, np.nan))
