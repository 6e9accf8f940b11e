"""Alerts: one score for each, the curve that was measured of it, and the working points that may be chosen.

An alert is raised when its score reaches the threshold of the working point. Training measures the very same score, by the
code that stands here, so that every figure told of an alert is of the number on which it is raised.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec

from desktop.core.frozen import frozen
from desktop.core.inference.checked_types import Count, Fraction, Text

WorkingPoints = Mapping[str, float]
"""By the id of an alert, the aim of the working point at which it is raised."""

FLOOR = 1e-4
"""The lowest probability whose logarithm is used: below it, differences are noise."""


@frozen
class AlertTerm:
    """A term of a score: the logarithm of the probability of `labels`, summed, times the coefficient."""

    labels: tuple[str, ...]
    coefficient: float


@frozen
class AlertPoint:
    """A point of the measured curve: what the alert does at one threshold, by lesion.

    `aim` is the sensitivity that the threshold was set for. The counts are of lesions that took no part in fitting the score
    or in setting the threshold: `found` of `positives` lesions of the alert's own labels raised it, and so did
    `nevi_raised` of `nevi` and `others_raised` of `others`, all benign or precursors, all biopsied, and `followed_raised` of
    `followed` nevi that follow-up proved benign.
    """

    aim: Fraction
    threshold: float
    found: Count
    positives: Count
    nevi_raised: Count
    nevi: Count
    others_raised: Count
    others: Count
    followed_raised: Count
    followed: Count


@frozen
class Alert:
    """An alert for some labels: the score is `intercept` plus its terms.

    `curve` goes from the lowest aim to the highest. `working_points` are the aims of the curve that may be chosen, and
    `default` is the one that stands until another is chosen. If the file was given another `temperature` after the alert was
    fitted, the score is that of the probabilities before it. `over_images` is how the curve counted a lesion with several
    images: by their `mean` score, as in every file without this field, or as soon as `any` of them raised the alert.
    """

    id: Text
    name: Text
    labels: tuple[str, ...]
    intercept: float
    terms: tuple[AlertTerm, ...]
    measured_on: Text
    curve: tuple[AlertPoint, ...]
    working_points: tuple[Fraction, ...]
    default: Fraction
    temperature: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    over_images: Literal["mean", "any"] = "mean"

    def score(self, probabilities: Mapping[str, float]) -> float:
        """Return the score of an answer, given as the probability of each label by its id."""
        earlier = self._before_temperature(probabilities)
        return self.intercept + sum(
            term.coefficient * math.log(max(sum(earlier[label] for label in term.labels), FLOOR)) for term in self.terms
        )

    def _before_temperature(self, probabilities: Mapping[str, float]) -> Mapping[str, float]:
        if self.temperature == 1:
            return probabilities
        powers = {label: share**self.temperature for label, share in probabilities.items()}
        total = sum(powers.values())
        return {label: power / total for label, power in powers.items()}

    def point(self, aim: float | None = None) -> AlertPoint:
        """Return the working point with this aim, or the default one if there is none."""
        wanted = aim if aim in self.working_points else self.default
        return next(point for point in self.curve if point.aim == wanted)

    @property
    def is_consistent(self) -> bool:
        """Whether every working point is a point of the curve, the default one of them, and every count one of lesions."""
        aims = {point.aim for point in self.curve}
        counts = (
            pair
            for point in self.curve
            for pair in (
                (point.found, point.positives),
                (point.nevi_raised, point.nevi),
                (point.others_raised, point.others),
                (point.followed_raised, point.followed),
            )
        )
        return (
            bool(self.terms)
            and self.default in self.working_points
            and aims.issuperset(self.working_points)
            and all(part <= whole for part, whole in counts)
            and all(point.positives and point.nevi + point.others for point in self.curve)
        )


def working_points(alerts: Iterable[Alert], wanted: WorkingPoints | None = None) -> dict[str, float]:
    """Return the working point of each alert: the wanted one, or the default where an alert does not have that one."""
    return {alert.id: alert.point((wanted or {}).get(alert.id)).aim for alert in alerts}


def out_of_hundred(part: int, whole: int) -> int:
    """Return a share as a number out of 100; 0 and 100 only if it is exactly none or all."""
    rounded = round(100 * part / whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 99)
    return rounded
