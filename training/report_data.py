"""The results of a run: the data of its report and pictures, and what goes into the model file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.inference.contract import Contract, Figure, Flag, FlagTest
from desktop.core.labelled_images.labelled import Split
from desktop.core.statistics.calibration import Calibration
from desktop.core.statistics.proportions import Proportion
from training.figures import FlagFigures, SplitFigures
from training.run.run_folder import RunRecord

_MEASURED_ON: dict[Split, str] = {
    "train": "training images",
    "validation": "validation images",
    "test": "test images",
}
"""The app's names for the images of a split; it looks for an accuracy on “test images”."""

FEWEST_TO_LEARN = 10
"""A label with fewer training images is reported as practically empty: so few cannot show what a disease looks like."""


@dataclass(frozen=True)
class WhileTraining:
    """The training figures that Keras logged in the epoch that was kept: augmented images, dropout on."""

    epoch: int
    accuracy: Proportion
    loss: float


@dataclass(frozen=True)
class SourceFigures:
    """The figures of one kind of copy from one source in one split."""

    split: Split
    source: str
    copy: str
    accuracy: Proportion
    balanced_accuracy: float


@dataclass(frozen=True)
class RunReport:
    """The results of a run: how it was made, what was measured, and the caveats that a reader needs.

    `contract` lacks the figures that are measured here. `settled` names what was fitted on the validation
    images. `empty` names the labels with hardly any training images.
    `by_source` splits the held-out figures by source and copy, if there is more than one. `views` is the number of views
    averaged for each image; the app uses 1. `leaked` counts the test images whose picture or lesion is also in training,
    and in validation. `contradicted` counts the training images whose picture also carries another label. `left_out` counts
    by reason. `is_papers_set` says that these are the paper's images, so that its figures can be compared.
    """

    command: str
    record: RunRecord
    contract: Contract
    model_sha256: str
    while_training: WhileTraining
    splits: tuple[SplitFigures, ...]
    empty: tuple[str, ...]
    leaked: dict[Split, int]
    contradicted: int
    left_out: dict[str, int]
    settled: tuple[str, ...] = ()
    by_source: tuple[SourceFigures, ...] = ()
    calibration: Calibration | None = None
    views: int = 1
    is_papers_set: bool = False

    def of(self, split: str) -> SplitFigures | None:
        """Return the figures of a split, None if it has no images."""
        return next((figures for figures in self.splits if figures.split == split), None)

    @property
    def held_out(self) -> tuple[SplitFigures, ...]:
        """The figures of the splits that were not trained on."""
        return tuple(figures for figures in self.splits if figures.split != "train")

    @property
    def main_split(self) -> SplitFigures:
        """The split to judge the model by: test, or validation if there are no test images."""
        return self.splits[-1]


def settled_by(contract: Contract, calibration: Calibration | None) -> tuple[str, ...]:
    """Return in words what was fitted on the validation images of a run, from its contract and its calibration."""
    named = (
        ("the temperature", calibration and not any(calibration.offsets)),
        ("the temperature and the offsets of the labels", calibration and any(calibration.offsets)),
        ("the alerts", contract.alerts),
        ("the thresholds of the flags", contract.flags),
        ("the certainty threshold", contract.certainty_threshold is not None),
        ("the novelty threshold", contract.novelty_threshold is not None),
    )
    return tuple(name for name, is_fitted in named if is_fitted)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def figures_of_folds(contract: Contract) -> tuple[Figure, ...]:
    """Return the figures of a contract that come from folds, not from this run's own splits."""
    own = tuple(_MEASURED_ON.values())
    return tuple(figure for figure in contract.figures if not figure.measured_on.startswith(own))


def figures_for_contract(report: RunReport) -> tuple[Figure, ...]:
    """Return the figures for the model's contract: test images first, if there are any, and folds last."""
    made = []
    for split in reversed(report.splits):
        where, n = _MEASURED_ON[split.split], split.accuracy.n
        if split.split == "validation" and report.settled:
            where = f"{where}, which set {listed(report.settled)}"
        shares = {"accuracy": split.accuracy, "accuracy, groups as one": split.grouped}
        made += [
            Figure(name, where, share.value, share.n, share.k, share.low, share.high)
            for name, share in shares.items()
            if share
        ]
        made.append(Figure("balanced accuracy", where, split.balanced_accuracy, n))
        made.append(Figure("loss", where, split.loss.value, n, low=split.loss.low, high=split.loss.high))
    return (*made, *report.contract.figures)


def tested_flags(report: RunReport) -> tuple[Flag, ...]:
    """Return the contract's flags with their results on the test images, if there are any.

    Out-of-fold results, if known, are kept instead: they rest on more images.
    """
    test = report.of("test")
    measured = {} if test is None else {flag.name: flag for flag in test.flags}
    return tuple(
        flag
        if flag.tested and flag.tested.measured_on != _MEASURED_ON["test"]
        else replace(flag, tested=_flag_test(measured.get(flag.name)))
        for flag in report.contract.flags
    )


def _flag_test(found: FlagFigures | None) -> FlagTest | None:
    if found is None or found.sensitivity is None or found.specificity is None:
        return None
    seen, left = found.sensitivity, found.specificity
    return FlagTest(_MEASURED_ON["test"], seen.n - seen.k, seen.n, left.n - left.k, left.n)
