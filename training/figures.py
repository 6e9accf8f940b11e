"""The figures of a model on one split, computed from probabilities and true labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Contract, Flag, Label
from desktop.core.labelled_images.labelled import Split
from desktop.core.statistics.calibration import Binned
from desktop.core.statistics.proportions import Mean, Proportion, balanced_accuracy, mean, proportion_by_group
from desktop.core.statistics.ranking import area_under_curve
from training.images.label_groups import group_owners, group_sums

_CLIP = 1e-7
"""Probabilities are clipped as Keras clips them, so that the loss is the one that was trained on."""


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
    """Answers of nearly the same highest probability: mean confidence, and accuracy; see `Binned`."""

    images: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class SplitFigures:
    """All figures of one split.

    `grouped` is the accuracy if the labels of each group of the contract count as one. `balanced_accuracy` and `mean_auc`
    are means over the labels for which they are defined. `calibration_error` is that of `statistics.calibration`, over
    `bins`. `confusion` has a row for each true label and a column for each answer. Intervals take into account which images
    show one lesion or picture.
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
    split: Split,
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
    groups: NDArray[np.int64],
    contract: Contract,
) -> SplitFigures:
    """Return all figures of one split.

    Args:
        split: the name of the split.
        probabilities: [n, labels], n at least 1.
        truth: [n], the index of each image's label among the contract's labels.
        groups: [n]; images of one group show the same lesion or picture.
        contract: names the labels, groups and flags.
    """
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((len(contract.labels),) * 2, np.int64)
    np.add.at(confusion, (truth, answers), 1)
    labels = tuple(_label(label, place, probabilities, truth, groups) for place, label in enumerate(contract.labels))
    aucs = [figures.auc for figures in labels if figures.auc is not None]
    binned = Binned(probabilities.max(axis=1), answers == truth)
    alike = np.ones(len(truth))
    return SplitFigures(
        split=split,
        accuracy=proportion_by_group(answers == truth, groups),
        grouped=_grouped(probabilities, truth, groups, contract),
        loss=_loss(probabilities[np.arange(len(truth)), truth], groups),
        balanced_accuracy=balanced_accuracy(answers == truth, truth),
        mean_auc=float(np.mean(aucs)) if aucs else None,
        calibration_error=binned.error(alike),
        labels=labels,
        flags=tuple(_flag(flag, probabilities, truth, groups, contract) for flag in contract.flags),
        bins=tuple(CalibrationBin(images, sure, right) for sure, right, images in binned.points(alike)),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def _label(
    label: Label, place: int, probabilities: NDArray[np.float32], truth: NDArray[np.int64], groups: NDArray[np.int64]
) -> LabelFigures:
    own, answered = truth == place, probabilities.argmax(axis=1) == place
    support = int(own.sum())
    return LabelFigures(
        label=label.id,
        name=label.name,
        support=support,
        precision=_share(own, answered, groups),
        recall=_share(answered, own, groups),
        auc=area_under_curve(own, probabilities[:, place]) if 0 < support < len(truth) else None,
    )


def _share(counted: NDArray[np.bool_], among: NDArray[np.bool_], groups: NDArray[np.int64]) -> Proportion | None:
    """Return of how many of the images `among` it holds, None where there are none."""
    return proportion_by_group(counted[among], groups[among]) if among.any() else None


def _loss(of_truth: NDArray[np.float32], groups: NDArray[np.int64]) -> Mean:
    return mean(-np.log(np.clip(of_truth.astype(np.float64), _CLIP, 1 - _CLIP)), groups)


def _grouped(
    probabilities: NDArray[np.float32], truth: NDArray[np.int64], groups: NDArray[np.int64], contract: Contract
) -> Proportion | None:
    """Return the accuracy if each group counts as one label, with the sum of its probabilities."""
    if not contract.groups:
        return None
    owner = group_owners(contract.label_ids, [group.labels for group in contract.groups])
    right = group_sums(probabilities, owner).argmax(axis=1) == owner[truth]
    return proportion_by_group(right, groups)


def _flag(
    flag: Flag,
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
    groups: NDArray[np.int64],
    contract: Contract,
) -> FlagFigures:
    places = [contract.label_ids.index(label) for label in flag.labels]
    raised = probabilities[:, places].sum(axis=1, dtype=np.float64) >= flag.threshold
    positive = np.isin(truth, places)
    return FlagFigures(flag.name, flag.threshold, _share(raised, positive, groups), _share(~raised, ~positive, groups))
