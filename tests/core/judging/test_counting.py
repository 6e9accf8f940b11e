"""Mistakes in the order in which a clinician should look at them, and the melanomas among an alert's lesions."""

from collections.abc import Sequence

import numpy as np

from desktop.core.judging.counting import figures_of
from desktop.core.judging.figures import Figures
from desktop.core.judging.lesion_answers import ImageAnswers, votes
from desktop.core.judging.words import alert_sentences
from tests.alerts import NEVER, cancer_alert, melanoma_alert
from tests.making import NINE, contract

_PLACES = {label.id: place for place, label in enumerate(NINE)}


def figures(truth: Sequence[str], melanoma: Sequence[float]) -> Figures:
    """Count lesions with these probabilities of melanoma; the melanoma alert is never raised, the other from a score of 0."""
    described = contract(alerts=(melanoma_alert(NEVER), cancer_alert(0.0)))
    probabilities = np.full((len(truth), len(NINE)), 1e-3)
    probabilities[:, _PLACES["melanoma"]] = melanoma
    probabilities[:, _PLACES["nevus"]] = 1 - np.array(melanoma)
    images = np.arange(len(truth))
    answers = ImageAnswers(
        places=tuple(images.tolist()),
        names=tuple(map(str, images)),
        truth=tuple(truth),
        lesions=images,
        patients=images,
        proved=np.zeros(len(truth), bool),
        probabilities=probabilities,
        with_context=np.full_like(probabilities, np.nan),
        withheld=("",) * len(truth),
        sides=(None,) * len(truth),
    )
    return figures_of(votes(answers, described, {}), described, has_patients=False)


def test_lesions_without_any_alert_are_the_worst_mistakes() -> None:
    found = figures(("nevus", "melanoma", "basal_cell_carcinoma"), (0.9, 0.9, 1e-4))
    assert found.mistakes == (2, 1, 0)


def test_a_single_melanoma_is_no_plural() -> None:
    melanoma, _ = figures(("nevus", "melanoma"), (1e-4, 0.9)).alerts
    said = str(next(iter(alert_sentences(melanoma, knows_training=True))))
    assert said == "Of 1 melanoma it alerted on 0; of 1 naevus on 0."
    melanoma, cancer = figures(("dermatofibroma", "melanoma"), (1e-4, 0.9)).alerts
    said = str(next(iter(alert_sentences(melanoma, knows_training=True))))
    assert said == "Of 1 melanoma it alerted on 0; of 1 other lesion on 0."
    said = str(next(iter(alert_sentences(cancer, knows_training=True))))
    assert said.startswith(
        "Skin cancer alert: raised in 1 of 1 such lesion (melanomas among them: 1 of 1) and in 0 of 1 other."
    )


def test_the_melanomas_among_the_lesions_of_an_alert_are_told() -> None:
    found = figures(("nevus", "melanoma", "melanoma", "basal_cell_carcinoma"), (1e-4, 0.9, 1e-4, 0.9))
    melanoma, cancer = found.alerts
    assert (melanoma.melanomas_among, cancer.melanomas_among) == (None, (2, 1))
    said = str(next(iter(alert_sentences(cancer, knows_training=True))))
    assert (
        said == "Skin cancer alert: raised in 2 of 3 such lesions (melanomas among them: 1 of 2) and in 0 of 1 other."
    )
