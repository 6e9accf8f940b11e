import dataclasses

import numpy as np
import pytest

from tests.training.answers import made_up
from training.judging.contract_figures import certainty_test, nine_classes, seven_classes
from training.judging.thresholds import cross_fit


def test_seven_classes_are_merged_from_the_same_answers() -> None:
    found = made_up(900, seed=5)
    cross_fitted = cross_fit(found, "validation")
    answers, merged = nine_classes(found, cross_fitted), seven_classes(found, cross_fitted)
    assert merged is not None
    assert len(merged.classes) == 7
    assert merged.probabilities.sum(axis=1) == pytest.approx(1)
    right, right_of_seven = ((one.probabilities.argmax(axis=1) == one.truth).sum() for one in (answers, merged))
    assert right_of_seven >= right
    assert np.array_equal(
        answers.truth == answers.classes.index("melanoma"), merged.truth == merged.classes.index("melanoma")
    )


def test_network_that_always_answers_alike_has_every_answer_withheld_and_a_figure_all_the_same() -> None:
    found = made_up(300)
    alike = np.full(found.probabilities.shape, 0.1)
    alike[:, found.labels.index("melanoma")] = 0.2
    found = dataclasses.replace(found, probabilities=alike)
    test = certainty_test(found, cross_fit(found, "none"), "these")
    assert test.answered == 0
    assert test.error_answered == test.error_all == (~found.having(label="melanoma")).mean()
