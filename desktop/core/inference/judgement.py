"""Judges a prediction: first the alerts, then whether to withhold the answer for damage, quality, novelty or uncertainty.

A damaged file is never answered. All other judgements use thresholds of the model's contract, as far as it has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.imaging.quality import shortfalls
from desktop.core.inference.alerts import working_points
from desktop.core.labels import Malignancy, badness

if TYPE_CHECKING:
    from desktop.core.imaging.quality import Quality, Shortfall
    from desktop.core.inference.alerts import Alert, AlertPoint, WorkingPoints
    from desktop.core.inference.classifier import Prediction
    from desktop.core.inference.contract import Contract, Flag


class Abstention(StrEnum):
    """The reason for withholding an answer; if several apply, the first of these."""

    DAMAGED = "damaged"
    QUALITY = "quality"
    NOVELTY = "novelty"
    UNCERTAIN = "uncertain"

    @property
    def hides_figures(self) -> bool:
        """Whether the probabilities are hidden too, because the model was not shown what it was trained on."""
        return self is not Abstention.UNCERTAIN


@frozen
class RaisedFlag:
    """An alert whose score has reached its threshold, or a flag whose summed probability has reached its threshold.

    `probability` is the sum over its labels. `point` is the working point of an alert, None for a flag. `by_context` is whether
    only what is known of the patient raised it.
    """

    flag: Alert | Flag
    probability: float
    point: AlertPoint | None = None
    by_context: bool = False


@frozen
class Judgement:
    """What a prediction says, as far as the contract's thresholds allow.

    `top` is the most probable label, also where the model abstains. `leading` are the labels that lead together: those of
    a group, where its sum leads, or one label. Certainty is judged on their sum. If two labels tie, the worse is taken.
    `malignant_probability` is the sum over the labels that the contract calls malignant, None where it calls none so.
    `kind_uncertain` means: a benign label (or group) leads without being certain, yet the benign ones together are.
    `shortfalls` are the limits of quality that the model's input lies beyond. `working_points` are those at which the alerts
    were raised or not, one for each alert of the contract.
    """

    top: str
    top_probability: float
    leading: tuple[str, ...]
    leading_probability: float
    malignant_probability: float | None
    flags: tuple[RaisedFlag, ...]
    abstention: Abstention | None
    kind_uncertain: bool
    shortfalls: tuple[Shortfall, ...] = ()
    working_points: WorkingPoints = field(default_factory=dict)


def judge(prediction: Prediction, contract: Contract, wanted: WorkingPoints | None = None) -> Judgement:
    """Judge a prediction by the thresholds of its model's contract.

    Args:
        prediction: what the model answered.
        contract: of that model.
        wanted: the working points of its alerts; one that is missing, or that an alert does not have, is the default.
    """
    points = working_points(contract.alerts, wanted)
    by_id = dict(zip(contract.label_ids, prediction.probabilities, strict=True))
    kinds = {label.id: label.malignancy for label in contract.labels}
    top = max(by_id, key=lambda label: (by_id[label], badness(label, kinds[label])))
    malignant = [by_id[label] for label, kind in kinds.items() if kind is Malignancy.MALIGNANT]
    leading = _leading(by_id, kinds, contract)
    uncertain, kind_uncertain = _certainty(by_id, kinds, leading, contract)
    novel = (
        prediction.novelty is not None
        and contract.novelty_threshold is not None
        and not prediction.novelty <= contract.novelty_threshold  # a NaN distance counts as far
    )
    poor = _beyond_limits(prediction.quality, contract)
    return Judgement(
        top=top,
        top_probability=by_id[top],
        leading=leading,
        leading_probability=min(sum(by_id[label] for label in leading), 1.0),
        malignant_probability=min(sum(malignant), 1.0) if malignant else None,
        flags=_raised(by_id, contract, points),
        abstention=_first_reason(
            damaged=prediction.quality is not None and prediction.quality.is_damaged,
            poor=bool(poor),
            novel=novel,
            uncertain=uncertain,
        ),
        kind_uncertain=kind_uncertain,
        shortfalls=poor,
        working_points=points,
    )


def alerted_label(raised: Sequence[RaisedFlag], contract: Contract, by_id: Mapping[str, float]) -> str | None:
    """Return the label that the first of these alerts, by the contract's order, is about, None without an alert.

    It is the most probable of the alert's labels, without those that have an alert of their own.
    """
    ids = {one.flag.id for one in raised}
    first = next((one for one in contract.raisable if one.id in ids), None)
    return None if first is None else alerted_among(first.labels, [one.labels for one in contract.raisable], by_id)


def alerted_among(labels: Sequence[str], of_all: Iterable[Sequence[str]], by_id: Mapping[str, float]) -> str:
    """Return the label that an alert of these labels is about; `of_all` are those of each alert of its model."""
    apart = {label for others in of_all if {*others} < {*labels} for label in others}
    return max([label for label in labels if label not in apart] or labels, key=by_id.__getitem__)


def _raised(by_id: dict[str, float], contract: Contract, points: WorkingPoints) -> tuple[RaisedFlag, ...]:
    """Return the alerts that are raised; the flags where the contract has no alerts."""
    if contract.alerts:
        return tuple(
            RaisedFlag(alert, sum(by_id[label] for label in alert.labels), point)
            for alert in contract.alerts
            if alert.score(by_id) >= (point := alert.point(points[alert.id])).threshold
        )
    return tuple(
        RaisedFlag(flag, probability)
        for flag in contract.flags
        if (probability := sum(by_id[label] for label in flag.labels)) >= flag.threshold
    )


def _first_reason(*, damaged: bool, poor: bool, novel: bool, uncertain: bool) -> Abstention | None:
    """What the user can fix comes first: a damaged image may also be poor, and a poor one also novel."""
    if damaged:
        return Abstention.DAMAGED
    if poor:
        return Abstention.QUALITY
    if novel:
        return Abstention.NOVELTY
    return Abstention.UNCERTAIN if uncertain else None


def _beyond_limits(quality: Quality | None, contract: Contract) -> tuple[Shortfall, ...]:
    limits = contract.quality
    if quality is None or limits is None:
        return ()
    return shortfalls(
        quality,
        sharpness_least=limits.sharpness_least,
        dark_most=limits.exposure_dark_most,
        bright_most=limits.exposure_bright_most,
        glare_most=limits.glare_most,
        side_least=limits.side_least,
    )


def _leading(by_id: dict[str, float], kinds: dict[str, Malignancy], contract: Contract) -> tuple[str, ...]:
    grouped = {label for group in contract.groups for label in group.labels}
    units = [group.labels for group in contract.groups] + [(label,) for label in by_id if label not in grouped]
    return max(
        units,
        key=lambda labels: (
            sum(by_id[label] for label in labels),
            max(badness(label, kinds[label]) for label in labels),
        ),
    )


def _certainty(
    by_id: dict[str, float], kinds: dict[str, Malignancy], leading: tuple[str, ...], contract: Contract
) -> tuple[bool, bool]:
    """Return whether the answer is uncertain, and whether only the kind among the benign labels is.

    The doubt is one among benign labels only where a benign one leads: benign labels that outweigh a leading melanoma
    together are no certainty.
    """
    threshold = contract.certainty_threshold
    if threshold is None or sum(by_id[label] for label in leading) >= threshold:
        return False, False
    benign = {label for label, kind in kinds.items() if kind is Malignancy.BENIGN}
    kind_uncertain = benign.issuperset(leading) and sum(by_id[label] for label in benign) >= threshold
    return not kind_uncertain, kind_uncertain
