"""Counts every figure of a model on a clinic's lesions; see `figures` for what they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Contract
from desktop.core.judging.figures import FEWEST, AlertCount, AlertFigures, ClassFigures, Figures
from desktop.core.judging.labels import members
from desktop.core.judging.lesion_answers import AlertVotes, LesionAnswers
from desktop.core.statistics.bootstrap import DRAWS, Estimate, Weights, bootstrapped
from desktop.core.statistics.calibration import Binned
from desktop.core.statistics.proportions import exact_interval
from desktop.core.statistics.ranking import Ranked


def figures_of(lesions: LesionAnswers, contract: Contract, *, has_patients: bool, draws: int = DRAWS) -> Figures:
    """Count every figure.

    Args:
        lesions: the votes, of one lesion at least.
        contract: of the model that answered.
        has_patients: whether `lesions.patients` are patients; else they are the lesions themselves.
        draws: of the bootstrap.
    """
    classes, groups = _classes(lesions, contract), _groups(lesions, contract)
    right, right_of_groups = _right(lesions, contract)
    found = _estimates(lesions, [*classes, *groups], right, right_of_groups, draws)
    binned, has_enough = Binned(lesions.probabilities.max(axis=1), right), len(right) >= FEWEST
    present = [int(lesions.is_of(truth).sum()) for truth in set(lesions.truth)]
    return Figures(
        n=sum(map(len, lesions.images)),
        lesions=len(lesions.truth),
        patients=len(np.unique(lesions.patients)) if has_patients else None,
        classes=tuple(_class_figures(one, found) for one in classes),
        groups=tuple(_class_figures(one, found) for one in groups),
        alerts=tuple(_alert_figures(alert, lesions, found) for alert in lesions.alerts),
        accuracy=found.get(_ACCURACY),
        accuracy_of_groups=found.get(_ACCURACY_OF_GROUPS) if contract.groups else None,
        balanced_accuracy=found.get(_BALANCED),
        fewest=min(present),
        ece=binned.error(np.ones(len(right))) if has_enough else None,
        reliability=tuple(binned.points(np.ones(len(right)))) if has_enough else (),
        mistakes=_mistakes(lesions, contract, right_of_groups),
    )


@dataclass(frozen=True)
class _Class:
    """A label or group: which lesions are `judged` for it, are its `own`, and were `named` so, with its probability `share`."""

    id: str
    name: str
    judged: NDArray[np.bool_]
    own: NDArray[np.bool_]
    named: NDArray[np.bool_]
    share: NDArray[np.float64]

    @property
    def others(self) -> NDArray[np.bool_]:
        return self.judged & ~self.own


def _classes(lesions: LesionAnswers, contract: Contract) -> list[_Class]:
    """Return the labels; a lesion of which only the group is known is judged for none of the group's labels."""
    top = lesions.probabilities.argmax(axis=1)
    unclear = {group.id: group.labels for group in contract.groups}
    return [
        _Class(
            label.id,
            label.name,
            np.array([label.id not in unclear.get(truth, ()) for truth in lesions.truth], bool),
            lesions.is_of(label.id),
            top == place,
            lesions.probabilities[:, place],
        )
        for place, label in enumerate(contract.labels)
    ]


def _groups(lesions: LesionAnswers, contract: Contract) -> list[_Class]:
    units, sums = _units(lesions, contract)
    top = sums.argmax(axis=1)
    return [
        _Class(
            group.id,
            group.name,
            np.ones(len(lesions.truth), bool),
            np.array([set(members(truth, contract)) <= set(group.labels) for truth in lesions.truth], bool),
            top == units.index(group.labels),
            sums[:, units.index(group.labels)],
        )
        for group in contract.groups
    ]


def _units(lesions: LesionAnswers, contract: Contract) -> tuple[list[tuple[str, ...]], NDArray[np.float64]]:
    """Return the labels, those of a group as one, and their probabilities [m, units]."""
    grouped = {label for group in contract.groups for label in group.labels}
    units = [group.labels for group in contract.groups]
    units += [(label,) for label in contract.label_ids if label not in grouped]
    places = [[contract.label_ids.index(label) for label in unit] for unit in units]
    return units, np.stack([lesions.probabilities[:, one].sum(axis=1) for one in places], axis=1)


