"""Scene items: the picture at any size, the parent of its layers, and the frame around what the model saw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

if TYPE_CHECKING:
    from desktop.core.imaging.preprocessing import Box


class PictureItem(QGraphicsItem):
    """Draws the smallest of the halved images that still has a pixel per screen pixel."""

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
    """The parent of all layers; hiding it leaves the bare image."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setZValue(1)

    def boundingRect(self) -> QRectF:
        return QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw nothing."""


_SHADOW, _DASHES = (QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255, 235), 1.5)
"""Colours and widths in points: on any skin the dashes or the shadow between and beside them have a contrast of 3 to 1."""


class SeenFrameItem(QGraphicsItem):
    """The dashed frame around what the model saw: white over a darker shadow, to be visible on dark and light skin."""

    def __init__(self, tool_tip: str, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tool_tip)
        self._rectangle = QRectF()
        self._is_wanted = True
        self.hide()

    def frame(self, box: Box | None) -> None:
        """Draw the frame around a box of the image, or none if the model's input is unknown."""
        self.prepareGeometryChange()
        if box is not None:
            self._rectangle = QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)
        else:
            self._rectangle = QRectF()
        self._show()

    def want(self, wanted: bool) -> None:
        """Show or hide this frame and later ones."""
        self._is_wanted = wanted
        self._show()

    def _show(self) -> None:
        self.setVisible(self._is_wanted and not self._rectangle.isEmpty())

    def boundingRect(self) -> QRectF:
        return self._rectangle

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        for (colour, width), style in ((_SHADOW, Qt.PenStyle.SolidLine), (_DASHES, Qt.PenStyle.DashLine)):
            pen = QPen(colour, width * painter.device().devicePixelRatioF(), style)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRect(self._rectangle)
