"""The picture: fit, 1:1, zoom about the cursor, pan, turn and mirror, and the outline of what the model saw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from desktop.widgets.minimap import Minimap
from desktop.widgets.theme import SURROUND

if TYPE_CHECKING:
    from desktop.core.imaging.preprocessing import Box

_STEP = 1.25
_LEAST = 0.02
_MOST = 16.0
_MOST_FITTED = 2.0
_MARGIN = 12
_PAN = 80
_PANS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class _PictureItem(QGraphicsItem):
    """Draws the smallest of the halved images that still has a pixel for each pixel of the screen."""

    def __init__(self, levels: tuple[QImage, ...]) -> None:
        super().__init__()
        self._levels = levels
        self._bounds = QRectF(0, 0, levels[0].width(), levels[0].height())

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        scale = math.sqrt(abs(painter.worldTransform().determinant())) * painter.device().devicePixelRatioF()
        level = 0
        while level + 1 < len(self._levels) and scale * 2 ** (level + 1) <= 1:
            level += 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
        painter.drawImage(self._bounds, self._levels[level])


class ImageView(QGraphicsView):
    """Shows one picture on neutral grey. Keys, while it has the focus: Z, +, -, R, M, arrows, Space held for the bare image."""

    zoom_changed = Signal(float)
    """The zoom in screen pixels for each pixel of the image."""

    step_requested = Signal(int)
    """The next (+1) or the previous (-1) image is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.setAccessibleName(self.tr("Image"))
        self._minimap = Minimap(self.viewport())
        self._minimap.place_chosen.connect(self._go_to)
        self._outline: QGraphicsRectItem | None = None
        self._outline_wanted = True
        self._fitted = True
        self._zoom = 1.0
        self._turn = QTransform()

    def show_picture(self, levels: tuple[QImage, ...]) -> None:
        """Show a picture, given at full size and halved again and again, upright and fitted into the view."""
        self.clear()
        self._turn = QTransform()
        self._minimap.show_picture(levels[-1], levels[0].width(), levels[0].height())
        item = _PictureItem(levels)
        self._scene.addItem(item)
        margin = max(item.boundingRect().width(), item.boundingRect().height())
        self._scene.setSceneRect(item.boundingRect().adjusted(-margin, -margin, margin, margin))
        self.fit()

    def clear(self) -> None:
        """Show no picture."""
        self._scene.clear()
        self._outline = None
        self._minimap.hide()

    def outline(self, box: Box) -> None:
        """Draw the outline of what the model saw, instead of any other."""
        self.remove_outline()
        self._outline = QGraphicsRectItem(box.left, box.top, box.right - box.left, box.bottom - box.top)
        pen = QPen(QColor(255, 255, 255, 210), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._outline.setPen(pen)
        self._outline.setToolTip(self.tr("What the model saw"))
        self._outline.setVisible(self._outline_wanted)
        self._scene.addItem(self._outline)

    def remove_outline(self) -> None:
        """Draw no outline: nothing is known of what the model saw."""
        if self._outline is not None:
            self._scene.removeItem(self._outline)
            self._outline = None

    def show_outline(self, wanted: bool) -> None:
        """Show or hide the outline."""
        self._outline_wanted = wanted
        if self._outline is not None:
            self._outline.setVisible(wanted)

    def fit(self) -> None:
        """Show the whole picture, never larger than its own pixels twice over."""
        self._fitted = True
        picture = self._picture()
        if picture is None:
            return
        bounds = self._turn.mapRect(picture.boundingRect())
        room = self.viewport().size()
        zoom = min((room.width() - 2 * _MARGIN) / bounds.width(), (room.height() - 2 * _MARGIN) / bounds.height())
        self._set_zoom(min(max(zoom, 1e-3), _MOST_FITTED))
        self.centerOn(picture.boundingRect().center())
        self._show_minimap()

    def actual_size(self) -> None:
        """Show one pixel of the image on each pixel of the screen."""
        self._zoom_about(self._to_actual_size(), QPointF(self.viewport().rect().center()))

    def zoom_in(self) -> None:
        """Zoom in by a quarter about the middle."""
        self._zoom_about(_STEP, QPointF(self.viewport().rect().center()))

    def zoom_out(self) -> None:
        """Zoom out by a quarter about the middle."""
        self._zoom_about(1 / _STEP, QPointF(self.viewport().rect().center()))

    def turn(self, quarters: int) -> None:
        """Turn the view, never the file, by quarters of a circle; positive is clockwise."""
        self._turn *= QTransform().rotate(90 * quarters)
        self._keep_place()

    def mirror(self) -> None:
        """Mirror the view, never the file, left to right as it is seen."""
        self._turn *= QTransform.fromScale(-1, 1)
        self._keep_place()

    @property
    def is_turned(self) -> bool:
        """Whether the view is not as the file is: turned, mirrored or both."""
        return self._turn != QTransform()

    def _keep_place(self) -> None:
        if self._fitted:
            self.fit()
            return
        middle = self.mapToScene(self.viewport().rect().center())
        self._set_zoom(self._zoom)
        self._go_to(middle)

    def _pan(self, right: int, down: int) -> None:
        middle = self.viewport().rect().center()
        self._go_to(self.mapToScene(middle + QPoint(right * _PAN, down * _PAN)))

    def _go_to(self, place: QPointF) -> None:
        self.centerOn(place)
        self._show_minimap()

    def _to_actual_size(self) -> float:
        return 1 / self.devicePixelRatioF() / self._zoom

    def _show_minimap(self) -> None:
        """Show the small picture while a part of the large one is out of view."""
        picture = self._picture()
        if picture is None:
            return
        seen = self.mapToScene(self.viewport().rect())
        self._minimap.show_view(seen, self._turn)
        whole = self.mapFromScene(picture.boundingRect()).boundingRect()
        self._minimap.setVisible(not self.viewport().rect().contains(whole))

    def _picture(self) -> _PictureItem | None:
        return next((item for item in self._scene.items() if isinstance(item, _PictureItem)), None)

    def _zoom_about(self, factor: float, point: QPointF) -> None:
        if self._picture() is None:
            return
        self._fitted = False
        before = self.mapToScene(point.toPoint())
        self._set_zoom(self._zoom * factor)
        moved = self.mapToScene(point.toPoint()) - before
        self.translate(moved.x(), moved.y())
        self._show_minimap()

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = min(max(zoom, _LEAST), _MOST)
        self.setTransform(self._turn * QTransform.fromScale(self._zoom, self._zoom))
        self.zoom_changed.emit(self._zoom * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        else:
            self._show_minimap()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._show_minimap()

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Z:
            self.actual_size() if self._fitted else self.fit()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key in _PANS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(*_PANS[key])
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.step_requested.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_R:
            self.turn(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_M:
            self.mirror()
        elif key == Qt.Key.Key_Space:
            if self._outline is not None and not event.isAutoRepeat():
                self._outline.hide()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.show_outline(self._outline_wanted)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.show_outline(self._outline_wanted)
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()
