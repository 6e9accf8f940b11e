"""A reliability diagram, drawn from the points in the model file."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.core.inference.contract import ReliabilityCurve, ReliabilityPoint

_SIDE = 300
_LEFT, _BOTTOM, _RIGHT, _TOP = 58, 44, 24, 10
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_LEAST, _MOST = 3.5, 9.0
"""Radius in points for the fewest and for the most images; the area grows with their number."""


class ReliabilityDiagram(QWidget):
    """One curve: mean predicted probability on the x axis, observed frequency on the y axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[ReliabilityPoint, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_curve(self, curve: ReliabilityCurve) -> None:
        """Draw another curve."""
        self._points = curve.points
        words = (self._words(point) for point in curve.points)
        self.setAccessibleName(self.tr("Reliability diagram"))
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE + _LEFT + _RIGHT, _SIDE + _BOTTOM + _TOP)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            near = [point for point in self._points if _length(self._place(point) - event.pos().toPointF()) < _MOST + 4]
            QToolTip.showText(event.globalPos(), self._words(near[0]) if near else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, plot = self.palette(), self._plot()
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        self._draw_axes(painter, plot, palette.color(QPalette.ColorRole.Mid), muted)
        painter.setPen(QPen(muted, 1.25, Qt.PenStyle.DashLine))
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        accent = palette.color(QPalette.ColorRole.Link)
        places = [self._place(point) for point in self._points]
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline(places)
        most = max((point.n for point in self._points), default=1)
        fill = QColor(accent)
        fill.setAlpha(150)
        painter.setBrush(fill)
        for point, place in zip(self._points, places, strict=True):
            radius = _LEAST + (_MOST - _LEAST) * (point.n / most) ** 0.5
            painter.drawEllipse(place, radius, radius)

    def _draw_axes(self, painter: QPainter, plot: QRectF, line: QColor, text: QColor) -> None:
        center = Qt.AlignmentFlag.AlignCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick in _TICKS:
            across, up = plot.left() + tick * plot.width(), plot.bottom() - tick * plot.height()
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(across, plot.top()), QPointF(across, plot.bottom()))
            painter.drawLine(QPointF(plot.left(), up), QPointF(plot.right(), up))
            painter.setPen(text)
            words = f"{100 * tick:.0f} %"
            painter.drawText(QRectF(across - 30, plot.bottom() + 3, 60, 16), center, words)
            painter.drawText(QRectF(plot.left() - 48, up - 8, 42, 16), right, words)
        painter.drawText(QRectF(plot.left(), plot.bottom() + 22, plot.width(), 18), center, self.tr("the model said"))
        painter.save()
        painter.translate(8, plot.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-plot.height() / 2, -9, plot.height(), 18), center, self.tr("it came true"))
        painter.restore()

    def _plot(self) -> QRectF:
        side = min(self.width() - _LEFT - _RIGHT, self.height() - _BOTTOM - _TOP)
        return QRectF(_LEFT, _TOP, side, side)

    def _place(self, point: ReliabilityPoint) -> QPointF:
        plot = self._plot()
        return QPointF(plot.left() + point.confidence * plot.width(), plot.bottom() - point.observed * plot.height())

    def _words(self, point: ReliabilityPoint) -> str:
        return self.tr("{said:.1f} % said, {came:.1f} % came true, n = {n}").format(
            said=100 * point.confidence, came=100 * point.observed, n=point.n
        )


def _length(way: QPointF) -> float:
    return float((way.x() ** 2 + way.y() ** 2) ** 0.5)
