"""Figures of subgroups of the images: by source, age band, sex, site or skin tone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.calibration import calibration_error
from desktop.core.statistics.classification import Answers, estimates
from desktop.core.statistics.proportions import Proportion, proportion
from training.judging.contract_figures import confidences
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted
from training.measuring.class_figures import (
    MALIGNANT,
    MALIGNANT_LABELS,
    MALIGNANT_WIDE,
    NINE,
    SEVEN_CLASSES,
    TARGETS,
    sets_of,
)

_DRAWS = 300
"""Bootstrap draws: subgroups are many and their intervals wide, so fewer draws suffice."""

_FEWEST = 50
"""Fewest images of a subgroup for figures that mean anything."""

_FEWEST_OF_A_SIDE = 20
"""Fewest positive and negative images for figures of the class that must not be missed."""

_CHANCE_DRAWS = 200
"""Draws of the labels for the calibration error of a perfectly calibrated network; the seed is fixed."""

_LEAST = 1e-12
"""Divisors are at least this: a label may be missing."""

_SETS = (NINE, SEVEN_CLASSES, MALIGNANT)
_OF_ONE_CLASS = ": "


@dataclass(frozen=True)
class SubgroupFigures:
    """The figures of one subgroup; `by` is the criterion (source, age band, sex, site or skin tone).

    `figures` are by set of classes: means over its classes that have images here, and those of the class that must not be
    missed.
    """

    by: str
    value: str
    images: int
    melanomas: int
    malignant: int
    figures: dict[str, dict[str, Estimate]]
    novel: Proportion | None


@dataclass(frozen=True)
class SourceCalibration:
    """The calibration errors of one source, by the name of the curve: see `contract_figures.confidences`.

    `by_chance` are those of a perfectly calibrated network: the mean over labels drawn from the same probabilities. On few
    images they are far from 0.
    """

    source: str
    images: int
    errors: dict[str, float]
    by_chance: dict[str, float]


def subgroups_of(found: HeldOutAnswers, cross_fitted: CrossFitted) -> Iterator[SubgroupFigures]:
    """Yield every part that holds enough images."""
    sets = {name: answers for name, answers in sets_of(found, cross_fitted).items() if name in _SETS}
    melanoma = found.labels.index(MELANOMA) if MELANOMA in found.labels else -1
    malignant = [found.labels.index(label) for label in MALIGNANT_LABELS if label in found.labels]
    for by, values in _values(found).items():
        for value in (one for one in np.unique(values) if one):
            here = values == value
            count = int(here.sum())
            if count < _FEWEST:
                continue
            yield SubgroupFigures(
                by,
                str(value),
                count,
                int((found.truth[here] == melanoma).sum()),
                int(np.isin(found.truth[here], malignant).sum()),
                {name: _figures(name, answers.where(here)) for name, answers in sets.items()},
                None if cross_fitted.novel is None else proportion(int(cross_fitted.novel[here].sum()), count),
            )


def calibration_by_source(found: HeldOutAnswers, cross_fitted: CrossFitted) -> Iterator[SourceCalibration]:
    """Yield the calibration errors of each source under its own prior: the share of each label among its images."""
    sources = np.array([one.source for one in found.images])
    assumed = np.bincount(found.truth, cross_fitted.weights, len(found.labels)) / cross_fitted.weights.sum()
    for source in np.unique(sources):
        here = sources == source
        prior = np.bincount(found.truth[here], minlength=len(found.labels)) / here.sum()
        shares = cross_fitted.probabilities[here] * prior / np.maximum(assumed, _LEAST)
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), _LEAST)
        truth = found.truth[here]
        yield SourceCalibration(
            str(source), int(here.sum()), _errors(found, shares, truth), _errors_by_chance(found, shares)
        )


def _errors(found: HeldOutAnswers, shares: NDArray[np.float64], truth: NDArray[np.int64]) -> dict[str, float]:
    pairs = confidences(found, shares, truth)
    return {name: calibration_error(sure, came_true) for name, (sure, came_true) in pairs.items()}


def _errors_by_chance(found: HeldOutAnswers, shares: NDArray[np.float64]) -> dict[str, float]:
    random, limits = np.random.default_rng(0), np.cumsum(shares, axis=1)
    drawn = [
        _errors(found, shares, (random.random((len(shares), 1)) > limits[:, :-1]).sum(axis=1))
        for _ in range(_CHANCE_DRAWS)
    ]
    return {name: float(np.mean([one[name] for one in drawn])) for name in drawn[0]}


def _figures(name: str, answers: Answers) -> dict[str, Estimate]:
    own = _told_of(name, answers)
    told = estimates(answers, _DRAWS, of=own)
    return {figure: one for figure, one in told.items() if _is_told(name, figure)}


def _told_of(name: str, answers: Answers) -> tuple[str, ...]:
    """Return the class that must not be missed if enough images are positive and enough negative, else nothing."""
    positives = int((answers.truth == answers.classes.index(TARGETS[name])).sum())
    has_both = min(positives, len(answers.truth) - positives) >= _FEWEST_OF_A_SIDE
    return (TARGETS[name],) if has_both else ()


def _is_told(name: str, figure: str) -> bool:
    """Tell whether a figure is meaningful: with two classes, those of the most probable class are not."""
    return name not in {MALIGNANT, MALIGNANT_WIDE} or figure == "Brier" or _OF_ONE_CLASS in figure


def _values(found: HeldOutAnswers) -> dict[str, NDArray[np.str_]]:
    """Return for each criterion the value of each image, empty if unknown."""

    def band(age: str) -> str:
        return f"{int(float(age)) // 20 * 20:02} to {int(float(age)) // 20 * 20 + 19}" if age else ""

    return {
        "source": np.array([one.source for one in found.images]),
        "age (years)": np.array([band(one.age) for one in found.images]),
        "sex": np.array([one.sex if one.sex != "unknown" else "" for one in found.images]),
        "site": np.array([one.site if one.site != "unknown" else "" for one in found.images]),
        "skin tone, 0 darkest": np.array([one.skin_tone for one in found.images]),
    }
