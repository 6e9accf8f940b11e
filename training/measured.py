"""Every figure of the model card, counted from what is committed: the answers of folds, what they were probed with, tests.

Nothing here opens an image or runs a model. `measured_page` tells the figures as text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import CertaintyTest, FlagTest, NoveltyTest, ReliabilityCurve
from training import probe, tested
from training.agree import Agreement
from training.calibrate import FLAGGED
from training.cross import copy_agreement
from training.figures import Proportion, proportion
from training.intervals import of_certainty, of_flag
from training.judged import certainty_test, flag_test, nine, novelty_test, reliability, seven, where
from training.judging import Nested, Thresholds, is_wrong, leading, nested, thresholds
from training.kept_recipe import earlier_recipes_of, recipe_of
from training.measures import Answers, Estimate, Ranked, bootstrapped, estimates
from training.merging import groups_of, owners, summed
from training.out_of_fold import FILE, VIEWS_FILE, OutOfFold, read
from training.run_folder import Record

_DRAWS_OF_A_PART = 300
"""Parts are many and their intervals wide: fewer draws tell as much."""

_FEWEST = 50
"""Images of a part, under which its figures say nothing."""

_FEWEST_MELANOMAS = 20
_OF_MELANOMA = ("AUC: melanoma", "recall: melanoma")

_COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
NINE, SEVEN_CLASSES, MALIGNANT, MALIGNANT_WIDE = "nine", "seven", "malignant", "malignant with actinic keratosis"


@dataclass(frozen=True)
class ClassFigures:
    """All figures with one set of classes: `images`, `right` and `answered` of each class, and every estimate by name."""

    classes: tuple[str, ...]
    images: tuple[int, ...]
    right: tuple[int, ...]
    answered: tuple[int, ...]
    figures: dict[str, Estimate]


@dataclass(frozen=True)
class PartFigures:
    """Some of the images, parted `by` copy, source, age band, sex or site: figures of seven classes and of melanoma."""

    by: str
    value: str
    images: int
    melanomas: int
    figures: dict[str, Estimate]
    novel: Proportion | None


@dataclass(frozen=True)
class Risk:
    """How often answers are wrong where so many are given, the surest first, and how sure the least sure of them is."""

    coverage: float
    threshold: float
    error: float


@dataclass(frozen=True)
class TestFigures:
    """What one model file did on a set of test images: right of n, with the labels of a group as one, and on melanoma.

    `confusion` has a row for each of `labels` and a column for each answer.
    """

    source: str
    right: Proportion
    right_grouped: Proportion
    figures: dict[str, Estimate]
    missed_as_the_other_label: int
    novel: Proportion | None
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Measured:
    """All that was measured of one recipe: out of fold, and of one model file on test images (`tests`).

    `earlier_recipes` made the folds that these went on from. `thresholds` are those of all folds together, `by_fold` those that
    each fold was judged by. What flags (by id) and certainty do stands in `flags` and `certainty` as counts, with its
    intervals in `flag_figures` and `certainty_figures`: see `intervals`. `classes` are the figures by set of classes; `views`
    the same of the mean over eight views of each image.
    """

    name: str
    images: int
    pictures: int
    groups: int
    folds: int
    recipe: Record
    earlier_recipes: tuple[Record, ...]
    thresholds: Thresholds
    by_fold: dict[int, Thresholds]
    classes: dict[str, ClassFigures]
    parts: tuple[PartFigures, ...]
    copies: tuple[Agreement, ...]
    flags: dict[str, FlagTest]
    flag_figures: dict[str, dict[str, Estimate]]
    certainty: CertaintyTest
    certainty_figures: dict[str, Estimate]
    risks: tuple[Risk, ...]
    reliability: tuple[ReliabilityCurve, ...]
    calibration_by_source: dict[str, dict[str, float]]
    novelty: NoveltyTest | None
    drawn_flagged: Proportion | None
    probed: probe.Probed | None
    views: dict[str, ClassFigures]
    tests: tuple[TestFigures, ...]
    model_sha256: str


def measure(name: str, folder: Path) -> Measured:
    """Count every figure of the answers in a folder.

    Raises:
        DataError: the folder holds no answers of folds, or a file in it cannot be read.
    """
    found, probed = read(folder / FILE), probe.load(folder / probe.FILE)
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
        recipe=recipe,
        earlier_recipes=earlier_recipes_of(folder),
        thresholds=fitted,
        by_fold=judged.by_fold,
        classes=_all_classes(found, judged),
        parts=tuple(_parts(found, judged)),
        copies=copy_agreement(found, judged.probabilities),
        flags={flag.id: test for flag in fitted.flags if (test := flag_test(flag, found, judged, on))},
        flag_figures={flag.id: of_flag(flag, found, judged) for flag in fitted.flags},
        certainty=certainty_test(found, judged, on),
        certainty_figures=of_certainty(found, judged),
        risks=_risks(found, judged),
        reliability=reliability(found, judged, on),
        calibration_by_source={
            str(source): {curve.name: curve.ece or 0.0 for curve in _reliability_of(found, judged, source)}
            for source in np.unique([one.source for one in found.images])
        },
        novelty=novelty_test(found, judged, probed, on) if has_novelty else None,
        drawn_flagged=proportion(flagged, len(drawn)) if drawn else None,
        probed=probed,
        views=_all_classes(views, nested(views, mix)) if views else {},
        tests=tuple(_tests(tests)) if tests else (),
        model_sha256=tests.model_sha256 if tests else "",
    )


def _all_classes(found: OutOfFold, judged: Nested) -> dict[str, ClassFigures]:
    sets = {NINE: nine(found, judged)}
    if (merged := seven(found, judged)) is not None:
        sets[SEVEN_CLASSES] = merged
    malignant = next(members for flag_id, _, members in FLAGGED if flag_id == "malignant")
    for name, members in {MALIGNANT: malignant, MALIGNANT_WIDE: (*malignant, "actinic_keratosis")}.items():
        if set(members) <= set(found.labels):
            sets[name] = sets[NINE].of_sum("malignant", members)
    return {name: _class_figures(answers) for name, answers in sets.items()}


def _class_figures(answers: Answers) -> ClassFigures:
    answered = answers.probabilities.argmax(axis=1)
    count = len(answers.classes)
    return ClassFigures(
        answers.classes,
        tuple(np.bincount(answers.truth, minlength=count).tolist()),
        tuple(np.bincount(answers.truth[answered == answers.truth], minlength=count).tolist()),
        tuple(np.bincount(answered, minlength=count).tolist()),
        estimates(answers),
    )


def _parts(found: OutOfFold, judged: Nested) -> Iterator[PartFigures]:
    answers = seven(found, judged) or nine(found, judged)
    melanoma = found.labels.index("melanoma") if "melanoma" in found.labels else -1
    for by, values in _values(found).items():
        for value in (one for one in np.unique(values) if one):
            here = values == value
            if here.sum() < _FEWEST:
                continue
            told = estimates(answers.where(here), _DRAWS_OF_A_PART)
            melanomas = int((found.truth[here] == melanoma).sum())
            kept = ("accuracy", "balanced accuracy", *(_OF_MELANOMA if melanomas >= _FEWEST_MELANOMAS else ()))
            novel = None if judged.novel is None else proportion(int(judged.novel[here].sum()), int(here.sum()))
            yield PartFigures(
                by,
                str(value),
                int(here.sum()),
                melanomas,
                {name: told[name] for name in kept if name in told},
                novel,
            )


def _values(found: OutOfFold) -> dict[str, NDArray[np.str_]]:
    """Return for each way to part the images the value of each; empty where it is not known."""

    def band(age: str) -> str:
        return f"{int(float(age)) // 20 * 20:02} to {int(float(age)) // 20 * 20 + 19}" if age else ""

    return {
        "copy": np.array([one.copy for one in found.images]),
        "source": np.array([one.source for one in found.images]),
        "age (years)": np.array([band(one.age) for one in found.images]),
        "sex": np.array([one.sex if one.sex != "unknown" else "" for one in found.images]),
        "site": np.array([one.site if one.site != "unknown" else "" for one in found.images]),
    }


def _reliability_of(found: OutOfFold, judged: Nested, source: str) -> tuple[ReliabilityCurve, ...]:
    here = np.array([one.source == source for one in found.images])
    own = Nested(judged.probabilities[here], {}, judged.withheld[here], None, judged.weights[here], judged.by_fold)
    return reliability(found.where(here), own, source)


def _risks(found: OutOfFold, judged: Nested) -> tuple[Risk, ...]:
    _, share = leading(judged.probabilities, found.labels)
    order = np.argsort(-share, kind="stable")
    wrong = np.cumsum(is_wrong(found, judged)[order])
    counts = [max(1, round(coverage * len(order))) for coverage in _COVERAGES]
    return tuple(
        Risk(coverage, float(share[order[count - 1]]), float(wrong[count - 1] / count))
        for coverage, count in zip(_COVERAGES, counts, strict=True)
    )


def _tests(found: tested.Tested) -> Iterator[TestFigures]:
    sources = np.array(found.sources)
    parts = {str(source): sources == source for source in np.unique(sources)}
    for source, here in list(parts.items()):
        if (here & found.conflicting).any():
            parts[f"{source} without conflicting images"] = here & ~found.conflicting
    owner = owners(found.labels, [group.labels for group in groups_of(found.labels)])
    answered = found.probabilities.argmax(axis=1)
    grouped = summed(found.probabilities, owner).argmax(axis=1)
    melanoma = found.labels.index("melanoma")
    for source, here in parts.items():
        truth = found.truth[here]
        right, alike = answered[here] == truth, grouped[here] == owner[truth]
        ranked = Ranked(found.probabilities[here, melanoma], truth == melanoma)
        area = bootstrapped(partial(_area, ranked), np.arange(len(truth)))
        yield TestFigures(
            source,
            proportion(int(right.sum()), len(right)),
            proportion(int(alike.sum()), len(alike)),
            area,
            int((~right & found.conflicting[here]).sum()),
            None if found.novel is None else proportion(int(found.novel[here].sum()), len(truth)),
            found.labels,
            tuple(
                tuple(np.bincount(answered[here][truth == label], minlength=len(found.labels)).tolist())
                for label in range(len(found.labels))
            ),
        )


def _area(ranked: Ranked, weights: NDArray[np.float64]) -> dict[str, float]:
    return {"AUC: melanoma": ranked(weights)[0]}
