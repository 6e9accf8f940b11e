"""The sections on all images: every set of classes, and each of its labels."""

from collections.abc import Sequence

from desktop.core.labels import BY_ID
from desktop.core.statistics.classification import AS_THEY_ARE
from training.formatting import NOT_MEASURED, format_figure, markdown_table, side_by_side
from training.measuring.card_figures import CardFigures
from training.measuring.class_figures import MALIGNANT, MALIGNANT_WIDE, NINE, SEVEN_CLASSES, TARGETS, ClassFigures

_SETS = {
    NINE: "Nine labels",
    SEVEN_CLASSES: "Seven classes (actinic keratosis with squamous cell carcinoma, the two keratoses together)",
    MALIGNANT: "Malignant (melanoma, basal cell carcinoma, squamous cell carcinoma) against the rest",
    MALIGNANT_WIDE: "The same with actinic keratosis among the malignant",
}
_OF_ALL = ("accuracy", "balanced accuracy", "macro F1", "macro AUC", "ECE", AS_THEY_ARE, "Brier")
_OF_TARGET = ("AUC", "sensitivity at 90 % specificity", "specificity at 95 % sensitivity", "ECE", AS_THEY_ARE)


def whole(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on all images."""
    made = []
    for classes, title in _SETS.items():
        if names := _names(all_figures, classes):
            rows = [[name, *(_cell(one.classes, classes, name) for one in all_figures)] for name in names]
            made += [f"### {title}", markdown_table(["", *(one.name for one in all_figures)], rows)]
    return made


def labels(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on each label and class."""
    made = []
    for classes, title in {NINE: "Nine labels", SEVEN_CLASSES: "Seven classes"}.items():
        rows = {one.name: _labels(one.classes[classes]) for one in all_figures if classes in one.classes}
        if rows:
            made += [
                f"### {title}",
                side_by_side(["label", "images"], ["recall", "precision", "one-vs-rest AUC"], rows),
            ]
    return made


def _names(all_figures: Sequence[CardFigures], classes: str) -> list[str]:
    """Return the figures to show for a set of classes; with two classes, those of the most probable one mean little."""
    found = {name for one in all_figures if classes in one.classes for name in one.classes[classes].figures}
    names = ["Brier"] if classes in {MALIGNANT, MALIGNANT_WIDE} else list(_OF_ALL)
    names += [f"{name}: {TARGETS[classes]}" for name in _OF_TARGET]
    return [name for name in names if name in found]


def _cell(figures: dict[str, ClassFigures], classes: str, name: str) -> str:
    return format_figure(figures[classes].figures, name) if classes in figures else NOT_MEASURED


def _labels(own: ClassFigures) -> dict[tuple[str, ...], list[str]]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for label, k, n, answered in zip(own.classes, own.right, own.images, own.answered, strict=True):
        precision = (
            f"{k} / {answered} = {format_figure(own.figures, f'precision: {label}')}" if answered else "never answered"
        )
        rows[_name(label), str(n)] = [
            f"{k} / {n} = {format_figure(own.figures, f'recall: {label}')}",
            precision,
            format_figure(own.figures, f"AUC: {label}"),
        ]
    return rows


def _name(label: str) -> str:
    return " + ".join(BY_ID[part].name if part in BY_ID else part for part in label.split(" + "))
