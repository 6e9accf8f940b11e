"""Recalibrates a model file on a clinic's own labelled lesions, without training: temperature, alerts and certainty.

What is told of a lesion was fitted on the lesions of other patients (`thresholds.cross_fit_with`); what the new file carries is
fitted in the same way on all of them. The probabilities keep the prior that the file assumes: images are weighted to it.
"""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import HASH_DIGITS, Contract, Recalibration
from desktop.core.labels import MELANOMA
from training.judging.alerts import alerts_of
from training.judging.contract_figures import certainty_test, reliability_curves
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted, Thresholds, cross_fit_with
from training.recalibration.figures import figures_after, figures_before
from training.recalibration.fitting import (
    LEAST_MELANOMAS,
    LEAST_OTHERS,
    count_lesions,
    fit,
    proved,
    refuse_few,
    weights_of,
)
from training.recalibration.lesions import OwnLesions, read_lesions


def recalibrate(model: Path, data: Path, *, biopsied: bool = False) -> tuple[Contract, Recalibration]:
    """Fit temperature, alerts and certainty of a model file on labelled images, and say what that does to them.

    Args:
        model: the model file, as it is.
        data: folders of classes or a CSV, with none but labels of the model.
        biopsied: every diagnosis was proved by histology, where the data do not say it.

    Returns:
        The contract of the new file, and how it was made, which the contract says too. The temperature divides the logarithms
        of the earlier file's probabilities.

    Raises:
        DataError: the data cannot be used, are too few, or set this file's limits already.
        ImageError, ModelError: an image or the model file cannot be used.
    """
    classifier = Classifier(model, threads=0)
    contract = classifier.contract
    lesions = read_lesions(classifier, data, biopsied=biopsied)
    answers = lesions.answers
    is_proved, is_melanoma = proved(answers), answers.having(label=MELANOMA)
    melanomas, others = (count_lesions(answers, is_proved & side) for side in (is_melanoma, ~is_melanoma))
    sets_thresholds = melanomas >= LEAST_MELANOMAS and others >= LEAST_OTHERS
    refuse_few(count_lesions(answers, np.ones(len(is_proved), bool)), contract, sets_thresholds=sets_thresholds)
    _tell(melanomas, others, sets_thresholds=sets_thresholds)
    weights = weights_of(answers, contract)
    cross_fitted = cross_fit_with(answers, lambda some: fit(some, contract, sets_thresholds=sets_thresholds), weights)
    whole = fit(answers, contract, sets_thresholds=sets_thresholds)
    on = f"recalibration, {len(lesions.hashes)} images"
    made = Recalibration(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        model_sha256=classifier.sha256,
        temperature=whole.temperature,
        sets_thresholds=sets_thresholds,
        lesions=count_lesions(answers, np.ones(len(is_proved), bool)),
        images=len(lesions.hashes),
        melanomas=count_lesions(answers, is_melanoma),
        fingerprint=_fingerprint(lesions),
        image_hashes=tuple(sorted({one[:HASH_DIGITS] for one in (*lesions.hashes, *lesions.originals)})),
        before=figures_before(answers, contract, weights, on, has_alerts=sets_thresholds),
        after=figures_after(answers, cross_fitted, weights, f"{on}, cross-fitted"),
    )
    return _contract(contract, made, answers, whole, cross_fitted, on), made


def _contract(
    earlier: Contract,
    made: Recalibration,
    answers: HeldOutAnswers,
    whole: Thresholds,
    cross_fitted: CrossFitted,
    on: str,
) -> Contract:
    return replace(
        earlier,
        name=f"{earlier.name}, recalibrated {made.date}",
        date=made.date,
        alerts=_alerts(earlier, made, answers, whole, cross_fitted, on),
        flags=() if made.sets_thresholds else earlier.flags,
        certainty_threshold=whole.certainty,
        certainty_test=certainty_test(answers, cross_fitted, on),
        reliability=reliability_curves(answers, cross_fitted, f"{on}, cross-fitted"),
        figures=tuple(replace(one, measured_on=f"{one.measured_on}, before") for one in earlier.figures),
        recalls=tuple(replace(one, measured_on=f"{one.measured_on}, before") for one in earlier.recalls),
        # Both were measured with the earlier probabilities.
        context=None,
        prior_test=None,
        recalibration=made,
    )


def _alerts(
    earlier: Contract,
    made: Recalibration,
    answers: HeldOutAnswers,
    whole: Thresholds,
    cross_fitted: CrossFitted,
    on: str,
) -> tuple[Alert, ...]:
    if made.sets_thresholds:
        return alerts_of(answers, whole.alerts, cross_fitted.alert_scores, f"{on}, by lesion, cross-fitted")
    return tuple(replace(alert, temperature=alert.temperature * whole.temperature) for alert in earlier.alerts)


def _fingerprint(lesions: OwnLesions) -> str:
    lines = [f"{one} {image.label}" for one, image in zip(lesions.hashes, lesions.answers.images, strict=True)]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


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
