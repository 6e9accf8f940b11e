"""The tool for regions: draw a square with the mouse, or move one with the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from desktop.core.late import Late
from desktop.widgets.common.key_chords import is_chord

if TYPE_CHECKING:
    from desktop.core.imaging import preprocessing, regions
    from desktop.core.imaging.preprocessing import Box
else:
    preprocessing = Late("desktop.core.imaging.preprocessing")
    regions = Late("desktop.core.imaging.regions")

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FIRST_SIDE = 1 / 3
"""Initial side of a square placed with the keys, as a fraction of the image's shorter side."""
_STEP = 1 / 50
_LARGER = 1.1


class RegionTool(QObject):
    """Keys: arrows move the square, + and - resize it, Enter accepts it, Escape leaves."""

    changed = Signal(object)
    """The square while it is being drawn: a Box, or None."""
    drawn = Signal(object)  # Box
    clicked = Signal(QPointF)
    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._width = self._height = 0
        self._start: QPointF | None = None
        self._box: Box | None = None

    @property
    def awaits_enter(self) -> bool:
        """Whether a square is shown, which Enter would classify."""
        return self._box is not None

    def begin_in(self, width: int, height: int) -> None:
        """Begin with a square in the middle of an image of `width` x `height` pixels."""
        self._width, self._height = width, height
        side = max(round(min(width, height) * _FIRST_SIDE), 1)
        left, top = (width - side) // 2, (height - side) // 2
        self._show(regions.resized(preprocessing.Box(left, top, left + side, top + side), 1, width, height))

    def begin(self, point: QPointF) -> None:
        self._start = point

    def drag(self, point: QPointF) -> None:
        if self._start is not None:
            self._show(self._square_to(self._start, point))

    def end(self, point: QPointF) -> None:
        start, self._start = self._start, None
        box = None if start is None else self._square_to(start, point)
        if box is None:
            self.clicked.emit(point)
        else:
            self._show(None)
            self.drawn.emit(box)

    def press_key(self, event: QKeyEvent) -> bool:
        key, box = event.key(), self._box
        if is_chord(event):
            return False
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif box is None:
            if key not in _STEPS:
                return False
            self.begin_in(self._width, self._height)
        elif key in _STEPS:
            step = max(round(min(self._width, self._height) * _STEP), 1)
            right, down = _STEPS[key]
            self._show(regions.moved(box, right * step, down * step, self._width, self._height))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            factor = 1 / _LARGER if key == Qt.Key.Key_Minus else _LARGER
            self._show(regions.resized(box, factor, self._width, self._height))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._show(None)
            self.drawn.emit(box)
        else:
            return False
        return True

    def _square_to(self, start: QPointF, end: QPointF) -> Box | None:
        return regions.square((start.x(), start.y()), (end.x(), end.y()), self._width, self._height)

    def _show(self, box: Box | None) -> None:
        self._box = box
        self.changed.emit(box)
