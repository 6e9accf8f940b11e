"""The view of a picture, with its layers, keys and tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsView, QWidget

from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.image.image_tool import ImageTool
from desktop.widgets.image.picture_items import LayersItem, SeenFrameItem
from desktop.widgets.image.scale_bar import draw_scale_bar
from desktop.widgets.image.zoom_view import ZoomView

if TYPE_CHECKING:
    from desktop.core.imaging.preprocessing import Box

_PANS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageView(ZoomView):
    """Shows one picture on neutral grey. Its keys: Z, +, -, R, M, N, arrows; Space hides the layers while held."""

    step_requested = Signal(int)
    """The user wants the next (+1) or the previous (-1) image."""

    lesion_step_requested = Signal(int)
    """The user wants the next (+1) or the previous (-1) lesion."""

    new_lesion_requested = Signal()
    """The user wants a new lesion with this image."""

    clicked = Signal(QPointF)
    """The point of a click, in pixels of the image; the click did not move the picture."""

    def __init__(self, parent: QWidget | None = None, *, most_fitted: float = 2.0) -> None:
        super().__init__(parent, most_fitted=most_fitted)
        # The scale bar stays in its corner while the picture moves below it.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setAccessibleName(self.tr("Image"))
        self._layers = LayersItem()
        self._scene.addItem(self._layers)
        self._seen_frame = SeenFrameItem(self.tr("What the model saw"), self._layers)
        self._tool: ImageTool | None = None
        self._pressed_at: QPoint | None = None
        self._scale: float | None = None
        self._shows_scale = self._has_unit = True

    def clear(self) -> None:
        """Remove the picture; the owner of a layer must hide it."""
        self._remove_picture()
        self._seen_frame.frame(None)
        self._minimap.hide()
        self.show_scale(None)

    def add_layer(self, item: QGraphicsItem) -> None:
        """Add a layer over the picture, in pixels of the image; it stays for later pictures."""
        item.setParentItem(self._layers)

    def use_tool(self, tool: ImageTool) -> None:
        """Give the mouse and keys to a tool; the previous one is told to leave."""
        before, self._tool = self._tool, tool
        if before is not None and before is not tool:
            before.left.emit()
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    @property
    def has_tool(self) -> bool:
        """Whether a tool has the mouse and keys."""
        return self._tool is not None

    @property
    def awaits_enter(self) -> bool:
        """Whether a tool has something that Enter would accept now."""
        return self._tool is not None and self._tool.awaits_enter

    def release_tool(self, tool: ImageTool) -> None:
        """Return the mouse and keys to the view, if this tool has them."""
        if self._tool is tool:
            self._tool = None
            self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)

    def show_scale(self, mm_per_pixel: float | None, *, or_pixels: bool = True) -> None:
        """Show the scale bar in millimetres or (None) in pixels of the image; without `or_pixels` then none."""
        self._scale = mm_per_pixel
        self._has_unit = mm_per_pixel is not None or or_pixels
        self.viewport().update()

    def show_scale_bar(self, wanted: bool) -> None:
        """Show or hide the scale bar, which covers a corner of the picture."""
        self._shows_scale = wanted
        self.viewport().update()

    def frame_seen(self, box: Box) -> None:
        """Draw the frame around what the model saw, in place of any other."""
        self._seen_frame.frame(box)

    def remove_seen_frame(self) -> None:
        """Remove the frame: the model's input is unknown."""
        self._seen_frame.frame(None)

    def show_seen_frame(self, wanted: bool) -> None:
        """Show or hide the frame."""
        self._seen_frame.want(wanted)

    def _show_layers(self, shown: bool) -> None:
        self._layers.setVisible(shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._picture is not None:
            self._pressed_at = event.position().toPoint()
            if self._tool is not None:
                self._tool.begin(self.mapToScene(self._pressed_at))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._tool is not None and self._pressed_at is not None:
            self._tool.drag(self.mapToScene(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place, pressed = event.position().toPoint(), self._pressed_at
        if event.button() == Qt.MouseButton.LeftButton and pressed is not None:
            self._pressed_at = None
            if self._tool is not None:
                self._tool.end(self.mapToScene(place))
            elif (place - pressed).manhattanLength() < QApplication.startDragDistance():
                self.clicked.emit(self.mapToScene(place))
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_shifted = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._tool is not None and self._tool.press_key(event):
            pass
        elif is_chord(event):
            event.ignore()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._show_layers(False)
        elif key in _PANS and is_shifted:
            self.pan(*_PANS[key])
        elif (act := self._act_of(key, is_shifted=is_shifted)) is not None:
            act()
        else:
            super().keyPressEvent(event)

    def _act_of(self, key: int, *, is_shifted: bool) -> Callable[[], object] | None:
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Z: self.actual_size if self._fitted and not self._covered else self.fit,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_Left: lambda: self.step_requested.emit(-1),
            Qt.Key.Key_Right: lambda: self.step_requested.emit(1),
            Qt.Key.Key_Up: lambda: self.lesion_step_requested.emit(-1),
            Qt.Key.Key_Down: lambda: self.lesion_step_requested.emit(1),
            Qt.Key.Key_N: self.new_lesion_requested.emit,
            Qt.Key.Key_R: lambda: self.turn(-1 if is_shifted else 1),
            Qt.Key.Key_M: self.mirror,
        }
        return acts.get(key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._show_layers(True)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_layers(True)
        super().focusOutEvent(event)

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        if self._picture is None or not (self._shows_scale and self._has_unit and self._layers.isVisible()):
            return
        painter.save()
        painter.resetTransform()
        draw_scale_bar(painter, QRectF(self.viewport().rect()), self._zoom, self._scale)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()
