"""The sections on what is fitted on the folds' answers, how sure answers may be and where flags are raised."""

from collections.abc import Sequence

from training.folds.intervals import SENSITIVITY, SPECIFICITY
from training.measuring.measured import Measured
from training.telling import NOT_MEASURED, Rows, beside, estimate, plain

DIAGRAM = "reliability.svg"

_MIXES = {
    "none": "no calibration, the images as they are",
    "validation": "the images as they are",
    "root": "the share of each label the square root of its share in the images",
    "balanced": "all labels alike",
}
_ERRORS = {"top": "the most probable label", "melanoma": "melanoma", "malignant": "the malignant sum"}


def calibration(all_measured: Sequence[Measured], folder: str) -> list[str]:
    """Return the section on how sure and how often right the answers are."""
    rows: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for one in all_measured:
        errors = {curve.name: curve.ece for curve in one.reliability}
        temperatures = ", ".join(f"{fitted.temperature:.3f}" for fitted in one.by_fold.values())
        rows[one.name] = {("all", str(one.images)): [*(plain(errors.get(name)) for name in _ERRORS), temperatures]}
        for own in one.calibration_by_source:
            cells = [plain(own.errors.get(name)) for name in _ERRORS]
            rows[one.name][own.source, str(own.images)] = [*cells, NOT_MEASURED]
    mixes = "; ".join(f"{one.name} {_MIXES[one.recipe.settings.calibration]}" for one in all_measured)
    return [
        (
            "Expected calibration error in 15 bins of equal mass, after the temperature, in the mix of labels that the "
            f"calibration assumes: {mixes}."
        ),
        beside(["source", "images"], [*_ERRORS.values(), "temperature by fold"], rows),
        f"![Reliability diagrams]({folder}/{DIAGRAM})",
    ]


def flags(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on the flags."""
    rows: dict[str, Rows] = {
        one.name: {
            (flag.name,): [
                f"{flag.threshold:.4f}",
                f"{test.missed} of {test.positives}",
                *(estimate(one.flag_figures[flag.id].get(name), True) for name in (SENSITIVITY, SPECIFICITY)),
            ]
            for flag in one.thresholds.flags
            if (test := one.flags.get(flag.id))
        }
        for one in all_measured
    }
    header = ["threshold", "missed, by the other folds' thresholds", SENSITIVITY, SPECIFICITY]
    return [
        (
            "Each threshold is the highest at which 95 % of such images are found. The one told is that of all folds, "
            "which the model file carries; what it does is told by the other folds' thresholds."
        ),
        beside(["flag"], header, rows),
    ]
