"""The minimap, which shows which part of the picture is visible."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from desktop.widgets.image.scale_bar import HEIGHT

_SIDE = 150
_SHARE = 0.3
"""At most this share of the width or height of the view is covered."""

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
        self.is_in_the_way = False
        """Whether the middle of the picture is covered, in whatever corner."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("The part of the image that is in view"))
        self.hide()

    def show_picture(self, image: QImage, width: float, height: float) -> None:
        """Show a small image of a picture of `width` x `height` pixels."""
        self._image = image
        self._size = QSizeF(width, height)

    def show_draft(self, seen: QPolygonF, turn: QTransform, middle: QRectF) -> None:
        """Show the visible part of the picture, turned as in the view, in a corner where it does not cover the middle.

        Args:
            seen: the visible part, in pixels of the picture.
            turn: how the picture is turned in the view.
            middle: the middle of the picture, in points of the view: the lesion lies there.
        """
        self._seen = seen
        self._turn = turn
        bounds = turn.mapRect(QRectF(QPointF(), self._size))
        room = self._viewport.rect()
        side = min(_SIDE, _SHARE * room.width(), _SHARE * room.height())
        scale = side / max(bounds.width(), bounds.height())
        self.resize(max(int(bounds.width() * scale), 1), max(int(bounds.height() * scale), 1))
        self._to_free_corner(middle)
        self.update()

    def _to_free_corner(self, middle: QRectF) -> None:
        """Move to the first corner where nothing of the middle is covered, or to the usual one if there is none."""
        room = self._viewport.rect()
        left, right = room.left() + _MARGIN, room.right() - self.width() - _MARGIN
        top, bottom = room.top() + _MARGIN, room.bottom() - self.height() - _MARGIN - HEIGHT
        corners = [QPoint(*corner) for corner in ((right, bottom), (left, bottom), (right, top), (left, top))]
        free = [corner for corner in corners if not QRectF(QRect(corner, self.size())).intersects(middle)]
        self.is_in_the_way = not free
        self.move((free or corners)[0])

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
