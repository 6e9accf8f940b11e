"""The part of the page of figures that tells of thresholds and calibration, and of what lies outside the answers of folds."""

from collections.abc import Sequence

from desktop.core.labels import BY_ID
from training.intervals import (
    ERROR_ALL,
    ERROR_ANSWERED,
    IF_MISSED,
    IF_REFERRED,
    SENSITIVITY,
    SHARE_WITHHELD,
    SPECIFICITY,
)
from training.judging import FLAGGED_AS_NOVEL, WITHHELD
from training.measured import MALIGNANT, MALIGNANT_WIDE, Measured, TestFigures
from training.spoiling import ACCURACY_LOST
from training.telling import estimate, figure, plain, rate, share, table

DIAGRAM = "reliability.svg"

_OF_CERTAINTY = (SHARE_WITHHELD, ERROR_ALL, ERROR_ANSWERED, IF_MISSED, IF_REFERRED)

_MIXES = {
    "none": "no calibration, the images as they are",
    "validation": "the images as they are",
    "root": "the share of each label the square root of its share in the images",
    "balanced": "all labels alike",
}


def calibration(all_measured: Sequence[Measured], folder: str) -> list[str]:
    """Return the section on how sure and how often right the answers are."""
    names = [curve.name for curve in all_measured[0].reliability]
    rows = []
    for one in all_measured:
        temperatures = ", ".join(f"{fitted.temperature:.3f}" for fitted in one.by_fold.values())
        errors = {curve.name: curve.ece for curve in one.reliability}
        rows.append([one.name, "all", *(plain(errors.get(name)) for name in names), temperatures])
        rows += [
            [one.name, source, *(plain(own.get(name)) for name in names), ""]
            for source, own in one.calibration_by_source.items()
        ]
    words = {"top": "the most probable label", "melanoma": "melanoma", "malignant": "the malignant sum"}
    return [
        "Expected calibration error in 15 bins of equal mass, after the temperature, in the mix of labels that the calibration "
        "assumes: " + "; ".join(f"{one.name} {_MIXES[one.recipe.settings.calibration]}" for one in all_measured) + ".",
        table(["", "source", *(words.get(name, name) for name in names), "temperature by fold"], rows),
        f"![Reliability diagrams]({folder}/{DIAGRAM})",
    ]


