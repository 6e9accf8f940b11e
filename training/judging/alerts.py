"""The score and the thresholds of each alert: how they are fitted, and their results on other lesions.

The unit is the lesion: its images count once, by their mean score. The whole procedure is fitted on some lesions and tested
on others (`thresholds.cross_fit`): the calibration, a logistic score of the calibrated log-probabilities, and a threshold for
each sensitivity to aim at. The shipped model has the same procedure fitted on all lesions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.alerts import FLOOR, Alert, AlertPoint, AlertTerm
from desktop.core.labels import MELANOMA
from training.calibrate import flagged
from training.images.label_groups import groups_of
from training.judging.held_out import BIOPSIED, FOLLOWED, HeldOutAnswers

AIMS = tuple(round(0.5 + 0.01 * step, 2) for step in range(51))
"""Sensitivities for which a threshold is set: the points of an alert's curve."""

FEWEST = 20
"""Fewest biopsied lesions, positive and negative, for an alert: with fewer, 95 % cannot be distinguished from 100 %."""

_WEIGHTS = {"nevus": 1.0, "other": 0.5, "followed": 0.25}
"""Total weights in a fit of all biopsied nevi, all other biopsied lesions and all followed nevi; all positives weigh 1.

The alert is for lesions that a clinician was unsure of. Nevi proved by follow-up weigh just enough that a gain on biopsied
lesions is not paid for with false alarms on them.
"""

_RIDGE = 0.003
"""Ridge penalty on the squared coefficients: labels that carry nearly the same information share it."""

_STEPS, _CONVERGED = 50, 1e-9


@dataclass(frozen=True)
class AlertKind:
    """The definition of an alert: its labels, the sensitivities that a user can choose, and the default."""

    id: str
    name: str
    labels: tuple[str, ...]
    working_points: tuple[float, ...]
    default: float


ALERT_KINDS = (
    AlertKind(MELANOMA, "Melanoma alert", (MELANOMA,), (0.95, 0.98), 0.95),
    AlertKind(
        "malignant",
        "Skin cancer alert",
        (MELANOMA, "basal_cell_carcinoma", "squamous_cell_carcinoma"),
        (0.90, 0.95, 0.98),
        0.95,
    ),
)


def kinds_of(found: HeldOutAnswers) -> tuple[AlertKind, ...]:
    """Return the alerts that the labels of these answers allow: as `calibrate.flagged`."""
    members = {flag_id: labels for flag_id, _, labels in flagged(found.labels, found.malignant)}
    return tuple(
        replace(kind, labels=_in_order(members[kind.id], kind.labels)) for kind in ALERT_KINDS if kind.id in members
    )


def _in_order(labels: tuple[str, ...], first: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(labels, key=lambda label: first.index(label) if label in first else len(first)))


@dataclass(frozen=True)
class FittedAlert:
    """A score and a threshold for each of `AIMS`, fitted on some lesions."""

    intercept: float
    terms: tuple[AlertTerm, ...]
    thresholds: tuple[float, ...]

    def scores(self, probabilities: NDArray[np.float64], labels: tuple[str, ...]) -> NDArray[np.float64]:
        """Return the score of each of n answers, calibrated probabilities [n, labels]: see `Alert.score`."""
        units = tuple(term.labels for term in self.terms)
        coefficients = np.array([term.coefficient for term in self.terms])
        scores: NDArray[np.float64] = self.intercept + _features(probabilities, labels, units) @ coefficients
        return scores


@dataclass(frozen=True)
class AlertScores:
    """What each image got from a score that its lesion took no part in fitting: `scores` [n], `thresholds` [n, aims]."""

    scores: NDArray[np.float64]
    thresholds: NDArray[np.float64]


