"""The whole body map on which a pin is set, by a click or by keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.widgets.common.body.body_marks import to_pin
from desktop.widgets.common.body.body_shapes import CANVAS
from desktop.widgets.common.body.pin_cross import PinCross, is_arrow, paint_cross
from desktop.widgets.patient.body.body_map import BodyMap


class PinMap(BodyMap):
    """The arrow keys move a cross, with Shift in large steps; Enter sets the pin there, Esc hides the cross.

    An enlarged part goes along with the cross. Once the pin is set where the cross stands, Enter goes on to the dialog.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._cross = PinCross()
        self._is_set = False
        self.setAccessibleDescription(self.tr("Arrow keys move a cross, Enter sets the pin there"))

    def _move_cross(self, event: QKeyEvent) -> None:
        at = self._cross.move(event, self._begin(), CANVAS, self._transform().m11())
        self._is_set = False
        self._show_point(at)
        self.place_hovered.emit(self.place_at(self._transform().map(at)))
        self.update()

    def _begin(self) -> QPointF:
        """Return where the cross begins: at the highlighted lesion, else in the middle of what is in view."""
        known = None if self.highlighted is None else self.point_of(self.highlighted)
        if known is None or known.isNull() or not self.rect().contains(known.toPoint()):
            known = QPointF(self.rect().center())
        return self._to_canvas(known)

    def _set(self, at: QPointF) -> None:
        place = self.place_at(self._transform().map(at))
        if place:
            self._is_set = True
            self.place_chosen.emit(place)
            self.pin_chosen.emit(place, to_pin(at))

    def _hide_cross(self) -> None:
        if self._cross.at is not None:
            self._cross.hide()
            self.place_hovered.emit("")
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self._cross.at
        if is_arrow(event):
            self._move_cross(event)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and at is not None and not self._is_set:
            self._set(at)
        elif event.key() == Qt.Key.Key_Escape and at is not None:
            self._hide_cross()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hide_cross()
        super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hide_cross()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._cross.at is not None:
            painter = QPainter(self)
            paint_cross(painter, self._transform().map(self._cross.at))
            painter.end()
