"""Fits on the answers to held-out images: the calibration, and the thresholds of alerts, certainty and novelty.

Figures about them are cross-fitted: whatever is applied to one fold of these images was fitted on the other folds alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Flag
from desktop.core.labels import Malignancy
from desktop.core.own_labels import malignancy
from desktop.core.statistics.calibration import Calibration
from training.calibrate import Prior, fit_calibration, fit_flags, prior_weights
from training.images.label_groups import group_owners, group_sums, groups_of
from training.judging.alerts import AIMS, ALERT_KINDS, AlertScores, FittedAlert, fit_alert, kinds_of
from training.judging.held_out import HeldOutAnswers

WITHHELD = 0.10
"""The share of held-out images whose answer is withheld as uncertain: withholding more gains little."""

FLAGGED_AS_NOVEL = 0.02
"""The share of held-out dermoscopy that novelty flags: the price for catching other pictures."""

_NONE: Mapping[str, Malignancy] = MappingProxyType({})

_STEP = 0.01
"""A certainty threshold is a whole per cent, so that the threshold that a user reads is the one that is applied."""


@dataclass(frozen=True)
class Thresholds:
    """Everything fitted on some answers: `calibration` is None if none is wanted, `novelty` if the network has none.

    `alerts` are by id. If too few lesions are known to be biopsied there are none, but `flags` instead.
    """

    calibration: Calibration | None
    alerts: dict[str, FittedAlert]
    flags: tuple[Flag, ...]
    certainty: float
    novelty: float | None

    @property
    def temperature(self) -> float:
        """The temperature of the calibration, 1 without one."""
        return self.calibration.temperature if self.calibration else 1.0

    def calibrated(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated probabilities [n, labels]."""
        return self.calibration.apply(probabilities) if self.calibration else probabilities


@dataclass(frozen=True)
class CrossFitted:
    """What each image gets from the thresholds of the other folds; arrays are [n] or [n, labels], in the order of the images.

    `probabilities` are calibrated. `alert_scores` are by alert id. `raised` is by the id of an alert, at its default working
    point, or of a flag. `withheld` is by certainty; `novel` is None without novelty. `weights` weight the images to the prior
    that the calibration assumes. `by_fold` holds the thresholds that were applied to the images of each fold.
    """

    probabilities: NDArray[np.float64]
    alert_scores: dict[str, AlertScores]
    raised: dict[str, NDArray[np.bool_]]
    withheld: NDArray[np.bool_]
    novel: NDArray[np.bool_] | None
    weights: NDArray[np.float64]
    by_fold: dict[int, Thresholds]


def fit_thresholds(found: HeldOutAnswers, prior: Prior, measured_on: str) -> Thresholds:
    """Fit the calibration and all thresholds on these answers.

    Args:
        found: the answers, with uncalibrated probabilities.
        prior: of the labels, for the calibration.
        measured_on: a description of these images, for the flags.
    """
    truth = [one.label for one in found.images]
    calibration = (
        None if prior == "none" else fit_calibration(found.probabilities, truth, found.labels, prior, found.malignant)
    )
    probabilities = calibration.apply(found.probabilities) if calibration else found.probabilities
    alerts = {kind.id: one for kind in kinds_of(found) if (one := fit_alert(found, probabilities, kind)) is not None}
    return Thresholds(
        calibration,
        alerts,
        () if alerts else fit_flags(probabilities, truth, found.labels, measured_on, found.malignant),
        certainty_threshold(probabilities, found.labels, found.own),
        None if found.novelty is None else float(f"{np.quantile(found.novelty, 1 - FLAGGED_AS_NOVEL):.3g}"),
    )


def cross_fit(found: HeldOutAnswers, prior: Prior) -> CrossFitted:
    """Apply to the images of each fold what `fit_thresholds` fitted on the answers of the other folds."""
    weights = prior_weights(found.truth, len(found.labels), prior)
    return cross_fit_with(found, lambda others: fit_thresholds(others, prior, "other folds"), weights)


