"""Labels that count as one: their probabilities are summed, and the sum competes with the other labels."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Group

_GROUPS = (Group("benign_keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),)
"""Labels that public data distinguish by source more than by disease: they are shown and evaluated by their sum."""

SEVEN_CLASS_GROUPS = (
    ("actinic_keratosis", "squamous_cell_carcinoma"),
    ("pigmented_benign_keratosis", "seborrheic_keratosis"),
)
"""The merges that turn nine labels into the seven classes of HAM10000's own task (`akiec` and `bkl`)."""


def groups_of(labels: Sequence[str]) -> tuple[Group, ...]:
    """Return the groups whose labels are all among these."""
    return tuple(group for group in _GROUPS if set(group.labels) <= set(labels))


def group_owners(labels: Sequence[str], groups: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Return for each label the index of the label that it counts as: the first of its group, or itself.

    A group with a member that is not among the labels is ignored.
    """
    places = np.arange(len(labels))
    for group in groups:
        if set(group) <= set(labels):
            members = [labels.index(label) for label in group]
            places[members] = members[0]
    return places


ProbabilityArray = TypeVar("ProbabilityArray", NDArray[np.float32], NDArray[np.float64])


def group_sums(probabilities: ProbabilityArray, owner: NDArray[np.int64]) -> ProbabilityArray:
    """Return probabilities [n, labels] with each group's sum at its owner and zero at its other labels."""
    sums = np.zeros_like(probabilities)
    for place, first in enumerate(owner):
        sums[:, first] += probabilities[:, place]
    return sums
