"""A bar for a share from 0 to 1: a probability, or a part of a total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from desktop.core.inference.stability import Spread


class ProbabilityBar(QWidget):
    """A bar from 0 to 1 in the hue that all bars share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 0.0
        self._spread: Spread | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: float) -> None:
        """Show a probability from 0 to 1."""
        self._value = value
        self._spread = None
        self.update()

    def show_spread(self, spread: Spread) -> None:
        """Show on the bar the range over other views of the image, and their mean."""
        self._spread = spread
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().alternateBase())
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self._value > 0:
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(QRectF(0, 0, max(self._value * self.width(), 2.0), self.height()), 3, 3)
        if self._spread is not None:
            self._paint_spread(painter, self._spread)

    def _paint_spread(self, painter: QPainter, spread: Spread) -> None:
        """Draw a line over the range with a tick at the mean, outlined so that it is visible on the bar."""
        width, middle = self.width() - 4, self.height() / 2
        low, mean, high = (2 + value * width for value in (spread.low, spread.mean, spread.high))
        lines = (QLineF(low, middle, high, middle), QLineF(mean, 1, mean, self.height() - 1))
        for colour, thickness in ((self.palette().base().color(), 4.0), (self.palette().text().color(), 1.6)):
            painter.setPen(QPen(colour, thickness))
            painter.drawLines(lines)
