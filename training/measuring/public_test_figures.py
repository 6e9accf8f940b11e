"""The figures of one model file on test images: see `public_tests`."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.statistics.bootstrap import Estimate, Weights, bootstrapped
from desktop.core.statistics.classification import Answers, counted
from desktop.core.statistics.proportions import Proportion, proportion
from training.calibrate import FLAGGED
from training.images.label_groups import SEVEN_CLASS_GROUPS, group_owners, group_sums, groups_of
from training.measuring.public_tests import PublicTestAnswers


@dataclass(frozen=True)
class PublicTestFigures:
    """The figures of one model file on one set of test images; `figures` holds AUCs.

    `right_grouped` merges the labels of each group, `right_of_seven` merges them into seven classes. `confusion` has a row
    for each of `labels` and a column for each answer.
    """

    source: str
    right: Proportion
    right_grouped: Proportion
    right_of_seven: Proportion
    figures: dict[str, Estimate]
    missed_as_the_other_label: int
    novel: Proportion | None
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


def figures_of_tests(found: PublicTestAnswers) -> Iterator[PublicTestFigures]:
    """Yield the figures of each set and, if it has conflicting images, also without them."""
    sources = np.array(found.sources)
    parts = {str(source): sources == source for source in np.unique(sources)}
    for source, here in list(parts.items()):
        if (here & found.conflicting).any():
            parts[f"{source} without conflicting images"] = here & ~found.conflicting
    own = np.arange(len(found.labels))
    owner = group_owners(found.labels, [group.labels for group in groups_of(found.labels)])
    for source, here in parts.items():
        truth, shares = found.truth[here], found.probabilities[here]
        answered = shares.argmax(axis=1)
        yield PublicTestFigures(
            source,
            _right(shares, truth, own),
            _right(shares, truth, owner),
            _right(shares, truth, group_owners(found.labels, SEVEN_CLASS_GROUPS)),
            _areas(found.labels, shares, truth),
            int(((answered != truth) & found.conflicting[here]).sum()),
            None if found.novel is None else proportion(int(found.novel[here].sum()), len(truth)),
            found.labels,
            tuple(
                tuple(np.bincount(answered[truth == label], minlength=len(found.labels)).tolist())
                for label in range(len(found.labels))
            ),
        )


def _right(shares: NDArray[np.float64], truth: NDArray[np.int64], owner: NDArray[np.int64]) -> Proportion:
    return proportion(int((group_sums(shares, owner).argmax(axis=1) == owner[truth]).sum()), len(truth))


def _areas(labels: tuple[str, ...], shares: NDArray[np.float64], truth: NDArray[np.int64]) -> dict[str, Estimate]:
    """Return the AUC of melanoma and of the malignant sum; the bootstrap is over images, as the sets name no lesions."""
    images = np.arange(len(truth))
    answers = Answers(labels, shares, truth, images, np.ones(len(truth)))
    sums = [
        (f"AUC: {flag_id}", counted(answers.of_sum(flag_id, members), of=(flag_id,)))
        for flag_id, _, members in FLAGGED
        if set(members) <= set(labels)
    ]

    def areas(weights: Weights) -> dict[str, float]:
        return {name: figures(weights).get(name, float("nan")) for name, figures in sums}

    return bootstrapped(areas, images)
