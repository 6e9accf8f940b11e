"""One number for how well a network separates biopsied lesions: what recipes are compared by while they are tuned."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import Label
from desktop.core.statistics.ranking import area_under_curve
from training.calibrate import Prior
from training.judging.alerts import FEWEST, AlertKind, Lesions, fit_alert, is_metastasis, kinds_of
from training.judging.held_out import BIOPSIED, HeldOutAnswers, HeldOutImage
from training.judging.thresholds import cross_fit


class HistologyYardstick:
    """The mean of the AUCs of the alerts on biopsied lesions, each against nevi and against other lesions.

    The scores are those that raise the alerts, cross-fitted. An AUC with fewer than `FEWEST` lesions on one side is left out.
    """

    def __init__(self, images: Sequence[HeldOutImage], labels: Sequence[Label], prior: Prior) -> None:
        """Take the images that judge, in the order of the answers to come.

        Raises:
            DataError: too few of their lesions are known to be biopsied.
        """
        ids = tuple(label.id for label in labels)
        alike = np.full((len(images), len(ids)), 1 / len(ids))
        own = {label.id: label.malignancy for label in labels}
        self._found = HeldOutAnswers(ids, tuple(images), alike, own=own)
        self._prior = prior
        self._kinds = [kind for kind in kinds_of(self._found) if self._can_be_fitted(kind)]
        if not any(self._sides(kind) for kind in self._kinds):
            biopsied = self._found.having(confirmed_by=BIOPSIED)
            melanoma = self._found.having(label="melanoma")
            lesions = Lesions(self._found, biopsied)
            positives = int(lesions.any(melanoma).sum())
            raise DataError(
                "Settings are judged on biopsied lesions of a part of the training images. In it, {melanomas} melanomas and "
                "{others} others are known to be biopsied (confirmed_by is histopathology); some {fewest} of each are "
                "needed. Add images, or give --biopsied if every diagnosis was proved by histology.",
                melanomas=positives,
                others=lesions.count - positives,
                fewest=FEWEST + FEWEST // 5,
            )

    def __call__(self, probabilities: NDArray[np.float32]) -> float:
        """Return the figure of answers [n, labels], from 0 to 1."""
        answers = probabilities.astype(np.float64)
        fitted = cross_fit(
            replace(self._found, probabilities=answers / answers.sum(axis=1, keepdims=True)), self._prior
        )
        areas = []
        for kind in self._kinds:
            for lesions, positive, chosen in self._sides(kind):
                scores = lesions.mean(fitted.alert_scores[kind.id].scores)
                areas.append(area_under_curve(positive[chosen], scores[chosen]))
        return float(np.mean(areas))

    def _can_be_fitted(self, kind: AlertKind) -> bool:
        """Tell whether the lesions outside each fold are enough to fit the alert on them."""
        folds = self._found.folds
        others = [self._found.subset(folds != fold) for fold in sorted(set(folds.tolist()))]
        return all(fit_alert(some, some.probabilities, kind) is not None for some in others)

    def _sides(self, kind: AlertKind) -> list[tuple[Lesions, NDArray[np.bool_], NDArray[np.bool_]]]:
        """Return for each AUC the biopsied lesions, which have a label of the alert, and which of them it is of."""
        found = self._found
        lesions = Lesions(found, found.having(confirmed_by=BIOPSIED) & ~is_metastasis(found))
        positive = lesions.any(np.isin(found.truth, [found.labels.index(label) for label in kind.labels]))
        nevi = lesions.any(found.having(label="nevus")) & ~positive
        return [
            (lesions, positive, positive | side)
            for side in (nevi, ~positive & ~nevi)
            if min(positive.sum(), side.sum()) >= FEWEST
        ]
