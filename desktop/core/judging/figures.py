"""Every figure of a model on a clinic's lesions, with 95 % intervals; one vote a lesion.

Intervals are by bootstrap over patients, or over lesions where no patient is known; a share of none or all has the exact
interval of as many independent draws. Fewer than `FEWEST` lesions of a class have counts and no share.
"""

from dataclasses import dataclass

from desktop.core.judging.lesion_answers import AlertTest
from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import Estimate

FEWEST = 20
"""Lesions of a class below which no share is told: of 20 a single one is 5 %."""


@dataclass(frozen=True)
class ClassFigures:
    """A label or group in `n` lesions of its own and `others`.

    `named` of its own were named so, `others_named` of the others. `expected` is the sum of its probability over all lesions.
    A figure is None where a side has fewer than `FEWEST` lesions.
    """

    id: str
    name: str
    n: int
    named: int
    others: int
    others_named: int
    expected: float
    auc: Estimate | None
    sensitivity: Estimate | None
    specificity: Estimate | None


@dataclass(frozen=True)
class AlertCount:
    """In how many lesions an alert is raised: `raised` of its own `positives`, `others_raised` of the `others`.

    `by_label` has the number of lesions of each label or group, and in how many of them it is raised.
    """

    positives: int
    raised: int
    others: int
    others_raised: int
    by_label: dict[str, tuple[int, int]]

    @property
    def missed(self) -> int:
        """The lesions of its own labels in which it is not raised."""
        return self.positives - self.raised


@dataclass(frozen=True)
class AlertFigures:
    """An alert at its working point, by the image alone.

    `proved` counts only the lesions that histology proved, `with_context` all lesions with age, sex and site where they are
    known; None where there are none. `gain` is sensitivity less the share of the others in which it is raised: 0 tells nothing
    apart. `tested` is what testing found, None where the model file does not say. `missed_lesions` are the places of those that
    it misses.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    threshold: float
    aim: float
    count: AlertCount
    proved: AlertCount | None
    with_context: AlertCount | None
    auc: Estimate | None
    sensitivity: Estimate | None
    specificity: Estimate | None
    gain: Estimate | None
    tested: AlertTest | None
    missed_lesions: tuple[int, ...]

    @property
    def melanomas_among(self) -> tuple[int, int] | None:
        """Of an alert for other labels too: its melanomas and in how many it is raised; None if there are none."""
        is_one_of_several = MELANOMA in self.labels and self.labels != (MELANOMA,)
        return self.count.by_label.get(MELANOMA) if is_one_of_several else None


@dataclass(frozen=True)
class Figures:
    """All figures of `n` images of `lesions` lesions, of `patients` patients where they are known.

    `accuracy` is the share of lesions that were named right; in `accuracy_of_groups` the labels of a group count as one.
    `balanced_accuracy` is the mean sensitivity of the labels with lesions, the fewest of which has `fewest`. `ece` is the
    calibration error of the most probable label, on the lesions as they are. It has no interval: lesions that are drawn again
    look worse calibrated than they are. `reliability` is what it is made of: mean probability, share that came true and number
    of lesions of each bin; empty with too few lesions. `mistakes` are the places of the lesions that were answered wrong, the
    worst first.
    """

    n: int
    lesions: int
    patients: int | None
    classes: tuple[ClassFigures, ...]
    groups: tuple[ClassFigures, ...]
    alerts: tuple[AlertFigures, ...]
    accuracy: Estimate | None
    accuracy_of_groups: Estimate | None
    balanced_accuracy: Estimate | None
    fewest: int
    ece: float | None
    reliability: tuple[tuple[float, float, int], ...]
    mistakes: tuple[int, ...]
