"""What is fitted on the answers of folds: the calibration, and the thresholds of flags, certainty and novelty.

A figure about any of them is nested: what is told of a fold uses what was fitted on the other folds' answers alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Flag
from desktop.core.labels import BY_ID, Malignancy
from desktop.core.statistics.calibration import Calibration
from training.calibrate import Mix, calibrated, flags, mix_weights
from training.folds.out_of_fold import OutOfFold
from training.images.merging import groups_of, owners, summed

WITHHELD = 0.10
"""The share of held-out images of which certainty withholds the answer: beyond the least sure tenth little is gained."""

FLAGGED_AS_NOVEL = 0.02
"""The share of held-out dermoscopy that novelty flags: what an image pays for a picture of a cat being caught."""

_STEP = 0.01
"""A certainty threshold is a whole per cent: what the user reads is what is applied."""


@dataclass(frozen=True)
class Thresholds:
    """What some answers settle: no `calibration` where none is wanted, no `novelty` where the networks have none."""

    calibration: Calibration | None
    flags: tuple[Flag, ...]
    certainty: float
    novelty: float | None

    @property
    def temperature(self) -> float:
        """The temperature of the calibration; 1 changes nothing."""
        return self.calibration.temperature if self.calibration else 1.0

    def calibrated(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities [n, labels] as they are after the calibration."""
        return self.calibration.apply(probabilities) if self.calibration else probabilities


@dataclass(frozen=True)
class Nested:
    """What each image gets by the thresholds of the other folds; all arrays [n] or [n, labels], in the images' order.

    `probabilities` after the calibration; `raised` by flag id; `withheld` by certainty; `novel` where there is novelty.
    `weights` are what images weigh in the mix of labels that the calibration assumes. `by_fold` holds the thresholds that
    the images of a fold were judged by.
    """

    probabilities: NDArray[np.float64]
    raised: dict[str, NDArray[np.bool_]]
    withheld: NDArray[np.bool_]
    novel: NDArray[np.bool_] | None
    weights: NDArray[np.float64]
    by_fold: dict[int, Thresholds]


def thresholds(found: OutOfFold, mix: Mix, measured_on: str) -> Thresholds:
    """Fit all of it on these answers.

    Args:
        found: the answers, with probabilities before the calibration.
        mix: of labels, for the calibration.
        measured_on: what these images are, in words, for the flags.
    """
    truth = [one.label for one in found.images]
    calibration = None if mix == "none" else calibrated(found.probabilities, truth, found.labels, mix)
    probabilities = calibration.apply(found.probabilities) if calibration else found.probabilities
    return Thresholds(
        calibration,
        flags(probabilities, truth, found.labels, measured_on),
        certainty_threshold(probabilities, found.labels),
        None if found.novelty is None else float(f"{np.quantile(found.novelty, 1 - FLAGGED_AS_NOVEL):.3g}"),
    )


def nested(found: OutOfFold, mix: Mix) -> Nested:
    """Judge the images of each fold by what the other folds' answers settle."""
    count = len(found.images)
    probabilities = np.zeros_like(found.probabilities)
    withheld, novel = np.zeros(count, bool), np.zeros(count, bool)
    raised: dict[str, NDArray[np.bool_]] = {}
    by_fold = {}
    for fold in sorted(set(found.folds.tolist())):
        here = found.folds == fold
        fitted = by_fold[fold] = thresholds(found.where(~here), mix, "other folds")
        own = probabilities[here] = fitted.calibrated(found.probabilities[here])
        withheld[here] = is_withheld(own, found.labels, fitted.certainty)
        if found.novelty is not None and fitted.novelty is not None:
            novel[here] = ~(found.novelty[here] <= fitted.novelty)
        for flag in fitted.flags:
            places = [found.labels.index(label) for label in flag.labels]
            raised.setdefault(flag.id, np.zeros(count, bool))[here] = own[:, places].sum(axis=1) >= flag.threshold
    weights = mix_weights(found.truth, len(found.labels), mix)
    return Nested(probabilities, raised, withheld, None if found.novelty is None else novel, weights, by_fold)


def certainty_threshold(probabilities: NDArray[np.float64], labels: Sequence[str]) -> float:
    """Return the lowest threshold, a whole per cent, that withholds at least `WITHHELD` of these answers."""
    steps = np.arange(1, 100) * _STEP
    shares = (is_withheld(probabilities, labels, float(step)).mean() for step in steps)
    return round(float(next((step for step, share in zip(steps, shares, strict=True) if share >= WITHHELD), 0.99)), 2)


def leading(probabilities: NDArray[np.float64], labels: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return which label, or group (by its first label), leads in each answer, and its share: what the app names."""
    owner = owners(labels, [group.labels for group in groups_of(labels)])
    sums = summed(probabilities, owner)
    return sums.argmax(axis=1), sums.max(axis=1)


def is_wrong(found: OutOfFold, judged: Nested) -> NDArray[np.bool_]:
    """Return for each image whether another label leads than its own, the labels of a group taken as one."""
    leads, _ = leading(judged.probabilities, found.labels)
    owner = owners(found.labels, [group.labels for group in groups_of(found.labels)])
    wrong: NDArray[np.bool_] = leads != owner[found.truth]
    return wrong


def is_withheld(probabilities: NDArray[np.float64], labels: Sequence[str], threshold: float) -> NDArray[np.bool_]:
    """Return which answers the app withholds as uncertain; see `desktop.core.inference.judgement`.

    A doubt among benign labels is none: where a benign label leads and the benign ones together reach the threshold.
    """
    is_benign = np.array([label in BY_ID and BY_ID[label].malignancy is Malignancy.BENIGN for label in labels])
    leads, share = leading(probabilities, labels)
    only_kind = is_benign[leads] & (probabilities[:, is_benign].sum(axis=1) >= threshold)
    withheld: NDArray[np.bool_] = (share < threshold) & ~only_kind
    return withheld
