"""The tables of a model: its figures by image set, and its layers as the paper lists them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.core.inference.contract import Contract, Figure
from desktop.widgets.answer.measured_on import explanation, measured_on
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count

_LEARNED_FROM = "training images"
"""The name of the training images in a run."""


def figures_card(contract: Contract, parent: QWidget) -> Card:
    """Lay out the figures of a model, or say that there are none."""
    card = Card(parent.tr("Measured"))
    if not contract.figures:
        card.add_note(parent.tr("No figure was measured on this model."))
        return card
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    # Training images are no evidence of performance: list them last, whatever the file's order.
    sets = sorted(dict.fromkeys(figure.measured_on for figure in contract.figures), key=_LEARNED_FROM.__eq__)
    for where in sets:
        heading = PlainLabel(measured_on(where))
        heading.setProperty("strong", True)
        heading.setWordWrap(True)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
        for figure in (one for one in contract.figures if one.measured_on == where):
            subject = PlainLabel(figure.name)
            subject.setProperty("muted", True)
            subject.setWordWrap(True)
            text = PlainLabel(_figure(figure, parent))
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row = grid.rowCount()
            grid.addWidget(subject, row, 0)
            grid.addWidget(text, row, 1)
    card.column.addLayout(grid)
    card.add_note(" ".join(filter(None, (parent.tr("In brackets: the 95 % interval."), explanation(*sets)))))
    return card


def _figure(figure: Figure, parent: QWidget) -> str:
    """Return a value with its n, and its interval if it has one."""
    if figure.k is None:
        value = parent.tr("{value:.3f}, n = {n}").format(value=figure.value, n=count(figure.n))
        interval = "" if figure.low is None or figure.high is None else f"({figure.low:.3f} – {figure.high:.3f})"
    else:
        value = f"{100 * figure.value:.1f} %, {count(figure.k)} / {count(figure.n)}"
        interval = (
            "" if figure.low is None or figure.high is None else f"({100 * figure.low:.1f} – {100 * figure.high:.1f} %)"
        )
    return f"{value}  {interval}".rstrip()


_MOST = 14
"""Visible rows: deep networks have hundreds of layers."""


def layers_card(contract: Contract, parent: QWidget) -> Card:
    """Lay out the layer table of a model."""
    card = Card(parent.tr("Layers"))
    layers = contract.architecture.layers
    table = QTableWidget(len(layers), 3)
    for column_index, title in enumerate((parent.tr("Layer"), parent.tr("Output shape"), parent.tr("Parameters"))):
        heading = QTableWidgetItem(title)
        side = Qt.AlignmentFlag.AlignRight if column_index else Qt.AlignmentFlag.AlignLeft
        heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(column_index, heading)
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    for row, layer in enumerate(layers):
        cells = (f"{layer.name} ({layer.kind})", " × ".join(map(str, layer.output_shape)), count(layer.parameters))
        for column_index, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if column_index:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column_index, item)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.resizeRowsToContents()
    table.setFixedHeight(sum(table.rowHeight(row) for row in range(min(len(layers), _MOST))) + 44)
    table.setAccessibleName(parent.tr("Layers of the model"))
    table.setTabKeyNavigation(False)
    card.column.addWidget(table)
    return card
