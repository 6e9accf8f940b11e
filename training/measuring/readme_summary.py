"""The table of the shipped model's main figures for the README."""

from training.formatting import NOT_MEASURED, format_estimate, format_figure, markdown_table
from training.judging.alerts import ALERT_KINDS
from training.measuring.alert_figures import AlertFigures, LesionShare
from training.measuring.card_figures import CardFigures
from training.measuring.class_figures import SEVEN_CLASSES
from training.measuring.page.thresholds import ERRORS

SUMMARY = "summary"
"""The name of its marks in the README."""

_POSITIVES = {"melanoma": "melanomas", "malignant": "malignant lesions"}
"""What an alert is for, by its id."""


def summary(one: CardFigures) -> str:
    """Return the table, after a sentence that says what was measured."""
    known = {found.id: found for found in one.alerts}
    rows = [row for kind in ALERT_KINDS if kind.id in known for row in _alert(known[kind.id], kind.default)]
    seven = one.classes[SEVEN_CLASSES].figures if SEVEN_CLASSES in one.classes else {}
    rows.append(["seven classes, balanced accuracy, all images held out", format_figure(seven, "balanced accuracy")])
    errors = {curve.name: curve.ece for curve in one.reliability}
    rows += [
        [f"calibration error: {ERRORS[name]}", NOT_MEASURED if error is None else f"{error:.3f}"]
        for name, error in errors.items()
    ]
    said = (
        f"On {one.images:,} images of {one.groups:,} lesions that the network did not learn from, {one.biopsied:,} of them "
        "biopsied. Figures of alerts are by lesion. All figures are cross-fitted; intervals are 95 %, by bootstrap."
    )
    return f"{said}\n\n{markdown_table(['', one.name], rows)}"


def _alert(found: AlertFigures, default: float) -> list[list[str]]:
    point = next(one for one in found.points if one.aim == default)
    row, name, positives = found.biopsied, found.name, _POSITIVES[found.id]
    return [
        [f"{name}, biopsied lesions: AUC against nevi", format_estimate(row.auc_nevi, is_share=False)],
        [
            f"{name}, biopsied lesions: AUC against all others",
            format_estimate(row.auc_others, is_share=False),
        ],
        [f"{name}: raised for biopsied {positives}", _share(point.found)],
        [f"{name}: raised for biopsied nevi", _share(point.nevi_raised)],
        [f"{name}: raised for other biopsied lesions", _share(point.others_raised)],
        [f"{name}: raised for nevi that follow-up proved benign", _share(point.followed_raised)],
    ]


def _share(one: LesionShare | None) -> str:
    if one is None:
        return NOT_MEASURED
    return f"{one.k} of {one.n} = {100 * one.k / one.n:.1f} % ({100 * one.low:.1f} – {100 * one.high:.1f})"
