"""Painting of a row of the folded lesion list: state and name in one line, the place below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QListWidget, QStyledItemDelegate, QStyleOptionViewItem

if TYPE_CHECKING:
    from desktop.widgets.common.thumbnails import Index

MARGIN, _GAP = 5, 4
_ICON = 18
PLACE_SIZE = 11
"""Font size of the place in pixels, at which its longest word fits."""
_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


class FoldedLesionDelegate(QStyledItemDelegate):
    """Draws an item whose first line is the lesion's name, the others its place."""

    def __init__(self, rows: QListWidget) -> None:
        super().__init__(rows)
        self._rows = rows

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)  # with the background of a row under dragged images
        self._rows.style().drawPrimitive(
            QtWidgets.QStyle.PrimitiveElement.PE_PanelItemViewItem, row, painter, self._rows
        )
        name, _, place = str(index.data(Qt.ItemDataRole.DisplayRole)).partition("\n")
        inside = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        palette = QGuiApplication.palette()  # the style sheet changes the palette of the option
        painter.save()
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, QRect(inside.topLeft(), QSize(_ICON, _ICON)))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        beside = QRect(inside.left() + _ICON + _GAP, inside.top(), inside.width() - _ICON - _GAP, _ICON)
        fitting = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter), fitting)
        painter.setFont(_small())
        painter.drawText(inside.adjusted(0, _ICON + _GAP // 2, 0, 0), _WRAPPED, place)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that the place takes in the list's width."""
        width = self._rows.viewport().width() - 2 * MARGIN
        _name, _, place = str(index.data(Qt.ItemDataRole.DisplayRole)).partition("\n")
        below = QFontMetrics(_small()).boundingRect(QRect(0, 0, width, 1000), _WRAPPED, place).height() if place else 0
        return QSize(0, 2 * MARGIN + _ICON + (_GAP // 2 + below if place else 0))


def _small() -> QFont:
    font = QApplication.font()
    font.setPixelSize(PLACE_SIZE)
    return font
