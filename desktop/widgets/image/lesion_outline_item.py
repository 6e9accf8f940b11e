"""The outline of the lesion: a smooth closed line in pixels of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.widgets.image.overlay_item import HUE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class LesionOutlineItem(QGraphicsItem):
    """Drawn over the picture at a constant width at any zoom, in a hue that skin does not have."""

    def __init__(self) -> None:
        super().__init__()
        self.path = QPainterPath()
        self._bounds = QRectF()
        self.hide()

    def show_outline(self, points: NDArray[np.float64]) -> None:
        """Draw a closed outline through points [k, 2] in pixels of the image."""
        self.prepareGeometryChange()
        self.path = _smooth([QPointF(x, y) for x, y in points.tolist()])
        # The line has a width in points of the screen, whatever the zoom: room for it beside the outline.
        around = self.path.boundingRect()
        self._bounds = around.adjusted(-around.width(), -around.height(), around.width(), around.height())
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, line in ((QColor(0, 0, 0, 150), 4.0), (HUE, 2.0)):
            pen = QPen(colour, line)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(self.path)


def _smooth(points: list[QPointF]) -> QPainterPath:
    """Return a closed curve through the middles of the sides of a polygon, bent towards its corners."""
    path = QPainterPath()
    following = [*points[1:], points[0]]
    middles = [(point + after) / 2 for point, after in zip(points, following, strict=True)]
    path.moveTo(middles[-1])
    for corner, middle in zip(points, middles, strict=True):
        path.quadTo(corner, middle)
    path.closeSubpath()
    return path
