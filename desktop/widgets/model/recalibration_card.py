"""What a model file was recalibrated on, with figures before and after."""

from PySide6.QtWidgets import QWidget

from desktop.core.inference.contract import Figure, Recalibration
from desktop.core.marking import tr
from desktop.widgets.common.card import Card, facts_card
from desktop.widgets.common.wording import count, translated

_NAMES = {
    "calibration error": tr("Percentages differ from how often they come true by"),
    "Melanoma alert, sensitivity": tr("Melanoma alert: melanomas that raise it"),
    "Melanoma alert, other lesions raised": tr("Melanoma alert: other lesions that raise it"),
    "Skin cancer alert, sensitivity": tr("Skin cancer alert: skin cancers that raise it"),
    "Skin cancer alert, other lesions raised": tr("Skin cancer alert: other lesions that raise it"),
}
"""The figures that a clinician can use; the file has more."""


def recalibration_card(made: Recalibration, parent: QWidget) -> Card:
    """Show what the file was recalibrated on, and each figure before and after."""
    scope = (
        parent.tr("percentages, alerts and certainty")
        if made.sets_thresholds
        else parent.tr("percentages and certainty; the alerts are those of the earlier file")
    )
    before = {figure.name: figure for figure in made.before}
    card = facts_card(
        parent.tr("Recalibrated on your own lesions"),
        (
            (parent.tr("Date"), made.date),
            (
                parent.tr("Lesions"),
                parent.tr("{lesions}, {melanomas} of them melanomas ({images} images)").format(
                    lesions=count(made.lesions), melanomas=count(made.melanomas), images=count(made.images)
                ),
            ),
            (parent.tr("Set anew"), scope),
            *(
                (
                    translated(_NAMES[figure.name]),
                    parent.tr("before {before}, after {after}").format(
                        before=_value(before.get(figure.name), parent), after=_value(figure, parent)
                    ),
                )
                for figure in made.after
                if figure.name in _NAMES
            ),
        ),
    )
    card.add_note(
        parent.tr(
            "Each lesion is counted at limits that were set without it. The figures of the file before stand below."
        )
    )
    return card


def _value(figure: Figure | None, parent: QWidget) -> str:
    if figure is None:
        return parent.tr("not set")
    if figure.k is None:
        return f"{100 * figure.value:.1f} %"
    return parent.tr("{k} of {n} ({percent:.0f} %)").format(
        k=count(figure.k), n=count(figure.n), percent=100 * figure.value
    )
