"""Fits on held-out images: the calibration of the probabilities, and the thresholds of the flags."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from desktop.core.inference.contract import Flag
from desktop.core.labels import MELANOMA
from desktop.core.statistics.calibration import (
    Calibration,
    CalibrationErrors,
    calibration_error,
    logits_of,
    softmax,
)

SENSITIVITY = 0.95
"""The sensitivity that each flag's threshold is set for on the validation split; the contract states the specificity."""

_FEWEST_POSITIVES = 20
"""With fewer positives one miss is more than 5 % of them, and 95 % cannot be distinguished from 100 %."""

_FEWEST_NEGATIVES = 20
"""The same for the specificity."""

_STEPS = 10_000
"""Thresholds are rounded down to four decimals, so that the threshold that a user reads is the one that is applied."""

_LARGEST_LOG = 3.0
"""Temperatures are searched from 1/20 to 20; a network that needs another has learned nothing."""

_SMALLEST = 1e-12
"""Probabilities are clipped to this before their logarithm is taken."""

OFFSETS_FROM = 300
"""Images from which on labels get offsets: on fewer they can do more harm than good (`benchmarks/calibration.py`)."""

Prior = Literal["none", "validation", "root", "balanced"]
"""The prior of the labels that a calibration assumes; with none nothing is fitted. See `_POWERS`."""

_POWERS = {"none": 1.0, "validation": 1.0, "root": 0.5, "balanced": 0.0}
"""A label's prior is proportional to this power of its count: as in the images, between, or equal for all labels."""

FLAGGED = (
    (MELANOMA, "Melanoma", (MELANOMA,)),
    ("malignant", "Malignancy", (MELANOMA, "squamous_cell_carcinoma", "basal_cell_carcinoma")),
)
"""Id, name and labels of each flag, where a model has all nine labels."""


