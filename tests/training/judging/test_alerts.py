"""The score of an alert agrees with scikit-learn's; its figures come from lesions that it was not fitted on."""

import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from desktop.core.inference.contract import Contract
from desktop.core.labels import Malignancy
from tests.making import contract
from tests.training.answers import NINE, made_up
from training.judging.alerts import AIMS, ALERT_KINDS, Lesions, alerts_of, fit_alert, is_metastasis, kinds_of, raised
from training.judging.alerts import _logistic as logistic
from training.judging.held_out import BIOPSIED, FOLLOWED
from training.judging.thresholds import cross_fit, fit_thresholds

MELANOMA = ALERT_KINDS[0]


def test_logistic_regression_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    features, weights = random.normal(size=(400, 5)), random.uniform(0.2, 2, 400)
    positive = features @ [1.0, -0.5, 0, 0.2, 0] + random.logistic(size=400) > 0.5
    weights /= weights.sum()
    intercept, coefficients = logistic(features, positive, weights)
    peer = LogisticRegression(C=1 / 0.003, tol=1e-10, max_iter=1000).fit(features, positive, sample_weight=weights)
    assert coefficients == pytest.approx(peer.coef_[0], abs=1e-4)
    assert intercept == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_score_of_the_app_is_the_score_that_was_measured() -> None:
    found = made_up(600, is_proved=True)
    fitted = fit_alert(found, found.probabilities, MELANOMA)
    assert fitted is not None
    cross_fitted = cross_fit(found, "none")
    (melanoma, _) = alerts_of(found, fit_thresholds(found, "none", "these").alerts, cross_fitted.alert_scores, "these")
    by_id = [dict(zip(NINE, row, strict=True)) for row in found.probabilities]
    assert [melanoma.score(one) for one in by_id] == pytest.approx(fitted.scores(found.probabilities, NINE).tolist())


def test_images_of_a_lesion_count_once_by_their_mean() -> None:
    found = made_up(40)
    lesions = Lesions(found, np.arange(40) < 20)
    assert lesions.count == 10
    assert lesions.mean(np.arange(40.0)).tolist() == [2 * place + 0.5 for place in range(10)]
    assert lesions.any(np.arange(40) == 5).tolist() == [place == 2 for place in range(10)]


def test_no_lesion_influences_its_own_score() -> None:
    found = made_up(600, is_proved=True)
    here = found.folds == 1
    spoilt = found.probabilities.copy()
    spoilt[here] = np.roll(spoilt[here], 1, axis=1)
    before = cross_fit(found, "none").alert_scores["melanoma"]
    after = cross_fit(dataclasses.replace(found, probabilities=spoilt), "none").alert_scores["melanoma"]
    assert (before.thresholds[here] == after.thresholds[here]).all(), "the other parts alone set it"
    assert (before.thresholds[~here] != after.thresholds[~here]).any()


def test_curve_counts_biopsied_lesions_and_rises_with_the_target_sensitivity() -> None:
    found = made_up(900, is_proved=True)
    cross_fitted, fitted = cross_fit(found, "none"), fit_thresholds(found, "none", "these").alerts
    for alert in alerts_of(found, fitted, cross_fitted.alert_scores, "these"):
        assert alert.is_consistent
        assert [point.aim for point in alert.curve] == list(AIMS)
        for name in ("found", "nevi_raised", "others_raised", "followed_raised"):
            counts = [getattr(point, name) for point in alert.curve]
            assert counts == sorted(counts)
        point = alert.point(0.95)
        lesions = Lesions(found, found.having(confirmed_by=BIOPSIED))
        positive = lesions.any(np.isin(found.truth, [NINE.index(label) for label in alert.labels]))
        is_raised = raised(lesions, cross_fitted.alert_scores[alert.id], 0.95)
        assert (point.found, point.positives) == ((is_raised & positive).sum(), positive.sum())
        assert point.nevi + point.others == (~positive).sum()
        assert point.followed == Lesions(found, found.having(confirmed_by=FOLLOWED)).count


def test_threshold_reaches_its_target_sensitivity_on_its_own_lesions() -> None:
    found = made_up(900, is_proved=True)
    fitted = fit_alert(found, found.probabilities, MELANOMA)
    assert fitted is not None
    lesions = Lesions(found, found.having(confirmed_by=BIOPSIED, label="melanoma"))
    scores = lesions.mean(fitted.scores(found.probabilities, NINE))
    for aim, threshold in zip(AIMS, fitted.thresholds, strict=True):
        assert (scores >= threshold - 1e-9).mean() >= aim - 1e-9


def test_metastases_of_melanoma_are_left_out() -> None:
    found = made_up(600, is_proved=True)
    melanoma = next(place for place, one in enumerate(found.images) if one.label == "melanoma")
    group = found.images[melanoma].group
    images = tuple(
        dataclasses.replace(one, diagnosis="Melanoma metastasis") if one.group == group else one for one in found.images
    )
    changed = dataclasses.replace(found, images=images)
    assert is_metastasis(changed).sum() == 2
    whole, without = (
        alerts_of(one, fit_thresholds(one, "none", "x").alerts, cross_fit(one, "none").alert_scores, "x")[0]
        .curve[0]
        .positives
        for one in (found, changed)
    )
    assert without == whole - 1


def test_too_few_biopsied_lesions_give_flags_instead_of_alerts() -> None:
    found = made_up(900)
    fitted = fit_thresholds(found, "none", "these")
    assert fitted.alerts == {}
    assert [flag.id for flag in fitted.flags] == ["melanoma", "malignant"]
    proved = fit_thresholds(made_up(900, is_proved=True), "none", "these")
    assert (list(proved.alerts), proved.flags) == (["melanoma", "malignant"], ())


def test_own_labels_have_no_alert() -> None:
    found = made_up(600, is_proved=True)
    renamed = dataclasses.replace(found, labels=tuple(f"own_{label}" for label in NINE))
    assert fit_alert(renamed, renamed.probabilities, MELANOMA) is None


def test_a_malignant_label_of_ones_own_is_part_of_the_alert_for_skin_cancer() -> None:
    found = made_up(600, is_proved=True)
    rename = {"dermatofibroma": "merkel_cell_carcinoma"}
    own = dataclasses.replace(
        found,
        labels=tuple(rename.get(label, label) for label in NINE),
        images=tuple(dataclasses.replace(one, label=rename.get(one.label, one.label)) for one in found.images),
        own={"merkel_cell_carcinoma": Malignancy.MALIGNANT},
    )
    assert kinds_of(found) == ALERT_KINDS
    melanoma, malignant = kinds_of(own)
    assert melanoma == ALERT_KINDS[0]
    assert malignant.labels == (*ALERT_KINDS[1].labels, "merkel_cell_carcinoma")
    (_, alert) = alerts_of(
        own, fit_thresholds(own, "none", "these").alerts, cross_fit(own, "none").alert_scores, "these"
    )
    positives = own.having(confirmed_by=BIOPSIED) & np.isin([one.label for one in own.images], malignant.labels)
    assert alert.labels == malignant.labels
    assert alert.point(0.95).positives == Lesions(own, positives).count


def test_contract_accepts_the_alerts() -> None:
    found = made_up(600, is_proved=True)
    made = alerts_of(
        found, fit_thresholds(found, "none", "these").alerts, cross_fit(found, "none").alert_scores, "these"
    )
    whole: Contract = contract(alerts=made)
    assert [alert.id for alert in whole.raisable] == ["melanoma", "malignant"]
