"""Zooming, panning and turning a picture, alone or linked with another view."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from desktop.core.frozen import frozen
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.image.minimap import Minimap
from desktop.widgets.image.picture_items import PictureItem

_STEP = 1.25
_LEAST = 0.02
_MOST = 16.0
_MARGIN = 12
_PAN = 80
_MIDDLE = 1 / 3
"""The part of a picture's width and height around its middle that the minimap keeps clear: the lesion lies there."""


@frozen
class ViewPlace:
    """The visible part of a picture: the zoom relative to the fitted one, and the centre as fractions of width and height."""

    zoom: float
    x: float
    y: float


class ZoomView(QGraphicsView):
    """Shows a picture on neutral grey, fitted or in part. Turning and mirroring change the view, never the file."""

    zoom_changed = Signal(float)
    """The zoom in screen pixels per image pixel."""

    place_changed = Signal()
    """The visible part or the zoom has changed."""

    resized = Signal()
    """The view has another size; what it shows of a picture that is not fitted is arbitrary until it is told."""

    def __init__(self, parent: QWidget | None = None, *, most_fitted: float = 2.0) -> None:
        """`most_fitted` limits the zoom of a fitted picture, relative to its own pixels."""
        super().__init__(parent)
        self.setViewport(QWidget())  # Qt's own is not known in Python: the first call of `viewport` would take 12 ms
        self._most_fitted = most_fitted
        self._picture: PictureItem | None = None
        self._fitted = True
        self._taken = 0
        """Points below the view that others have taken from its height."""
        self._covered = 0
        """The part of them that the picture still counts as its room: what took it must not move the picture."""
        self._zoom = 1.0
        self._turn = QTransform()
        self._is_resizing = False
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setBackgroundBrush(SURROUND)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.keeps_middle_clear = False
        """Whether the minimap is hidden where it would cover the middle of the picture in every corner."""
        self._minimap = Minimap(self.viewport())
        self._minimap.place_chosen.connect(self._go_to)

    def show_picture(self, levels: tuple[QImage, ...], *, smooth: bool = True, keep_place: bool = False) -> None:
        """Show a picture, given as full size and halved sizes.

        It is upright and fitted to the view, unless the place is kept, for another picture of the same size.
        """
        self._remove_picture()
        self._minimap.show_picture(levels[-1], levels[0].width(), levels[0].height())
        self._picture = PictureItem(levels, smooth=smooth)
        self._scene.addItem(self._picture)
        if keep_place:
            return
        self._turn = QTransform()
        bounds = self._picture.boundingRect()
        margin = max(bounds.width(), bounds.height())
        self._scene.setSceneRect(bounds.adjusted(-margin, -margin, margin, margin))
        self.fit()

    def fit(self) -> None:
        """Show the whole picture, never larger than `most_fitted` allows."""
        self._covered = 0
        self._fit()

    def take_room(self, height: int) -> None:
        """Leave the picture where it is although a height in points is taken from the view at its bottom.

        A height of 0 gives the room back. Only when it is fitted the next time does the picture use the room that is left.
        """
        self._covered += height - self._taken
        self._taken = height
        if self._fitted:
            self._fit()

    def _fit(self) -> None:
        self._fitted = True
        if self._picture is None:
            return
        self._set_zoom(self._fitted_zoom())
        down = self.transform().inverted()[0].map(QPointF(0, self._covered / 2))
        self.centerOn(self._picture.boundingRect().center() - down)
        self._tell_place()

    def actual_size(self) -> None:
        """Show one image pixel per screen pixel."""
        self._zoom_about(self._to_actual_size(), QPointF(self.viewport().rect().center()))

    def zoom_in(self) -> None:
        """Zoom in by a quarter around the centre."""
        self._zoom_about(_STEP, QPointF(self.viewport().rect().center()))

    def zoom_out(self) -> None:
        """Zoom out by a quarter around the centre."""
        self._zoom_about(1 / _STEP, QPointF(self.viewport().rect().center()))

    def turn(self, quarters: int) -> None:
        """Turn the view, never the file, by quarter turns; positive is clockwise."""
        self._turn *= QTransform().rotate(90 * quarters)
        self._keep_place()

    def mirror(self) -> None:
        """Mirror the view, never the file, from left to right as seen."""
        self._turn *= QTransform.fromScale(-1, 1)
        self._keep_place()

    @property
    def direction(self) -> tuple[int, bool]:
        """By how many degrees the view is turned clockwise, and whether it is mirrored from left to right after that."""
        is_mirrored = self._turn.determinant() < 0
        turned = self._turn * QTransform.fromScale(-1, 1) if is_mirrored else self._turn
        return round(math.degrees(math.atan2(turned.m12(), turned.m11()))) % 360, is_mirrored

    @property
    def place(self) -> ViewPlace | None:
        """The visible part, None without a picture."""
        if self._picture is None:
            return None
        bounds = self._picture.boundingRect()
        middle = self.mapToScene(self.viewport().rect().center())
        return ViewPlace(self._zoom / self._fitted_zoom(), middle.x() / bounds.width(), middle.y() / bounds.height())

    def go_to(self, place: ViewPlace) -> None:
        """Show the same part of this picture as of another, at the same zoom relative to the fitted one."""
        if self._picture is None:
            return
        bounds = self._picture.boundingRect()
        self._fitted = abs(place.zoom - 1) < 1e-6
        self._set_zoom(place.zoom * self._fitted_zoom())
        self._go_to(QPointF(place.x * bounds.width(), place.y * bounds.height()))

    def show_same(self, other: ZoomView, to_own: QTransform) -> None:
        """Show what `other` shows, in the same size and direction; `to_own` maps its pixels to those of this picture.

        The minimap is left to `other`: here it would cover a corner of what is compared.
        """
        if self._picture is None:
            return
        degrees = math.degrees(math.atan2(to_own.m12(), to_own.m11()))
        self._turn = QTransform().rotate(-degrees) * other._turn
        self._fitted = False
        self._set_zoom(other._zoom / math.sqrt(to_own.determinant()))
        self._go_to(to_own.map(other.mapToScene(other.viewport().rect()).boundingRect().center()))
        self._minimap.hide()

    def stand_upright(self) -> None:
        """Show the whole picture, as the file has it."""
        self._turn = QTransform()
        self.fit()

    def _remove_picture(self) -> None:
        if self._picture is not None:
            self._scene.removeItem(self._picture)
            self._picture = None

    def _fitted_zoom(self) -> float:
        if self._picture is None:
            return 1.0
        bounds = self._turn.mapRect(self._picture.boundingRect())
        room = self.viewport().size()
        height = room.height() + self._covered
        zoom = min((room.width() - 2 * _MARGIN) / bounds.width(), (height - 2 * _MARGIN) / bounds.height())
        return min(max(zoom, _LEAST), self._most_fitted)

    def _keep_place(self) -> None:
        if self._fitted:
            self._fit()
            return
        middle = self.mapToScene(self.viewport().rect().center())
        self._set_zoom(self._zoom)
        self._go_to(middle)

    def pan(self, right: int, down: int) -> None:
        """Move the visible part by steps to the right and down."""
        middle = self.viewport().rect().center()
        self._go_to(self.mapToScene(middle + QPoint(right * _PAN, down * _PAN)))

    def _go_to(self, place: QPointF) -> None:
        self.centerOn(place)
        self._tell_place()

    def _to_actual_size(self) -> float:
        return 1 / self.devicePixelRatioF() / self._zoom

    def _tell_place(self) -> None:
        """Show the minimap while the picture is only partly visible, and emit the change of place."""
        self._show_minimap()
        if self._picture is not None and not self._is_resizing:
            self.place_changed.emit()

    def _show_minimap(self) -> None:
        if self._picture is None:
            return
        seen = self.mapToScene(self.viewport().rect())
        bounds = self._picture.boundingRect()
        aside = (1 - _MIDDLE) / 2
        across, down = aside * bounds.width(), aside * bounds.height()
        middle = self.mapFromScene(bounds.adjusted(across, down, -across, -down)).boundingRect()
        self._minimap.show_draft(seen, self._turn, QRectF(middle))
        whole = self.mapFromScene(bounds).boundingRect()
        is_whole = self.viewport().rect().adjusted(0, 0, 0, max(self._covered, 0)).contains(whole)
        self._minimap.setVisible(not is_whole and not (self.keeps_middle_clear and self._minimap.is_in_the_way))

    def _zoom_about(self, factor: float, point: QPointF) -> None:
        if self._picture is None:
            return
        self._fitted = False
        before = self.mapToScene(point.toPoint())
        self._set_zoom(self._zoom * factor)
        moved = self.mapToScene(point.toPoint()) - before
        self.translate(moved.x(), moved.y())
        self._tell_place()

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = min(max(zoom, _LEAST), _MOST)
        self.setTransform(self._turn * QTransform.fromScale(self._zoom, self._zoom))
        self.zoom_changed.emit(self._zoom * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._is_resizing = True
        super().resizeEvent(event)
        self._is_resizing = False
        if self._fitted:
            self._fit()
        else:
            self._show_minimap()
        self.resized.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._tell_place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self._zoom_about(_STEP**turns, event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fitted:
            self._zoom_about(self._to_actual_size(), event.position())
        else:
            self.fit()


class LinkedViews(QObject):
    """Links two views: zooming or moving one does the same in the other.

    It is done relative to each picture, or, while a transform between the two is known, at the same skin.
    """

    def __init__(self, first: ZoomView, second: ZoomView, parent: QObject) -> None:
        super().__init__(parent)
        self._is_following = False
        self.is_linked = True
        self._leader = first
        self._views = (first, second)
        self._to_second: QTransform | None = None
        for view in self._views:
            view.place_changed.connect(lambda leader=view: self._follow(leader))
            view.resized.connect(lambda: self._follow(self._leader))

    def align(self, to_second: QTransform | None) -> None:
        """Link by a transform from the pixels of the first picture to those of the second, or (None) by fractions."""
        was_aligned, self._to_second = self._to_second is not None, to_second
        first, second = self._views
        self._leader = first
        if to_second is not None:
            self._follow(first)
        elif was_aligned:
            first.stand_upright()
            second.stand_upright()

    def _follow(self, leader: ZoomView) -> None:
        place = leader.place
        if self._is_following or not self.is_linked or place is None:
            return
        self._is_following = True
        self._leader = leader
        first, second = self._views
        follower = second if leader is first else first
        if self._to_second is None:
            follower.go_to(place)
        else:
            follower.show_same(leader, self._to_second if leader is first else self._to_second.inverted()[0])
        self._is_following = False
