"""The layer of age, sex and site: its fit on the answers to held-out images, and whether a model has it.

It is a multinomial logistic regression with the logarithm of the image's probabilities as its offset, so that each factor adds
to the image's answer. Its figures are cross-fitted, like those of all thresholds. It may raise an alert but never remove one,
and only an alert that it separates better from biopsied nevi than the image alone does; otherwise a lower threshold would find
as many.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import UsageError
from desktop.core.inference.context import (
    AGE,
    SEX,
    SITE,
    Context,
    ContextFactor,
    ContextGain,
    ContextTest,
    ContextValue,
    age_band_of,
    sex_of,
    site_of,
)
from desktop.core.patient_context import AGE_BANDS, SEXES, SITES, PatientContext
from desktop.core.statistics.bootstrap import Weights, bootstrapped
from desktop.core.statistics.calibration import softmax
from desktop.core.statistics.ranking import Ranked
from training.calibrate import Prior, prior_weights
from training.judging.alerts import FEWEST, AlertKind, AlertScores, Lesions, is_metastasis, kinds_of, raised
from training.judging.held_out import BIOPSIED, HeldOutAnswers
from training.judging.thresholds import CrossFitted, Thresholds

ALL = "all"
AGES = {ALL: (-np.inf, np.inf), "under 40": (-np.inf, 40.0), "40 to 59": (40.0, 60.0), "60 and over": (60.0, np.inf)}
"""The age bands of the layer's figures: from, and up to but not including. `ALL` includes unknown ages."""

_RIDGE = 0.001
"""Ridge penalty on the squared coefficients, with weights that sum to 1: a site with few lesions has hardly any effect."""

_STEPS, _CONVERGED = 50, 1e-9
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Trial:
    """The cross-fitted results of the layer: `probabilities` [n, labels] with context, `tests` and `gains` of every alert."""

    probabilities: NDArray[np.float64]
    tests: tuple[ContextTest, ...]
    gains: tuple[ContextGain, ...]

    @property
    def raises(self) -> tuple[str, ...]:
        """The ids of the alerts that it separates better, with the interval of the gain above 0."""
        return tuple(gain.alert for gain in self.gains if gain.low > 0)


def context_of(
    found: HeldOutAnswers, cross_fitted: CrossFitted, thresholds: Thresholds, prior: Prior, where: str
) -> Context | None:
    """Return the layer for a model, fitted on all of these answers; None if it separates no alert better.

    Args:
        found: the answers to the held-out images.
        cross_fitted: the same, cross-fitted.
        thresholds: those fitted on all of the answers.
        prior: of the labels, for the calibration.
        where: a description of these images.
    """
    trial = try_context(found, cross_fitted, prior)
    if not trial.raises:
        return None
    return Context(
        fitted_on=where,
        measured_on=f"{where}, by lesion, cross-fitted",
        factors=fitted(found, thresholds.calibrated(found.probabilities), prior),
        raises=trial.raises,
        tests=trial.tests,
        gains=trial.gains,
    )


def try_context(found: HeldOutAnswers, cross_fitted: CrossFitted, prior: Prior) -> Trial:
    """Measure the layer on each fold, fitted on the others with their own calibration, scores and thresholds."""
    with_context = np.zeros_like(cross_fitted.probabilities)
    scores = {name: one.scores.copy() for name, one in cross_fitted.alert_scores.items()}
    for fold, other in cross_fitted.by_fold.items():
        here = found.folds == fold
        rest = found.subset(~here)
        factors = fitted(rest, other.calibrated(rest.probabilities), prior)
        with_context[here] = applied(factors, found.subset(here), cross_fitted.probabilities[here])
        for name, own in scores.items():
            own[here] = np.maximum(own[here], other.alerts[name].scores(with_context[here], found.labels))
    kinds = [kind for kind in kinds_of(found) if kind.id in cross_fitted.alert_scores]
    either = {kind.id: AlertScores(scores[kind.id], cross_fitted.alert_scores[kind.id].thresholds) for kind in kinds}
    return Trial(
        with_context,
        tuple(
            test for kind in kinds for test in _tests(found, kind, cross_fitted.alert_scores[kind.id], either[kind.id])
        ),
        tuple(
            gain for kind in kinds if (gain := _gain(found, kind, cross_fitted.alert_scores[kind.id], either[kind.id]))
        ),
    )


def fitted(found: HeldOutAnswers, probabilities: NDArray[np.float64], prior: Prior) -> tuple[ContextFactor, ...]:
    """Fit the layer on these answers, calibrated probabilities [n, labels].

    Age enters linearly, by the middle of its band. Each factor is centred on the patients for whom it is given, so that it adds
    nothing on average, and nothing if it is missing.
    """
    weights = prior_weights(found.truth, len(found.labels), prior)
    weights /= weights.sum()
    patients = [given_of(one.age, one.sex, one.site) for one in found.images]
    rows = np.array([_row(patient) for patient in patients])
    is_given = ~np.isnan(rows)
    totals = (weights[:, None] * is_given).sum(axis=0)
    centre = (weights[:, None] * np.nan_to_num(rows)).sum(axis=0) / np.maximum(totals, _SMALLEST)
    features = np.where(is_given, rows - centre, 0.0)
    coefficients = _regression(features, np.log(np.maximum(probabilities, _SMALLEST)), found.truth, weights)

    def factor(name: str, values: Sequence[str]) -> ContextFactor:
        patients = [PatientContext(**{_FIELDS[name]: value}) for value in values]
        offsets = [np.nan_to_num(np.array(_row(one)) - centre) @ coefficients for one in patients]
        return ContextFactor(
            name,
            tuple(
                ContextValue(value, dict(zip(found.labels, own.tolist(), strict=True)))
                for value, own in zip(values, offsets, strict=True)
            ),
        )

    return tuple(factor(name, values) for name, values in ((AGE, AGE_BANDS), (SEX, SEXES), (SITE, SITES)))


