"""A clinical photograph with the pins of lesions: to be pointed at, clicked, and stepped through by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from desktop.widgets.common.body.body_marks import BodyMark
from desktop.widgets.common.body.body_painting import paint_marks
from desktop.widgets.common.body.pin_cross import PinCross, is_arrow, paint_cross
from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.image.zoom_view import ZoomView

if TYPE_CHECKING:
    from desktop.core.records.people import Pin

_NEAR = 12.0
"""How far from a pin a click still meets it, in points."""


class PhotographView(ZoomView):
    """Left and Right go from pin to pin, Enter opens the lesion, Del removes the pin; +, - and 0 zoom.

    Shift and an arrow key show a cross at the highlighted pin, or in the middle of the view if none is highlighted; the arrow
    keys then move it, with Shift in large steps. Enter sets the pin there, Esc gives up; without a cross Esc highlights none.
    """

    pin_clicked = Signal(int)
    """The id of a lesion, which is to be opened."""
    point_clicked = Signal(object)
    """The Pin of a point without one, where one may be set."""
    pin_moved = Signal(int, object)
    """The id of the lesion whose pin was moved by keys, and its new Pin."""
    menu_requested = Signal(int)
    """The id of the lesion of a pin that was clicked with the right button."""
    removal_requested = Signal(int)
    """The id of the lesion whose pin is to be removed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = QRectF()
        self._marks: list[BodyMark] = []
        self._highlighted: int | None = None
        self._pressed: QPointF | None = None
        self._cross = PinCross()
        self.setAccessibleName(self.tr("Clinical photograph with pins"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)  # names stay within the view
        self.viewport().setMouseTracking(True)

    @property
    def highlighted(self) -> int | None:
        """The id of the lesion whose pin is highlighted."""
        return self._highlighted

    def show_photograph(self, levels: tuple[QImage, ...]) -> None:
        """Show a photograph, given as full size and halved sizes."""
        self._size = QRectF(levels[0].rect())
        self.show_picture(levels)

    def show_marks(self, marks: Sequence[BodyMark]) -> None:
        """Show the pins of lesions; each mark has one."""
        self._marks = list(marks)
        if self._highlighted not in {mark.lesion_id for mark in marks}:
            self._highlighted = None
        self.setAccessibleDescription(", ".join(mark.whole_name for mark in marks))
        self.viewport().update()

    def highlight(self, lesion_id: int | None) -> None:
        """Highlight a pin, or none."""
        if lesion_id != self._highlighted:
            self._highlighted = lesion_id
            self.viewport().update()

    def point_of(self, pin: Pin) -> QPointF:
        """Return the point of the view at which a pin is."""
        return QPointF(self.mapFromScene(pin[0] * self._size.width(), pin[1] * self._size.height()))

    def pin_at(self, point: QPointF) -> Pin | None:
        """Return the pin of a point of the view, None where there is no photograph."""
        at = self.mapToScene(point.toPoint())
        if self._size.isEmpty() or not self._size.contains(at):
            return None
        return (at.x() / self._size.width(), at.y() / self._size.height())

    def _points(self) -> dict[int, QPointF]:
        """Return the points of the pins; none before the photograph is there, as all would lie in the same place."""
        if self._size.isEmpty():
            return {}
        return {mark.lesion_id: self.point_of(mark.pin) for mark in self._marks if mark.pin is not None}

    def _lesion_at(self, point: QPointF) -> int | None:
        away = {lesion_id: (at - point).manhattanLength() for lesion_id, at in self._points().items()}
        nearest = min(away, key=lambda lesion_id: away[lesion_id], default=None)
        return nearest if nearest is not None and away[nearest] <= _NEAR else None

    def _step(self, steps: int) -> None:
        ids = list(self._points())
        if ids:
            begin = -1 if steps > 0 else 0
            place = ids.index(self._highlighted) if self._highlighted in ids else begin
            self.highlight(ids[(place + steps) % len(ids)])

    def _move_cross(self, event: QKeyEvent) -> None:
        if self._size.isEmpty():
            return
        start = self._points().get(self._highlighted) if self._highlighted is not None else None
        start = QPointF(self.viewport().rect().center()) if start is None else start
        at = self._cross.move(event, self.mapToScene(start.toPoint()), self._size, self.transform().m11())
        self.ensureVisible(QRectF(at, at), 40, 40)
        self.viewport().update()

    def _set_at_cross(self, at: QPointF) -> None:
        pin = (at.x() / self._size.width(), at.y() / self._size.height())
        self.hide_cross()
        if self._highlighted is None:
            self.point_clicked.emit(pin)
        else:
            self.pin_moved.emit(self._highlighted, pin)

    def hide_cross(self) -> None:
        """Give up the point that was sought by keys."""
        self._cross.hide()
        self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        painter.save()
        painter.resetTransform()
        painter.setFont(self.font())
        bounds = QRectF(self.viewport().rect())
        paint_marks(
            painter,
            self.palette(),
            self._marks,
            self._points(),
            self._highlighted,
            bounds,
            is_small=False,
            is_photograph=True,
        )
        if self._cross.at is not None:
            paint_cross(painter, QPointF(self.mapFromScene(self._cross.at)))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bounds.adjusted(1, 1, -1, -1))
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._cross.hide()
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() is Qt.MouseButton.NoButton and self._cross.at is None:
            lesion_id = self._lesion_at(event.position())
            self.highlight(lesion_id)
            is_on_pin = lesion_id is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_on_pin else Qt.CursorShape.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        at = event.position()
        if pressed is None or (at - pressed).manhattanLength() >= QApplication.startDragDistance():
            return
        lesion_id, pin = self._lesion_at(at), self.pin_at(at)
        if lesion_id is not None:
            self.pin_clicked.emit(lesion_id)
        elif pin is not None:
            self.point_clicked.emit(pin)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do not zoom: its first click has set a pin or opened a lesion."""
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        lesion_id = self._lesion_at(QPointF(event.pos()))
        if lesion_id is not None:
            self.menu_requested.emit(lesion_id)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, at = event.key(), self._cross.at
        is_large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if is_chord(event):
            event.ignore()
        elif is_arrow(event) and (is_large or at is not None):
            self._move_cross(event)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and at is not None:
            self._set_at_cross(at)
        elif key == Qt.Key.Key_Escape and at is not None:
            self.hide_cross()
        elif key == Qt.Key.Key_Escape and self._highlighted is not None:
            self.highlight(None)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._highlighted is not None:
            self.pin_clicked.emit(self._highlighted)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self._highlighted is not None:
            self.removal_requested.emit(self._highlighted)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0}:
            {Qt.Key.Key_Plus: self.zoom_in, Qt.Key.Key_Minus: self.zoom_out, Qt.Key.Key_0: self.fit}[Qt.Key(key)]()
        else:
            super().keyPressEvent(event)
