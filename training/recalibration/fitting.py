"""Fits temperature, alerts and certainty of a model file on answers to a clinic's own lesions; each lesion has one vote."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import Contract
from desktop.core.statistics.calibration import Calibration, CalibrationErrors
from training.calibrate import fit_temperature
from training.judging.alerts import AlertKind, fit_alert, is_metastasis, kinds_of
from training.judging.held_out import BIOPSIED, HeldOutAnswers
from training.judging.thresholds import Thresholds, certainty_threshold

LEAST_LESIONS = 100
"""Below, chance may do more harm than a temperature mends (`benchmarks/calibration.py`)."""

LEAST_MELANOMAS, LEAST_OTHERS = 30, 100
"""Lesions proved by histology without which no alert is set: of 30 melanomas 95 % allows one to be missed."""


def proved(answers: HeldOutAnswers) -> NDArray[np.bool_]:
    """Return which images show a lesion that histology proved, and no metastasis."""
    return answers.having(confirmed_by=BIOPSIED) & ~is_metastasis(answers)


def count_lesions(answers: HeldOutAnswers, chosen: NDArray[np.bool_]) -> int:
    """Return of how many lesions the chosen images are."""
    return len(np.unique(answers.groups[chosen]))


def refuse_few(lesions: int, contract: Contract, *, sets_thresholds: bool) -> None:
    """Refuse to recalibrate on so many lesions.

    Raises:
        DataError: they are too few for a temperature, or a temperature alone would move the flags of this model.
    """
    if lesions < LEAST_LESIONS:
        raise DataError(
            "There are {count} lesions, too few to recalibrate on. Give {least} or more.",
            count=lesions,
            least=LEAST_LESIONS,
        )
    if contract.flags and not contract.alerts and not sets_thresholds:
        raise DataError(
            "The flags of this model go by its probabilities, which a temperature alone would move. Give {melanomas} melanomas "
            "and {others} other lesions proved by histology, so that alerts take their place.",
            melanomas=LEAST_MELANOMAS,
            others=LEAST_OTHERS,
        )


def fit(answers: HeldOutAnswers, contract: Contract, *, sets_thresholds: bool) -> Thresholds:
    """Fit the temperature and the certainty threshold, and the alerts if they are to be set."""
    temperature = fit_temperature(answers.probabilities, answers.truth, weights_of(answers, contract))
    unknown = CalibrationErrors(0, None, None)
    calibration = Calibration(temperature, len(answers.images), contract.calibration_mix or {}, unknown, unknown)
    probabilities = calibration.apply(answers.probabilities)
    alerts = {}
    if sets_thresholds:
        alerts = {
            kind.id: one
            for kind in _kinds(answers, contract)
            if (one := fit_alert(answers, probabilities, kind)) is not None
        }
    certainty = certainty_threshold(probabilities, answers.labels, answers.own)
    return Thresholds(calibration, alerts, (), certainty, None)


def weights_of(answers: HeldOutAnswers, contract: Contract) -> NDArray[np.float64]:
    """Return what each image weighs [n], their mean 1: every lesion as much as another of its label.

    The labels together have the shares that the file's probabilities assume, where it says so.
    """
    votes = 1 / np.bincount(answers.groups)[answers.groups]
    lesions = np.bincount(answers.truth, votes, minlength=len(answers.labels))
    prior = contract.calibration_mix
    shares = lesions if prior is None else np.array([prior.get(label, 0.0) for label in answers.labels])
    weights: NDArray[np.float64] = votes * (shares / np.maximum(lesions, 1e-9))[answers.truth]
    return weights * len(weights) / weights.sum() if weights.sum() > 0 else np.ones(len(weights))


def _kinds(answers: HeldOutAnswers, contract: Contract) -> tuple[AlertKind, ...]:
    """Return the alerts to be set: those that the earlier file has, or all that its labels allow where it has none."""
    ids = {alert.id for alert in contract.alerts}
    return tuple(kind for kind in kinds_of(answers) if not ids or kind.id in ids)
