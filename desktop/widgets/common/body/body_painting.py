"""Painting of the body map: regions and captions in units of the canvas, lesions in points of the widget."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPalette, QPen

from desktop.widgets.common.body.body_marks import BodyMark, shows
from desktop.widgets.common.body.body_names import apart, beside
from desktop.widgets.common.body.body_shapes import BodyShape, drawing
from desktop.widgets.common.wording import translated

_RING, _SECONDARY_RING = 7.0, 5.0
"""Radius of the ring around a lesion on a photograph, in points, and of the ring around a secondary one."""

_RIM = 1.2
"""Of a sign, so that it is seen on what has its colour, in points."""

_DOT, _LESS = 4.5, 1.5
"""Radius of a dot or ring on the map, in points; a small or secondary one has less, the highlighted one more."""

_MOST_NAMES = 24
"""So many lesions have their names beside them; of more only the highlighted one has."""

_TEXT_SIZE = 13
"""Height of the type of a region's text in units of the canvas, unless another one is wanted."""

_NAME_SIZE = 10
"""Height of the type of a name, in points."""

_PILL = 18.0
"""Height of a name, in points."""

_WIDEST = 84.0
"""Width in points from which on a name is cut off, unless it is highlighted."""


def paint_regions(
    painter: QPainter, palette: QPalette, area: QRectF, *, is_overview: bool, text_size: float = _TEXT_SIZE
) -> None:
    """Draw every region that `area` shows, none of them chosen; `text_size` is that of its text in units of the canvas."""
    thin = QColor(palette.color(QPalette.ColorRole.PlaceholderText))
    thin.setAlpha(130 if is_overview else 150)
    painter.setPen(QPen(thin, 0.6 if is_overview else 0.9))
    painter.setBrush(QBrush(palette.color(QPalette.ColorRole.AlternateBase)))
    shown = [region for region in drawing().regions if shows(area, region)]
    for region in shown:
        painter.drawPath(region.path)
    for region in shown:
        _paint_text(painter, palette, region, text_size, is_chosen=False)


def paint_captions(painter: QPainter, palette: QPalette, area: QRectF, text_size: float) -> None:
    """Draw the captions of all drawings of `area`, in units of the canvas; for a map that zooms see `body_captions`."""
    for caption in drawing().captions:
        if area.contains(caption.at):
            role = QPalette.ColorRole.WindowText if caption.is_side else QPalette.ColorRole.PlaceholderText
            painter.setPen(palette.color(role))
            painter.setFont(_font(painter, text_size, bold=True))
            box = QRectF(caption.at.x() - 100, caption.at.y() - 12, 200, 24)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, translated(caption.text))


def paint_place(
    painter: QPainter, palette: QPalette, area: QRectF, place: str, *, is_chosen: bool, has_pin: bool
) -> None:
    """Draw a chosen place, or the one under the pointer, above the edges of its neighbours.

    A chosen one is filled, unless it has the pin of the lesion, which must stand out from it.
    """
    is_filled = is_chosen and not has_pin
    accent = palette.color(QPalette.ColorRole.Highlight)
    soft = QColor(accent)
    soft.setAlpha(70)
    for region in drawing().regions:
        if region.place == place and shows(area, region):
            painter.setPen(QPen(accent, 2.4 if is_chosen else 1.8))
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawPath(region.path)
            painter.setBrush(accent if is_filled else soft)
            painter.drawPath(region.path)
            _paint_text(painter, palette, region, _TEXT_SIZE, is_chosen=is_filled)


