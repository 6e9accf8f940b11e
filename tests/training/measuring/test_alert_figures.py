"""Figures of alerts by lesion agree with scikit-learn, and are missing for too few lesions."""

import numpy as np
import pytest
from scipy.stats import beta
from sklearn.metrics import roc_auc_score

from tests.training.answers import made_up
from training.judging.alerts import Lesions
from training.judging.held_out import BIOPSIED, HeldOutAnswers
from training.judging.thresholds import CrossFitted, cross_fit
from training.measuring.alert_figures import FEWEST, AlertFigures, _share, figures_of_alerts


@pytest.fixture(scope="module")
def told() -> tuple[HeldOutAnswers, CrossFitted, AlertFigures]:
    found = made_up(900, is_proved=True)
    cross_fitted = cross_fit(found, "none")
    return found, cross_fitted, figures_of_alerts(found, cross_fitted.alert_scores)[0]


def test_auc_of_the_alert_score_agrees_with_scikit_learn(
    told: tuple[HeldOutAnswers, CrossFitted, AlertFigures],
) -> None:
    found, cross_fitted, melanoma = told
    lesions = Lesions(found, found.having(confirmed_by=BIOPSIED))
    scores = lesions.mean(cross_fitted.alert_scores["melanoma"].scores)
    positive, nevus = (lesions.any(found.having(label=label)) for label in ("melanoma", "nevus"))
    row = melanoma.biopsied
    assert (row.positives, row.nevi) == (positive.sum(), nevus.sum())
    for area, negative in ((row.auc_nevi, nevus), (row.auc_others, ~positive & ~nevus)):
        assert area is not None
        both = positive | negative
        assert area.value == pytest.approx(roc_auc_score(positive[both], scores[both]))
        assert area.low < area.value < area.high


def test_rates_are_counted_at_the_alerts_own_threshold(told: tuple[HeldOutAnswers, CrossFitted, AlertFigures]) -> None:
    _, _, melanoma = told
    (point, _) = melanoma.points
    assert point.found is not None
    assert melanoma.biopsied.found is not None
    assert (point.found.k, point.found.n) == (melanoma.biopsied.found.k, melanoma.biopsied.found.n)
    assert point.followed_raised is not None
    assert point.followed_raised.n > 0


def test_too_few_lesions_have_only_their_number(told: tuple[HeldOutAnswers, CrossFitted, AlertFigures]) -> None:
    _, _, melanoma = told
    few = [row for row in melanoma.parts if row.positives < FEWEST]
    assert few
    assert all(row.auc_nevi is None and row.found is None for row in few)
    assert all(row.nevi_raised is None for row in melanoma.parts if row.nevi < FEWEST)


def test_in_situ_and_invasive_melanomas_have_separate_figures(
    told: tuple[HeldOutAnswers, CrossFitted, AlertFigures],
) -> None:
    _, _, melanoma = told
    counts = {row.value: row.positives for row in melanoma.parts if row.part.startswith("melanoma, as")}
    assert set(counts) == {"in situ", "invasive"}
    assert sum(counts.values()) == melanoma.biopsied.positives


def test_zero_and_all_have_the_interval_of_clopper_and_pearson() -> None:
    for hits in (np.zeros(30, bool), np.ones(30, bool)):
        k, share = int(hits.sum()), _share(hits, 10)
        low = beta.ppf(0.025, k, 31 - k) if k else 0.0
        high = beta.ppf(0.975, k + 1, 30 - k) if k < 30 else 1.0
        assert (share.low, share.high) == pytest.approx((low, high))
