"""Every figure of the model card, counted from the committed answers to held-out images, changed copies and test images.

Nothing here opens an image or runs a model. `page` writes the figures as text.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.core.inference.context import ContextGain, ContextTest
from desktop.core.inference.contract import CertaintyTest, FlagTest, NoveltyTest, ReliabilityCurve
from desktop.core.inference.prior import PriorTest
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.proportions import Proportion, proportion
from training.judging.alerts import Lesions
from training.judging.context import try_context
from training.judging.contract_figures import certainty_test, flag_test, measured_on, novelty_test, reliability_curves
from training.judging.held_out import BIOPSIED, FILE, HeldOutAnswers, read
from training.judging.intervals import certainty_intervals, flag_intervals
from training.judging.priors import prior_test
from training.judging.probe_results import PROBE_FILE, ProbeResults, load_probe
from training.judging.recipe_files import earlier_recipes_of, recipe_of
from training.judging.thresholds import CrossFitted, Thresholds, cross_fit, fit_thresholds, is_wrong, leading
from training.measuring import public_tests
from training.measuring.alert_figures import AlertFigures, figures_of_alerts
from training.measuring.class_figures import ClassFigures, figures_of_sets
from training.measuring.public_test_figures import PublicTestFigures, figures_of_tests
from training.measuring.subgroup_figures import (
    SourceCalibration,
    SubgroupFigures,
    calibration_by_source,
    subgroups_of,
)
from training.measuring.unseen import UnseenFigures, kept_in
from training.run.run_folder import RunRecord

_COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Risk:
    """The error if only the surest answers are given: their share, the probability of the least sure one, and its error."""

    coverage: float
    threshold: float
    error: float


@dataclass(frozen=True)
class CardFigures:
    """All figures of one recipe on held-out images, and those of one model file on test images (`tests`).

    `earlier_recipes` are those of the networks that training started from. `thresholds` were fitted on all held-out images,
    and those of `by_fold` were applied to each fold. `alerts` are by lesion. `unseen` are the trainings of the same recipe that
    left a source or label out. `flags` (if there are no alerts) and `certainty` hold counts, with intervals in `flag_figures`
    and `certainty_figures`: see `intervals`. `classes` are the figures by set of classes. `held_sha256` is the hash of the list
    of images and labels: recipes can be compared if it is the same.
    `context_tests` and `context_gains` are the effects of age, sex and site on the alerts, `prior_test` that of another prior
    on the leading label. `tested_taught` is the number of training images of the tested model file.
    """

    name: str
    images: int
    groups: int
    biopsied: int
    held_sha256: str
    recipe: RunRecord
    earlier_recipes: tuple[RunRecord, ...]
    thresholds: Thresholds
    by_fold: dict[int, Thresholds]
    classes: dict[str, ClassFigures]
    parts: tuple[SubgroupFigures, ...]
    alerts: tuple[AlertFigures, ...]
    context_tests: tuple[ContextTest, ...]
    context_gains: tuple[ContextGain, ...]
    prior_test: PriorTest | None
    unseen: tuple[UnseenFigures, ...]
    flags: dict[str, FlagTest]
    flag_figures: dict[str, dict[str, Estimate]]
    certainty: CertaintyTest
    certainty_figures: dict[str, Estimate]
    risks: tuple[Risk, ...]
    reliability: tuple[ReliabilityCurve, ...]
    calibration_by_source: tuple[SourceCalibration, ...]
    novelty: NoveltyTest | None
    drawn_flagged: Proportion | None
    probed: ProbeResults | None
    tests: tuple[PublicTestFigures, ...]
    model_sha256: str
    tested_taught: int | None


def count_figures(name: str, folder: Path) -> CardFigures:
    """Count every figure of the answers in a folder.

    Raises:
        DataError: the folder holds no answers to held-out images, or a file in it cannot be read.
    """
    found, probed = read(folder / FILE), load_probe(folder / PROBE_FILE)
    tests = public_tests.read(folder / public_tests.FILE)
    recipe = recipe_of(folder)
    prior = recipe.settings.calibration
    cross_fitted = cross_fit(found, prior)
    on = measured_on(found)
    fitted = fit_thresholds(found, prior, on)
    trial = try_context(found, cross_fitted, prior)
    has_novelty = found.novelty is not None
    drawn = [one.novelty for one in probed.drawn] if probed and fitted.novelty is not None else []
    flagged = sum(float(np.median(one)) > (fitted.novelty or 0) for one in drawn)
    return CardFigures(
        name=name,
        images=len(found.images),
        groups=len(set(found.groups.tolist())),
        biopsied=Lesions(found, found.having(confirmed_by=BIOPSIED)).count,
        held_sha256=_held_sha256(found),
        recipe=recipe,
        earlier_recipes=earlier_recipes_of(folder),
        thresholds=fitted,
        by_fold=cross_fitted.by_fold,
        classes=figures_of_sets(found, cross_fitted),
        parts=tuple(subgroups_of(found, cross_fitted)),
        alerts=figures_of_alerts(found, cross_fitted.alert_scores),
        context_tests=trial.tests,
        context_gains=trial.gains,
        prior_test=prior_test(found, cross_fitted, fitted.calibration.mix if fitted.calibration else None, on),
        unseen=kept_in(folder),
        flags={flag.id: test for flag in fitted.flags if (test := flag_test(flag, found, cross_fitted, on))},
        flag_figures={flag.id: flag_intervals(flag, found, cross_fitted) for flag in fitted.flags},
        certainty=certainty_test(found, cross_fitted, on),
        certainty_figures=certainty_intervals(found, cross_fitted),
        risks=_risks(found, cross_fitted),
        reliability=reliability_curves(found, cross_fitted, on),
        calibration_by_source=tuple(calibration_by_source(found, cross_fitted)),
        novelty=novelty_test(found, cross_fitted, probed, on) if has_novelty else None,
        drawn_flagged=proportion(flagged, len(drawn)) if drawn else None,
        probed=probed,
        tests=tuple(figures_of_tests(tests)) if tests else (),
        model_sha256=tests.model_sha256 if tests else "",
        tested_taught=tests.taught if tests else None,
    )


def _risks(found: HeldOutAnswers, cross_fitted: CrossFitted) -> tuple[Risk, ...]:
    _, share = leading(cross_fitted.probabilities, found.labels)
    order = np.argsort(-share, kind="stable")
    wrong = np.cumsum(is_wrong(found, cross_fitted)[order])
    counts = [max(1, round(coverage * len(order))) for coverage in _COVERAGES]
    return tuple(
        Risk(coverage, float(share[order[count - 1]]), float(wrong[count - 1] / count))
        for coverage, count in zip(_COVERAGES, counts, strict=True)
    )


def _held_sha256(found: HeldOutAnswers) -> str:
    rows = sorted(f"{one.source}\t{one.image}\t{one.label}" for one in found.images)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