def applied(
    factors: Sequence[ContextFactor], found: HeldOutAnswers, probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probabilities [n, labels] of answers with each patient's context: see `Context.apply`."""
    tables = {
        factor.id: {value.id: np.array([value.offsets[label] for label in found.labels]) for value in factor.values}
        for factor in factors
    }
    nothing = np.zeros(len(found.labels))
    patients = [given_of(one.age, one.sex, one.site) for one in found.images]
    offsets = np.array(
        [sum((tables[name].get(getattr(one, _FIELDS[name]), nothing) for name in tables), nothing) for one in patients]
    )
    return softmax(np.log(np.maximum(probabilities, _SMALLEST)) + offsets)


def given_of(age: str, sex: str, site: str) -> PatientContext:
    """Return the context of an image's patient; unknown words are ignored."""

    def known(read: Callable[[str], str], text: str) -> str:
        try:
            return read(text)
        except UsageError:
            return ""

    return PatientContext(known(age_band_of, age), known(sex_of, sex), known(site_of, site))


_FIELDS = {AGE: "age_band", SEX: "sex", SITE: "site"}


def _row(patient: PatientContext) -> list[float]:
    """Return the features of a patient, NaN if not given. Age is in decades."""
    age = AGE_BANDS.index(patient.age_band) + 0.5 if patient.age_band else np.nan
    sex = float(patient.sex == SEXES[1]) if patient.sex else np.nan
    return [age, sex, *(float(patient.site == site) if patient.site else np.nan for site in SITES)]


def _regression(
    features: NDArray[np.float64], offsets: NDArray[np.float64], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the coefficients [features, labels] of the multinomial logistic regression with a ridge, by Newton's method."""
    width, labels = features.shape[1], offsets.shape[1]
    is_own = np.eye(labels)[truth]
    values = np.zeros((width, labels))
    for _ in range(_STEPS):
        shares = softmax(offsets + features @ values)
        slope = features.T @ (weights[:, None] * (is_own - shares)) - _RIDGE * values
        spread = np.einsum("nk,kl->nkl", shares, np.eye(labels)) - np.einsum("nk,nl->nkl", shares, shares)
        curvature = np.einsum("n,ni,nj,nkl->ikjl", weights, features, features, spread, optimize=True)
        curvature = curvature.reshape(width * labels, width * labels) + _RIDGE * np.eye(width * labels)
        step = np.linalg.solve(curvature, slope.reshape(-1)).reshape(width, labels)
        values = values + step
        if np.abs(step).max() < _CONVERGED:
            break
    return values


class _Biopsied:
    """The biopsied lesions of some images, and whether each is positive for an alert."""

    def __init__(self, found: HeldOutAnswers, kind: AlertKind, chosen: NDArray[np.bool_]) -> None:
        biopsied = found.having(confirmed_by=BIOPSIED) & ~is_metastasis(found) & chosen
        self.lesions = Lesions(found, biopsied)
        self.positive = self.lesions.any(np.isin(found.truth, [found.labels.index(label) for label in kind.labels]))
        self.is_nevus = self.lesions.any(found.having(label="nevus")) & ~self.positive
        self.is_other = ~self.positive & ~self.is_nevus


def _tests(found: HeldOutAnswers, kind: AlertKind, alone: AlertScores, either: AlertScores) -> list[ContextTest]:
    made = []
    for aim in kind.working_points:
        for name, here in _ages(found).items():
            biopsied = _Biopsied(found, kind, here)
            before, after = (raised(biopsied.lesions, one, aim) for one in (alone, either))
            counts = []
            for side in (biopsied.positive, biopsied.is_nevus, biopsied.is_other):
                counts += [int(side.sum()), int((side & before).sum()), int((side & after).sum())]
            made.append(ContextTest(kind.id, aim, name, *counts))
    return made


def _ages(found: HeldOutAnswers) -> dict[str, NDArray[np.bool_]]:
    """Return which images are of patients in each of `AGES`, by the age at the image."""
    bands = [given_of(one.age, "", "").age_band for one in found.images]
    ages = np.array([10.0 * AGE_BANDS.index(band) if band else np.nan for band in bands])
    return {name: (ages >= least) & (ages < under) | (name == ALL) for name, (least, under) in AGES.items()}


def _gain(found: HeldOutAnswers, kind: AlertKind, alone: AlertScores, either: AlertScores) -> ContextGain | None:
    """Return the layer's gain in AUC against biopsied nevi; None for fewer than `FEWEST` lesions, positive or negative."""
    biopsied = _Biopsied(found, kind, np.ones(len(found.images), bool))
    both = biopsied.positive | biopsied.is_nevus
    if min(biopsied.positive.sum(), biopsied.is_nevus.sum()) < FEWEST:
        return None
    before, after = (
        Ranked(biopsied.lesions.mean(one.scores)[both], biopsied.positive[both]) for one in (alone, either)
    )

    def figures(weights: Weights) -> dict[str, float]:
        areas = before(weights)[0], after(weights)[0]
        return {"alone": areas[0], "either": areas[1], "gain": areas[1] - areas[0]}

    areas = bootstrapped(figures, np.arange(int(both.sum())))
    gain = areas["gain"]
    return ContextGain(kind.id, areas["alone"].value, areas["either"].value, gain.value, gain.low, gain.high)
