"""The sections on parts of the images, and on changed copies of them."""

from collections.abc import Mapping, Sequence

from training.formatting import NOT_MEASURED, Rows, format_figure, format_share, side_by_side
from training.judging.probe_results import Agreement
from training.measuring.card_figures import CardFigures
from training.measuring.class_figures import MALIGNANT, NINE, SEVEN_CLASSES
from training.measuring.subgroup_figures import SubgroupFigures

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


def parts(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on the images of each source, age band, sex, site and skin tone."""
    made = [
        (
            "By image. Means over classes include all classes with images in the subgroup, however few. Figures of melanoma "
            "and of the malignant sum are given if the subgroup has at least 20 positive and 20 negative images."
        )
    ]
    for classes, names in _OF_PARTS.items():
        positives = "malignant" if classes == MALIGNANT else "melanomas"
        rows: dict[str, Rows] = {
            one.name: {
                (part.by, part.value, str(part.images), _positives(part, classes)): [
                    format_figure(part.figures[classes], name) for name in names
                ]
                for part in one.parts
                if classes in part.figures
            }
            for one in all_figures
        }
        if any(rows.values()):
            made += [f"### {_TITLES[classes]}, by part", side_by_side(["by", "", "images", positives], names, rows)]
    return made


def _positives(part: SubgroupFigures, classes: str) -> str:
    return str(part.malignant if classes == MALIGNANT else part.melanomas)


def copies(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on how alike the answers to an image and to changed copies of it are."""
    if not any(one.probed for one in all_figures):
        return ["Not measured yet."]
    agreed: dict[str, Rows] = {
        one.name: {(found.change,): _agreement(found) for found in one.probed.agreements} if one.probed else {}
        for one in all_figures
    }
    return [
        (
            "How often an image and a changed copy of it get the same most probable label, and the mean over the images of the "
            "largest change of a probability, for held-out images, evenly spread, and for those that have a larger original."
        ),
        side_by_side(["copies"], ["same label", "same of seven classes", "largest change"], agreed),
    ]


def _agreement(one: Agreement) -> list[str]:
    seven = format_share(one.same_of_seven) if one.same_of_seven else NOT_MEASURED
    return [format_share(one.same), seven, f"{one.largest_change:.3f}"]
