"""The layers of a model as a table: each with the shape of its output and its parameters, as the paper lists them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from desktop.core.inference.contract import Contract
from desktop.widgets.common.card import Card
from desktop.widgets.common.wording import count

_MOST = 14
"""Rows that are in sight at once: deep networks have hundreds of layers."""


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
