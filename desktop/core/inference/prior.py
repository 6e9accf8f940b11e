"""A practice's own prior: the probabilities as they would be if the labels had other shares of the images.

Only the figures follow it. Alerts, uncertainty, withholding, the order of the labels and the marked label stay with the
model's own prior, at which they were measured.
"""

from collections.abc import Mapping, Sequence
from math import isclose

from desktop.core.errors import UsageError
from desktop.core.frozen import frozen
from desktop.core.inference.checked_types import Count, Fraction, Text
from desktop.core.labels import MELANOMA
from desktop.core.marking import tr
from desktop.core.statistics.proportions import Proportion, proportion

LEAST, MOST = 0.01, 0.50
"""The share of melanomas that a practice may set."""

LEAST_OTHER, MOST_OTHER = 0.001, 0.99
"""The share of another label that a practice may set: a label without any share could not be answered."""

_TYPED = 0.0005
"""By how much the sum of all shares may differ from 1: shares are typed in tenths of a per cent."""

FEWEST = 20
"""Melanomas from which on a share may be counted: of fewer the interval is as wide as the share itself."""


@frozen
class PriorPoint:
    """How often the answer leads with the right label if `melanomas` is the prior: in `right` images of each label."""

    melanomas: Fraction
    right: dict[str, Count]


@frozen
class PriorTest:
    """The effect of another prior on the leading label, measured on `measured_on`.

    There were so many `images` of each label, by its id, and the answer led with the right label in `own` of them with the
    model's own prior. Labels of a group count as one. Each of `points` is for another share of melanomas, with the other labels
    in the proportions of the model's own prior.
    """

    measured_on: Text
    images: dict[str, Count]
    own: dict[str, Count]
    points: tuple[PriorPoint, ...]

    @property
    def is_consistent(self) -> bool:
        """Whether all counts are of the same labels, and none is greater than the number of images."""
        return bool(self.points) and all(
            right.keys() == self.images.keys() and all(right[label] <= n for label, n in self.images.items())
            for right in (self.own, *(point.right for point in self.points))
        )


@frozen
class LeadingFigures:
    """How often the leading label is right.

    `accuracy` is that among images with the practice's prior, `balanced_accuracy` the mean over the labels. The answer led
    with melanoma in `found` of `melanomas` images of melanoma.
    """

    accuracy: float
    balanced_accuracy: float
    found: int
    melanomas: int


def prior_for(own: Mapping[str, float], shares: Mapping[str, float]) -> dict[str, float]:
    """Return the prior with these shares, and the other labels in the proportions of `own`.

    Args:
        own: the share of each label, by its id; together 1.
        shares: those of some labels; together less than 1, or 1 where no label is left. One that `own` lacks is passed over.
    """
    given = {label: shares[label] for label in own if label in shares}
    left = sum(share for label, share in own.items() if label not in given)
    if not left:
        return {label: share / sum(given.values()) for label, share in given.items()}
    others = (1 - sum(given.values())) / left
    return {label: given.get(label, share * others) for label, share in own.items()}


def check_shares(shares: Mapping[str, float], labels: Sequence[str]) -> None:
    """Check that shares of these labels can be those of a practice.

    Raises:
        UsageError: they leave nothing for the labels without a share, or all have one and the sum is not 100 %.
    """
    given = [shares[label] for label in labels if label in shares]
    total = sum(given)
    if len(given) == len(labels) and abs(total - 1) > _TYPED:
        raise UsageError(
            tr("The shares add up to {total} %. Where every diagnosis has one, they must add up to 100 %."),
            total=f"{100 * total:.1f}",
        )
    if len(given) < len(labels) and total > 1 - LEAST_OTHER + _TYPED / 10:
        raise UsageError(
            tr("The shares add up to {total} %. They must leave something for the other diagnoses."),
            total=f"{100 * total:.1f}",
        )


def defining_shares(prior: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """Return the shares by which `prior` is known: that of melanoma, and of each label that is not in proportion to the rest.

    The rest are the greatest number of labels that are in the proportions of `own`; if there are not two, every label is
    returned. `prior_for` makes the prior from them again.
    """
    ratios = {label: share / own[label] for label, share in prior.items() if label != MELANOMA}
    alike = [[other for other, one in ratios.items() if isclose(one, ratio)] for ratio in ratios.values()]
    rest = max(alike, key=len, default=[])
    if len(rest) < min(2, len(ratios)):
        rest = []
    return {label: share for label, share in prior.items() if label not in rest}


def shifted(probabilities: Mapping[str, float], own: Mapping[str, float], new: Mapping[str, float]) -> dict[str, float]:
    """Return probabilities for another prior: p_i * new_i / own_i, normalised (Saerens, Latinne and Decaestecker 2002).

    Args:
        probabilities: of each label, by its id, given the prior `own`.
        own: the share of each label that the probabilities assume; none is 0.
        new: the share of each label in its place.
    """
    weighed = {label: value * new[label] / own[label] for label, value in probabilities.items()}
    total = sum(weighed.values())
    return {label: value / total for label, value in weighed.items()}


def counted(melanomas: int, lesions: int) -> Proportion:
    """Return the share of melanomas that a practice has counted, with its 95 % interval.

    Args:
        melanomas: lesions of a period that histology proved to be melanoma.
        lesions: all lesions that were classified in that period, whatever is known of them.

    Raises:
        UsageError: there are fewer than `FEWEST` melanomas, or the share is not between `LEAST` and `MOST`.
    """
    if melanomas < FEWEST:
        raise UsageError(
            tr("{found} melanomas are too few to count a share by: it takes {wanted}. Type a share instead."),
            found=melanomas,
            wanted=FEWEST,
        )
    if not LEAST * lesions <= melanomas <= MOST * lesions:
        raise UsageError(
            tr(
                "{melanomas} melanomas among {lesions} lesions are not between {least} and {most} %. Count all lesions that "
                "were classified in the period."
            ),
            melanomas=melanomas,
            lesions=lesions,
            least=round(100 * LEAST),
            most=round(100 * MOST),
        )
    return proportion(melanomas, lesions)


def before_and_after(
    test: PriorTest, own: Mapping[str, float], melanomas: float
) -> tuple[LeadingFigures, LeadingFigures]:
    """Return how often the leading label is right in a practice: by the model's own figures, and by those for its prior.

    Args:
        test: what was measured.
        own: the model's own prior.
        melanomas: the practice's share of melanomas; the nearest one that was measured is taken.
    """
    point = nearest(test, own, melanomas)
    prior = prior_for(own, {MELANOMA: point.melanomas})
    return _figures(test, test.own, prior), _figures(test, point.right, prior)


def nearest(test: PriorTest, own: Mapping[str, float], melanomas: float) -> PriorPoint:
    """Return the measured point that is nearest to a share of melanomas; that of the model's own prior is one of them."""
    points = (PriorPoint(own[MELANOMA], test.own), *test.points)
    return min(points, key=lambda point: abs(point.melanomas - melanomas))


def _figures(test: PriorTest, right: Mapping[str, int], prior: Mapping[str, float]) -> LeadingFigures:
    recalls = {label: right[label] / n for label, n in test.images.items() if n}
    known = sum(prior[label] for label in recalls)
    return LeadingFigures(
        accuracy=sum(prior[label] * recall for label, recall in recalls.items()) / known,
        balanced_accuracy=sum(recalls.values()) / len(recalls),
        found=right[MELANOMA],
        melanomas=test.images[MELANOMA],
    )
