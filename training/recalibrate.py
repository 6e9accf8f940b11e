"""Recalibrate a model file on a clinic's own labelled lesions, without training: temperature, alerts and certainty.

What is told of a lesion was fitted on the other lesions (`thresholds.cross_fit_with`); what the new file carries is fitted in
the same way on all of them. The probabilities keep the prior that the file assumes: images are weighted to it.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.imaging.opening import read_file
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import HASH_DIGITS, Contract, Figure, Recalibration
from desktop.core.progress import Progress
from desktop.core.statistics.calibration import Calibration, CalibrationErrors, calibration_error
from desktop.core.statistics.proportions import proportion
from training.calibrate import fit_temperature
from training.images.audit import Audit, FindingKind, audit, summary
from training.images.catalogue import read_catalogue
from training.images.squashed_copies import input_of_copy
from training.judging.alerts import AIMS, AlertKind, Lesions, alerts_of, fit_alert, is_metastasis, kinds_of
from training.judging.contract_figures import certainty_test, reliability_curves
from training.judging.held_out import BIOPSIED, HeldOutAnswers, HeldOutImage
from training.judging.thresholds import CrossFitted, Thresholds, certainty_threshold, cross_fit_with

LEAST_LESIONS = 100
"""Below, chance may do more harm than a temperature mends (`benchmarks/calibration.py`)."""

LEAST_MELANOMAS, LEAST_OTHERS = 30, 100
"""Lesions proved by histology without which no alert is set: of 30 melanomas 95 % allows one to be missed."""

_REFUSED = frozenset({FindingKind.UNREADABLE, FindingKind.TWO_LABELS})
"""Findings of images that are left out."""

_BATCH = 64

_SMALLEST = 1e-12
"""The least probability whose logarithm is taken."""

_Margins = dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]
"""By an alert's name: its labels, and by how much the score of each image exceeds the threshold."""


@dataclass(frozen=True)
class Recalibrated:
    """The contract of the new file, and the temperature that divides the logarithms of the earlier file's probabilities."""

    contract: Contract
    temperature: float


def recalibrate(model: Path, data: Path, *, biopsied: bool = False) -> Recalibrated:
    """Fit temperature, alerts and certainty of a model file on labelled images, and say what that does to them.

    Args:
        model: the model file, as it is.
        data: folders of classes or a CSV, with none but labels of the model.
        biopsied: every diagnosis was proved by histology, where the data do not say it.

    Raises:
        DataError: the data cannot be used, are too few, or set this file's limits already.
        ImageError, ModelError: an image or the model file cannot be used.
    """
    classifier = Classifier(model, threads=0)
    catalogue = read_catalogue(data, labels_from_folders=True)
    _refuse_strange({label.id: label.name for label in catalogue.labels}, classifier.contract)
    found = audit(catalogue)
    print(summary(found, catalogue.remarks))
    kept = [place for place, kinds in enumerate(found.kinds_of()) if not _REFUSED.intersection(kinds)]
    _refuse_known([found.sha256[place] for place in kept], classifier)
    answers = _answers(classifier, found, kept, biopsied=biopsied)
    return _recalibrated(classifier, answers, [found.sha256[place] for place in kept])


