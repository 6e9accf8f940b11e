"""The page that tells every figure: Markdown tables, one column for each recipe, so that none is read without the other."""

from collections.abc import Sequence

from desktop.core.labels import BY_ID
from training import measured_thresholds as sections
from training.agree import Agreement
from training.measured import MALIGNANT, MALIGNANT_WIDE, NINE, SEVEN_CLASSES, Measured
from training.measures import AS_THEY_ARE
from training.telling import estimate, figure, is_share, share, table

_SETS = {
    NINE: "Nine labels",
    SEVEN_CLASSES: "Seven classes (actinic keratosis with squamous cell carcinoma, the two keratoses together)",
    MALIGNANT: "Malignant (melanoma, basal cell carcinoma, squamous cell carcinoma) against the rest",
    MALIGNANT_WIDE: "The same with actinic keratosis among the malignant",
}
_SHARES = ("accuracy", "balanced accuracy", "macro F1")
_PLAIN = ("macro AUC", "ECE", AS_THEY_ARE, "Brier")
_OPERATING = ("AUC", "sensitivity at 90 % specificity", "specificity at 95 % sensitivity", "ECE", AS_THEY_ARE)


def page(all_measured: Sequence[Measured], folder: str) -> str:
    """Return the page.

    Args:
        all_measured: what was measured of each recipe, the shipped one first.
        folder: where the diagram and the tables lie, as the page links to them.
    """
    parts = [
        "# What was measured",
        "This page is written by `make evaluate` from the predictions that are committed beside it; nothing here is typed in.",
        _how(all_measured),
        "## All images",
        *(part for classes in _SETS for part in _classes(all_measured, classes)),
        "## Each label",
        *_labels(all_measured),
        "## Parts of the images",
        "Seven classes. Age, sex and site are known of HAM10000 alone.",
        _parts(all_measured),
        "## One picture, two copies",
        *_agreements(all_measured),
        "## Calibration",
        *sections.calibration(all_measured, folder),
        "## Flags",
        *sections.flags(all_measured),
        "## Answers withheld",
        *sections.certainty(all_measured),
        "## Novelty",
        *sections.novelty(all_measured),
        "## Image quality",
        *sections.quality(all_measured),
        *sections.views(all_measured),
        "## Test images, answered by one model file",
        *sections.tests(all_measured),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _how(all_measured: Sequence[Measured]) -> str:
    one = all_measured[0]
    return (
        f"{one.images:,} images of {one.pictures:,} pictures, in {one.groups:,} groups that no fold tears. A group is a known "
        "lesion, with all copies of its pictures: HAM10000 alone names its lesions; elsewhere it is a picture with its copies "
        "and duplicates, and another picture of the same lesion may stand in another fold without anybody knowing. Each image "
        f"was answered by the exported network of the one of {one.folds} folds that had not seen its group.\n\n"
        "Intervals are 95 %: by bootstrap over groups (1000 draws, 300 for parts); where copies are compared, novelty is "
        "counted by part, or test images are answered, Wilson's, which takes images of one lesion as independent. Drawing anew "
        "adds noise to the bins of a calibration error (ECE), so that its interval lies too high and too wide: the value may "
        "stand at its lower end. The Brier score is the sum over the classes, also where they are two: twice the error of one "
        "of them.\n\n"
        "Whatever a temperature or a threshold is part of is nested: fitted on the other folds' answers. Not so what the folds "
        "were asked beside, about changed copies and spoilt images: their model files answered as they are, calibrated on all "
        "the images that they held out, these among them."
    )


def _classes(all_measured: Sequence[Measured], classes: str) -> list[str]:
    known = [one for one in all_measured if classes in one.classes]
    if not known:
        return []
    names: list[str] = []
    for one in known:
        names += [name for name in (*_SHARES, *_PLAIN) if name in one.classes[classes].figures and name not in names]
    binary = classes in {MALIGNANT, MALIGNANT_WIDE}
    target = "malignant" if binary else "melanoma"
    names = [name for name in names if not binary or name == "Brier"]
    found = {name for one in known for name in one.classes[classes].figures}
    names += [f"{name}: {target}" for name in _OPERATING if f"{name}: {target}" in found]
    rows = [[name, *(figure(one.classes[classes], name) for one in known)] for name in names]
    return [f"### {_SETS[classes]}", table(["", *(one.name for one in known)], rows)]


def _labels(all_measured: Sequence[Measured]) -> list[str]:
    made = []
    for classes in (NINE, SEVEN_CLASSES):
        for one in all_measured:
            if classes not in one.classes:
                continue
            figures, rows = one.classes[classes], []
            for place, label in enumerate(figures.classes):
                k, n, answered = figures.right[place], figures.images[place], figures.answered[place]
                rows.append(
                    [
                        _name(label),
                        str(n),
                        f"{k} / {n} = {figure(figures, f'recall: {label}')}",
                        f"{k} / {answered} = {figure(figures, f'precision: {label}')}"
                        if answered
                        else "never answered",
                        figure(figures, f"AUC: {label}"),
                    ]
                )
            header = ["label", "images", "recall", "precision", "one-vs-rest AUC"]
            made += [f"### {one.name}, {classes} {'labels' if classes == NINE else 'classes'}", table(header, rows)]
    return made


def _name(label: str) -> str:
    return " + ".join(BY_ID[part].name if part in BY_ID else part for part in label.split(" + "))


def _parts(all_measured: Sequence[Measured]) -> str:
    rows = []
    for place, part in enumerate(all_measured[0].parts):
        for number, one in enumerate(all_measured):
            own = one.parts[place] if place < len(one.parts) else None
            if own is None or (own.by, own.value) != (part.by, part.value):
                continue
            figures = [
                estimate(own.figures.get(name), is_share(name))
                for name in ("balanced accuracy", "accuracy", "AUC: melanoma", "recall: melanoma")
            ]
            about = [part.by, part.value, str(part.images), str(part.melanomas)] if not number else ["", "", "", ""]
            rows.append([*about, one.name, *figures])
    header = ["by", "", "images", "melanomas", "", "balanced accuracy", "accuracy", "melanoma AUC", "melanoma recall"]
    return table(header, rows)


def _agreements(all_measured: Sequence[Measured]) -> list[str]:
    rows = []
    for one in all_measured:
        found = [*one.copies, *(one.probed.agreements if one.probed else ())]
        rows += [[one.name, *_agreement(agreed)] for agreed in found]
    return [
        (
            "How often two copies get the same most probable label, and the mean over the images of the largest change of a "
            "probability. All by networks that saw neither copy; changed copies and the larger copies are those of held-out "
            "images of each fold (up to 600 that are changed), and not nested (above)."
        ),
        table(["", "copies", "same label", "same of seven classes", "largest change"], rows),
    ]


def _agreement(one: Agreement) -> list[str]:
    seven = share(one.same_of_seven) if one.same_of_seven else "–"
    return [one.change, share(one.same), seven, f"{one.largest_change:.3f}"]
