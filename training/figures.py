"""The figures of a model on one split, computed from probabilities and true labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Contract, Flag, Label
from desktop.core.statistics.proportions import Mean, Proportion, balanced_accuracy, mean, proportion
from desktop.core.statistics.ranking import area_under_curve
from training.images.label_groups import group_owners, group_sums
from training.images.labelled import Split

_CLIP = 1e-7
"""Probabilities are clipped as Keras clips them, so that the loss is the one that was trained on."""

BINS = 10


@dataclass(frozen=True)
class LabelFigures:
    """One label on one split: `support` is its number of images; a figure is None if it is undefined."""

    label: str
    name: str
    support: int
    precision: Proportion | None
    recall: Proportion | None
    auc: float | None


@dataclass(frozen=True)
class FlagFigures:
    """A flag of the contract on another split than the one that set its threshold."""

    name: str
    threshold: float
    sensitivity: Proportion | None
    specificity: Proportion | None


@dataclass(frozen=True)
class CalibrationBin:
    """The answers whose highest probability lies in one tenth of the scale: mean confidence, and accuracy."""

    images: int
    confidence: float
    accuracy: Proportion


@dataclass(frozen=True)
class SplitFigures:
    """All figures of one split.

    `grouped` is the accuracy if the labels of each group of the contract count as one. `balanced_accuracy` and `mean_auc`
    are means over the labels for which they are defined. `calibration_error` is the expected calibration error over `bins`.
    `confusion` has a row for each true label and a column for each answer.
    """

    split: Split
    accuracy: Proportion
    grouped: Proportion | None
    loss: Mean
    balanced_accuracy: float
    mean_auc: float | None
    calibration_error: float
    labels: tuple[LabelFigures, ...]
    flags: tuple[FlagFigures, ...]
    bins: tuple[CalibrationBin, ...]
    confusion: tuple[tuple[int, ...], ...]


def split_figures(
    split: Split, probabilities: NDArray[np.float32], truth: NDArray[np.int64], contract: Contract
) -> SplitFigures:
    """Return all figures of one split.

    Args:
        split: the name of the split.
        probabilities: [n, labels], n at least 1.
        truth: [n], the index of each image's label among the contract's labels.
        contract: names the labels, groups and flags.
    """
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((len(contract.labels),) * 2, np.int64)
    np.add.at(confusion, (truth, answers), 1)
    labels = tuple(_label(label, place, confusion, probabilities, truth) for place, label in enumerate(contract.labels))
    aucs = [figures.auc for figures in labels if figures.auc is not None]
    bins = _bins(probabilities.max(axis=1), answers == truth)
    return SplitFigures(
        split=split,
        accuracy=proportion(int((answers == truth).sum()), len(truth)),
        grouped=_grouped(probabilities, truth, contract),
        loss=_loss(probabilities[np.arange(len(truth)), truth]),
        balanced_accuracy=balanced_accuracy(answers == truth, truth),
        mean_auc=float(np.mean(aucs)) if aucs else None,
        calibration_error=sum(abs(one.confidence - one.accuracy.value) * one.images for one in bins) / len(truth),
        labels=labels,
        flags=tuple(_flag(flag, probabilities, truth, contract) for flag in contract.flags),
        bins=bins,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def _label(
    label: Label, place: int, confusion: NDArray[np.int64], probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> LabelFigures:
    right = int(confusion[place, place])
    support, answered = int(confusion[place].sum()), int(confusion[:, place].sum())
    return LabelFigures(
        label=label.id,
        name=label.name,
        support=support,
        precision=proportion(right, answered) if answered else None,
        recall=proportion(right, support) if support else None,
        auc=area_under_curve(truth == place, probabilities[:, place]) if 0 < support < len(truth) else None,
    )


def _loss(of_truth: NDArray[np.float32]) -> Mean:
    return mean(-np.log(np.clip(of_truth.astype(np.float64), _CLIP, 1 - _CLIP)))


def _grouped(probabilities: NDArray[np.float32], truth: NDArray[np.int64], contract: Contract) -> Proportion | None:
    """Return the accuracy if each group counts as one label, with the sum of its probabilities."""
    if not contract.groups:
        return None
    owner = group_owners(contract.label_ids, [group.labels for group in contract.groups])
    right = group_sums(probabilities, owner).argmax(axis=1) == owner[truth]
    return proportion(int(right.sum()), len(truth))


def _flag(flag: Flag, probabilities: NDArray[np.float32], truth: NDArray[np.int64], contract: Contract) -> FlagFigures:
    places = [contract.label_ids.index(label) for label in flag.labels]
    raised = probabilities[:, places].sum(axis=1, dtype=np.float64) >= flag.threshold
    positive = np.isin(truth, places)
    found, passed = int((raised & positive).sum()), int((~raised & ~positive).sum())
    positives, negatives = int(positive.sum()), int((~positive).sum())
    return FlagFigures(
        flag.name,
        flag.threshold,
        proportion(found, positives) if positives else None,
        proportion(passed, negatives) if negatives else None,
    )


def _bins(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> tuple[CalibrationBin, ...]:
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return tuple(
        CalibrationBin(
            int(here.sum()), float(confidence[here].mean()), proportion(int(right[here].sum()), int(here.sum()))
        )
        for here in (place == number for number in range(BINS))
        if here.any()
    )
