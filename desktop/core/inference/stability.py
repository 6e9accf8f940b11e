"""How much an answer depends on how the dermatoscope was held: the same image flipped, turned and moved a little.

A stable answer is not necessarily right: a model can be wrong in all sixteen views.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.contract import Flag
from desktop.core.inference.judgement import Judgement, judge
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

VIEWS = 16

SHIFT = 1 / 28
"""The shift as a fraction of the side: 8 of 224 pixels, as a hand moves between two images of one lesion."""

_DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
"""Down and across."""

_BATCH = 4
"""Views per run of the model; a request to stop takes effect after a run."""


@dataclass(frozen=True)
class Spread:
    """The mean, lowest and highest of some probabilities: of a label or a sum of labels, over views or images."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class FlagHold:
    """An alert or flag was raised in `raised` of the views; `is_raised` in the image as it is."""

    flag: Alert | Flag
    raised: int
    is_raised: bool


@dataclass(frozen=True)
class Stability:
    """A model's answers to `VIEWS` views of one image.

    `probabilities` are those of each view, by label id. `leads` are the labels that lead together, each with the number of
    views, the most first. `flags` are all that the contract may raise.
    """

    probabilities: tuple[dict[str, float], ...]
    leads: tuple[tuple[tuple[str, ...], int], ...]
    flags: tuple[FlagHold, ...]

    def spread_of(self, labels: tuple[str, ...]) -> Spread:
        """Return the spread of a label, or of the sum of some."""
        sums = [min(sum(view[label] for label in labels), 1.0) for view in self.probabilities]
        return Spread(sum(sums) / len(sums), min(sums), max(sums))


def views_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the views of a model's input, uint8 RGB [16, size, size, 3]; the first is the input itself.

    Eight are its flips and quarter turns; eight more are these again, each moved by `SHIFT` in another direction. What comes
    in at an edge is the mirror of what lies there.
    """
    upright = [np.rot90(image, turns) for turns in range(4)]
    turned = [*upright, *(view[:, ::-1] for view in upright)]
    step = max(1, round(len(image) * SHIFT))
    moved = [_moved(view, step, *direction) for view, direction in zip(turned, _DIRECTIONS, strict=True)]
    return np.stack([*turned, *moved])


def measure_stability(
    classifier: Classifier,
    image: NDArray[np.uint8],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Stability | None:
    """Run a model on every view of an input, uint8 RGB [size, size, 3]; return None if it was cancelled."""
    views = views_of(image)
    contract, points = classifier.contract, classifier.working_points
    answers: list[dict[str, float]] = []
    for start in range(0, len(views), _BATCH):
        if is_cancelled():
            return None
        rows = classifier.run(views[start : start + _BATCH]).probabilities
        answers += [dict(zip(contract.label_ids, map(float, row), strict=True)) for row in rows]
    judgements = [
        judge(Prediction(tuple(answer.values()), None, classifier.sha256, PREPROCESSING_VERSION), contract, points)
        for answer in answers
    ]
    return Stability(
        probabilities=tuple(answers),
        leads=tuple(Counter(one.leading for one in judgements).most_common()),
        flags=tuple(_hold(flag, judgements) for flag in contract.raisable),
    )


def _moved(image: NDArray[np.uint8], step: int, down: int, across: int) -> NDArray[np.uint8]:
    size = len(image)
    padded = np.pad(image, ((step, step), (step, step), (0, 0)), mode="symmetric")
    top, left = step - down * step, step - across * step
    return padded[top : top + size, left : left + size]


def _hold(flag: Alert | Flag, judgements: list[Judgement]) -> FlagHold:
    raised = [any(found.flag == flag for found in one.flags) for one in judgements]
    return FlagHold(flag, sum(raised), raised[0])