def _recalibrated(classifier: Classifier, answers: HeldOutAnswers, hashes: Sequence[str]) -> Recalibrated:
    contract = classifier.contract
    proved, is_melanoma = _proved(answers), answers.having(label="melanoma")
    lesions = _count(answers, np.ones(len(proved), bool))
    melanomas, others = (_count(answers, proved & side) for side in (is_melanoma, ~is_melanoma))
    sets_thresholds = melanomas >= LEAST_MELANOMAS and others >= LEAST_OTHERS
    _refuse_few(lesions, contract, sets_thresholds=sets_thresholds)
    _tell(melanomas, others, sets_thresholds=sets_thresholds)

    def fit(some: HeldOutAnswers) -> Thresholds:
        return _fitted(some, contract, sets_thresholds=sets_thresholds)

    weights = _weights(answers, contract)
    cross_fitted, whole = cross_fit_with(answers, fit, weights), fit(answers)
    on = f"recalibration, {len(hashes)} images"
    lines = [f"{one} {image.label}" for one, image in zip(hashes, answers.images, strict=True)]
    recalibration = Recalibration(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        model_sha256=classifier.sha256,
        temperature=whole.temperature,
        sets_thresholds=sets_thresholds,
        lesions=lesions,
        images=len(hashes),
        melanomas=_count(answers, is_melanoma),
        fingerprint=hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest(),
        image_hashes=tuple(sorted(one[:HASH_DIGITS] for one in hashes)),
        before=_figures(
            answers, answers.probabilities, weights, _earlier_margins(answers, contract) if sets_thresholds else {}, on
        ),
        after=_figures(
            answers,
            cross_fitted.probabilities,
            weights,
            _cross_fitted_margins(answers, cross_fitted),
            f"{on}, cross-fitted",
        ),
    )
    new = replace(
        contract,
        name=f"{contract.name}, recalibrated {recalibration.date}",
        date=recalibration.date,
        alerts=_alerts(answers, whole, cross_fitted, contract, on, sets_thresholds=sets_thresholds),
        flags=() if sets_thresholds else contract.flags,
        certainty_threshold=whole.certainty,
        certainty_test=certainty_test(answers, cross_fitted, on),
        reliability=reliability_curves(answers, cross_fitted, f"{on}, cross-fitted"),
        figures=tuple(replace(one, measured_on=f"{one.measured_on}, before") for one in contract.figures),
        # Both were measured with the earlier probabilities.
        context=None,
        prior_test=None,
        recalibration=recalibration,
    )
    return Recalibrated(new, whole.temperature)


def told(made: Recalibrated) -> str:
    """Return what the new file does better or worse than the earlier one, on these lesions, as a table for the screen."""
    found = made.contract.recalibration
    rows = [("", "before", "after")]
    for one in found.after if found else ():
        before = next((figure for figure in found.before if figure.name == one.name), None) if found else None
        rows.append((one.name, _value(before), _value(one)))
    lines = [f"{name:<42}{before:>16}{after:>16}" for name, before, after in rows]
    return "\n".join([f"Temperature {made.temperature:.3f}.", *lines])


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return f"{figure.value:.3f}" if figure.k is None else f"{figure.k} of {figure.n}"


def _refuse_strange(names: dict[str, str], contract: Contract) -> None:
    strange = sorted(name for label, name in names.items() if label not in contract.label_ids)
    if strange:
        raise DataError(
            "The model does not know {names}; its labels are {labels}. Leave these images out, or train with them.",
            names=", ".join(f"“{name}”" for name in strange),
            labels=", ".join(contract.label_ids),
        )


def _refuse_known(hashes: Sequence[str], classifier: Classifier) -> None:
    earlier = classifier.contract.recalibration
    known = sum(earlier.rests_on(one) for one in hashes) if earlier else 0
    if known:
        raise DataError(
            "“{model}” was recalibrated on {count} of these images: they would be counted for themselves. Give the model file "
            "that it was made from, or other images.",
            model=classifier.path,
            count=known,
        )


def _refuse_few(lesions: int, contract: Contract, *, sets_thresholds: bool) -> None:
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


def _tell(melanomas: int, others: int, *, sets_thresholds: bool) -> None:
    if sets_thresholds:
        print(
            f"Temperature, alerts and certainty are set by {melanomas} melanomas and {others} other biopsied lesions."
        )
        return
    print(
        f"The data name {melanomas} melanomas and {others} other lesions as proved by histology (confirmed_by; --biopsied says "
        f"it of all). Alerts need {LEAST_MELANOMAS} and {LEAST_OTHERS}: temperature and certainty alone are set."
    )


def _answers(classifier: Classifier, found: Audit, kept: Sequence[int], *, biopsied: bool) -> HeldOutAnswers:
    """Answer the images that are kept, from their files and through the app's own path."""
    contract = classifier.contract
    progress, probabilities = Progress("Answering", len(kept)), []
    for start in range(0, len(kept), _BATCH):
        images = [found.images[place] for place in kept[start : start + _BATCH]]
        inputs = [
            input_of_copy(
                read_file(one.path),
                contract.input_size,
                contract.fit,
                one.aspect,
                one.name,
                effective_resolution=contract.effective_resolution,
            )
            for one in images
        ]
        probabilities.append(classifier.run(np.stack(inputs)).probabilities.astype(np.float64))
        progress.advance(len(images))
    progress.finish()
    held = [(found.images[place], found.groups[place]) for place in kept]
    return HeldOutAnswers(
        contract.label_ids,
        tuple(
            HeldOutImage(
                image=one.name,
                lesion=one.lesion,
                group=group,
                source=one.source,
                diagnosis=one.diagnosis,
                confirmed_by=BIOPSIED if biopsied else one.confirmed_by,
                label=one.label,
                age="",
                sex="",
                site="",
                skin_tone="",
            )
            for one, group in held
        ),
        np.concatenate(probabilities) if probabilities else np.zeros((0, len(contract.labels))),
        own={label.id: label.malignancy for label in contract.labels},
    )


