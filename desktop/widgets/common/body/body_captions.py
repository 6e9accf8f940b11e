"""The captions of the body map in a view of it: each stays in the picture while its part of a drawing does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QTransform

from desktop.widgets.common.body.body_shapes import BodyCaption, drawing
from desktop.widgets.common.body.body_views import DETAILS, FIGURES
from desktop.widgets.common.wording import translated

_LARGEST, _SMALLEST = 15, 11
"""Height of the type in points: it follows the zoom between these."""

_LEAST = 24.0
"""So many points of a part must be in view for its caption to stand there."""

_EDGE = 12.0
"""Points between the edge of the view and the middle of a caption's line."""


@dataclass(frozen=True)
class CaptionInView:
    """A word centred at `at`, in points of the widget; `is_moved` if its own place is out of view."""

    text: str
    at: QPointF
    is_side: bool
    is_moved: bool


def captions_in_view(area: QRectF, transform: QTransform, bounds: QRectF, font: QFont) -> list[CaptionInView]:
    """Return the captions of all drawings, and of the patient's sides, that are in view.

    Args:
        area: the part of the canvas that the map has.
        transform: from the canvas to the widget.
        bounds: of the widget.
        font: of the captions, by which those that are moved keep away from the edge.
    """
    metrics = QFontMetricsF(font)
    found = []
    for caption in drawing().captions:
        seen = transform.mapRect(_part(caption)).intersected(bounds)
        if not area.contains(caption.at) or seen.width() < _LEAST or seen.height() < _LEAST:
            continue
        text = translated(caption.text)
        beside = min(metrics.horizontalAdvance(text) / 2 + 4, seen.width() / 2)
        below = _EDGE + (metrics.height() + 4 if caption.is_side else 0)  # the side is below the name of the drawing
        own = transform.map(caption.at)
        at = QPointF(
            min(max(own.x(), seen.left() + beside), seen.right() - beside),
            min(max(own.y(), min(bounds.top() + below, seen.bottom())), bounds.bottom() - _EDGE),
        )
        found.append(CaptionInView(text, at, caption.is_side, (at - own).manhattanLength() > _EDGE))
    return found


def caption_font(font: QFont, transform: QTransform) -> QFont:
    """Return the font of the captions at this zoom."""
    made = QFont(font)
    made.setPixelSize(round(min(max(_LARGEST * transform.m11(), _SMALLEST), _LARGEST)))
    made.setBold(True)
    return made


def paint_captions_in_view(
    painter: QPainter, palette: QPalette, area: QRectF, transform: QTransform, bounds: QRectF
) -> None:
    """Draw the captions in points of the widget; one that was moved has a ground, for it stands on the drawing."""
    font = caption_font(painter.font(), transform)
    painter.setFont(font)
    ground = palette.color(QPalette.ColorRole.Window)
    ground.setAlpha(215)
    for caption in captions_in_view(area, transform, bounds, font):
        box = QFontMetricsF(font).boundingRect(caption.text).adjusted(-4, -2, 4, 2)
        box.moveCenter(caption.at)
        if caption.is_moved:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 4, 4)
        role = QPalette.ColorRole.WindowText if caption.is_side else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, caption.text)


def _part(caption: BodyCaption) -> QRectF:
    """Return the part of the canvas that a caption names: a drawing, or for a side its half of one."""
    front = QRectF(FIGURES.topLeft(), QPointF(FIGURES.center().x(), FIGURES.bottom()))
    views = (front, front.translated(front.width(), 0), *DETAILS)
    view = next(one for one in views if one.contains(caption.at))
    if not caption.is_side:
        return view
    sides = [one.at for one in drawing().captions if one.is_side and view.contains(one.at)]
    middle = sum(at.x() for at in sides) / len(sides)
    left, right = (view.left(), middle) if caption.at.x() < middle else (middle, view.right())
    rows = sum(at.y() for at in sides) / len(sides)
    has_rows = len({at.y() for at in sides}) > 1
    top = rows if has_rows and caption.at.y() > rows else view.top()
    bottom = rows if has_rows and caption.at.y() < rows else view.bottom()
    return QRectF(QPointF(left, top), QPointF(right, bottom))
