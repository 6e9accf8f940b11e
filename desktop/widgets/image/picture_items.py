"""The picture as it is drawn at any size, and what keeps all that lies over it together."""

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


class PictureItem(QGraphicsItem):
    """Draws the smallest of the halved images that still has a pixel for each pixel of the screen."""

    def __init__(self, levels: tuple[QImage, ...], *, smooth: bool = True) -> None:
        super().__init__()
        self._levels = levels
        self._smooth = smooth
        self._bounds = QRectF(0, 0, levels[0].width(), levels[0].height())

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        scale = math.sqrt(abs(painter.worldTransform().determinant())) * painter.device().devicePixelRatioF()
        level = 0
        while level + 1 < len(self._levels) and scale * 2 ** (level + 1) <= 1:
            level += 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth and scale < 2)
        painter.drawImage(self._bounds, self._levels[level])


class LayersItem(QGraphicsItem):
    """Draws nothing itself; hidden, it hides every layer over the picture and leaves the bare image."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setZValue(1)

    def boundingRect(self) -> QRectF:
        return QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw nothing."""
