"""An answer's figures for a patient and a practice: which change, and which do not."""

import dataclasses

import pytest

from desktop.core.inference.adjusted import NOT_ADJUSTED, adjust, raised_by
from desktop.core.inference.alerts import AlertTerm
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.context import Context, ContextFactor, ContextValue
from desktop.core.inference.judgement import judge
from desktop.core.patient_context import PatientContext
from tests.alerts import melanoma_alert
from tests.making import NINE, contract

LABELS = tuple(label.id for label in NINE)
PRIOR = dict.fromkeys(LABELS, 1 / 9)
LAYER = Context(
    "x",
    "x",
    (ContextFactor("age", (ContextValue("20-29", {"melanoma": -2.0}), ContextValue("70-79", {"melanoma": 2.0}))),),
    ("melanoma",),
    (),
    (),
)
OLD, YOUNG = PatientContext("70-79"), PatientContext("20-29")
# Raised where melanoma reaches e^-1.5 = 22 %.
ALERT = dataclasses.replace(melanoma_alert(-1.5), intercept=0.0, terms=(AlertTerm(("melanoma",), 1.0),))
MODEL = contract(calibration_mix=PRIOR, context=LAYER, alerts=(ALERT,))


def prediction(melanoma: float) -> Prediction:
    rest = (1 - melanoma) / 8
    return Prediction(tuple(melanoma if label == "melanoma" else rest for label in LABELS), None, "a" * 64, 1)


def test_context_may_raise_an_alert() -> None:
    answer = prediction(0.1)
    judgement = judge(answer, MODEL)
    adjusted = adjust(answer, judgement, MODEL, OLD, None)
    assert judgement.flags == ()
    assert adjusted.raised == ("melanoma",)
    (raised,) = raised_by(adjusted, MODEL, {})
    assert adjusted.with_context is not None
    assert raised.probability == adjusted.with_context["melanoma"] > 0.1
    assert adjusted.figures == adjusted.with_context


def test_context_never_takes_an_alert_away() -> None:
    answer = prediction(0.3)
    judgement = judge(answer, MODEL)
    adjusted = adjust(answer, judgement, MODEL, YOUNG, None)
    assert [one.flag.id for one in judgement.flags] == ["melanoma"]
    assert adjusted.raised == (), "it stands already"
    assert adjusted.figures is not None
    assert adjusted.figures["melanoma"] < 0.3


def test_prior_changes_figures_and_raises_nothing() -> None:
    answer = prediction(0.1)
    adjusted = adjust(answer, judge(answer, MODEL), MODEL, PatientContext(), {"melanoma": 0.5})
    assert adjusted.raised == ()
    assert adjusted.with_context is None
    assert adjusted.melanomas == 0.5
    assert adjusted.figures is not None
    assert adjusted.figures["melanoma"] == pytest.approx(0.1 * 4.5 / (0.1 * 4.5 + 0.9 * 0.5 * 9 / 8))


def test_prior_is_of_the_figures_with_context_and_the_alert_of_those_without_it() -> None:
    answer = prediction(0.1)
    both = adjust(answer, judge(answer, MODEL), MODEL, OLD, {"melanoma": 0.02})
    alone = adjust(answer, judge(answer, MODEL), MODEL, OLD, None)
    assert both.with_context == alone.with_context
    assert both.raised == alone.raised
    assert both.for_prior is not None
    assert both.with_context is not None
    assert both.for_prior["melanoma"] < both.with_context["melanoma"]
    assert sum(both.for_prior.values()) == pytest.approx(1)


def test_model_without_these_parts_adjusts_nothing() -> None:
    answer = prediction(0.1)
    for model in (contract(), contract(calibration_mix={"melanoma": 0.2, "nevus": 0.8})):
        assert adjust(answer, judge(answer, model), model, OLD, {"melanoma": 0.03}) == NOT_ADJUSTED
    assert not NOT_ADJUSTED
    assert NOT_ADJUSTED.probabilities(answer.probabilities, LABELS) == answer.probabilities


def test_what_the_layer_does_not_know_is_not_said_to_count() -> None:
    adjusted = adjust(prediction(0.1), judge(prediction(0.1), MODEL), MODEL, PatientContext("40-49", "male"), None)
    assert adjusted == NOT_ADJUSTED


def test_figure_of_less_than_one_per_cent_belittles_an_alert() -> None:
    answer = prediction(0.23)
    judgement = judge(answer, MODEL)
    assert judgement.flags
    own = dict(zip(LABELS, answer.probabilities, strict=True))
    assert adjust(answer, judgement, MODEL, YOUNG, {"melanoma": 0.01}).belittles(judgement.flags, own)
    assert not adjust(answer, judgement, MODEL, YOUNG, {"melanoma": 0.01}).belittles((), own)
    assert not adjust(answer, judgement, MODEL, OLD, None).belittles(judgement.flags, own)
    assert not NOT_ADJUSTED.belittles(judgement.flags, own)


def test_figure_belittles_no_alert_whose_own_figure_is_less_than_one_per_cent_too() -> None:
    raised, answer = judge(prediction(0.23), MODEL).flags, prediction(0.009)
    own = dict(zip(LABELS, answer.probabilities, strict=True))
    adjusted = adjust(answer, judge(answer, MODEL), MODEL, YOUNG, {"melanoma": 0.01})
    assert adjusted.figures is not None
    assert adjusted.figures["melanoma"] < 0.01
    assert not adjusted.belittles(raised, own)