class Lesions:
    """Some of the images held out, by lesion: `of_image` [n] says whose each chosen image is, from 0."""

    def __init__(self, found: HeldOutAnswers, chosen: NDArray[np.bool_]) -> None:
        self.chosen = np.flatnonzero(chosen)
        groups, first, self.of_image = np.unique(found.groups[chosen], return_index=True, return_inverse=True)
        self.count = len(groups)
        self.first = self.chosen[first]
        """An image of each lesion."""

    def mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean over each lesion's images of values [all images, ...]."""
        sums = np.zeros((self.count, *values.shape[1:]))
        np.add.at(sums, self.of_image, values[self.chosen])
        shape = (-1,) + (1,) * (values.ndim - 1)
        means: NDArray[np.float64] = sums / np.bincount(self.of_image, minlength=self.count).reshape(shape)
        return means

    def any(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return for which lesions it holds of at least one of their images, given for all images."""
        held: NDArray[np.bool_] = np.bincount(self.of_image, values[self.chosen], self.count) > 0
        return held


def is_metastasis(found: HeldOutAnswers) -> NDArray[np.bool_]:
    """Return which images show a melanoma that came from elsewhere: no dermatoscope can be asked to find its origin."""
    return np.array(["metasta" in one.diagnosis.casefold() for one in found.images], bool)


def fit_alert(found: HeldOutAnswers, probabilities: NDArray[np.float64], kind: AlertKind) -> FittedAlert | None:
    """Fit the score of an alert on these images, and set its thresholds.

    Args:
        found: the images.
        probabilities: [n, labels], calibrated.
        kind: the alert.

    Returns:
        None where fewer than `FEWEST` lesions on either side were biopsied, or a label is missing.
    """
    if not set(kind.labels) <= set(found.labels):
        return None
    biopsied = found.having(confirmed_by=BIOPSIED) & ~is_metastasis(found)
    lesions = Lesions(found, biopsied | found.having(confirmed_by=FOLLOWED, label="nevus"))
    positive = lesions.any(biopsied & _is_of(found, kind.labels))
    proved = lesions.any(biopsied)
    is_nevus = lesions.any(found.having(label="nevus"))
    sides = {"nevus": proved & ~positive & is_nevus, "other": proved & ~positive & ~is_nevus, "followed": ~proved}
    if positive.sum() < FEWEST or (sides["nevus"] | sides["other"]).sum() < FEWEST:
        return None
    weights = positive / positive.sum()
    for name, here in sides.items():
        weights = weights + here * _WEIGHTS[name] / max(int(here.sum()), 1)
    units = _units(found.labels)
    features = lesions.mean(_features(probabilities, found.labels, units))
    intercept, coefficients = _logistic(features, positive, weights / weights.sum())
    terms = tuple(AlertTerm(labels, float(value)) for labels, value in zip(units, coefficients, strict=True))
    scores = np.sort(intercept + features[positive] @ coefficients)
    may_miss = [int(np.floor(round((1 - aim) * len(scores), 9))) for aim in AIMS]
    return FittedAlert(float(intercept), terms, tuple(scores[may_miss].tolist()))


def alerts_of(
    found: HeldOutAnswers, fitted: Mapping[str, FittedAlert], alert_scores: Mapping[str, AlertScores], measured_on: str
) -> tuple[Alert, ...]:
    """Return the alerts for a model, each with its cross-fitted curve.

    Args:
        found: the images held out.
        fitted: by alert id, on all of these images.
        alert_scores: by alert id; each image is scored by what was fitted on the other folds.
        measured_on: what these images are, in words.
    """
    return tuple(
        Alert(
            id=kind.id,
            name=kind.name,
            labels=kind.labels,
            intercept=fitted[kind.id].intercept,
            terms=fitted[kind.id].terms,
            measured_on=measured_on,
            curve=tuple(
                _point(found, kind, alert_scores[kind.id], fitted[kind.id], place) for place in range(len(AIMS))
            ),
            working_points=kind.working_points,
            default=kind.default,
            over_images="mean",
        )
        for kind in kinds_of(found)
        if kind.id in fitted and kind.id in alert_scores
    )


def raised(lesions: Lesions, alert_scores: AlertScores, aim: float) -> NDArray[np.bool_]:
    """Return which lesions raise an alert at the threshold for this aim: by the mean score of their images."""
    margin: NDArray[np.bool_] = lesions.mean(alert_scores.scores - alert_scores.thresholds[:, AIMS.index(aim)]) >= 0
    return margin


def _point(
    found: HeldOutAnswers, kind: AlertKind, alert_scores: AlertScores, fitted: FittedAlert, place: int
) -> AlertPoint:
    biopsied = Lesions(found, found.having(confirmed_by=BIOPSIED) & ~is_metastasis(found))
    followed = Lesions(found, found.having(confirmed_by=FOLLOWED, label="nevus"))
    positive = biopsied.any(_is_of(found, kind.labels))
    is_nevus = biopsied.any(found.having(label="nevus")) & ~positive
    is_other = ~positive & ~is_nevus
    is_raised = raised(biopsied, alert_scores, AIMS[place])
    return AlertPoint(
        aim=AIMS[place],
        threshold=fitted.thresholds[place],
        found=int((is_raised & positive).sum()),
        positives=int(positive.sum()),
        nevi_raised=int((is_raised & is_nevus).sum()),
        nevi=int(is_nevus.sum()),
        others_raised=int((is_raised & is_other).sum()),
        others=int(is_other.sum()),
        followed_raised=int(raised(followed, alert_scores, AIMS[place]).sum()),
        followed=followed.count,
    )


def _is_of(found: HeldOutAnswers, labels: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.isin(found.truth, [found.labels.index(label) for label in labels])


def _units(labels: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the labels, those of a group as one: the two keratoses are one thing under two names."""
    groups = tuple(group.labels for group in groups_of(labels))
    grouped = {label for group in groups for label in group}
    return (*groups, *((label,) for label in labels if label not in grouped))


def _features(
    probabilities: NDArray[np.float64], labels: tuple[str, ...], units: tuple[tuple[str, ...], ...]
) -> NDArray[np.float64]:
    sums = [probabilities[:, [labels.index(label) for label in unit]].sum(axis=1) for unit in units]
    features: NDArray[np.float64] = np.log(np.maximum(np.stack(sums, axis=1), FLOOR))
    return features


def _logistic(
    features: NDArray[np.float64], positive: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Return intercept and coefficients of the logistic regression with a ridge, by Newton's method."""
    design = np.column_stack([np.ones(len(features)), features])
    ridge = np.diag([0.0, *[_RIDGE] * features.shape[1]])
    values = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        shares = 1 / (1 + np.exp(-design @ values))
        slope = design.T @ (weights * (positive - shares)) - ridge @ values
        curvature = (design * (weights * shares * (1 - shares))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature, slope)
        values = values + step
        if np.abs(step).max() < _CONVERGED:
            break
    return float(values[0]), values[1:]
