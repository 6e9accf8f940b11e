"""The body map widget: shows the sites of lesions, and chooses a site by a click."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.common.body_places import places
from desktop.widgets.common.wording import translated
from desktop.widgets.patient.body.body_shapes import CANVAS, FIGURES, BodyShape, drawing

_DOT = 9.0
"""Radius of a lesion's dot on the large map, in points."""

_NEAR = 6.0
"""How far beside a small region a click still chooses it, in points."""

_SMALL = 18.0
"""Largest longer side, in units of the canvas, of a region that is hard to hit, such as a nail."""

_GRID = 24
"""Steps in each direction when searching for the middle of a region."""

_LARGER = (-2.0, -4.0, 2.0, 2.0)
"""How far the clickable area of a small region extends beyond its drawing."""


class BodyMap(QWidget):
    """The whole map, or only its two figures as an overview; `place_chosen` emits the id of a place."""

    place_chosen = Signal(str)
    place_hovered = Signal(str)
    """The id of the place under the pointer, empty if there is none."""

    def __init__(self, *, overview: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview = overview
        self._area = FIGURES if overview else CANVAS
        self._chosen = ""
        self._hovered = ""
        self._marks: dict[str, str] = {}
        self._highlighted = ""
        self.setMouseTracking(not overview)
        self.setAccessibleName(self.tr("Body map"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor if overview else Qt.CursorShape.ArrowCursor)

    @property
    def chosen(self) -> str:
        """The id of the chosen place."""
        return self._chosen

    def choose(self, place: str) -> None:
        """Choose a place, or none if empty."""
        self._chosen = place
        self.update()

    def mark(self, sites: Mapping[str, str], highlighted: str = "") -> None:
        """Show lesions by name at their sites (ids of places), one of them highlighted or none."""
        self._marks = {name: site for name, site in sites.items() if site}
        self._highlighted = highlighted
        self.update()

    def place_at(self, point: QPointF) -> str:
        """Return the id of the place at a point of the widget, or of a small one right beside it; empty if none."""
        inverse, _ = self._transform().inverted()
        at = inverse.map(point)
        near = _NEAR / self._transform().m11()
        for region in _small():
            if region.path.boundingRect().adjusted(*_LARGER).contains(at):
                return region.place
        for region in drawing().regions:
            if region.path.contains(at):
                return region.place
        around = QRectF(at.x() - near, at.y() - near, 2 * near, 2 * near)
        return next((region.place for region in drawing().regions if region.path.intersects(around)), "")

    def centre_of(self, place: str) -> QPointF:
        """Return a point of the widget inside a place, or inside the part of the figure that contains it."""
        regions = drawing().regions
        numbers = [n for n, region in enumerate(regions) if region.place == place and self._shows(region)]
        if not numbers:
            holder = places()[place].part_of if place in places() else ""
            return self.centre_of(holder) if holder else QPointF()
        largest = max(numbers, key=lambda n: _extent(regions[n].path.boundingRect()))
        return self._transform().map(_middle(largest))

    def sizeHint(self) -> QSize:
        return QSize(180, 206) if self._overview else QSize(860, 560)

    def _shows(self, region: BodyShape) -> bool:
        return not self._overview or self._area.contains(region.path.boundingRect().center())

    def _transform(self) -> QTransform:
        scale = min(self.width() / self._area.width(), self.height() / self._area.height())
        left = (self.width() - scale * self._area.width()) / 2
        top = (self.height() - scale * self._area.height()) / 2
        moved = QTransform.fromTranslate(left, top).scale(scale, scale)
        return moved.translate(-self._area.left(), -self._area.top())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._overview:
            self._hover(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover("")
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            place = "" if self._overview else self.place_at(event.position())
            if place or self._overview:
                self.place_chosen.emit(place)

    def _hover(self, place: str) -> None:
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
            self.update()
            self.place_hovered.emit(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        transform = self._transform()
        painter.setTransform(transform)
        self._paint_regions(painter)
        if not self._overview:
            self._paint_captions(painter)
        painter.resetTransform()
        self._paint_marks(painter)

    def _paint_regions(self, painter: QPainter) -> None:
        palette = self.palette()
        line = palette.color(QPalette.ColorRole.PlaceholderText)
        ground = palette.color(QPalette.ColorRole.AlternateBase)
        accent = palette.color(QPalette.ColorRole.Highlight)
        soft = QColor(accent)
        soft.setAlpha(70)
        width = 0.6 if self._overview else 0.9
        thin = QColor(line)
        thin.setAlpha(130 if self._overview else 150)
        last: list[BodyShape] = []
        for region in drawing().regions:
            if not self._shows(region):
                continue
            if region.place and region.place in {self._chosen, self._hovered}:
                last.append(region)
                continue
            painter.setPen(QPen(thin, width))
            painter.setBrush(QBrush(ground))
            painter.drawPath(region.path)
        for region in last:  # drawn above their neighbours' edges
            is_chosen = region.place == self._chosen
            painter.setPen(QPen(accent, 2.4 if is_chosen else 1.8))
            painter.setBrush(ground)
            painter.drawPath(region.path)
            painter.setBrush(accent if is_chosen else soft)
            painter.drawPath(region.path)
        for region in drawing().regions:
            if region.text and self._shows(region):
                is_chosen = region.place == self._chosen
                role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.WindowText
                painter.setPen(palette.color(role))
                painter.setFont(self._font(11))
                painter.drawText(region.path.boundingRect(), Qt.AlignmentFlag.AlignCenter, translated(region.text))

    def _paint_captions(self, painter: QPainter) -> None:
        for caption in drawing().captions:
            role = QPalette.ColorRole.WindowText if caption.is_side else QPalette.ColorRole.PlaceholderText
            painter.setPen(self.palette().color(role))
            painter.setFont(self._font(13 if caption.is_side else 12, bold=True))
            box = QRectF(caption.at.x() - 100, caption.at.y() - 12, 200, 24)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, translated(caption.text))

    def _paint_marks(self, painter: QPainter) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        seen: dict[str, int] = {}
        for name, site in self._marks.items():
            centre = self.centre_of(site)
            if centre.isNull():
                continue
            shift = seen.get(site, 0)  # several lesions at one site are side by side
            seen[site] = shift + 1
            is_highlighted = name == self._highlighted
            if self._overview:
                radius = 4.5 if is_highlighted else 3.0
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), 1.2))
                painter.setBrush(accent if is_highlighted else text)
                painter.drawEllipse(centre + QPointF(5 * shift, 0), radius, radius)
                continue
            self._paint_label(painter, centre + QPointF(2.6 * _DOT * shift, 0), name, is_highlighted)

    def _paint_label(self, painter: QPainter, centre: QPointF, name: str, is_highlighted: bool) -> None:
        palette = self.palette()
        painter.setFont(self._font(9, bold=True))
        width = max(2 * _DOT, painter.fontMetrics().horizontalAdvance(name) + 10)
        pill = QRectF(centre.x() - width / 2, centre.y() - _DOT, width, 2 * _DOT)
        ground = palette.color(QPalette.ColorRole.Highlight if is_highlighted else QPalette.ColorRole.Base)
        words = palette.color(QPalette.ColorRole.HighlightedText if is_highlighted else QPalette.ColorRole.WindowText)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1.4))
        painter.setBrush(ground)
        painter.drawRoundedRect(pill, _DOT, _DOT)
        painter.setPen(words)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, name)

    def _font(self, size: float, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(size * 1.15))
        font.setBold(bold)
        return font


@cache
def _small() -> tuple[BodyShape, ...]:
    boxes = ((region, region.path.boundingRect()) for region in drawing().regions)
    return tuple(region for region, box in boxes if max(box.width(), box.height()) < _SMALL)


def _extent(box: QRectF) -> float:
    return box.width() * box.height()


@cache
def _middle(number: int) -> QPointF:
    """Return a point well inside a region, as central as possible; `number` is its index in the drawing."""
    path = drawing().regions[number].path
    box = path.boundingRect()
    grid = [
        QPointF(box.left() + box.width() * column / _GRID, box.top() + box.height() * row / _GRID)
        for column in range(1, _GRID)
        for row in range(1, _GRID)
    ]
    grid.sort(key=lambda point: (point - box.center()).manhattanLength())
    for room in (6.0, 4.0, 2.5, 1.5, 0.8):  # units of the canvas that must be free around it
        for point in grid:
            if path.contains(QRectF(point.x() - room, point.y() - room, 2 * room, 2 * room)):
                return point
    return box.center()
