"""Curves of the body map: smooth closed curves through a few points, their mirror images, and pieces cut out of them."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

Points = Sequence[tuple[float, float]]

_TENSION = 1 / 6
"""The tension of a Catmull-Rom spline written as Bézier curves."""


def smooth(points: Points, corners: frozenset[int] = frozenset()) -> QPainterPath:
    """Return the closed curve through `points`, smooth except at the points whose indexes are in `corners`."""
    count = len(points)
    at = [QPointF(x, y) for x, y in points]
    path = QPainterPath(at[0])
    for here in range(count):
        before, after, beyond = at[here - 1], at[(here + 1) % count], at[(here + 2) % count]
        leaving = QPointF() if here in corners else (after - before) * _TENSION
        arriving = QPointF() if (here + 1) % count in corners else (beyond - at[here]) * _TENSION
        path.cubicTo(at[here] + leaving, after - arriving, after)
    path.closeSubpath()
    return path


def polygon(points: Points) -> QPainterPath:
    """Return the closed polygon through `points`."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def ellipse(x: float, y: float, half_width: float, half_height: float) -> QPainterPath:
    """Return an ellipse around a point."""
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), half_width, half_height)
    return path


def capsule(left: float, top: float, width: float, height: float) -> QPainterPath:
    """Return an upright capsule: a finger or a toe."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(left, top, width, height), width / 2, width / 2)
    return path


def box(left: float, top: float, right: float, bottom: float) -> QPainterPath:
    """Return a rectangle by its edges."""
    path = QPainterPath()
    path.addRect(QRectF(QPointF(left, top), QPointF(right, bottom)))
    return path


def mirrored(path: QPainterPath) -> QPainterPath:
    """Return a path mirrored at the midline x = 0."""
    return QTransform.fromScale(-1, 1).map(path).toReversed()


def upside_down(path: QPainterPath, height: float) -> QPainterPath:
    """Return a path between y = 0 and `height` mirrored from top to bottom."""
    return QTransform.fromTranslate(0, height).scale(1, -1).map(path).toReversed()


def placed(path: QPainterPath, x: float, y: float, scale: float) -> QPainterPath:
    """Return a path on the canvas, scaled and with its origin moved to (x, y)."""
    return QTransform.fromTranslate(x, y).scale(scale, scale).map(path)
