"""Lesions that two models answer, made up for comparisons."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.judging.paired_lesions import PairedLesions


def found(out_of: int, count: int) -> NDArray[np.bool_]:
    """Return which of so many lesions are alerted on: the first ones."""
    return np.arange(out_of) < count


def lesions(
    melanomas: int,
    benign: int,
    *,
    old: tuple[int, int],
    new: tuple[int, int],
    age: float = 50.0,
    has_malignant_alert: bool = True,
    lost: int = 0,
) -> PairedLesions:
    """Return melanomas and benign lesions, each of a patient of its own and proved by histology.

    Args:
        melanomas: how many; they are the malignant lesions too.
        benign: how many.
        old: on how many of each the old model alerts.
        new: on how many of each the new model alerts.
        age: of every patient, in years.
        has_malignant_alert: whether both models have an alert for the malignant sum; it is raised with that for melanoma.
        lost: how many of the melanomas only the malignant sum of the new model misses.
    """
    is_melanoma = found(melanomas + benign, melanomas)
    raised = [np.concatenate([found(melanomas, of[0]), found(benign, of[1])]) for of in (old, new)]
    malignant = [raised[0], raised[1] & ~found(melanomas + benign, lost)] if has_malignant_alert else [None, None]
    count = len(is_melanoma)
    return PairedLesions(
        melanoma=is_melanoma,
        malignant=is_melanoma,
        benign=~is_melanoma,
        proved=np.ones(count, bool),
        patients=np.arange(count),
        ages=np.full(count, age),
        old_melanoma=raised[0],
        new_melanoma=raised[1],
        old_malignant=malignant[0],
        new_malignant=malignant[1],
    )
