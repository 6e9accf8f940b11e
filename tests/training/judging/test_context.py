"""The layer of age, sex and site finds a real effect, is used only where it gains, and removes no alert."""

import dataclasses

import numpy as np
import pytest

from desktop.core.patient_context import PatientContext
from tests.training.answers import NINE, made_up
from training.judging.context import applied, context_of, fitted, given_of, try_context
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import cross_fit, fit_thresholds


def with_telling_ages(found: HeldOutAnswers) -> HeldOutAnswers:
    """Make all melanomas those of old patients and all nevi those of young ones."""
    ages = {"melanoma": "75.0", "nevus": "25.0"}
    images = tuple(dataclasses.replace(one, age=ages.get(one.label, one.age)) for one in found.images)
    return dataclasses.replace(found, images=images)


@pytest.fixture(scope="module")
def telling() -> HeldOutAnswers:
    return with_telling_ages(made_up(1200, seed=3, is_proved=True))


def test_layer_learns_what_age_tells(telling: HeldOutAnswers) -> None:
    factors = fitted(telling, telling.probabilities, "validation")
    age = {value.id: value.offsets for value in next(one for one in factors if one.id == "age").values}
    assert age["70-79"]["melanoma"] - age["20-29"]["melanoma"] > 1
    assert age["70-79"]["nevus"] - age["20-29"]["nevus"] < -1
    answers = applied(factors, telling, telling.probabilities)
    own = np.arange(len(answers)), telling.truth
    assert np.log(answers[own]).mean() > np.log(telling.probabilities[own]).mean()


def test_layer_adds_nothing_on_average_and_nothing_that_is_not_given(telling: HeldOutAnswers) -> None:
    nobody = dataclasses.replace(
        telling, images=tuple(dataclasses.replace(one, age="", sex="unknown", site="") for one in telling.images)
    )
    factors = fitted(telling, telling.probabilities, "validation")
    assert applied(factors, nobody, nobody.probabilities) == pytest.approx(nobody.probabilities)
    ages = {value.id: value.offsets["melanoma"] for value in factors[0].values}
    known = [given_of(one.age, "", "").age_band for one in telling.images if one.age]
    assert np.mean([ages[band] for band in known]) == pytest.approx(0, abs=1e-9)


def test_contract_s_layer_answers_as_the_fit_does(telling: HeldOutAnswers) -> None:
    cross_fitted = cross_fit(telling, "validation")
    carried = context_of(telling, cross_fitted, fit_thresholds(telling, "validation", "these"), "validation", "these")
    assert carried is not None
    assert carried.is_consistent
    some = telling.subset(np.arange(1200) < 20)
    together = applied(carried.factors, some, some.probabilities)
    for one, row, expected in zip(some.images, some.probabilities, together, strict=True):
        patient = given_of(one.age, one.sex, one.site)
        alone = carried.apply(dict(zip(NINE, row.tolist(), strict=True)), patient)
        assert list(alone.values()) == pytest.approx(expected.tolist())


def test_alerts_are_only_added_and_every_lesion_is_counted(telling: HeldOutAnswers) -> None:
    trial = try_context(telling, cross_fit(telling, "validation"), "validation")
    assert "melanoma" in trial.raises
    whole = {(test.alert, test.aim): test for test in trial.tests if test.ages == "all"}
    for test in trial.tests:
        assert test.found_alone <= test.found <= test.positives
        assert test.nevi_alone <= test.nevi_raised <= test.nevi
        assert test.others_alone <= test.others_raised <= test.others
    for (alert, aim), one in whole.items():
        parts = [test for test in trial.tests if (test.alert, test.aim) == (alert, aim) and test.ages != "all"]
        assert len(parts) == 3
        assert sum(part.positives for part in parts) <= one.positives
    melanomas = [test for test in trial.tests if test.alert == "melanoma" and test.aim == 0.95]
    assert next(test.positives for test in melanomas if test.ages == "60 and over") == melanomas[0].positives


def test_layer_without_gain_is_not_carried() -> None:
    found = made_up(900, seed=5, is_proved=True)
    random = np.random.default_rng(0)
    ages = [str(float(random.integers(20, 80))) for _ in found.images]
    noise = dataclasses.replace(
        found,
        images=tuple(
            dataclasses.replace(one, age=age, sex="", site="") for one, age in zip(found.images, ages, strict=True)
        ),
    )
    cross_fitted = cross_fit(noise, "validation")
    trial = try_context(noise, cross_fitted, "validation")
    assert trial.raises == ()
    assert trial.gains
    assert context_of(noise, cross_fitted, fit_thresholds(noise, "validation", "these"), "validation", "these") is None


def test_answers_of_unproved_lesions_carry_no_layer() -> None:
    found = made_up(900)
    cross_fitted = cross_fit(found, "validation")
    assert context_of(found, cross_fitted, fit_thresholds(found, "validation", "these"), "validation", "these") is None


def test_word_that_is_not_known_says_nothing() -> None:
    assert given_of("about 60", "female", "left knee") == PatientContext(sex="female")
