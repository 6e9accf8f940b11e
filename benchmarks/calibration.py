"""How many lesions a calibration takes: what one fitted on a few of the held-out lesions does to the loss of all others.

    python benchmarks/calibration.py

The answers are those of LL-1 that are committed in docs/experiments. Columns: a temperature alone, on calibrated
answers, as `lesionlens-train recalibrate` fits it; and a temperature with an offset for each label, on uncalibrated answers,
as the training fits it, beside a temperature alone on the same. docs/experiments.md has the table.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import ROOT
from desktop.core.statistics.calibration import Calibration, CalibrationErrors
from training.calibrate import Prior, fit_calibration, fit_temperature, prior_weights
from training.formatting import markdown_table
from training.judging.held_out import FILE, read
from training.judging.thresholds import cross_fit

_ANSWERS = ROOT / "docs" / "experiments" / "LL-1"
_PRIOR: Prior = "root"
_LESIONS = (50, 100, 200, 300, 500)
_DRAWS = 20
_SMALLEST = 1e-12
_HEADER = (
    "lesions",
    "images",
    "temperature: loss",
    "at worst",
    "offsets too: loss",
    "at worst",
    "better than a temperature",
)


def main() -> int:
    """Print the table."""
    found = read(_ANSWERS / FILE)
    raw, calibrated = found.probabilities, cross_fit(found, _PRIOR).probabilities
    truth, labels = found.truth, [one.label for one in found.images]
    weights = prior_weights(truth, len(found.labels), _PRIOR)

    def loss(probabilities: NDArray[np.float64], places: NDArray[np.int64]) -> float:
        own = np.maximum(probabilities[places, truth[places]], _SMALLEST)
        return float(-(weights[places] * np.log(own)).sum() / weights[places].sum())

    rows = []
    for lesions in _LESIONS:
        images, alone, both, is_better = [], [], [], []
        for draw in range(_DRAWS):
            drawn = np.random.default_rng(draw).permutation(np.unique(found.groups))[:lesions]
            is_drawn = np.isin(found.groups, drawn)
            here, others = np.flatnonzero(is_drawn), np.flatnonzero(~is_drawn)
            images.append(len(here))
            softened = _softened(calibrated, fit_temperature(calibrated[here], truth[here], weights[here]))
            alone.append(loss(softened, others) / loss(calibrated, others) - 1)
            softened = _softened(raw, fit_temperature(raw[here], truth[here], weights[here]))
            fitted = fit_calibration(raw[here], [labels[place] for place in here], found.labels, _PRIOR, offsets_from=0)
            shifted = fitted.apply(raw)
            both.append(loss(shifted, others) / loss(raw, others) - 1)
            is_better.append(loss(shifted, others) < loss(softened, others))
        told = [f"{100 * change:+.1f} %" for some in (alone, both) for change in (np.median(some), np.max(some))]
        rows.append([str(lesions), f"{np.mean(images):.0f}", *told, f"{sum(is_better)} of {_DRAWS}"])
    print(markdown_table(_HEADER, rows))
    return 0


def _softened(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    unknown = CalibrationErrors(0, None, None)
    softened: NDArray[np.float64] = Calibration(temperature, 0, {}, unknown, unknown).apply(probabilities)
    return softened


if __name__ == "__main__":
    sys.exit(main())
