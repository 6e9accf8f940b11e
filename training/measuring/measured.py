"""Every figure of the model card, counted from what is committed: the answers of folds, what they were probed with, tests.

Nothing here opens an image or runs a model. `page` tells the figures as text.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.core.inference.contract import CertaintyTest, FlagTest, NoveltyTest, ReliabilityCurve
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.proportions import Proportion, proportion
from training.folds.contract import certainty_test, flag_test, novelty_test, reliability, where
from training.folds.intervals import of_certainty, of_flag
from training.folds.out_of_fold import FILE, VIEWS_FILE, OutOfFold, read
from training.folds.probed import PROBE_FILE, Agreement, Probed, load_probe
from training.folds.recipe import earlier_recipes_of, recipe_of
from training.folds.thresholds import Nested, Thresholds, is_wrong, leading, nested, thresholds
from training.measuring import tested
from training.measuring.cross import copy_agreement
from training.measuring.measured_classes import ClassFigures, figures_of_sets
from training.measuring.measured_parts import (
    PairFigures,
    PartFigures,
    SourceCalibration,
    calibration_by_source,
    pairs_of,
    parts_of,
)
from training.measuring.measured_tests import TestFigures, tests_of
from training.run.run_folder import Record

_COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Risk:
    """How often answers are wrong where so many are given, the surest first, and how sure the least sure of them is."""

    coverage: float
    threshold: float
    error: float


@dataclass(frozen=True)
class Measured:
    """All that was measured of one recipe: out of fold, and of one model file on test images (`tests`).

    `earlier_recipes` made the folds that these went on from. `thresholds` are those of all folds together, `by_fold` those that
    each fold was judged by. What flags (by id) and certainty do stands in `flags` and `certainty` as counts, with its
    intervals in `flag_figures` and `certainty_figures`: see `intervals`. `classes` are the figures by set of classes; `views`
    the same of the mean over eight views of each image. `split_sha256` is that of which images there are, with which label, and
    which fold held each out: recipes compare where it is the same. `tested_taught` is from how many images that file learned.
    """

    name: str
    images: int
    pictures: int
    groups: int
    folds: int
    split_sha256: str
    recipe: Record
    earlier_recipes: tuple[Record, ...]
    thresholds: Thresholds
    by_fold: dict[int, Thresholds]
    classes: dict[str, ClassFigures]
    parts: tuple[PartFigures, ...]
    pairs: tuple[PairFigures, ...]
    copies: tuple[Agreement, ...]
    flags: dict[str, FlagTest]
    flag_figures: dict[str, dict[str, Estimate]]
    certainty: CertaintyTest
    certainty_figures: dict[str, Estimate]
    risks: tuple[Risk, ...]
    reliability: tuple[ReliabilityCurve, ...]
    calibration_by_source: tuple[SourceCalibration, ...]
    novelty: NoveltyTest | None
    drawn_flagged: Proportion | None
    probed: Probed | None
    views: dict[str, ClassFigures]
    tests: tuple[TestFigures, ...]
    model_sha256: str
    tested_taught: int | None


def measure(name: str, folder: Path) -> Measured:
    """Count every figure of the answers in a folder.

    Raises:
        DataError: the folder holds no answers of folds, or a file in it cannot be read.
    """
    found, probed = read(folder / FILE), load_probe(folder / PROBE_FILE)
    tests = tested.read(folder / tested.FILE)
    recipe = recipe_of(folder)
    mix = recipe.settings.calibration
    judged = nested(found, mix)
    on = where(found)
    fitted = thresholds(found, mix, on)
    has_novelty = found.novelty is not None
    drawn = [one.novelty for one in probed.drawn] if probed and fitted.novelty is not None else []
    flagged = sum(float(np.median(one)) > (fitted.novelty or 0) for one in drawn)
    views = read(folder / VIEWS_FILE) if (folder / VIEWS_FILE).is_file() else None
    return Measured(
        name=name,
        images=len(found.images),
        pictures=len({(one.source, one.image) for one in found.images}),
        groups=len(set(found.groups.tolist())),
        folds=len(set(found.folds.tolist())),
        split_sha256=_split_sha256(found),
        recipe=recipe,
        earlier_recipes=earlier_recipes_of(folder),
        thresholds=fitted,
        by_fold=judged.by_fold,
        classes=figures_of_sets(found, judged),
        parts=tuple(parts_of(found, judged)),
        pairs=tuple(pairs_of(found, judged)),
        copies=copy_agreement(found, judged.probabilities),
        flags={flag.id: test for flag in fitted.flags if (test := flag_test(flag, found, judged, on))},
        flag_figures={flag.id: of_flag(flag, found, judged) for flag in fitted.flags},
        certainty=certainty_test(found, judged, on),
        certainty_figures=of_certainty(found, judged),
        risks=_risks(found, judged),
        reliability=reliability(found, judged, on),
        calibration_by_source=tuple(calibration_by_source(found, judged)),
        novelty=novelty_test(found, judged, probed, on) if has_novelty else None,
        drawn_flagged=proportion(flagged, len(drawn)) if drawn else None,
        probed=probed,
        views=figures_of_sets(views, nested(views, mix), of_targets=True) if views else {},
        tests=tuple(tests_of(tests)) if tests else (),
        model_sha256=tests.model_sha256 if tests else "",
        tested_taught=tests.taught if tests else None,
    )


def _risks(found: OutOfFold, judged: Nested) -> tuple[Risk, ...]:
    _, share = leading(judged.probabilities, found.labels)
    order = np.argsort(-share, kind="stable")
    wrong = np.cumsum(is_wrong(found, judged)[order])
    counts = [max(1, round(coverage * len(order))) for coverage in _COVERAGES]
    return tuple(
        Risk(coverage, float(share[order[count - 1]]), float(wrong[count - 1] / count))
        for coverage, count in zip(_COVERAGES, counts, strict=True)
    )


def _split_sha256(found: OutOfFold) -> str:
    rows = sorted("\t".join((one.source, one.image, one.copy, one.label, str(one.fold))) for one in found.images)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
