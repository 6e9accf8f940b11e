"""The tool that corrects an outline: a press near the line pulls it, and what lies beside it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QKeyEvent

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_NEAR = 0.08
"""How near to the line a press must be, as a share of the outline's size."""

_FOLLOWING = 0.05
"""How much of the line follows: the standard deviation along it, as a share of its length."""


class OutlineTool(QObject):
    """Has no keys of its own: those of the view work on."""

    pulled = Signal(object)
    """The outline while it is being pulled: float64 [k, 2], in pixels of the image."""
    reshaped = Signal(object)
    """The outline when the mouse button is released."""
    left = Signal()
    awaits_enter = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._points: NDArray[np.float64] | None = None
        self._pulled: NDArray[np.float64] | None = None
        self._start = QPointF()
        self._weights: NDArray[np.float64] | None = None

    def take(self, points: NDArray[np.float64] | None) -> None:
        """Correct this outline, or (None) nothing."""
        self._points, self._weights, self._pulled = points, None, None

    def begin(self, point: QPointF) -> None:
        if self._points is None:
            return
        distances = np.hypot(self._points[:, 0] - point.x(), self._points[:, 1] - point.y())
        nearest = int(distances.argmin())
        if distances[nearest] <= _NEAR * float(np.ptp(self._points, axis=0).max()):
            self._start = point
            self._weights = _weights(self._points, nearest)

    def drag(self, point: QPointF) -> None:
        if self._points is not None and self._weights is not None:
            moved = np.array([point.x() - self._start.x(), point.y() - self._start.y()])
            self._pulled = self._points + self._weights[:, None] * moved
            self.pulled.emit(self._pulled)

    def end(self, point: QPointF) -> None:
        self.drag(point)
        pulled, self._weights, self._pulled = self._pulled, None, None
        if pulled is not None:
            self._points = pulled
            self.reshaped.emit(pulled)

    def press_key(self, _event: QKeyEvent) -> bool:
        return False


def _weights(points: NDArray[np.float64], nearest: int) -> NDArray[np.float64]:
    """Return how far each point follows one of them: 1 for that one, less with the way along the line."""
    steps = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    along = np.concatenate([[0.0], steps.cumsum()])
    whole = along[-1]
    away = np.abs(along[:-1] - along[nearest])
    away = np.minimum(away, whole - away)
    weights: NDArray[np.float64] = np.exp(-0.5 * (away / (_FOLLOWING * whole)) ** 2)
    return weights
