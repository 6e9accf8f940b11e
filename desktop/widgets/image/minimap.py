"""The minimap, which shows which part of the picture is visible."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from desktop.widgets.image.scale_bar import HEIGHT

_SIDE = 150
_MARGIN = 14


class Minimap(QWidget):
    """The whole picture in a corner of the view, with a frame around the visible part; a click moves there."""

    place_chosen = Signal(QPointF)
    """A point in pixels of the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = parent
        self._image = QImage()
        self._size = QSizeF()
        self._turn = QTransform()
        self._seen = QPolygonF()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("The part of the image that is in view"))
        self.hide()

    def show_picture(self, image: QImage, width: float, height: float) -> None:
        """Show a small image of a picture of `width` x `height` pixels."""
        self._image = image
        self._size = QSizeF(width, height)

    def show_draft(self, seen: QPolygonF, turn: QTransform) -> None:
        """Show the visible part of the picture, turned as in the view."""
        self._seen = seen
        self._turn = turn
        bounds = turn.mapRect(QRectF(QPointF(), self._size))
        scale = _SIDE / max(bounds.width(), bounds.height())
        self.resize(max(int(bounds.width() * scale), 1), max(int(bounds.height() * scale), 1))
        room = self._viewport.rect()
        self.move(room.right() - self.width() - _MARGIN, room.bottom() - self.height() - _MARGIN - HEIGHT)
        self.update()

    def _to_here(self) -> QTransform:
        """Return the transform from the picture's pixels to this widget's."""
        bounds = self._turn.mapRect(QRectF(QPointF(), self._size))
        scale = self.width() / bounds.width()
        return self._turn * QTransform.fromTranslate(-bounds.left(), -bounds.top()) * QTransform.fromScale(scale, scale)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._to_here())
        painter.drawImage(QRectF(QPointF(), self._size), self._image)
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.5)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPolygon(self._seen)
        painter.resetTransform()
        painter.setPen(QColor(255, 255, 255, 120))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        back, possible = self._to_here().inverted()
        if possible:
            self.place_chosen.emit(back.map(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