def flagged(labels: Sequence[str], malignant: Sequence[str]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return id, name and labels of each flag that a model with these labels may have.

    The sum is of all `malignant` labels, those of `FLAGGED` first; where melanoma is the only one there is none.
    """
    found = []
    for flag_id, name, members in FLAGGED:
        own = [label for label in members if label in labels]
        if len(members) > 1:
            own += [label for label in malignant if label not in members]
        if own and (len(members) == 1 or set(own) != {MELANOMA}):
            found.append((flag_id, name, tuple(own)))
    return tuple(found)


def fit_calibration(
    probabilities: NDArray[np.floating],
    truth: Sequence[str],
    labels: Sequence[str],
    prior: Prior,
    malignant: Sequence[str] = (),
    offsets_from: int = OFFSETS_FROM,
) -> Calibration:
    """Fit the temperature and offsets that minimise the loss of these images.

    Bias-corrected temperature scaling (Alexandari et al. 2020): a temperature alone (Guo et al. 2017) cannot correct labels
    that training showed more often than the prior has them. A standard normal penalty holds the offsets near 0, so that a
    label with hardly any images gets hardly any offset. With fewer than `offsets_from` images there are no offsets.

    Args:
        probabilities: [n, labels], of images that were not trained on.
        truth: the label id of each image.
        labels: the label ids in the order of the columns.
        prior: `validation` takes the labels as frequent as they are here, `balanced` as equally frequent, `root` between.
        malignant: the malignant labels, for the errors that are told.
        offsets_from: the fewest images for offsets.
    """
    places = np.array([labels.index(label) for label in truth])
    weights = prior_weights(places, len(labels), prior)
    weights /= weights.sum()
    shares = np.bincount(places, weights, len(labels))
    logits = logits_of(probabilities)

    def loss(values: NDArray[np.float64]) -> float:
        softened = softmax(logits / math.exp(values[0]) + values[1:])
        own = np.maximum(softened[np.arange(len(places)), places], _SMALLEST)
        return float(-(weights * np.log(own)).sum() + (values[1:] ** 2).sum() / (2 * len(places)))

    offset_limits = (None, None) if len(truth) >= offsets_from else (0.0, 0.0)
    limits = [(-_LARGEST_LOG, _LARGEST_LOG), *[offset_limits] * len(labels)]
    best = minimize(loss, np.zeros(1 + len(labels)), method="L-BFGS-B", bounds=limits, options={"maxfun": 20_000}).x
    fitted = Calibration(
        temperature=math.exp(best[0]),
        images=len(truth),
        mix={label: float(share) for label, share in zip(labels, shares, strict=True)},
        before=_errors(probabilities, places, labels, weights, malignant),
        after=CalibrationErrors(0, None, None),
        offsets=tuple(best[1:].tolist()) if len(truth) >= offsets_from else (),
    )
    return replace(fitted, after=_errors(fitted.apply(probabilities), places, labels, weights, malignant))


def fit_temperature(
    probabilities: NDArray[np.floating], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Return the temperature that makes the weighted loss of these images least (Guo et al. 2017).

    Args:
        probabilities: [n, labels], of images that took no part in training.
        truth: [n], the place of each image's label.
        weights: [n], of the images.
    """
    logits, rows = logits_of(probabilities), np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        own = softmax(logits / math.exp(log_temperature))[rows, truth]
        return float(-(weights * np.log(np.maximum(own, _SMALLEST))).sum() / weights.sum())

    return math.exp(minimize_scalar(loss, bounds=(-_LARGEST_LOG, _LARGEST_LOG), method="bounded").x)


def prior_weights(truth: NDArray[np.int64], labels: int, prior: Prior) -> NDArray[np.float64]:
    """Return the weight of each image under a prior of the labels; the mean is 1."""
    counts = np.bincount(truth, minlength=labels)
    weights: NDArray[np.float64] = np.maximum(counts, 1)[truth] ** (_POWERS[prior] - 1)
    weights *= len(truth) / weights.sum()
    return weights


def _errors(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.int64],
    labels: Sequence[str],
    weights: NDArray[np.float64],
    malignant: Sequence[str],
) -> CalibrationErrors:
    of_flags: dict[str, float] = {}
    for flag_id, _, members in flagged(labels, malignant):
        places = [labels.index(member) for member in members]
        sums = probabilities[:, places].sum(axis=1, dtype=np.float64)
        of_flags[flag_id] = calibration_error(sums, np.isin(truth, places), weights)
    top = calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == truth, weights)
    return CalibrationErrors(top, of_flags.get(MELANOMA), of_flags.get("malignant"))


def fit_flags(
    probabilities: NDArray[np.floating],
    truth: Sequence[str],
    labels: Sequence[str],
    measured_on: str,
    malignant: Sequence[str] = (),
) -> tuple[Flag, ...]:
    """Return the flags that these images allow, each with the highest threshold that is sensitive enough.

    Args:
        probabilities: [n, labels], of images that were not trained on.
        truth: the label id of each image.
        labels: the label ids in the order of the columns.
        measured_on: a description of these images.
        malignant: the malignant labels.

    Returns:
        A flag for each label or sum of labels that the model has and that has enough positive and negative images.
    """
    made = []
    for flag_id, name, members in flagged(labels, malignant):
        sums = probabilities[:, [labels.index(member) for member in members]].sum(axis=1, dtype=np.float64)
        positive = np.isin(truth, members)
        positives, negatives = int(positive.sum()), int((~positive).sum())
        if positives < _FEWEST_POSITIVES or negatives < _FEWEST_NEGATIVES:
            continue
        threshold = _highest_threshold(sums[positive])
        missed = int((sums[positive] < threshold).sum())
        specificity = float((sums[~positive] < threshold).mean())
        made.append(
            Flag(
                id=flag_id,
                name=name,
                labels=members,
                threshold=threshold,
                sensitivity=1 - missed / positives,
                specificity=specificity,
                missed=missed,
                positives=positives,
                measured_on=measured_on,
            )
        )
    return tuple(made)


def _highest_threshold(positives: NDArray[np.float64]) -> float:
    """Return the highest threshold, rounded down to four decimals, at which enough of the positives are found."""
    may_miss = math.floor(round((1 - SENSITIVITY) * len(positives), 9))
    return math.floor(float(np.sort(positives)[may_miss]) * _STEPS) / _STEPS
