"""The tool for the ruler: draw a line with the mouse, or move its ends with the keys."""

import math

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_STEP = 1 / 200


class RulerTool(QObject):
    """Keys: arrows move the end of the line, with Ctrl its start; Escape leaves."""

    changed = Signal()
    drawn = Signal()
    """The mouse has drawn a line."""
    left = Signal()
    awaits_enter = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._width = self._height = 0
        self.start = QPointF()
        self.stop = QPointF()
        self.is_placed = False
        """Whether the user has drawn the line or moved an end, so that it may lie over a known length."""

    @property
    def length(self) -> float:
        """The length of the line in pixels of the image."""
        return math.hypot(self.stop.x() - self.start.x(), self.stop.y() - self.start.y())

    def begin_in(self, width: int, height: int) -> None:
        """Begin with a line across the middle half of an image of `width` x `height` pixels."""
        self._width, self._height = width, height
        self.start, self.stop = QPointF(width * 0.25, height * 0.5), QPointF(width * 0.75, height * 0.5)
        self.is_placed = False
        self.changed.emit()

    def begin(self, point: QPointF) -> None:
        self.start = self.stop = self._inside(point)
        self.is_placed = True
        self.changed.emit()

    def drag(self, point: QPointF) -> None:
        self.stop = self._inside(point)
        self.changed.emit()

    def end(self, point: QPointF) -> None:
        self.drag(point)
        self.drawn.emit()

    def press_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in _STEPS and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = max(round(max(self._width, self._height) * _STEP), 1)
            move = QPointF(*_STEPS[key]) * step
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.start = self._inside(self.start + move)
            else:
                self.stop = self._inside(self.stop + move)
            self.is_placed = True
            self.changed.emit()
        else:
            return False
        return True

    def _inside(self, point: QPointF) -> QPointF:
        return QPointF(min(max(point.x(), 0), self._width), min(max(point.y(), 0), self._height))
