"""Two or three spots that the user finds in both images, by which these are aligned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.core.registration.similarity import Point, PointsError, Similarity, from_points
from desktop.widgets.image.image_view import ImageView

LEAST = 2
"""Points that determine how the images are aligned."""

_MOST = 3
_SIDE = 11
"""Radius of a mark, in points of the screen."""


class HandPoints(QObject):
    """Takes clicks in turn from both views while it is on; the last one in a view that is ahead may be set again."""

    changed = Signal()
    matched = Signal(object)
    """The Similarity that the points determine, anew with the third."""
    failed = Signal(object)  # AppError

    def __init__(self, views: Sequence[ImageView], parent: QObject) -> None:
        super().__init__(parent)
        self._views = tuple(views)
        self._points: tuple[list[Point], list[Point]] = ([], [])
        self._marks = (_Marks(), _Marks())
        self._bounds = [QRectF(), QRectF()]
        self.is_on = False
        """Whether clicks set points."""
        self.transform: Similarity | None = None
        """How the points align the images; None with fewer than two."""
        for side, (view, marks) in enumerate(zip(self._views, self._marks, strict=True)):
            view.add_layer(marks)
            view.clicked.connect(partial(self._take, side))

    @property
    def count(self) -> int:
        """How many points are set in both images."""
        return min(map(len, self._points))

    def begin(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Take clicks as points, from the first one on, in images of these widths and heights in pixels."""
        self._bounds = [QRectF(0, 0, *size) for size in sizes]
        self._clear()
        self._turn(True)

    def end(self) -> None:
        """Take no more clicks, and remove the points."""
        if self.is_on or self._points[0] or self._points[1]:
            self._clear()
            self._turn(False)

    def _take(self, side: int, place: QPointF) -> None:
        if not self.is_on:
            return
        own, others = self._points[side], self._points[1 - side]
        if len(own) > len(others):
            own.pop()
        own.append((place.x(), place.y()))
        if len(own) == len(others) >= LEAST:
            self._match()
        self._show()
        if self.count == _MOST:
            self._turn(False)
        self.changed.emit()

    def _match(self) -> None:
        try:
            transform = from_points(*self._points)
        except PointsError as error:
            for points in self._points:
                points.pop()
            self.failed.emit(error)
            return
        self.transform = transform
        self.matched.emit(transform)

    def _clear(self) -> None:
        for points in self._points:
            points.clear()
        self.transform = None
        self._show()

    def _show(self) -> None:
        for points, marks, bounds in zip(self._points, self._marks, self._bounds, strict=True):
            marks.show_points(points, bounds)

    def _turn(self, on: bool) -> None:
        self.is_on = on
        for view in self._views:
            view.viewport().setCursor(
                Qt.CursorShape.CrossCursor if on else Qt.CursorShape.OpenHandCursor
            )  # as Qt's own
        self.changed.emit()


class _Marks(QGraphicsItem):
    """The numbered points of one image, the same size at every zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._points: list[Point] = []
        self._bounds = QRectF()

    def show_points(self, points: Sequence[Point], bounds: QRectF) -> None:
        """Show these points, in pixels of an image with these bounds."""
        self.prepareGeometryChange()
        self._points, self._bounds = list(points), bounds
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        places = [painter.worldTransform().map(QPointF(*point)) for point in self._points]
        painter.save()
        painter.resetTransform()
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        for number, place in enumerate(places, 1):
            around = QRectF(place.x() - _SIDE, place.y() - _SIDE, 2 * _SIDE, 2 * _SIDE)
            painter.setPen(QPen(QColor("white"), 2))
            painter.setBrush(QBrush(QColor(0, 0, 0, 150)))
            painter.drawEllipse(around)
            painter.drawText(around, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.restore()
