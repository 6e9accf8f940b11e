"""What a recalibrated file does better or worse than the earlier one, on the lesions that it was made from."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Contract, Figure, Recalibration
from desktop.core.statistics.calibration import calibration_error
from desktop.core.statistics.proportions import proportion
from training.judging.alerts import AIMS, Lesions, kinds_of
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted
from training.recalibration.fitting import proved

_SMALLEST = 1e-12
"""The least probability whose logarithm is taken."""

_Margins = dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]
"""By an alert's name: its labels, and by how much the score of each image exceeds the threshold."""


def figures_before(
    answers: HeldOutAnswers, contract: Contract, weights: NDArray[np.float64], on: str, *, has_alerts: bool
) -> tuple[Figure, ...]:
    """Return the figures of the earlier file; those of its alerts only if the new one sets alerts as well."""
    rows = [dict(zip(answers.labels, row, strict=True)) for row in answers.probabilities.tolist()]
    margins = {
        alert.name: (alert.labels, np.array([alert.score(row) for row in rows]) - alert.point().threshold)
        for alert in contract.alerts
        if has_alerts
    }
    return _figures(answers, answers.probabilities, weights, margins, on)


def figures_after(
    answers: HeldOutAnswers, cross_fitted: CrossFitted, weights: NDArray[np.float64], on: str
) -> tuple[Figure, ...]:
    """Return the figures of the new file, each lesion by what the other lesions set."""
    margins = {
        kind.name: (kind.labels, scores.scores - scores.thresholds[:, AIMS.index(kind.default)])
        for kind in kinds_of(answers)
        if (scores := cross_fitted.alert_scores.get(kind.id)) is not None
    }
    return _figures(answers, cross_fitted.probabilities, weights, margins, on)


def told(found: Recalibration) -> str:
    """Return temperature and figures, before and after, as a table for the screen."""
    rows = [("", "before", "after")]
    for one in found.after:
        before = next((figure for figure in found.before if figure.name == one.name), None)
        rows.append((one.name, _value(before), _value(one)))
    lines = [f"{name:<42}{before:>16}{after:>16}" for name, before, after in rows]
    return "\n".join([f"Temperature {found.temperature:.3f}.", *lines])


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return f"{figure.value:.3f}" if figure.k is None else f"{figure.k} of {figure.n}"


def _figures(
    answers: HeldOutAnswers,
    probabilities: NDArray[np.float64],
    weights: NDArray[np.float64],
    margins: _Margins,
    on: str,
) -> tuple[Figure, ...]:
    """Return how far certainty and truth lie apart, the loss, and what the alerts raise."""
    n = len(answers.images)
    right = probabilities.argmax(axis=1) == answers.truth
    own = np.maximum(probabilities[np.arange(n), answers.truth], _SMALLEST)
    made = [
        Figure("calibration error", on, calibration_error(probabilities.max(axis=1), right, weights), n),
        Figure("log loss", on, float(-(weights * np.log(own)).sum() / weights.sum()), n),
    ]
    lesions = Lesions(answers, proved(answers))
    for name, (labels, margin) in margins.items():
        is_raised = lesions.mean(margin) >= 0
        positive = lesions.any(np.isin([one.label for one in answers.images], labels))
        for what, side in (("sensitivity", positive), ("other lesions raised", ~positive)):
            share = proportion(int(is_raised[side].sum()), int(side.sum()))
            made.append(Figure(f"{name}, {what}", on, share.value, share.n, share.k, share.low, share.high))
    return tuple(made)
