"""Ways to group the labels (nine labels, seven classes, malignant or not), with all figures for each."""

from dataclasses import dataclass

import numpy as np

from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.classification import Answers, estimates
from training.calibrate import FLAGGED
from training.judging.contract_figures import nine_classes, seven_classes
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted

NINE, SEVEN_CLASSES, MALIGNANT, MALIGNANT_WIDE = "nine", "seven", "malignant", "malignant with actinic keratosis"

MALIGNANT_LABELS = next(members for flag_id, _, members in FLAGGED if flag_id == "malignant")

TARGETS = {NINE: MELANOMA, SEVEN_CLASSES: MELANOMA, MALIGNANT: "malignant", MALIGNANT_WIDE: "malignant"}
"""The class of each set that must not be missed; it has more figures than the others."""


@dataclass(frozen=True)
class ClassFigures:
    """All figures of one set of classes: counts for each class, and every estimate by name.

    `images` carry the class, `answered` are answered with it, `right` are both.
    """

    classes: tuple[str, ...]
    images: tuple[int, ...]
    right: tuple[int, ...]
    answered: tuple[int, ...]
    figures: dict[str, Estimate]


def sets_of(found: HeldOutAnswers, cross_fitted: CrossFitted) -> dict[str, Answers]:
    """Return the answers in each set of classes that these labels allow."""
    sets = {NINE: nine_classes(found, cross_fitted)}
    if (merged := seven_classes(found, cross_fitted)) is not None:
        sets[SEVEN_CLASSES] = merged
    wide = (*MALIGNANT_LABELS, "actinic_keratosis")
    for name, members in {MALIGNANT: MALIGNANT_LABELS, MALIGNANT_WIDE: wide}.items():
        if set(members) <= set(found.labels):
            sets[name] = sets[NINE].of_sum(TARGETS[name], members)
    return sets


def figures_of_sets(found: HeldOutAnswers, cross_fitted: CrossFitted) -> dict[str, ClassFigures]:
    """Return every figure of all answers, by set of classes."""
    return {name: _figures(answers) for name, answers in sets_of(found, cross_fitted).items()}


def _figures(answers: Answers) -> ClassFigures:
    answered = answers.probabilities.argmax(axis=1)
    count = len(answers.classes)
    return ClassFigures(
        answers.classes,
        tuple(np.bincount(answers.truth, minlength=count).tolist()),
        tuple(np.bincount(answers.truth[answered == answers.truth], minlength=count).tolist()),
        tuple(np.bincount(answered, minlength=count).tolist()),
        estimates(answers),
    )
