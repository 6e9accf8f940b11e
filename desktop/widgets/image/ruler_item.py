"""The ruler: a line between two points of the image, with its length."""

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.widgets.image.overlay_item import HUE
from desktop.widgets.image.scale_bar import draw_text

_TICK = 7.0


class RulerItem(QGraphicsItem):
    """A line with ticks at its ends; its text has a constant size at any zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._line = QLineF()
        self._text = ""
        self._bounds = QRectF()
        self.hide()

    def show_line(self, start: QPointF, end: QPointF, text: str, bounds: QRectF) -> None:
        """Draw a line in an image with these bounds, with its length beside it."""
        self.prepareGeometryChange()
        self._line, self._text, self._bounds = QLineF(start, end), text, bounds
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        line = painter.worldTransform().map(self._line)
        if line.length() < 1:
            return
        painter.save()
        painter.resetTransform()
        across = QPointF(-line.dy(), line.dx()) / line.length() * _TICK
        pieces = [line, *(QLineF(point - across, point + across) for point in (line.p1(), line.p2()))]
        for colour, width in ((QColor(0, 0, 0, 160), 4.0), (HUE, 2.0)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLines(pieces)
        aside = across / _TICK * (18.0 + 14.0 * abs(math.sin(math.radians(line.angle()))))
        middle = line.center() + (aside if aside.y() < 0 else -aside)
        draw_text(painter, QRectF(middle.x() - 60, middle.y() - 10, 120, 20), self._text)
        painter.restore()
