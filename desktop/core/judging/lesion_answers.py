"""Answers to labelled images, and the vote of each lesion: the mean of what its pictures were answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.alerts import Alert, WorkingPoints
from desktop.core.inference.contract import Contract
from desktop.core.judging.labels import members

_Mean = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class ImageAnswers:
    """The answers to the images that count.

    `places` are theirs among all images, `names` their names, `truth` the label or group of each, `lesions` and `patients`
    numbers, `proved` whether histology proved it. `probabilities` [n, labels] are the model's own, `with_context` the same with
    age, sex and site, NaN where nothing of them is known. `withheld` is the reason for withholding each answer, empty where it
    was given. `sides` are the shorter sides of what the model looked at, in pixels of the file, None where not measured.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    truth: tuple[str, ...]
    lesions: NDArray[np.int64]
    patients: NDArray[np.int64]
    proved: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    with_context: NDArray[np.float64]
    withheld: tuple[str, ...]
    sides: tuple[int | None, ...]


@dataclass(frozen=True)
class AlertTest:
    """What testing found of an alert: raised in `found` of its own `positives`, and in `raised` of `others`."""

    found: int
    positives: int
    raised: int
    others: int


@dataclass(frozen=True)
class AlertVotes:
    """An alert, or a flag of a model without alerts, in m lesions.

    It is raised where `scores` [m] reach `threshold`. `aim` is the sensitivity that the threshold was set for, `tested` what
    testing found at it, None where the model file does not say.
    `with_context` [m] are the scores with age, sex and site, NaN where nothing of them is known or they raise no alert.
    `positive` [m] are the lesions of its own labels.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    threshold: float
    aim: float
    tested: AlertTest | None
    scores: NDArray[np.float64]
    with_context: NDArray[np.float64]
    positive: NDArray[np.bool_]

    @property
    def raised(self) -> NDArray[np.bool_]:
        """The lesions in which the image alone raises it."""
        return self.scores >= self.threshold

    @property
    def raised_with_context(self) -> NDArray[np.bool_]:
        """The lesions in which the image alone or what is known of the patient raises it, as in the window."""
        return self.raised | (self.with_context >= self.threshold)


@dataclass(frozen=True)
class LesionAnswers:
    """The votes of m lesions, in the order of their first images: `images` are the places of the images of each."""

    labels: tuple[str, ...]
    truth: tuple[str, ...]
    patients: NDArray[np.int64]
    proved: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    alerts: tuple[AlertVotes, ...]
    images: tuple[tuple[int, ...], ...]

    def is_of(self, truth: str) -> NDArray[np.bool_]:
        """Tell which lesions have this label or group."""
        return np.array([one == truth for one in self.truth], bool)


def votes(answers: ImageAnswers, contract: Contract, points: WorkingPoints) -> LesionAnswers:
    """Return the vote of each lesion.

    Args:
        answers: to the images, at least one; those of a lesion have one truth.
        contract: of the model that answered.
        points: the working points at which its alerts are raised.
    """
    _, first, of_image = np.unique(answers.lesions, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.argsort(order)[of_image]
    count = len(first)
    first = first[order]

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.zeros((count, *values.shape[1:]))
        np.add.at(sums, rank, values)
        shape = (-1,) + (1,) * (values.ndim - 1)
        averages: NDArray[np.float64] = sums / np.bincount(rank, minlength=count).reshape(shape)
        return averages

    truth = tuple(answers.truth[place] for place in first)
    ends = np.cumsum(np.bincount(rank, minlength=count))[:-1]
    return LesionAnswers(
        labels=contract.label_ids,
        truth=truth,
        patients=answers.patients[first],
        proved=np.bincount(rank, answers.proved, count) > 0,
        probabilities=mean(answers.probabilities),
        alerts=tuple(_alerts(answers, contract, points, truth, mean)),
        images=tuple(tuple(part.tolist()) for part in np.split(np.argsort(rank, kind="stable"), ends)),
    )


def _alerts(
    answers: ImageAnswers, contract: Contract, points: WorkingPoints, truth: Sequence[str], mean: _Mean
) -> Iterator[AlertVotes]:
    labels = contract.label_ids
    for one in contract.raisable:
        positive = np.array([set(members(label, contract)) <= set(one.labels) for label in truth], bool)
        unknown = np.full(len(truth), np.nan)
        if isinstance(one, Alert):
            point = one.point(points.get(one.id))
            knows_more = contract.context is not None and one.id in contract.context.raises
            yield AlertVotes(
                one.id,
                one.name,
                one.labels,
                point.threshold,
                point.aim,
                AlertTest(
                    point.found, point.positives, point.nevi_raised + point.others_raised, point.nevi + point.others
                ),
                mean(_scores(one, answers.probabilities, labels)),
                mean(_scores(one, answers.with_context, labels)) if knows_more else unknown,
                positive,
            )
        else:
            places = [labels.index(label) for label in one.labels]
            sums = mean(answers.probabilities[:, places].sum(axis=1))
            test = one.tested
            yield AlertVotes(
                one.id,
                one.name,
                one.labels,
                one.threshold,
                one.sensitivity,
                None
                if test is None
                else AlertTest(test.positives - test.missed, test.positives, test.raised_wrongly, test.negatives),
                sums,
                unknown,
                positive,
            )


def _scores(alert: Alert, probabilities: NDArray[np.float64], labels: Sequence[str]) -> NDArray[np.float64]:
    """Return the score of each answer [n], NaN where its probabilities are."""
    known = ~np.isnan(probabilities[:, 0])
    scores = np.full(len(probabilities), np.nan)
    scores[known] = [alert.score(dict(zip(labels, row, strict=True))) for row in probabilities[known].tolist()]
    return scores
