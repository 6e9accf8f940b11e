"""Every verdict is reached on purpose."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import binomtest

from desktop.core.inference.contract import Contract, Flag
from desktop.core.judging.counting import figures_of
from desktop.core.judging.lesion_answers import AlertTest, ImageAnswers, votes
from desktop.core.judging.verdicts import Verdict, least_tested_gain, verdict
from desktop.core.judging.words import follows
from tests.alerts import POINT, melanoma_alert
from tests.making import NINE, contract

THRESHOLD = 0.0
DESCRIPTION = contract(alerts=(melanoma_alert(THRESHOLD),))
MELANOMA, NEVUS = (next(place for place, label in enumerate(NINE) if label.id == one) for one in ("melanoma", "nevus"))


def judged(
    found: int,
    melanomas: int,
    raised: int,
    nevi: int,
    *,
    knows_training: bool = True,
    description: Contract = DESCRIPTION,
) -> tuple[Verdict, str]:
    """Judge an alert that is raised in so many of these lesions; in testing it was in 95 and 43 of 100."""
    sure = [True] * found + [False] * (melanomas - found) + [True] * raised + [False] * (nevi - raised)
    probabilities = np.full((len(sure), len(NINE)), 1e-3)
    probabilities[:, MELANOMA] = np.where(sure, 0.9, 1e-3)
    probabilities[:, NEVUS] = np.where(sure, 1e-3, 0.9)
    images = np.arange(len(sure))
    answers = ImageAnswers(
        places=tuple(images.tolist()),
        names=tuple(map(str, images)),
        truth=("melanoma",) * melanomas + ("nevus",) * nevi,
        lesions=images,
        patients=images,
        proved=np.zeros(len(sure), bool),
        probabilities=probabilities / probabilities.sum(axis=1, keepdims=True),
        with_context=np.full_like(probabilities, np.nan),
        withheld=("",) * len(sure),
        sides=(None,) * len(sure),
    )
    figures = figures_of(votes(answers, description, {}), description, has_patients=False)
    (alert,) = figures.alerts
    assert (alert.count.raised, alert.count.others_raised) == (found, raised)
    return verdict(alert, knows_training=knows_training), str(follows(alert, knows_training=knows_training))


@pytest.mark.parametrize(
    ("counts", "wanted", "words"),
    [
        ((35, 40, 128, 160), Verdict.TELLS_LESS_APART, "Do not use the alert here as it is: it tells its own"),
        ((20, 40, 80, 160), Verdict.TELLS_LESS_APART, "Do not use the alert here as it is: it tells its own"),
        ((37, 40, 33, 40), Verdict.TELLS_LESS_APART, "Do not use the alert here as it is: it tells its own"),
        ((17, 20, 12, 20), Verdict.NO_DIFFERENCE_SHOWN, "No difference can be shown on these lesions"),
        ((17, 25, 12, 25), Verdict.MISSES_MORE, "Do not use the alert here as it is: it is set to find 95 of 100"),
        ((25, 40, 10, 160), Verdict.MISSES_MORE, "Do not use the alert here as it is: it is set to find 95 of 100"),
        ((38, 40, 60, 160), Verdict.CANNOT_TELL, "Too few lesions here to tell whether it finds the 95 of 100"),
        ((197, 200, 60, 160), Verdict.NO_FAULT_SHOWN, "No fault shown here"),
        ((19, 19, 0, 160), Verdict.TOO_FEW, "Too few lesions here to tell: at least 20"),
        ((40, 40, 0, 19), Verdict.TOO_FEW, "Too few lesions here to tell: at least 20"),
    ],
)
def test_a_verdict_follows_from_the_counts(counts: tuple[int, int, int, int], wanted: Verdict, words: str) -> None:
    found, sentence = judged(*counts)
    assert found is wanted
    assert sentence.startswith(words)


def test_an_alert_that_told_little_apart_in_testing_is_not_held_to_more() -> None:
    point = dataclasses.replace(POINT, threshold=THRESHOLD, nevi_raised=180, others_raised=90)
    weak = contract(alerts=(dataclasses.replace(melanoma_alert(THRESHOLD), curve=(point,)),))
    assert judged(37, 40, 33, 40)[0] is Verdict.TELLS_LESS_APART
    assert judged(37, 40, 33, 40, description=weak)[0] is Verdict.NO_DIFFERENCE_SHOWN
    assert least_tested_gain(AlertTest(190, 200, 270, 300)) == pytest.approx(
        binomtest(190, 200).proportion_ci(method="wilson").low - binomtest(270, 300).proportion_ci(method="wilson").high
    )


def test_an_alert_whose_testing_is_not_known_is_not_held_to_it() -> None:
    untested = contract(
        flags=(Flag("melanoma", "Melanoma", ("melanoma",), 0.5, 0.9, 0.5, 20, 200, "held-out images"),), alerts=()
    )
    assert judged(37, 40, 33, 40, description=untested)[0] is Verdict.NO_DIFFERENCE_SHOWN


def test_without_knowing_the_training_images_there_is_none_but_that_of_a_fault() -> None:
    found, sentence = judged(197, 200, 60, 160, knows_training=False)
    assert found is Verdict.UNKNOWN_TRAINING
    assert sentence.startswith("No verdict")
    for counts in ((38, 40, 60, 160), (17, 20, 12, 20), (19, 19, 0, 160)):
        assert judged(*counts, knows_training=False)[0] is Verdict.UNKNOWN_TRAINING
    assert judged(25, 40, 10, 160, knows_training=False)[0] is Verdict.MISSES_MORE
    assert judged(35, 40, 128, 160, knows_training=False)[0] is Verdict.TELLS_LESS_APART
