"""What was measured on a model: one row a measure, one column for each set of images that it was taken on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.core.inference.contract import Contract, Figure
from desktop.widgets.card import Card


def figures_card(contract: Contract, parent: QWidget) -> Card:
    """Lay out the figures of a model; where there are none, that is said."""
    card = Card(parent.tr("Measured"))
    if not contract.figures:
        card.add_note(parent.tr("No figure was measured on this model."))
        return card
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(8)
    sets = list(dict.fromkeys(figure.measured_on for figure in contract.figures))
    names = list(dict.fromkeys(figure.name for figure in contract.figures))
    for position, where in enumerate(sets, 1):
        heading = QLabel(where)
        heading.setProperty("muted", True)
        grid.addWidget(heading, 0, position)
        grid.setColumnStretch(position, 1)
    for position, name in enumerate(names, 1):
        subject = QLabel(name)
        subject.setProperty("muted", True)
        subject.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(subject, position, 0)
    for figure in contract.figures:
        text = QLabel(_figure(figure, parent))
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, names.index(figure.name) + 1, sets.index(figure.measured_on) + 1)
    card.column.addLayout(grid)
    card.add_note(parent.tr("In brackets: the 95 % interval."))
    return card


def _figure(figure: Figure, parent: QWidget) -> str:
    """Return a figure in two lines: the value with its n, and its interval where it has one."""
    if figure.k is None:
        value = parent.tr("{value:.3f}, n = {n}").format(value=figure.value, n=figure.n)
        interval = "" if figure.low is None or figure.high is None else f"({figure.low:.3f} – {figure.high:.3f})"
    else:
        value = f"{100 * figure.value:.1f} %, {figure.k} / {figure.n}"
        interval = (
            "" if figure.low is None or figure.high is None else f"({100 * figure.low:.1f} – {100 * figure.high:.1f} %)"
        )
    return f"{value}\n{interval}".rstrip()