def flags(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on the flags."""
    rows = []
    for one in all_measured:
        for flag in one.thresholds.flags:
            test = one.flags.get(flag.id)
            if test:
                own = one.flag_figures[flag.id]
                rows.append(
                    [
                        one.name,
                        flag.name,
                        f"{flag.threshold:.4f}",
                        f"{test.missed} of {test.positives}",
                        *(estimate(own.get(name), True) for name in (SENSITIVITY, SPECIFICITY)),
                    ]
                )
    header = ["", "flag", "threshold", "missed, by the other folds' thresholds", SENSITIVITY, SPECIFICITY]
    return [
        (
            "Each threshold is the highest at which 95 % of such images are found. The one told is that of all folds, which "
            "the model file carries; what it does is told by the other folds' thresholds."
        ),
        table(header, rows),
    ]


def certainty(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on what withholding uncertain answers costs and gains."""
    rows, curves = [], []
    for one in all_measured:
        test = one.certainty
        own = {name: estimate(one.certainty_figures.get(name), True) for name in _OF_CERTAINTY}
        rows.append(
            [
                one.name,
                f"{100 * one.thresholds.certainty:.0f} %",
                f"{test.n - test.answered} / {test.n} = {own[SHARE_WITHHELD]}",
                own[ERROR_ALL],
                own[ERROR_ANSWERED],
                f"{test.melanomas_abstained} of {test.melanomas}",
                own[IF_MISSED],
                own[IF_REFERRED],
            ]
        )
        curves.append([one.name, *(f"{100 * risk.error:.1f} % ({risk.threshold:.2f})" for risk in one.risks)])
    header = [
        "",
        "threshold",
        SHARE_WITHHELD,
        ERROR_ALL,
        ERROR_ANSWERED,
        "melanomas withheld",
        IF_MISSED,
        IF_REFERRED,
    ]
    coverages = [f"{100 * risk.coverage:.0f} %" for risk in all_measured[0].risks]
    return [
        (
            f"The threshold of certainty withholds about {100 * WITHHELD:.0f} % of the answers. An error is a leading "
            "label that is not the image's, the two keratoses taken as one. A doubt among benign labels alone is not withheld."
        ),
        table(header, rows),
        "Error, and the probability of the least sure answer, where only so many are answered, the surest first:",
        table(["", *coverages], curves),
    ]


def novelty(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on novelty, kind of picture by kind."""
    known = [one for one in all_measured if one.novelty]
    if not known:
        return ["Not measured: these networks have no novelty."]
    tests = [one.novelty for one in known if one.novelty]
    kinds = list(dict.fromkeys(kind.name for test in tests for kind in test.kinds))
    counts = {kind.name: kind.n for test in tests for kind in test.kinds}
    rows = []
    for kind in kinds:
        by_name = [{own.name: own.auroc for own in test.kinds} for test in tests]
        rows.append([f"{kind} ({counts[kind]})", *(plain(own.get(kind)) for own in by_name)])
    rows.append(["**mean of the kinds**", *(plain(test.auroc) for test in tests)])
    rows.append(
        [
            "dermoscopy held out, flagged",
            *(f"{test.flagged} / {test.n} = {rate(test.flagged, test.n)}" for test in tests),
        ]
    )
    for part in known[0].parts:
        if part.by in {"source", "copy"}:
            own = [
                next((p.novel for p in one.parts if (p.by, p.value) == (part.by, part.value)), None) for one in known
            ]
            rows.append([f"of these, {part.by} {part.value}", *(share(novel) if novel else "–" for novel in own)])
    rows.append(
        [
            "drawn samples of the project, flagged",
            *(share(one.drawn_flagged) if one.drawn_flagged else "–" for one in known),
        ]
    )
    return [
        (
            "Area under the ROC curve of dermoscopy held out against pictures that are none, mean over the folds' networks. "
            f"The threshold flags {100 * FLAGGED_AS_NOVEL:.0f} % of the other folds' images. Which distance it is, and its "
            "shrinkage, were compared on these same pictures (`docs/experiments.md`), which may flatter the areas."
        ),
        table(["pictures (how many)", *(one.name for one in known)], rows),
    ]


def quality(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on the limits of image quality."""
    made = []
    for one in all_measured:
        if one.probed:
            spoilt, limits = one.probed.spoilt, one.probed.spoilt.limits
            rows = [
                [step.series, f"{step.amount:g}", f"{step.measured:.3g}", f"{100 * step.balanced_accuracy:.1f} %"]
                for step in spoilt.steps
            ]
            told = {
                "sharpness at least": limits.sharpness_least,
                "dark at most": limits.exposure_dark_most,
                "bright at most": limits.exposure_bright_most,
                "glare at most": limits.glare_most,
                "pixels across at least": limits.side_least,
            }
            made += [
                f"### {one.name}",
                f"{spoilt.images} held-out images, up to 40 of each label and fold, spoilt at model size: balanced accuracy of "
                f"seven classes is {100 * spoilt.balanced_accuracy:.1f} % as they are. The limits, where it has fallen by "
                f"{100 * ACCURACY_LOST:.0f} points: "
                + ", ".join(f"{name} {value:g}" for name, value in told.items() if value is not None)
                + f". Of the images as they are, {100 * spoilt.beyond:.1f} % lie beyond one of them (size not counted).",
                table(["spoilt by", "amount", "measured", "balanced accuracy"], rows),
            ]
    return made or ["Not measured yet."]


def views(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on what eight views of an image would give, where that was measured."""
    known = [one for one in all_measured if one.views]
    if not known:
        return []
    rows = []
    for one in known:
        for classes, own in one.views.items():
            target = "malignant" if classes in {MALIGNANT, MALIGNANT_WIDE} else "melanoma"
            rows += [
                [one.name, classes, name, figure(one.classes[classes], name), figure(own, name)]
                for name in ("balanced accuracy", f"AUC: {target}")
            ]
    return [
        "## One view or eight",
        "The mean over the quarter turns of an image and their mirror images, against the one view that the app shows.",
        table(["", "classes", "", "one view", "eight views"], rows),
    ]


def tests(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on what one model file did on test images."""
    rows = [[one.name, *_test(test)] for one in all_measured for test in one.tests]
    if not rows:
        return ["Not measured yet."]
    return [
        (
            "Answered from the image files; no training saw these images, nor others that are known to show their lesions "
            "(neither set names lesions: known are copies, and HAM10000's). The 118 images of "
            "isic9's Test folder cannot rank models: an interval spans almost 20 points. Of some the same picture stands in "
            "its Train folder under another label: conflicting images."
        ),
        table(
            [
                "",
                "images",
                "right",
                "right, keratoses as one",
                "melanoma AUC",
                "misses that carry a conflicting label",
                "flagged as novel",
            ],
            rows,
        ),
        *(part for one in all_measured[:1] for test in one.tests for part in _confusion(one.name, test)),
        *(f"SHA-256 of {one.name}: `{one.model_sha256}`." for one in all_measured if one.tests),
    ]


def _confusion(name: str, test: TestFigures) -> list[str]:
    names = [BY_ID[label].name if label in BY_ID else label for label in test.labels]
    rows = [[name, *map(str, row)] for name, row in zip(names, test.confusion, strict=True) if any(row)]
    return [f"### {name}, {test.source}: a row for each label, a column for each answer", table(["", *names], rows)]


def _test(test: TestFigures) -> list[str]:
    misses = test.right.n - test.right.k
    return [
        test.source,
        share(test.right),
        share(test.right_grouped),
        estimate(test.figures.get("AUC: melanoma"), False),
        f"{test.missed_as_the_other_label} of {misses}",
        share(test.novel) if test.novel else "–",
    ]