def cross_fit_with(
    found: HeldOutAnswers, fit: Callable[[HeldOutAnswers], Thresholds], weights: NDArray[np.float64]
) -> CrossFitted:
    """Apply to the images of each fold what `fit` makes of the other folds; `weights` [n] weight the images to the prior."""
    count = len(found.images)
    probabilities = np.zeros_like(found.probabilities)
    withheld, novel = np.zeros(count, bool), np.zeros(count, bool)
    raised: dict[str, NDArray[np.bool_]] = {}
    alert_scores: dict[str, AlertScores] = {}
    by_fold = {}
    for fold in sorted(set(found.folds.tolist())):
        here = found.folds == fold
        fitted = by_fold[fold] = fit(found.subset(~here))
        own = probabilities[here] = fitted.calibrated(found.probabilities[here])
        withheld[here] = is_withheld(own, found.labels, fitted.certainty, found.own)
        if found.novelty is not None and fitted.novelty is not None:
            novel[here] = ~(found.novelty[here] <= fitted.novelty)
        for flag in fitted.flags:
            places = [found.labels.index(label) for label in flag.labels]
            raised.setdefault(flag.id, np.zeros(count, bool))[here] = own[:, places].sum(axis=1) >= flag.threshold
        for name, alert in fitted.alerts.items():
            whole = alert_scores.setdefault(
                name, AlertScores(np.full(count, np.nan), np.full((count, len(AIMS)), np.nan))
            )
            whole.scores[here] = alert.scores(own, found.labels)
            whole.thresholds[here] = alert.thresholds
    alert_scores = {name: one for name, one in alert_scores.items() if not np.isnan(one.scores).any()}
    for kind in ALERT_KINDS:
        if kind.id in alert_scores:
            raised[kind.id] = (
                alert_scores[kind.id].scores >= alert_scores[kind.id].thresholds[:, AIMS.index(kind.default)]
            )
    return CrossFitted(
        probabilities, alert_scores, raised, withheld, None if found.novelty is None else novel, weights, by_fold
    )


def certainty_threshold(
    probabilities: NDArray[np.float64], labels: Sequence[str], own: Mapping[str, Malignancy] = _NONE
) -> float:
    """Return the lowest threshold, a whole per cent, that withholds at least `WITHHELD` of these answers."""
    steps = np.arange(1, 100) * _STEP
    shares = (is_withheld(probabilities, labels, float(step), own).mean() for step in steps)
    return round(float(next((step for step, share in zip(steps, shares, strict=True) if share >= WITHHELD), 0.99)), 2)


def leading(probabilities: NDArray[np.float64], labels: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the leading label, or group (by its first label), of each answer, and its probability, as the app names it."""
    owner = group_owners(labels, [group.labels for group in groups_of(labels)])
    sums = group_sums(probabilities, owner)
    return sums.argmax(axis=1), sums.max(axis=1)


def is_wrong(found: HeldOutAnswers, cross_fitted: CrossFitted) -> NDArray[np.bool_]:
    """Return for each image whether its leading label is wrong; the labels of a group count as one."""
    leads, _ = leading(cross_fitted.probabilities, found.labels)
    owner = group_owners(found.labels, [group.labels for group in groups_of(found.labels)])
    wrong: NDArray[np.bool_] = leads != owner[found.truth]
    return wrong


def is_withheld(
    probabilities: NDArray[np.float64], labels: Sequence[str], threshold: float, own: Mapping[str, Malignancy] = _NONE
) -> NDArray[np.bool_]:
    """Return which answers the app withholds as uncertain; see `desktop.core.inference.judgement`.

    Doubt among benign labels alone does not count: a benign label leads and the benign labels together reach the threshold.
    """
    is_benign = np.array([malignancy(label, own) is Malignancy.BENIGN for label in labels])
    leads, share = leading(probabilities, labels)
    only_kind = is_benign[leads] & (probabilities[:, is_benign].sum(axis=1) >= threshold)
    withheld: NDArray[np.bool_] = (share < threshold) & ~only_kind
    return withheld
