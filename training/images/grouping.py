"""Splits images without separating groups."""

import itertools
import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from desktop.core.errors import DataError


def held_out(labels: Sequence[str], groups: Sequence[int], folds: int, seed: int, fold: int = 1) -> frozenset[int]:
    """Return the indices of the images that become the validation split: one stratified fold that separates no group.

    The folds are numbered from 1 and together contain every image once.

    Raises:
        DataError: there are fewer images of every label, or fewer groups, than folds.
    """
    most = max(labels.count(label) for label in set(labels))
    if most < folds or len(set(groups)) < folds:
        raise DataError(
            "There are too few images to hold some out: no label has {folds} of them. Add images, or give a CSV whose "
            "split column says which are for validation.",
            folds=folds,
        )
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # A label with fewer images than folds is missing from some of them: the report names such labels.
        warnings.filterwarnings("ignore", "The least populated class in y", UserWarning)
        parts = splitter.split(np.zeros(len(labels)), list(labels), list(groups))
        _, held = next(itertools.islice(parts, fold - 1, None))
    return frozenset(int(index) for index in held)
