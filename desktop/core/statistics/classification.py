"""All figures of answers to labelled images, with 95 % intervals by bootstrap over groups."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.statistics.bootstrap import DRAWS, Estimate, Weights, bootstrapped
from desktop.core.statistics.calibration import Binned
from desktop.core.statistics.ranking import Ranked

AS_THEY_ARE = "ECE, images as they are"


@dataclass(frozen=True)
class Answers:
    """Probabilities [n, classes] of n images, with the index of each image's class and its group.

    `mix` is each image's weight under the prior that the calibration assumes.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.int64]
    groups: NDArray[np.int64]
    mix: Weights

    def of_sum(self, name: str, members: Sequence[str]) -> "Answers":
        """Return the same answers with two classes: the sum of `members`, called `name`, and the rest."""
        places = [self.classes.index(member) for member in members]
        shares = self.probabilities[:, places].sum(axis=1)
        truth = np.where(np.isin(self.truth, places), 0, 1).astype(np.int64)
        return Answers((name, "rest"), np.stack([shares, 1 - shares], axis=1), truth, self.groups, self.mix)

    def where(self, chosen: NDArray[np.bool_]) -> "Answers":
        """Return the answers to the chosen images."""
        return self.at(np.flatnonzero(chosen))

    def at(self, rows: NDArray[np.int64]) -> "Answers":
        """Return the answers in these rows, in their order."""
        return Answers(self.classes, self.probabilities[rows], self.truth[rows], self.groups[rows], self.mix[rows])


def estimates(answers: Answers, draws: int = DRAWS, of: Collection[str] | None = None) -> dict[str, Estimate]:
    """Return every figure of these answers by name, with its interval; see `counted`."""
    return bootstrapped(counted(answers, of), answers.groups, draws)


def counted(answers: Answers, of: Collection[str] | None = None) -> Callable[[Weights], dict[str, float]]:
    """Return a function that computes every figure of these answers, by name, for any weights of the images.

    `accuracy`, `balanced accuracy`, `macro F1`, `macro AUC`, `ECE` and `Brier`; of each class in `of` (None: of all) that has
    images `recall`, `precision`, `AUC`, `sensitivity at 90 % specificity`, `specificity at 95 % sensitivity` and `ECE`, as
    "recall: melanoma". The calibration error ECE is that of the mix of labels that the calibration assumes; where that is not
    the images' own, the one of the images as they are stands beside it. The Brier score is the mean over images of the sum
    over classes of squared errors (Brier 1950).
    """
    probabilities, truth, names, mix = answers.probabilities, answers.truth, answers.classes, answers.mix
    has_own_mix = bool(np.ptp(mix) > 0)
    answered = probabilities.argmax(axis=1)
    right = answered == truth
    present = [place for place in range(len(names)) if (truth == place).any()]
    ranked = {place: Ranked(probabilities[:, place], truth == place) for place in present}
    squared = ((probabilities - np.eye(len(names))[truth]) ** 2).sum(axis=1)
    of_top = Binned(probabilities.max(axis=1), right)
    told = [place for place in present if of is None or names[place] in of]
    binned = {place: Binned(probabilities[:, place], truth == place) for place in told}

    def figures(weights: Weights) -> dict[str, float]:
        total = weights.sum()
        of_truth = np.bincount(truth, weights, len(names))
        of_answer = np.bincount(answered, weights, len(names))
        hits = np.bincount(truth, weights * right, len(names))
        with np.errstate(invalid="ignore", divide="ignore"):
            recalls, precisions = hits / of_truth, hits / of_answer
            both = 2 * hits / (of_truth + of_answer)
        areas = {place: ranked[place](weights) for place in present}
        known = [area for area, _, _ in areas.values() if not np.isnan(area)]
        found = {
            "accuracy": float(hits.sum() / total),
            "balanced accuracy": float(np.nanmean(recalls[present])),
            "macro F1": float(np.nanmean(both[present])),
            "macro AUC": float(np.mean(known)) if known else np.nan,
            "ECE": of_top.error(weights * mix),
            "Brier": float((weights * squared).sum() / total),
        }
        for place in told:
            area, sensitivity, specificity = areas[place]
            found |= {
                f"recall: {names[place]}": float(recalls[place]),
                f"precision: {names[place]}": float(precisions[place]),
                f"AUC: {names[place]}": area,
                f"sensitivity at 90 % specificity: {names[place]}": sensitivity,
                f"specificity at 95 % sensitivity: {names[place]}": specificity,
                f"ECE: {names[place]}": binned[place].error(weights * mix),
            }
        if has_own_mix:
            found[AS_THEY_ARE] = of_top.error(weights)
            found |= {f"{AS_THEY_ARE}: {names[place]}": binned[place].error(weights) for place in told}
        return found

    return figures
