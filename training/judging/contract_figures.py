"""The thresholds and figures of a network's contract, from its answers to held-out images.

The thresholds are set on all of these answers. Every figure about them is cross-fitted: see `thresholds.cross_fit`.
"""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import (
    CertaintyTest,
    Contract,
    Figure,
    Flag,
    FlagTest,
    NoveltyKind,
    NoveltyTest,
    Recall,
    ReliabilityCurve,
    ReliabilityPoint,
)
from desktop.core.labels import MELANOMA
from desktop.core.statistics.calibration import Binned
from desktop.core.statistics.classification import Answers, estimates
from desktop.core.statistics.ranking import area_under_curve
from training.calibrate import Prior, flagged
from training.images.label_groups import SEVEN_CLASS_GROUPS, group_owners, group_sums
from training.judging.alerts import alerts_of
from training.judging.context import context_of
from training.judging.held_out import HeldOutAnswers
from training.judging.intervals import recall_intervals
from training.judging.priors import prior_test
from training.judging.probe_results import ProbeResults
from training.judging.thresholds import CrossFitted, Thresholds, cross_fit, is_wrong


def measured_on(found: HeldOutAnswers) -> str:
    """Return a description of the held-out images."""
    return f"{len(found.images)} images held out"


def with_held_out_figures(
    contract: Contract, found: HeldOutAnswers, probed: ProbeResults | None, thresholds: Thresholds, prior: Prior
) -> Contract:
    """Return the contract with the thresholds and figures of the held-out images.

    Args:
        contract: of the network.
        found: its answers to held-out images.
        probed: its probe results, if it was probed.
        thresholds: those that `fit_thresholds` fitted on all of the answers.
        prior: of the labels, for the calibration.
    """
    cross_fitted, on = cross_fit(found, prior), measured_on(found)
    return dataclasses.replace(
        contract,
        flags=tuple(
            dataclasses.replace(flag, tested=flag_test(flag, found, cross_fitted, on)) for flag in thresholds.flags
        ),
        alerts=alerts_of(found, thresholds.alerts, cross_fitted.alert_scores, f"{on}, by lesion, cross-fitted"),
        certainty_threshold=thresholds.certainty,
        certainty_test=certainty_test(found, cross_fitted, on),
        novelty_threshold=thresholds.novelty,
        novelty_test=None if thresholds.novelty is None else novelty_test(found, cross_fitted, probed, on),
        quality=probed.spoilt.limits if probed else None,
        reliability=reliability_curves(found, cross_fitted, on),
        recalls=_recalls(found, cross_fitted, on),
        figures=_figures(found, cross_fitted, on),
        prior_test=prior_test(found, cross_fitted, contract.calibration_mix, on),
        context=context_of(found, cross_fitted, thresholds, prior, on),
    )


def flag_test(flag: Flag, found: HeldOutAnswers, cross_fitted: CrossFitted, where: str) -> FlagTest | None:
    """Return the result of a flag whose threshold was set on other folds; None if these had too few images."""
    if flag.id not in cross_fitted.raised:
        return None
    positive = np.isin(found.truth, [found.labels.index(label) for label in flag.labels])
    raised = cross_fitted.raised[flag.id]
    return FlagTest(
        f"{where}, cross-fitted",
        missed=int((positive & ~raised).sum()),
        positives=int(positive.sum()),
        raised_wrongly=int((~positive & raised).sum()),
        negatives=int((~positive).sum()),
    )


def certainty_test(found: HeldOutAnswers, cross_fitted: CrossFitted, where: str) -> CertaintyTest:
    """Return the costs and gains of withholding uncertain answers; the leading label, or its group, is the answer.

    Where all are withheld, as those of a network that always answers alike, the error of the answered is that of all.
    """
    wrong = is_wrong(found, cross_fitted)
    answered = ~cross_fitted.withheld
    melanoma = found.truth == found.labels.index(MELANOMA) if MELANOMA in found.labels else np.zeros(len(wrong), bool)
    raised = cross_fitted.raised.get(MELANOMA)
    missed = referred = None
    if raised is not None and melanoma.any():
        missed = float((raised & answered)[melanoma].mean())
        referred = float((raised | cross_fitted.withheld)[melanoma].mean())
    return CertaintyTest(
        measured_on=f"{where}, cross-fitted",
        answered=int(answered.sum()),
        n=len(wrong),
        error_answered=float((wrong[answered] if answered.any() else wrong).mean()),
        error_all=float(wrong.mean()),
        melanomas_abstained=int((melanoma & cross_fitted.withheld).sum()),
        melanomas=int(melanoma.sum()),
        sensitivity_if_missed=missed,
        sensitivity_if_referred=referred,
    )


