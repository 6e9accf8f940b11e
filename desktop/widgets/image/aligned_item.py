"""Another picture of the same lesion, drawn over the one that a view shows."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.session.picture import Picture
from desktop.widgets.image.picture_items import PictureItem


class AlignedItem(QGraphicsItem):
    """Covers the picture below, lets it shine through, or shows the difference between both. Hidden at first."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: PictureItem | None = None
        self._is_difference = False
        self._shared = QPainterPath()
        self.hide()

    def show_picture(self, picture: Picture, to_below: QTransform, below: QRectF) -> None:
        """Draw a picture whose pixels `to_below` maps to those of the picture below, which has these bounds."""
        self.prepareGeometryChange()
        self._picture = PictureItem(picture.levels)
        self._shared = QPainterPath()
        self._shared.addPolygon(to_below.inverted()[0].map(QPolygonF(below)))
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
        return QRectF() if self._picture is None else self._picture.boundingRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._picture is not None:
            if self._is_difference:
                painter.setClipPath(self._shared, Qt.ClipOperation.IntersectClip)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
            self._picture.paint(painter, option, widget)
