"""What is fitted on images that the network did not learn from: how sure it may be, and the thresholds of its flags."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from desktop.core.inference.contract import Flag

SENSITIVITY = 0.95
"""What a flag has to reach on the validation split; the rest of the trade is specificity, which the contract tells."""

_FEWEST_POSITIVES = 20
"""With fewer positives one miss is already more than 5 % of them, and 95 % cannot be told from 100 %."""

_FEWEST_NEGATIVES = 20
"""The same for the specificity that is told beside it."""

_STEPS = 10_000
"""A threshold has four decimals, rounded down: what the user reads is what is applied, and no last bit decides."""

_LARGEST_LOG = 3.0
"""Temperatures from 1/20 to 20 are tried: outside, a network has learned nothing."""

_SMALLEST = 1e-12
"""The least probability whose logarithm is taken."""

_BINS = 15
"""Of the calibration error; each holds as many images, by their weight, as any other."""

Mix = Literal["none", "validation", "root", "balanced"]
"""Of labels, that a calibration assumes; with none nothing is fitted. See `_POWERS`."""

_POWERS = {"none": 1.0, "validation": 1.0, "root": 0.5, "balanced": 0.0}
"""The share of a label in the mix goes with this power of its count: as the images are, half-way, or all labels alike."""

FLAGGED = (
    ("melanoma", "Melanoma", ("melanoma",)),
    ("malignant", "Malignancy", ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")),
)
"""Id, name and labels of each flag."""


@dataclass(frozen=True)
class CalibrationErrors:
    """The expected calibration error of the most probable label, of melanoma and of the malignant sum.

    None where the model does not have these labels.
    """

    top: float
    melanoma: float | None
    malignant: float | None


@dataclass(frozen=True)
class Calibration:
    """How sure a network may be: its logits are divided by a temperature, and each label's gets an offset of its own.

    Beside them on how many images they were fitted, for which mix of labels, and what they did on those images. The
    offsets are in the labels' order; without any they are 0.
    """

    temperature: float
    images: int
    mix: dict[str, float]
    before: CalibrationErrors
    after: CalibrationErrors
    offsets: tuple[float, ...] = ()

    def apply(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the probabilities [n, labels] as they are after the calibration."""
        return _softmax(_logits(probabilities) / self.temperature + self._offsets(probabilities))

    def undo(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the probabilities [n, labels] as they were before the calibration."""
        return _softmax((_logits(probabilities) - self._offsets(probabilities)) * self.temperature)

    def _offsets(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.array(self.offsets) if self.offsets else np.zeros(probabilities.shape[1])


def calibrated(
    probabilities: NDArray[np.floating],
    truth: Sequence[str],
    labels: Sequence[str],
    mix: Mix,
) -> Calibration:
    """Fit the temperature and the offsets that make the loss of these images least.

    Bias-corrected temperature scaling (Alexandari et al. 2020): a temperature alone (Guo et al. 2017) cannot mend labels
    that were shown to the network more often than the mix has them. The offsets are held to 0 as by a standard normal
    prior, so that a label with next to no images has next to none.

    Args:
        probabilities: [n, labels], of images that took no part in training.
        truth: the label id of each image.
        labels: the label ids in the order of the columns.
        mix: `validation` takes the images as they are, `balanced` weighs all labels alike, `root` lies between.
    """
    places = np.array([labels.index(label) for label in truth])
    weights = mix_weights(places, len(labels), mix)
    weights /= weights.sum()
    shares = np.bincount(places, weights, len(labels))
    logits = _logits(probabilities)

    def loss(values: NDArray[np.float64]) -> float:
        softened = _softmax(logits / math.exp(values[0]) + values[1:])
        own = np.maximum(softened[np.arange(len(places)), places], _SMALLEST)
        return float(-(weights * np.log(own)).sum() + (values[1:] ** 2).sum() / (2 * len(places)))

    limits = [(-_LARGEST_LOG, _LARGEST_LOG), *[(None, None)] * len(labels)]
    best = minimize(loss, np.zeros(1 + len(labels)), method="L-BFGS-B", bounds=limits, options={"maxfun": 20_000}).x
    fitted = Calibration(
        temperature=math.exp(best[0]),
        images=len(truth),
        mix={label: float(share) for label, share in zip(labels, shares, strict=True)},
        before=_errors(probabilities, places, labels, weights),
        after=CalibrationErrors(0, None, None),
        offsets=tuple(best[1:].tolist()),
    )
    return replace(fitted, after=_errors(fitted.apply(probabilities), places, labels, weights))


def mix_weights(truth: NDArray[np.int64], labels: int, mix: Mix) -> NDArray[np.float64]:
    """Return what each image weighs in a mix of labels, 1 on average."""
    counts = np.bincount(truth, minlength=labels)
    weights: NDArray[np.float64] = np.maximum(counts, 1)[truth] ** (_POWERS[mix] - 1)
    weights *= len(truth) / weights.sum()
    return weights


def _logits(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.log(np.maximum(probabilities.astype(np.float64), _SMALLEST))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    softened: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return softened


def _errors(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.int64],
    labels: Sequence[str],
    weights: NDArray[np.float64],
) -> CalibrationErrors:
    of_flags: dict[str, float] = {}
    for flag_id, _, members in FLAGGED:
        if set(members) <= set(labels):
            places = [labels.index(member) for member in members]
            sums = probabilities[:, places].sum(axis=1, dtype=np.float64)
            of_flags[flag_id] = calibration_error(sums, np.isin(truth, places), weights)
    top = calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == truth, weights)
    return CalibrationErrors(top, of_flags.get("melanoma"), of_flags.get("malignant"))


class Binned:
    """Answers in bins of equal mass: sorted by how sure they are, each of `_BINS` bins holds the same weight of images."""

    def __init__(self, confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> None:
        """Sort once; both are [n]."""
        self._order = np.argsort(confidence, kind="stable")
        self._confidence = confidence[self._order].astype(np.float64)
        self._right = right[self._order].astype(np.float64)

    def error(self, weights: NDArray[np.float64]) -> float:
        """Return the mean distance between how sure the answers of a bin are and how often they are right."""
        shares, bins = self._bins(weights)
        gaps = np.bincount(bins, shares * (self._confidence - self._right), _BINS)
        return float(np.abs(gaps).sum())

    def points(self, weights: NDArray[np.float64]) -> list[tuple[float, float, int]]:
        """Return for each bin how sure and how often right its answers are, by their weight, and their count."""
        shares, bins = self._bins(weights)
        parts = [(shares[here], here) for here in (bins == number for number in range(_BINS)) if here.any()]
        return [
            (
                float(np.average(self._confidence[here], weights=own)),
                float(np.average(self._right[here], weights=own)),
                int(here.sum()),
            )
            for own, here in parts
        ]

    def _bins(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        shares = weights[self._order] / weights.sum()
        return shares, np.minimum(((np.cumsum(shares) - shares / 2) * _BINS).astype(int), _BINS - 1)


def calibration_error(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> float:
    """Return the mean distance between how sure the answers of a bin are and how often they are right, see `Binned`."""
    return Binned(confidence, right).error(np.ones(len(confidence)) if weights is None else weights)


def flags(
    probabilities: NDArray[np.floating], truth: Sequence[str], labels: Sequence[str], measured_on: str
) -> tuple[Flag, ...]:
    """Return the flags that these images allow, each with the highest threshold that is sensitive enough.

    Args:
        probabilities: [n, labels], of images that took no part in training.
        truth: the label id of each image.
        labels: the label ids in the order of the columns.
        measured_on: what these images are, in words.

    Returns:
        A flag for each label or sum that the model knows and that has enough images on both sides.
    """
    made = []
    for flag_id, name, members in FLAGGED:
        if not set(members) <= set(labels):
            continue
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
    """Return the highest threshold, rounded down to four decimals, that enough of the positives reach."""
    may_miss = math.floor(round((1 - SENSITIVITY) * len(positives), 9))
    return math.floor(float(np.sort(positives)[may_miss]) * _STEPS) / _STEPS