def paint_marks(
    painter: QPainter,
    palette: QPalette,
    marks: Sequence[BodyMark],
    points: Mapping[int, QPointF],
    highlighted: int | None,
    bounds: QRectF,
    *,
    is_small: bool,
    is_photograph: bool = False,
    most_names: int = _MOST_NAMES,
    widest_name: float = _WIDEST,
) -> None:
    """Draw lesions at points of the widget: a pin filled, a place without a pin as a ring; the highlighted one last.

    On a photograph a pin is a ring too, through which the lesion is seen: a dot would look like one. A secondary one is smaller
    and grey, and lies below the others. A small map names none; of more than `most_names` only the highlighted one is named.
    What is highlighted moves no name.
    """
    inside = [mark for mark in marks if mark.lesion_id in points and bounds.contains(points[mark.lesion_id])]
    shown = sorted(inside, key=lambda mark: (mark.lesion_id == highlighted, not mark.is_secondary))
    for mark in shown:
        is_highlighted = mark.lesion_id == highlighted
        at, ink = points[mark.lesion_id], palette.color(_role(mark, is_highlighted=is_highlighted))
        if is_photograph:
            _paint_ring(painter, palette, at, ink, _SECONDARY_RING if mark.is_secondary else _RING)
        else:
            radius = _DOT - (_LESS if is_small or mark.is_secondary else 0.0) + (_LESS if is_highlighted else 0.0)
            _paint_dot(painter, palette, at, ink, radius, is_pin=mark.pin is not None)
    if is_small:
        return
    painter.setFont(_font(painter, _NAME_SIZE, bold=True))
    places = {}
    if len(inside) <= most_names:
        sizes = {mark.lesion_id: _size(painter, _short(painter, mark.name, widest_name)) for mark in inside}
        places = apart({lesion_id: points[lesion_id] for lesion_id in sizes}, sizes, bounds)
    for mark in shown:
        if mark.lesion_id == highlighted:
            pill = beside(points[mark.lesion_id], _size(painter, mark.whole_name), bounds)
            _paint_name(painter, palette, pill, mark.whole_name, QPalette.ColorRole.Highlight)
        elif mark.lesion_id in places:
            pill, name = places[mark.lesion_id], _short(painter, mark.name, widest_name)
            role = _role(mark, is_highlighted=False)
            _paint_name(painter, palette, pill, name, role, is_bold=not mark.is_secondary)


def _role(mark: BodyMark, *, is_highlighted: bool) -> QPalette.ColorRole:
    """Return the colour of a lesion's sign."""
    if is_highlighted:
        return QPalette.ColorRole.Highlight
    return QPalette.ColorRole.PlaceholderText if mark.is_secondary else QPalette.ColorRole.WindowText


def _short(painter: QPainter, name: str, widest: float) -> str:
    return painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(widest))


def _size(painter: QPainter, name: str) -> QSizeF:
    return QSizeF(painter.fontMetrics().horizontalAdvance(name) + 10, _PILL)


def _paint_dot(painter: QPainter, palette: QPalette, at: QPointF, ink: QColor, radius: float, *, is_pin: bool) -> None:
    ground = palette.color(QPalette.ColorRole.Base)
    if not is_pin:  # a chosen place has the colour of the ring, which would be lost on it
        painter.setPen(QPen(ground, 2.0 + 2 * _RIM))
        painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(ground, _RIM) if is_pin else QPen(ink, 2.0))
    painter.setBrush(ink if is_pin else ground)
    painter.drawEllipse(at, radius, radius)


def _paint_ring(painter: QPainter, palette: QPalette, at: QPointF, ink: QColor, radius: float) -> None:
    """Draw a ring that is seen on dark and on light skin."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((palette.color(QPalette.ColorRole.Base), 4.5), (ink, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(at, radius, radius)


def _paint_name(
    painter: QPainter, palette: QPalette, pill: QRectF, name: str, role: QPalette.ColorRole, *, is_bold: bool = True
) -> None:
    """Write a name in the colour of a role; the highlighted one stands on that colour."""
    is_highlighted = role is QPalette.ColorRole.Highlight
    ground = palette.color(role if is_highlighted else QPalette.ColorRole.Base)
    if not is_highlighted:
        ground.setAlpha(215)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, 5, 5)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText if is_highlighted else role))
    painter.setFont(_font(painter, _NAME_SIZE, bold=is_bold))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def _paint_text(painter: QPainter, palette: QPalette, region: BodyShape, text_size: float, *, is_chosen: bool) -> None:
    if region.text:
        role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.WindowText
        pen = painter.pen()
        painter.setPen(palette.color(role))
        painter.setFont(_font(painter, text_size))
        painter.drawText(region.path.boundingRect(), Qt.AlignmentFlag.AlignCenter, translated(region.text))
        painter.setPen(pen)


def _font(painter: QPainter, size: float, *, bold: bool = False) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(round(size))
    font.setBold(bold)
    return font
