"""The part of the body map that is in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QTransform

_STEP, _MOST = 1.25, 8.0
"""One step of the zoom, and the greatest one."""

_AROUND = 1.6
"""How much larger than a place the part is that shows it, so that its surroundings can be recognised."""


class MapPart:
    """Begins with the whole `area`, in units of the canvas, and never leaves it."""

    def __init__(self, area: QRectF) -> None:
        self._area = area
        self._shown = QRectF(area)

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the area is in view."""
        return self._shown != self._area

    def fit(self) -> bool:
        """Show the whole area; return whether that changed anything, as the other verbs do."""
        return self._show(QRectF(self._area))

    def zoom(self, steps: float, fixed: QPointF) -> bool:
        """Zoom in (or, if negative, out) by a number of steps; a point of the canvas stays where it is."""
        wanted = self._shown.width() / _STEP**steps
        width = min(max(wanted, self._area.width() / _MOST), self._area.width())
        scale = width / self._shown.width()
        left = fixed.x() - scale * (fixed.x() - self._shown.left())
        top = fixed.y() - scale * (fixed.y() - self._shown.top())
        return self._show(QRectF(left, top, width, scale * self._shown.height()))

    def show_box(self, box: QRectF) -> bool:
        """Show a rectangle of the canvas as large as it fits, with some of its surroundings."""
        shares = (_AROUND * box.width() / self._area.width(), _AROUND * box.height() / self._area.height())
        share = min(max(*shares, 1 / _MOST), 1.0)
        part = QRectF(0, 0, share * self._area.width(), share * self._area.height())
        part.moveCenter(box.center())
        return self._show(part)

    def move(self, by: QPointF) -> bool:
        """Move the part in view, in units of the canvas."""
        return self._show(self._shown.translated(by))

    def reveal(self, at: QPointF) -> bool:
        """Move the part in view so far that a point of the canvas is well inside it."""
        edge = min(self._shown.width(), self._shown.height()) / 10
        inner = self._shown.adjusted(edge, edge, -edge, -edge)
        right = min(at.x() - inner.left(), 0.0) + max(at.x() - inner.right(), 0.0)
        down = min(at.y() - inner.top(), 0.0) + max(at.y() - inner.bottom(), 0.0)
        return self.move(QPointF(right, down))

    def step(self, right: int, down: int) -> bool:
        """Move the part in view by a step in these directions."""
        length = 0.15 * self._shown.width()
        return self.move(QPointF(right * length, down * length))

    def transform(self, size: QSize) -> QTransform:
        """Return the transform from the canvas to a widget of this size, in the middle of which the part is."""
        scale = min(size.width() / self._shown.width(), size.height() / self._shown.height())
        left = (size.width() - scale * self._shown.width()) / 2
        top = (size.height() - scale * self._shown.height()) / 2
        moved = QTransform.fromTranslate(left, top).scale(scale, scale)
        return moved.translate(-self._shown.left(), -self._shown.top())

    def _show(self, part: QRectF) -> bool:
        part.moveLeft(min(max(part.left(), self._area.left()), self._area.right() - part.width()))
        part.moveTop(min(max(part.top(), self._area.top()), self._area.bottom() - part.height()))
        before, self._shown = self._shown, part
        return part != before
