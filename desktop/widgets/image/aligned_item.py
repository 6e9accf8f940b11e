"""Another picture of the same lesion, drawn over the one that a view shows."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.session.picture import Picture
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.image.picture_items import PictureItem


class AlignedItem(QGraphicsItem):
    """Covers the picture below, lets it shine through, or shows the difference between both. Hidden at first.

    Where it does not reach, the picture below is covered too: a strip of it at the edge would look like a part of this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._picture: PictureItem | None = None
        self._is_difference = False
        self._below = QPainterPath()
        """The outline of the picture below, in the pixels of this one."""
        self.hide()

    def show_picture(self, picture: Picture, to_below: QTransform, below: QRectF) -> None:
        """Draw a picture whose pixels `to_below` maps to those of the picture below, which has these bounds."""
        self.prepareGeometryChange()
        self._picture = PictureItem(picture.levels)
        self._below = QPainterPath()
        self._below.addPolygon(to_below.inverted()[0].map(QPolygonF(below)))
        self.setTransform(to_below)

    def clear(self) -> None:
        """Draw nothing any more."""
        self.prepareGeometryChange()
        self._picture = None
        self.hide()

    def cover(self, opacity: float) -> None:
        """Draw the picture with this opacity, from 0 (only the one below) to 1 (only this)."""
        self._is_difference = False
        self.setOpacity(opacity)
        self.update()

    def subtract(self) -> None:
        """Draw the difference from the picture below: black where both are the same."""
        self._is_difference = True
        self.setOpacity(1)
        self.update()

    def boundingRect(self) -> QRectF:
        if self._picture is None:
            return QRectF()
        edge = self._edge
        return self._picture.boundingRect().united(self._below.boundingRect()).adjusted(-edge, -edge, edge, edge)

    @property
    def _edge(self) -> float:
        """About a pixel of the picture below, in those of this one: its edge is drawn that far out when it is scaled."""
        return 1 / math.sqrt(abs(self.transform().determinant()))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._picture is None:
            return
        own = QPainterPath()
        own.addRect(self._picture.boundingRect())
        self._cover_rest(painter, own)
        if self._is_difference:
            painter.setClipPath(self._below, Qt.ClipOperation.IntersectClip)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        self._picture.paint(painter, option, widget)

    def _cover_rest(self, painter: QPainter, own: QPainterPath) -> None:
        """Cover what the picture below shows beside this one."""
        painter.setPen(QPen(SURROUND, 2 * self._edge))
        painter.setBrush(SURROUND)
        around = QPainterPath()
        around.addRect(self.boundingRect())
        painter.save()
        painter.setClipPath(around - own, Qt.ClipOperation.IntersectClip)
        painter.drawPath(self._below)
        painter.restore()