def novelty_test(
    found: HeldOutAnswers, cross_fitted: CrossFitted, probed: ProbeResults | None, where: str
) -> NoveltyTest:
    """Return the results of novelty on held-out dermoscopy and on each kind of other picture."""
    novel = cross_fitted.novel if cross_fitted.novel is not None else np.zeros(len(found.images), bool)
    kinds = []
    for kind in dict.fromkeys(one.kind for one in probed.far) if probed else ():
        far = np.array([one.novelty for one in probed.far if one.kind == kind]) if probed else np.zeros((0, 0))
        kinds.append(NoveltyKind(kind, len(far), float(np.mean(novelty_aucs(found, far)))))
    return NoveltyTest(
        measured_on=f"{where}, cross-fitted",
        flagged=int(novel.sum()),
        n=len(novel),
        auroc=float(np.mean([kind.auroc for kind in kinds])) if kinds else None,
        kinds=tuple(kinds),
    )


def novelty_aucs(found: HeldOutAnswers, far: NDArray[np.float64]) -> list[float]:
    """Return for each network how well (AUC) novelty separates pictures, distances [n, networks], from held-out images."""
    if found.novelty is None:
        return []
    is_far = np.arange(len(found.novelty) + len(far)) >= len(found.novelty)
    return [float(area_under_curve(is_far, np.concatenate([found.novelty, column]))) for column in far.T]


def reliability_curves(found: HeldOutAnswers, cross_fitted: CrossFitted, where: str) -> tuple[ReliabilityCurve, ...]:
    """Return the reliability curves of the most probable label, of melanoma and of the malignant sum.

    Images are weighted to the prior that the calibration assumes.
    """
    curves = []
    for name, (sure, came_true) in confidences(found, cross_fitted.probabilities, found.truth).items():
        binned = Binned(sure, came_true)
        points = tuple(ReliabilityPoint(*point) for point in binned.points(cross_fitted.weights))
        curves.append(ReliabilityCurve(name, where, points, binned.error(cross_fitted.weights)))
    return tuple(curves)


def confidences(
    found: HeldOutAnswers, probabilities: NDArray[np.float64], truth: NDArray[np.int64]
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """Return the confidence [n] and whether it came true [n]: of the top label (`top`), melanoma and the malignant sum.

    `probabilities` [n, labels] and `truth` [n] are of images with the labels of `found`.
    """
    pairs = {"top": (probabilities.max(axis=1), probabilities.argmax(axis=1) == truth)}
    for flag_id, _, members in flagged(found.labels, found.malignant):
        places = [found.labels.index(label) for label in members]
        pairs[flag_id] = probabilities[:, places].sum(axis=1).clip(0, 1), np.isin(truth, places)
    return pairs


def _recalls(found: HeldOutAnswers, cross_fitted: CrossFitted, where: str) -> tuple[Recall, ...]:
    """Return for each label how many of its images are answered with it or its group; intervals by bootstrap over groups."""
    right, made = ~is_wrong(found, cross_fitted), []
    for label, share in recall_intervals(found, cross_fitted).items():
        here = found.truth == found.labels.index(label)
        made.append(Recall(label, where, int(right[here].sum()), int(here.sum()), share.low, share.high))
    return tuple(made)


_TOLD = ("accuracy", "balanced accuracy", "macro AUC", "AUC: melanoma")


def _figures(found: HeldOutAnswers, cross_fitted: CrossFitted, where: str) -> tuple[Figure, ...]:
    """Return the main figures of the model's labels and, if it has them, of seven classes."""
    made = []
    for classes, answers in {
        "": nine_classes(found, cross_fitted),
        ", seven classes": seven_classes(found, cross_fitted),
    }.items():
        if answers is not None:
            told = estimates(answers)
            made += [
                Figure(f"{name}{classes}", where, one.value, len(found.images), low=one.low, high=one.high)
                for name in _TOLD
                if (one := told.get(name))
            ]
    return tuple(made)


def nine_classes(found: HeldOutAnswers, cross_fitted: CrossFitted) -> Answers:
    """Return the answers with the model's own labels."""
    return Answers(found.labels, cross_fitted.probabilities, found.truth, found.groups, cross_fitted.weights)


def seven_classes(found: HeldOutAnswers, cross_fitted: CrossFitted) -> Answers | None:
    """Return the answers with the labels of `SEVEN_CLASS_GROUPS` merged, None if the model lacks these labels."""
    owner = group_owners(found.labels, SEVEN_CLASS_GROUPS)
    kept = np.unique(owner)
    if len(kept) == len(owner):
        return None
    names = tuple(
        " + ".join(label for label, own in zip(found.labels, owner, strict=True) if own == first) for first in kept
    )
    truth = np.searchsorted(kept, owner[found.truth])
    return Answers(
        names, group_sums(cross_fitted.probabilities, owner)[:, kept], truth, found.groups, cross_fitted.weights
    )