def _right(lesions: LesionAnswers, contract: Contract) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which lesions were named right, and which where the labels of a group count as one."""
    labels = contract.label_ids
    top = [labels[place] for place in lesions.probabilities.argmax(axis=1)]
    units, sums = _units(lesions, contract)
    of_groups = [units[place] for place in sums.argmax(axis=1)]
    meant = [members(truth, contract) for truth in lesions.truth]
    right = np.array([one in own for one, own in zip(top, meant, strict=True)], bool)
    return right, np.array([set(own) <= set(one) for one, own in zip(of_groups, meant, strict=True)], bool)


def _estimates(
    lesions: LesionAnswers,
    classes: Sequence[_Class],
    right: NDArray[np.bool_],
    right_of_groups: NDArray[np.bool_],
    draws: int,
) -> dict[str, Estimate]:
    """Return the figures that enough lesions allow, by name, drawn together."""
    every = np.ones(len(right), bool)
    shares = {_ACCURACY: (right, every), _ACCURACY_OF_GROUPS: (right_of_groups, every)}
    ranked: dict[str, tuple[Ranked, NDArray[np.bool_]]] = {}
    for one in classes:
        shares[_name(_SENSITIVITY, one.id)] = (one.named, one.own)
        shares[_name(_SPECIFICITY, one.id)] = (~one.named, one.others)
        if min(one.own.sum(), one.others.sum()) >= FEWEST:
            ranked[_name(_AUC, one.id)] = (Ranked(one.share, one.own), one.judged)
    for alert in lesions.alerts:
        shares[_name(_FOUND, alert.id)] = (alert.raised, alert.positive)
        shares[_name(_SPARED, alert.id)] = (~alert.raised, ~alert.positive)
        if min(alert.positive.sum(), (~alert.positive).sum()) >= FEWEST:
            ranked[_name(_ALERT_AUC, alert.id)] = (Ranked(alert.scores, alert.positive), every)
    shares = {name: (counted & among, among) for name, (counted, among) in shares.items() if among.sum() >= FEWEST}
    if not shares:
        return {}
    counted, among = (np.stack(masks).astype(float) for masks in zip(*shares.values(), strict=True))
    own = np.stack([lesions.is_of(truth) for truth in sorted(set(lesions.truth))]).astype(float)

    def figures(weights: Weights) -> dict[str, float]:
        with np.errstate(invalid="ignore", divide="ignore"):
            found = dict(zip(shares, ((counted @ weights) / (among @ weights)).tolist(), strict=True))
            recalls = (own @ (weights * right)) / (own @ weights)
        found |= {name: rank(weights * judged)[0] for name, (rank, judged) in ranked.items()}
        found |= {
            _name(_GAIN, alert.id): found[_name(_FOUND, alert.id)] + found[_name(_SPARED, alert.id)] - 1
            for alert in lesions.alerts
            if {_name(_FOUND, alert.id), _name(_SPARED, alert.id)} <= shares.keys()
        }
        return found | {_BALANCED: float(np.nanmean(recalls))}

    made = bootstrapped(figures, lesions.patients, draws)
    for name, (_, of) in shares.items():
        if made[name].value in {0.0, 1.0}:
            independent = len(np.unique(lesions.patients[of]))
            made[name] = Estimate(made[name].value, *exact_interval(is_all=made[name].value == 1, n=independent))
    return made


_ACCURACY, _ACCURACY_OF_GROUPS, _BALANCED = "accuracy", "accuracy of groups", "balanced accuracy"
_AUC, _SENSITIVITY, _SPECIFICITY = "AUC", "sensitivity", "specificity"
_ALERT_AUC, _FOUND, _SPARED, _GAIN = "AUC of the alert", "alert raised", "alert not raised", "gain of the alert"


def _name(figure: str, of: str) -> str:
    return f"{figure}: {of}"


def _class_figures(one: _Class, found: dict[str, Estimate]) -> ClassFigures:
    return ClassFigures(
        id=one.id,
        name=one.name,
        n=int(one.own.sum()),
        named=int((one.own & one.named).sum()),
        others=int(one.others.sum()),
        others_named=int((one.others & one.named).sum()),
        expected=float(one.share.sum()),
        auc=found.get(_name(_AUC, one.id)),
        sensitivity=found.get(_name(_SENSITIVITY, one.id)),
        specificity=found.get(_name(_SPECIFICITY, one.id)),
    )


def _alert_figures(alert: AlertVotes, lesions: LesionAnswers, found: dict[str, Estimate]) -> AlertFigures:
    every, raised = np.ones(len(alert.scores), bool), alert.raised
    missed = np.flatnonzero(alert.positive & ~raised)
    knows_more = bool((~np.isnan(alert.with_context)).any())
    return AlertFigures(
        id=alert.id,
        name=alert.name,
        labels=alert.labels,
        threshold=alert.threshold,
        aim=alert.aim,
        count=count_raised(alert, lesions, raised, every),
        proved=count_raised(alert, lesions, raised, lesions.proved) if lesions.proved.any() else None,
        with_context=count_raised(alert, lesions, alert.raised_with_context, every) if knows_more else None,
        auc=found.get(_name(_ALERT_AUC, alert.id)),
        sensitivity=found.get(_name(_FOUND, alert.id)),
        specificity=found.get(_name(_SPARED, alert.id)),
        gain=found.get(_name(_GAIN, alert.id)),
        tested=alert.tested,
        missed_lesions=tuple(missed[np.argsort(alert.scores[missed], kind="stable")].tolist()),
    )


def count_raised(
    alert: AlertVotes, lesions: LesionAnswers, raised: NDArray[np.bool_], among: NDArray[np.bool_]
) -> AlertCount:
    """Count the lesions in which an alert is `raised` [m], among some of them [m]."""
    by_label = {}
    for truth in sorted({one for one, counts in zip(lesions.truth, among, strict=True) if counts}):
        here = lesions.is_of(truth) & among
        by_label[truth] = (int(here.sum()), int((here & raised).sum()))
    own, others = alert.positive & among, ~alert.positive & among
    return AlertCount(
        int(own.sum()), int((own & raised).sum()), int(others.sum()), int((others & raised).sum()), by_label
    )


def _mistakes(lesions: LesionAnswers, contract: Contract, right: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the lesions that an alert missed, then all others that were named wrong.

    Of the missed, those without any alert come before those in which another alert is raised; of either, the farthest below the
    threshold comes first. The others are in the order of how little probability their own label got.
    """
    order: dict[int, None] = {}
    has_any = np.array([alert.raised for alert in lesions.alerts], bool).reshape(-1, len(lesions.truth)).any(axis=0)
    for among in (~has_any, has_any):
        for alert in lesions.alerts:
            missed = np.flatnonzero(alert.positive & ~alert.raised & among)
            order |= dict.fromkeys(missed[np.argsort(alert.scores[missed], kind="stable")].tolist())
    places = [[contract.label_ids.index(label) for label in members(truth, contract)] for truth in lesions.truth]
    own = np.array([row[place].sum() for row, place in zip(lesions.probabilities, places, strict=True)])
    wrong = np.flatnonzero(~right)
    order |= dict.fromkeys(wrong[np.argsort(own[wrong], kind="stable")].tolist())
    return tuple(order)
