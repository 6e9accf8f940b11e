"""The opening of a model's card, for a clinician: what it was tested on, what it misses, and where not to rely on it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.core.inference.alerts import Alert, WorkingPoints, out_of_hundred
from desktop.core.inference.contract import Contract
from desktop.widgets.answer import answer_words
from desktop.widgets.answer.measured_on import measured_on
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count

_MELANOMA = "melanoma"


def summary_card(contract: Contract, working_points: WorkingPoints, parent: QWidget) -> Card:
    """Lay out one line to act on, and below it the limits that the model's file names."""
    card = Card(contract.name)
    line = _text(summary_text(contract, working_points, parent))
    line.setProperty("strong", True)
    card.column.addWidget(line)
    if contract.limits:
        heading = PlainLabel(parent.tr("Where not to rely on it"))
        heading.setProperty("muted", True)
        card.column.addWidget(heading)
        for limit in contract.limits:
            card.column.addWidget(_text(f"•\u2002{limit}"))
    return card


def summary_text(contract: Contract, working_points: WorkingPoints, parent: QWidget) -> str:
    """Return what the model was tested on, how many melanomas it misses, and how often it raises an alert for nothing.

    The figures are those of the working points in use.
    """
    alert = next((one for one in contract.alerts if one.id == _MELANOMA), None)
    if alert is not None:
        tested = _alert_text(alert, working_points[alert.id], parent)
    elif contract.flags:
        tested = answer_words.missed_text(contract)
    else:
        tested = parent.tr("No alert limits for this model. A low figure rules nothing out.")
    return "\n".join(
        filter(None, ("" if contract.is_for_patients else answer_words.demonstration_text(contract), tested))
    )


def _alert_text(alert: Alert, in_use: float, parent: QWidget) -> str:
    point = alert.point(in_use)
    if point.nevi:
        raised, others = point.nevi_raised, point.nevi
        text = parent.tr(
            "Tested on {where}: of {positives} biopsied melanomas it misses {missed} ({missed_of_hundred} of 100), and of "
            "{others} biopsied naevi it raises its alert for {raised} ({raised_of_hundred} of 100)."
        )
    else:
        raised, others = point.others_raised, point.others
        text = parent.tr(
            "Tested on {where}: of {positives} biopsied melanomas it misses {missed} ({missed_of_hundred} of 100), and of "
            "{others} other biopsied lesions it raises its alert for {raised} ({raised_of_hundred} of 100)."
        )
    missed = point.positives - point.found
    return text.format(
        where=measured_on(alert.measured_on),
        positives=count(point.positives),
        missed=count(missed),
        missed_of_hundred=out_of_hundred(missed, point.positives),
        others=count(others),
        raised=count(raised),
        raised_of_hundred=out_of_hundred(raised, others),
    )


def _text(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
