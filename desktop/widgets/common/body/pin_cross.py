"""The cross that the arrow keys move over a body map or a photograph, until a pin is set where it stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

_STEP, _LARGE_STEP = 2.0, 20.0
"""Points on the screen by which an arrow key moves the cross, without and with Shift."""

_ARM, _GAP = 13.0, 4.0
"""Length of its arms from the middle, and what they leave free there, in points."""

_DIRECTIONS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


def is_arrow(event: QKeyEvent) -> bool:
    """Return whether a key is one that moves the cross."""
    return event.key() in _DIRECTIONS


class PinCross:
    """`at` is where it stands, in the units of what it is drawn over; None while it is not shown."""

    def __init__(self) -> None:
        self.at: QPointF | None = None

    def move(self, event: QKeyEvent, start: QPointF, bounds: QRectF, scale: float) -> QPointF:
        """Move the cross by an arrow key; return where it stands then.

        Args:
            event: the key.
            start: where it begins if it is not shown yet.
            bounds: what it does not leave.
            scale: points on the screen of one unit.
        """
        length = _LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        at = (start if self.at is None else self.at) + _DIRECTIONS[Qt.Key(event.key())] * (length / scale)
        self.at = QPointF(
            min(max(at.x(), bounds.left()), bounds.right()), min(max(at.y(), bounds.top()), bounds.bottom())
        )
        return self.at

    def hide(self) -> None:
        """Show it no longer; it begins anew at the next arrow key."""
        self.at = None


def paint_cross(painter: QPainter, at: QPointF) -> None:
    """Draw the cross at a point of the widget: black within white, in every theme, to be seen on any skin."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor("white"), 5.0), (QColor("black"), 2.0)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for direction in _DIRECTIONS.values():
            painter.drawLine(at + direction * _GAP, at + direction * _ARM)
    painter.restore()
