"""What a run came to: the record that its report and its pictures are made of, and what of it the model file tells."""

from dataclasses import dataclass, replace

from desktop.core.inference.contract import Contract, Figure, Flag, FlagTest
from desktop.core.statistics.calibration import Calibration
from desktop.core.statistics.proportions import Proportion
from training.figures import FlagFigures, SplitFigures
from training.images.labelled import Split
from training.run.run_folder import RunRecord

_MEASURED_ON: dict[Split, str] = {
    "train": "training images",
    "validation": "validation images",
    "test": "test images",
}
"""What the app calls the images of a split; it looks for an accuracy on “test images”."""

FEWEST_TO_LEARN = 10
"""A label with fewer training images is called empty in substance: so few cannot show what a disease looks like."""


@dataclass(frozen=True)
class WhileTraining:
    """The training figures as they were counted in the epoch that was kept: augmented images, dropout on."""

    epoch: int
    accuracy: Proportion
    loss: float


@dataclass(frozen=True)
class SourceFigures:
    """What was measured on the images of one source and copy in one split."""

    split: Split
    source: str
    copy: str
    accuracy: Proportion
    balanced_accuracy: float


@dataclass(frozen=True)
class RunReport:
    """What a run came to: how it was made, what was measured, and what a reader has to know to believe the figures.

    `contract` is without the figures that are measured here. `empty` are labels with next to no training
    images; `by_source` parts the splits that were not trained on, where they come from more than one source or copy; `views`
    is the number of views of an image whose answers were averaged, 1 being what the app does; `leaked` counts the test
    images whose picture or lesion also stands in training, and those in validation; `contradicted` counts the training
    images whose picture also carries another label; `left_out` counts by reason; `is_papers_set` says that the paper's
    figures are of these images too, and may stand beside.
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
    by_source: tuple[SourceFigures, ...] = ()
    calibration: Calibration | None = None
    views: int = 1
    is_papers_set: bool = False

    def of(self, split: str) -> SplitFigures | None:
        """Return what was measured on a split, None where the data have none."""
        return next((figures for figures in self.splits if figures.split == split), None)

    @property
    def held_out(self) -> tuple[SplitFigures, ...]:
        """The splits that were not trained on."""
        return tuple(figures for figures in self.splits if figures.split != "train")

    @property
    def main_split(self) -> SplitFigures:
        """The split that a reader should judge the model by: test, or validation where there is no test."""
        return self.splits[-1]


def figures_of_folds(contract: Contract) -> tuple[Figure, ...]:
    """Return the figures of a contract that folds gave, not the images of the run itself."""
    return tuple(figure for figure in contract.figures if figure.measured_on not in _MEASURED_ON.values())


def figures_for_contract(report: RunReport) -> tuple[Figure, ...]:
    """Return what the model's contract says of its measurement: the test images first, where there are any, folds last."""
    made = []
    for split in reversed(report.splits):
        where, n = _MEASURED_ON[split.split], split.accuracy.n
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
    """Return the contract's flags with what their thresholds did on the test images, where there are such.

    What the other folds' thresholds did out of fold is told in its place where it is known: it rests on more images.
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
