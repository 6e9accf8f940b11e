"""The sections on what is fitted on held-out images: how sure answers may be, and where flags are raised."""

from collections.abc import Sequence

from training.formatting import NOT_MEASURED, Rows, format_estimate, format_number, side_by_side
from training.judging.intervals import SENSITIVITY, SPECIFICITY
from training.measuring.card_figures import CardFigures
from training.measuring.subgroup_figures import SourceCalibration

DIAGRAM = "reliability.svg"

_PRIORS = {
    "none": "no calibration, labels as frequent as in the images",
    "validation": "labels as frequent as in the images",
    "root": "proportional to the square root of each label's share in the images",
    "balanced": "all labels equally frequent",
}
ERRORS = {"top": "the most probable label", "melanoma": "melanoma", "malignant": "the malignant sum"}
"""What a calibration error is of, by the name of its curve."""


def calibration(all_figures: Sequence[CardFigures], folder: str) -> list[str]:
    """Return the section on how sure and how often right the answers are."""
    rows: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for one in all_figures:
        errors = {curve.name: curve.ece for curve in one.reliability}
        temperatures = ", ".join(f"{fitted.temperature:.3f}" for fitted in one.by_fold.values())
        rows[one.name] = {
            ("all", str(one.images)): [*(format_number(errors.get(name)) for name in ERRORS), temperatures]
        }
        for own in one.calibration_by_source:
            cells = [_beside_chance(own, name) for name in ERRORS]
            rows[one.name][own.source, str(own.images)] = [*cells, NOT_MEASURED]
    priors = "; ".join(f"{one.name}: {_PRIORS[one.recipe.settings.calibration]}" for one in all_figures)
    return [
        (
            "Expected calibration error in 15 bins of equal mass, after calibration: for all images under the prior that the "
            f"calibration assumes ({priors}), and for each source under its own prior, the share of each label among "
            "its images. In parentheses stands the error that a perfectly calibrated network would have on as many images: the "
            "mean over labels drawn from these probabilities."
        ),
        side_by_side(["source", "images"], [*ERRORS.values(), "temperatures, cross-fitted"], rows),
        f"![Reliability diagrams]({folder}/{DIAGRAM})",
    ]


def _beside_chance(one: SourceCalibration, name: str) -> str:
    if name not in one.errors:
        return NOT_MEASURED
    return f"{format_number(one.errors[name])} ({format_number(one.by_chance[name])})"


def flags(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on the flags of models without alerts; empty if there are none."""
    rows: dict[str, Rows] = {
        one.name: {
            (flag.name,): [
                f"{flag.threshold:.4f}",
                f"{test.missed} of {test.positives}",
                *(format_estimate(one.flag_figures[flag.id].get(name), True) for name in (SENSITIVITY, SPECIFICITY)),
            ]
            for flag in one.thresholds.flags
            if (test := one.flags.get(flag.id))
        }
        for one in all_figures
    }
    if not any(rows.values()):
        return []
    header = ["threshold", "missed, cross-fitted", SENSITIVITY, SPECIFICITY]
    return [
        "## Flags",
        (
            "Flags of models without alerts. Each threshold is the highest at which 95 % of such images are found. The "
            "threshold shown is that of the model file, set on all images; its figures are cross-fitted."
        ),
        side_by_side(["flag"], header, rows),
    ]
