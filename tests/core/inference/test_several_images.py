"""Several images of a lesion at one visit are one answer, by the rule by which the test figures were counted."""

import dataclasses
import math

import pytest

from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.inference.alerts import Alert, AlertTerm
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.context import Context
from desktop.core.inference.contract import Contract, Flag
from desktop.core.inference.judgement import Abstention, judge
from desktop.core.inference.several_images import ImageAnswer, answer_lesion
from desktop.core.labels import MELANOMA
from tests.alerts import MELANOMA as OF_MELANOMA
from tests.alerts import POINT
from tests.making import NINE, contract

LIMIT = 0.3
"""The probability of melanoma from which on an image raises the alert."""

ALERT = dataclasses.replace(
    OF_MELANOMA,
    intercept=0.0,
    terms=(AlertTerm((MELANOMA,), 1.0),),
    curve=(dataclasses.replace(POINT, threshold=math.log(LIMIT)),),
)


def model(alert: Alert = ALERT, **changes: object) -> Contract:
    return contract(alerts=(alert,), **changes)


def probabilities(melanoma: float) -> dict[str, float]:
    rest = (1 - melanoma) / (len(NINE) - 1)
    return {label.id: melanoma if label.id == MELANOMA else rest for label in NINE}


def image(
    melanoma: float, of: Contract, adjusted: Adjusted = NOT_ADJUSTED, abstention: Abstention | None = None
) -> ImageAnswer:
    prediction = Prediction(tuple(probabilities(melanoma).values()), None, "0" * 64, 1)
    judgement = dataclasses.replace(judge(prediction, of), abstention=abstention)
    return ImageAnswer(prediction, judgement, adjusted)


@pytest.mark.parametrize(
    ("shares", "places", "is_tested"),
    [
        ((0.4,), (0,), True),
        ((0.4, 0.4), (0, 1), True),
        ((0.29, 0.4), (1,), True),  # the mean of the logarithms is above that of the limit
        ((0.4, 0.1), (0,), False),  # the mean of the probabilities is 0.25, that of the scores log 0.2
        ((0.6, 0.1), (0,), False),  # the mean of the probabilities would reach the limit: the score is what was tested
        ((0.2, 0.9, 0.2), (1,), True),
    ],
)
def test_lesion_raises_an_alert_by_the_mean_score_of_its_images(
    shares: tuple[float, ...], places: tuple[int, ...], is_tested: bool
) -> None:
    found = answer_lesion([image(one, model()) for one in shares], model())
    (alert,) = found.alerts
    assert (alert.places, alert.is_tested) == (places, is_tested)
    assert alert.raised.probability == max(shares)
    assert found.is_answered


def test_model_that_was_counted_by_any_image_needs_one() -> None:
    by_any = model(dataclasses.replace(ALERT, over_images="any"))
    (alert,) = answer_lesion([image(0.4, by_any), image(0.01, by_any)], by_any).alerts
    assert (alert.places, alert.is_tested) == ((0,), True)


def test_flags_were_counted_by_image() -> None:
    flag = Flag(MELANOMA, "Melanoma", (MELANOMA,), LIMIT, 0.95, 0.4, 4, 88, "validation split")
    of_flags = contract(flags=(flag,))
    (alert,) = answer_lesion([image(0.4, of_flags), image(0.01, of_flags)], of_flags).alerts
    assert (alert.places, alert.is_tested) == ((0,), True)


def test_no_image_above_the_limit_raises_nothing() -> None:
    found = answer_lesion([image(0.2, model()), image(0.29, model())], model())
    assert (found.alerts, found.is_answered) == ((), True)
    assert found.alert(MELANOMA) is None


@pytest.mark.parametrize("abstention", [Abstention.DAMAGED, Abstention.QUALITY, Abstention.NOVELTY, None])
def test_lesion_with_an_image_without_figures_is_not_answered(abstention: Abstention | None) -> None:
    missing = None if abstention is None else image(0.1, model(), abstention=abstention)
    found = answer_lesion([image(0.2, model()), missing], model())
    assert (found.images, found.unanswered, found.uncertain, found.is_answered) == (2, 1, 0, False)


def test_lesion_with_an_uncertain_image_is_not_answered() -> None:
    found = answer_lesion([image(0.2, model()), image(0.2, model(), abstention=Abstention.UNCERTAIN)], model())
    assert (found.unanswered, found.uncertain, found.is_answered) == (0, 1, False)


@pytest.mark.parametrize(
    ("abstention", "other", "is_tested"),
    [
        (Abstention.NOVELTY, 0.2, True),  # the mean of the scores is log 0.42
        (Abstention.QUALITY, 0.05, False),
        (Abstention.DAMAGED, 0.2, False),  # no damaged file was tested: the other image alone raises none
    ],
)
def test_withheld_image_keeps_its_alert_and_counts_as_in_testing(
    abstention: Abstention, other: float, is_tested: bool
) -> None:
    withheld = image(0.9, model(), abstention=abstention)
    (alert,) = answer_lesion([image(other, model()), withheld], model()).alerts
    assert (alert.places, alert.is_tested) == ((1,), is_tested)


def test_alert_of_a_single_withheld_image_was_tested() -> None:
    (alert,) = answer_lesion([image(0.4, model(), abstention=Abstention.NOVELTY)], model()).alerts
    assert alert.is_tested


def test_context_raises_a_lesion_by_the_higher_score_of_each_image() -> None:
    layer = Context("these", "these", (), (MELANOMA,), (), ())
    with_layer = model(context=layer)

    def known(melanoma: float, with_context: float) -> ImageAnswer:
        raised = (MELANOMA,) if melanoma < LIMIT <= with_context else ()
        adjusted = Adjusted(with_context=probabilities(with_context), raised=raised)
        return image(melanoma, with_layer, adjusted)

    (both,) = answer_lesion([known(0.2, 0.4), known(0.28, 0.1)], with_layer).alerts
    assert (both.places, both.is_tested, both.raised.by_context) == ((0,), True, True)
    (one,) = answer_lesion([known(0.2, 0.4), known(0.05, 0.1)], with_layer).alerts
    assert (one.is_tested, one.raised.by_context) == (False, True)
    (alone,) = answer_lesion([known(0.4, 0.4), known(0.2, 0.6)], with_layer).alerts
    assert (alone.places, alone.is_tested, alone.raised.by_context) == ((0, 1), False, False)


def test_each_image_is_held_against_the_limit_at_which_it_was_given() -> None:
    higher = dataclasses.replace(POINT, aim=0.98, threshold=math.log(0.05))
    both = dataclasses.replace(ALERT, curve=(*ALERT.curve, higher), working_points=(0.95, 0.98))
    of_both = model(both)
    prediction = image(0.1, of_both).prediction
    sensitive = ImageAnswer(prediction, judge(prediction, of_both, {MELANOMA: 0.98}), NOT_ADJUSTED)
    (alert,) = answer_lesion([sensitive, image(0.2, of_both)], of_both).alerts
    assert (alert.places, alert.is_tested) == ((0,), True)
