"""What a model file was recalibrated on, with figures before and after."""

from PySide6.QtWidgets import QWidget

from desktop.core.inference.contract import Figure, Recalibration
from desktop.widgets.common.card import Card, facts_card
from desktop.widgets.common.wording import count, translated


def recalibration_card(made: Recalibration, parent: QWidget) -> Card:
    """Show what the file was recalibrated on, and each figure before and after."""
    tr = parent.tr
    scope = tr("percentages, alerts and certainty") if made.sets_thresholds else tr("percentages and certainty")
    before = {figure.name: figure for figure in made.before}
    card = facts_card(
        tr("Recalibrated on your own lesions"),
        (
            (tr("Date"), made.date),
            (
                tr("Lesions"),
                tr("{lesions}, {melanomas} of them melanomas ({images} images)").format(
                    lesions=count(made.lesions), melanomas=count(made.melanomas), images=count(made.images)
                ),
            ),
            (tr("Set anew"), scope),
            *(
                (
                    translated(figure.name),
                    tr("before {before}, after {after}").format(
                        before=_value(before.get(figure.name), parent), after=_value(figure, parent)
                    ),
                )
                for figure in made.after
            ),
        ),
    )
    card.add_note(
        tr("Each lesion is counted at limits that were set without it. The figures of the file before stand below.")
    )
    return card


def _value(figure: Figure | None, parent: QWidget) -> str:
    if figure is None:
        return parent.tr("not set")
    if figure.k is None:
        return f"{figure.value:.3f}"
    return parent.tr("{k} of {n}").format(k=count(figure.k), n=count(figure.n))
