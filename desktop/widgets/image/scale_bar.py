"""The scale bar in the corner of the image, in millimetres if the scale is known, else in pixels of the image."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

HEIGHT = 34
"""Height of the bar in points."""

_SHORTEST = 56.0
_MARGIN = 16.0


def round_length(shortest: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, 50 ... (or .1, .2, .5) that is at least `shortest`, which is positive."""
    power = 10.0 ** math.floor(math.log10(shortest))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= shortest * (1 - 1e-9))


def length_text(length: float, *, is_millimetres: bool) -> str:
    """Return a length in words: `5 mm`, `0.5 mm`, `200 px`."""
    return f"{length:g} mm" if is_millimetres else f"{length:g} px"


def draw_scale_bar(painter: QPainter, room: QRectF, points_per_pixel: float, mm_per_pixel: float | None) -> None:
    """Draw the bar in the lower right corner of `room`.

    Args:
        painter: paints in points, not in pixels of the picture.
        room: the view in points.
        points_per_pixel: the zoom.
        mm_per_pixel: the scale of the image, None if unknown.
    """
    unit = points_per_pixel / (mm_per_pixel or 1.0)  # points per millimetre, or per pixel
    length = round_length(max(_SHORTEST / unit, 1.0 if mm_per_pixel is None else 1e-6))
    text = length_text(length, is_millimetres=mm_per_pixel is not None)
    right, bottom = room.right() - _MARGIN, room.bottom() - 10
    left = right - length * unit
    if left < room.left() + _MARGIN:
        return
    tick = 5.0
    lines = (
        (QPointF(left, bottom), QPointF(right, bottom)),
        (QPointF(left, bottom - tick), QPointF(left, bottom)),
        (QPointF(right, bottom - tick), QPointF(right, bottom)),
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 1.75)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        for start, end in lines:
            painter.drawLine(start, end)
    draw_text(painter, QRectF(left - 60, bottom - 24, right - left + 120, 18), text)


def draw_text(painter: QPainter, room: QRectF, text: str) -> None:
    """Draw a short text in the middle of `room`, on a dark background that is legible on any skin."""
    width = painter.fontMetrics().horizontalAdvance(text) + 12.0
    ground = QRectF(room.center().x() - width / 2, room.top(), width, room.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(ground, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
