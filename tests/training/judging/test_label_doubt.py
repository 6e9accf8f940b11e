"""Confident learning on made-up answers: suggestions as published, and planted errors among the first."""

import numpy as np
from numpy.typing import NDArray

from tests.training.answers import made_up
from training.judging.label_doubt import doubt_labels


def planted(share: float = 0.05) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return answers to images of known labels, the labels with some replaced, and which are."""
    found = made_up(900, too_sure=2.0)
    random = np.random.default_rng(3)
    is_wrong = random.random(len(found.truth)) < share
    others = (found.truth + random.integers(1, len(found.labels), len(found.truth))) % len(found.labels)
    return found.probabilities, np.where(is_wrong, others, found.truth), is_wrong


def test_planted_errors_stand_among_the_first() -> None:
    sure = np.full((300, 3), 0.1)
    truth = np.arange(300) % 3
    sure[np.arange(300), truth] = 0.8
    given = truth.copy()
    given[:20] = (given[:20] + 1) % 3
    doubts = doubt_labels(sure + np.random.default_rng(0).uniform(0, 0.05, sure.shape), given)
    assert set(doubts.order[:20].tolist()) == set(range(20))
    assert (doubts.suggested[:20] == truth[:20]).all()
    assert (doubts.suggested[20:] == given[20:]).all()


def test_planted_errors_are_enriched_among_uncertain_answers() -> None:
    probabilities, given, is_wrong = planted()
    first = doubt_labels(probabilities, given).order[: int(is_wrong.sum())]
    assert is_wrong[first].mean() > 3 * is_wrong.mean()


def test_suggestions_and_order_follow_the_definition() -> None:
    probabilities, given, _ = planted()
    doubts = doubt_labels(probabilities, given)
    thresholds = [probabilities[given == label, label].mean() for label in range(probabilities.shape[1])]
    for row, (answer, label) in enumerate(zip(probabilities, given, strict=True)):
        reached = [place for place in range(len(answer)) if answer[place] >= thresholds[place]]
        assert doubts.suggested[row] == (max(reached, key=lambda place: answer[place]) if reached else label)
        assert doubts.self_confidence[row] == answer[label]
    assert (np.diff(doubts.self_confidence[doubts.order]) >= 0).all()


def test_a_label_without_images_is_never_suggested() -> None:
    doubts = doubt_labels(np.array([[0.1, 0.0, 0.9], [0.2, 0.1, 0.7]]), np.array([0, 1]))
    assert doubts.suggested.tolist() == [0, 0]