def _fitted(answers: HeldOutAnswers, contract: Contract, *, sets_thresholds: bool) -> Thresholds:
    temperature = fit_temperature(answers.probabilities, answers.truth, _weights(answers, contract))
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


def _kinds(answers: HeldOutAnswers, contract: Contract) -> tuple[AlertKind, ...]:
    """Return the alerts to be set: those that the earlier file has, or all that its labels allow where it has none."""
    ids = {alert.id for alert in contract.alerts}
    return tuple(kind for kind in kinds_of(answers) if not ids or kind.id in ids)


def _weights(answers: HeldOutAnswers, contract: Contract) -> NDArray[np.float64]:
    """Return what each image weighs so that the labels have the shares that the file's probabilities assume."""
    prior = contract.calibration_mix
    if prior is None:
        return np.ones(len(answers.images))
    counts = np.bincount(answers.truth, minlength=len(answers.labels))
    shares = np.array([prior.get(label, 0.0) for label in answers.labels])
    weights: NDArray[np.float64] = (shares / np.maximum(counts, 1))[answers.truth]
    return weights * len(weights) / weights.sum() if weights.sum() > 0 else np.ones(len(weights))


def _alerts(
    answers: HeldOutAnswers,
    whole: Thresholds,
    cross_fitted: CrossFitted,
    contract: Contract,
    on: str,
    *,
    sets_thresholds: bool,
) -> tuple[Alert, ...]:
    if sets_thresholds:
        return alerts_of(answers, whole.alerts, cross_fitted.alert_scores, f"{on}, by lesion, cross-fitted")
    return tuple(replace(alert, temperature=alert.temperature * whole.temperature) for alert in contract.alerts)


def _figures(
    answers: HeldOutAnswers,
    probabilities: NDArray[np.float64],
    weights: NDArray[np.float64],
    margins: _Margins,
    on: str,
) -> tuple[Figure, ...]:
    """Return what is told before and after: how far certainty and truth lie apart, the loss, and what the alerts raise."""
    n = len(answers.images)
    right = probabilities.argmax(axis=1) == answers.truth
    own = np.maximum(probabilities[np.arange(n), answers.truth], _SMALLEST)
    made = [
        Figure("calibration error", on, calibration_error(probabilities.max(axis=1), right, weights), n),
        Figure("log loss", on, float(-(weights * np.log(own)).sum() / weights.sum()), n),
    ]
    lesions = Lesions(answers, _proved(answers))
    for name, (labels, margin) in margins.items():
        is_raised = lesions.mean(margin) >= 0
        positive = lesions.any(np.isin([one.label for one in answers.images], labels))
        for what, side in (("sensitivity", positive), ("other lesions raised", ~positive)):
            share = proportion(int(is_raised[side].sum()), int(side.sum()))
            made.append(Figure(f"{name}, {what}", on, share.value, share.n, share.k, share.low, share.high))
    return tuple(made)


def _proved(answers: HeldOutAnswers) -> NDArray[np.bool_]:
    return answers.having(confirmed_by=BIOPSIED) & ~is_metastasis(answers)


def _count(answers: HeldOutAnswers, chosen: NDArray[np.bool_]) -> int:
    return len(np.unique(answers.groups[chosen]))


def _earlier_margins(answers: HeldOutAnswers, contract: Contract) -> _Margins:
    """Return by how much each image's score exceeds the threshold of each alert of the earlier file."""
    rows = [dict(zip(answers.labels, row, strict=True)) for row in answers.probabilities.tolist()]
    return {
        alert.name: (alert.labels, np.array([alert.score(row) for row in rows]) - alert.point().threshold)
        for alert in contract.alerts
    }


def _cross_fitted_margins(answers: HeldOutAnswers, cross_fitted: CrossFitted) -> _Margins:
    """Return the same of the new alerts, by what the other lesions set."""
    found = {
        kind: cross_fitted.alert_scores[kind.id] for kind in kinds_of(answers) if kind.id in cross_fitted.alert_scores
    }
    return {
        kind.name: (kind.labels, one.scores - one.thresholds[:, AIMS.index(kind.default)])
        for kind, one in found.items()
    }
