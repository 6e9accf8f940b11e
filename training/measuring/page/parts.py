"""The sections on parts of the images, and on two copies of one picture."""

from collections.abc import Mapping, Sequence

from desktop.core.statistics.bootstrap import Estimate
from training.folds.probed import Agreement
from training.measuring.measured import Measured
from training.measuring.measured_classes import MALIGNANT, NINE, SEVEN_CLASSES
from training.measuring.measured_parts import PairFigures, PartFigures
from training.telling import NOT_MEASURED, Rows, beside, figure, is_share, share

_OF_PARTS: Mapping[str, tuple[str, ...]] = {
    NINE: ("balanced accuracy", "accuracy", "macro F1", "ECE", "Brier"),
    SEVEN_CLASSES: (
        "balanced accuracy",
        "accuracy",
        "macro F1",
        "AUC: melanoma",
        "recall: melanoma",
        "sensitivity at 90 % specificity: melanoma",
        "specificity at 95 % sensitivity: melanoma",
        "ECE",
        "ECE: melanoma",
        "Brier",
    ),
    MALIGNANT: (
        "AUC: malignant",
        "sensitivity at 90 % specificity: malignant",
        "specificity at 95 % sensitivity: malignant",
        "ECE: malignant",
        "Brier",
    ),
}
_TITLES = {NINE: "Nine labels", SEVEN_CLASSES: "Seven classes", MALIGNANT: "Malignant against the rest"}


def parts(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on the images of each copy, source, age band, sex and site."""
    made = [
        (
            "Age, sex and site are known of HAM10000 alone. Means over classes are over those with images in the part, "
            "however few. Figures of melanoma and of the malignant sum stand where at least 20 images of the part are "
            "such and 20 are not."
        )
    ]
    for classes, names in _OF_PARTS.items():
        positives = "malignant" if classes == MALIGNANT else "melanomas"
        rows: dict[str, Rows] = {
            one.name: {
                (part.by, part.value, str(part.images), _positives(part, classes)): [
                    figure(part.figures[classes], name) for name in names
                ]
                for part in one.parts
                if classes in part.figures
            }
            for one in all_measured
        }
        if any(rows.values()):
            made += [f"### {_TITLES[classes]}, by part", beside(["by", "", "images", positives], names, rows)]
    return made


def _positives(part: PartFigures, classes: str) -> str:
    return str(part.malignant if classes == MALIGNANT else part.melanomas)


def copies(all_measured: Sequence[Measured]) -> list[str]:
    """Return the section on how alike the answers to two copies of a picture are, and on the figures of either."""
    agreed: dict[str, Rows] = {
        one.name: {
            (found.change,): _agreement(found)
            for found in (*one.copies, *(one.probed.agreements if one.probed else ()))
        }
        for one in all_measured
    }
    made = [
        (
            "How often two copies get the same most probable label, and the mean over the images of the largest change "
            "of a probability. All by networks that saw neither copy; changed copies and the larger copies are those "
            "of held-out images of each fold (up to 600 that are changed), and not nested (above)."
        ),
        beside(["copies"], ["same label", "same of seven classes", "largest change"], agreed),
    ]
    pairs = {one.name: {key: cells for pair in one.pairs for key, cells in _pair(pair)} for one in all_measured}
    if any(pairs.values()):
        made += [
            "### The figures of either copy",
            "The same pictures by either of their copies, and how much higher the second's figure is (shares in points).",
            beside(["copies", "pictures", "classes", "figure"], ["the first", "the second", "difference"], pairs),
        ]
    return made


def _agreement(one: Agreement) -> list[str]:
    seven = share(one.same_of_seven) if one.same_of_seven else NOT_MEASURED
    return [share(one.same), seven, f"{one.largest_change:.3f}"]


def _pair(pair: PairFigures) -> list[tuple[tuple[str, ...], list[str]]]:
    about = f"“{pair.first}” and “{pair.second}”", str(pair.pictures)
    return [
        (
            (*about, classes, name),
            [
                figure(pair.of_first[classes], name),
                figure(pair.of_second[classes], name),
                _difference(pair.difference[classes].get(name), is_share(name)),
            ],
        )
        for classes, names in _OF_PARTS.items()
        if classes in pair.of_first
        for name in names
    ]


def _difference(one: Estimate | None, is_share: bool) -> str:
    if one is None:
        return NOT_MEASURED
    value, low, high = (f"{100 * part:+.1f}" if is_share else f"{part:+.3f}" for part in (one.value, one.low, one.high))
    return f"{value} ({low} – {high})".replace("-", "−")
