"""What age, sex and site do to the alerts of a model: counts by age, with intervals."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.core.inference.context import Context, ContextTest
from desktop.core.inference.contract import Contract
from desktop.core.labels import MELANOMA
from desktop.core.marking import tr
from desktop.core.statistics.proportions import proportion
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.measured_on import measured_on
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count, translated

_AGES = {
    "all": tr("all ages"),
    "under 40": tr("under 40"),
    "40 to 59": tr("40 to 59"),
    "60 and over": tr("60 and over"),
}


def context_card(contract: Contract, context: Context, parent: QWidget) -> Card:
    """Lay out what was measured of the layer, at the default working point of each alert."""
    card = Card(parent.tr("Age, sex and site"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    for alert in contract.alerts:
        tests = [test for test in context.tests if (test.alert, test.aim) == (alert.id, alert.default)]
        if not tests:
            continue
        own = parent.tr("melanomas") if alert.id == MELANOMA else parent.tr("skin cancers")
        title = parent.tr("{alert}, set for {aim:.0f} %").format(
            alert=alert_words.title(alert), aim=100 * alert.default
        )
        _head(grid, title, (own, parent.tr("naevi"), parent.tr("other lesions")), parent)
        for test in tests:
            _row(grid, test)
    card.column.addLayout(grid)
    note = parent.tr(
        "Biopsied lesions that raised the alert, of all of them, with 95 % intervals (Wilson's). A lesion with images from two "
        "of these ages counts in both. Age, sex and site may raise an alert, never take away one that the image alone raises; "
        "what is not known adds nothing. Skin tone is no part of it. Measured on {where}."
    )
    card.add_note(note.format(where=measured_on(context.measured_on)))
    for gain in context.gains:
        title = alert_words.title_of(gain.alert)
        text = parent.tr(
            "{alert}: area under the curve against biopsied naevi {alone:.3f} by the image alone, {either:.3f} with age, sex "
            "and site; difference {gain:+.3f} ({low:+.3f} to {high:+.3f})."
        )
        card.add_note(
            text.format(alert=title, alone=gain.alone, either=gain.either, gain=gain.gain, low=gain.low, high=gain.high)
        )
    return card


def _head(grid: QGridLayout, title: str, sides: tuple[str, str, str], parent: QWidget) -> None:
    row = grid.rowCount()
    name = PlainLabel(title)
    name.setProperty("strong", True)
    grid.addWidget(name, row, 0)
    for place, side in enumerate(sides):
        for offset, how in enumerate((parent.tr("image alone"), parent.tr("with age, sex, site"))):
            label = PlainLabel(f"{side},\n{how}")
            label.setProperty("muted", True)
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, row, 1 + 2 * place + offset)


def _row(grid: QGridLayout, test: ContextTest) -> None:
    row = grid.rowCount()
    grid.addWidget(PlainLabel(translated(_AGES.get(test.ages, test.ages))), row, 0)
    counts = (
        (test.found_alone, test.positives),
        (test.found, test.positives),
        (test.nevi_alone, test.nevi),
        (test.nevi_raised, test.nevi),
        (test.others_alone, test.others),
        (test.others_raised, test.others),
    )
    for column, (k, n) in enumerate(counts, 1):
        cell = PlainLabel(_share(k, n))
        cell.setAlignment(Qt.AlignmentFlag.AlignRight)
        cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(cell, row, column)


def _share(k: int, n: int) -> str:
    if not n:
        return "–"
    share = proportion(k, n)
    return f"{count(k)} / {count(n)}\n{100 * share.value:.0f} % ({100 * share.low:.0f} – {100 * share.high:.0f})"
