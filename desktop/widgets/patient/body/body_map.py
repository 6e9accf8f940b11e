"""The body map widget: shows where lesions are, chooses a place or a point by a click, and zooms."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QTransform, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop.widgets.common.body.body_marks import BodyMark, middle_of, points_of, to_pin
from desktop.widgets.common.body.body_painting import paint_marks, paint_place, paint_regions
from desktop.widgets.common.body.body_shapes import CANVAS, FIGURES, drawing
from desktop.widgets.patient.body.body_hits import place_near

_NEAR = 6.0
"""How far beside a small region, or a lesion, a click still chooses it, in points."""

_STEP, _MOST = 1.25, 8.0
"""One step of the zoom, and the greatest one."""


class BodyMap(QWidget):
    """The whole map, or only its two figures as an overview, in which lesions can be clicked but no place chosen."""

    place_chosen = Signal(str)
    """The id of the place that was clicked; empty in an overview, where no lesion was hit."""
    pin_chosen = Signal(str, object)
    """The id of the place that was clicked, and the Pin of the very point."""
    place_hovered = Signal(str)
    """The id of the place under the pointer, empty if there is none."""
    mark_hovered = Signal(object)
    """The id of the lesion under the pointer, None if there is none."""
    mark_clicked = Signal(int)
    """The id of a lesion."""

    def __init__(self, *, overview: bool = False, is_small: bool = False, parent: QWidget | None = None) -> None:
        """A small map names no lesion and does not zoom."""
        super().__init__(parent)
        self._overview = overview
        self._is_small = is_small
        self._area = FIGURES if overview else CANVAS
        self._shown = QRectF(self._area)
        """The part of the canvas that fills the widget."""
        self._chosen = ""
        self._hovered = ""
        self._marks: list[BodyMark] = []
        self._points: dict[int, QPointF] = {}
        self._highlighted: int | None = None
        self._hovered_mark: int | None = None
        self._pressed: QPointF | None = None
        self._is_dragged = False
        self._ground = QPixmap()
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Body map"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def chosen(self) -> str:
        """The id of the chosen place."""
        return self._chosen

    @property
    def highlighted(self) -> int | None:
        """The id of the highlighted lesion."""
        return self._highlighted

    @property
    def ground(self) -> QPixmap:
        """The drawing without lesions, which is kept until the size, the zoom or the theme changes."""
        return self._ground

    def choose(self, place: str) -> None:
        """Choose a place, or none if empty."""
        self._chosen = place
        self.update()

    def mark(self, marks: Iterable[BodyMark], highlighted: int | None = None) -> None:
        """Show lesions, one of them (by its id) highlighted or none."""
        marks = list(marks)
        if marks != self._marks:
            self._marks, self._points = marks, points_of(marks, self._area)
        self._highlighted = highlighted
        self.update()

    # Zoom

    def zoom(self, steps: float, at: QPointF | None = None) -> None:
        """Zoom in (or, if negative, out) by a number of steps about a point of the widget, by default its middle."""
        at = QPointF(self.rect().center()) if at is None else at
        fixed = self._to_canvas(at)
        wanted = self._shown.width() / _STEP**steps
        width = min(max(wanted, self._area.width() / _MOST), self._area.width())
        scale = width / self._shown.width()
        left = fixed.x() - scale * (fixed.x() - self._shown.left())
        top = fixed.y() - scale * (fixed.y() - self._shown.top())
        self._show_part(QRectF(left, top, width, scale * self._shown.height()))

    def zoom_to(self, place: str) -> None:
        """Show a place as large as it fits, with some of its surroundings."""
        boxes = [region.path.boundingRect() for region in drawing().regions if region.place == place]
        boxes = [box for box in boxes if self._area.contains(box.center())]
        if boxes:
            box = max(boxes, key=lambda one: one.width() * one.height())
            share = max(1.6 * box.width() / self._area.width(), 1.6 * box.height() / self._area.height(), 1 / _MOST)
            part = QRectF(0, 0, min(share, 1.0) * self._area.width(), min(share, 1.0) * self._area.height())
            part.moveCenter(box.center())
            self._show_part(part)

    def fit(self) -> None:
        """Show the whole map."""
        self._show_part(QRectF(self._area))

    def _show_part(self, part: QRectF) -> None:
        part.moveLeft(min(max(part.left(), self._area.left()), self._area.right() - part.width()))
        part.moveTop(min(max(part.top(), self._area.top()), self._area.bottom() - part.height()))
        self._shown = part
        self._ground = QPixmap()
        self.update()

    # Places and lesions

    def place_at(self, point: QPointF) -> str:
        """Return the id of the place at a point of the widget, or of a small one right beside it; empty if none."""
        return place_near(self._to_canvas(point), _NEAR / self._transform().m11())

    def mark_at(self, point: QPointF) -> int | None:
        """Return the id of the lesion at a point of the widget, the nearest one if several are; None if there is none."""
        transform = self._transform()
        away = {lesion_id: (transform.map(at) - point).manhattanLength() for lesion_id, at in self._points.items()}
        nearest = min(away, key=lambda lesion_id: away[lesion_id], default=None)
        return nearest if nearest is not None and away[nearest] <= 2 * _NEAR else None

    def point_of(self, lesion_id: int) -> QPointF:
        """Return the point of the widget of a lesion; a null point if the map does not show it."""
        at = self._points.get(lesion_id)
        return QPointF() if at is None else self._transform().map(at)

    def centre_of(self, place: str) -> QPointF:
        """Return a point of the widget inside a place, or inside the part of the figure that contains it."""
        middle = middle_of(place, self._area)
        return QPointF() if middle is None else self._transform().map(middle)

    def sizeHint(self) -> QSize:
        return QSize(180, 206) if self._overview else QSize(860, 560)

    def _transform(self) -> QTransform:
        scale = min(self.width() / self._shown.width(), self.height() / self._shown.height())
        left = (self.width() - scale * self._shown.width()) / 2
        top = (self.height() - scale * self._shown.height()) / 2
        moved = QTransform.fromTranslate(left, top).scale(scale, scale)
        return moved.translate(-self._shown.left(), -self._shown.top())

    def _to_canvas(self, point: QPointF) -> QPointF:
        inverse, _ = self._transform().inverted()
        return inverse.map(point)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton and self._shown != self._area:
            self._drag(event.position())
            return
        mark = self.mark_at(event.position())
        if mark != self._hovered_mark:
            self._hovered_mark = mark
            self.mark_hovered.emit(mark)
        place = "" if self._overview else self.place_at(event.position())
        self._hover(place)
        is_hand = bool(place) or mark is not None or self._is_small
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_hand else Qt.CursorShape.ArrowCursor)

    def _drag(self, to: QPointF) -> None:
        """Move the part in view; a small movement is still a click."""
        if self._pressed is None:
            return
        if self._is_dragged or (to - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            moved = self._to_canvas(self._pressed) - self._to_canvas(to)
            self._is_dragged, self._pressed = True, to
            self._show_part(self._shown.translated(moved))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover("")
        if self._hovered_mark is not None:
            self._hovered_mark = None
            self.mark_hovered.emit(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragged, self._pressed, self._is_dragged = self._is_dragged, None, False
        at = event.position()
        if event.button() is not Qt.MouseButton.LeftButton or was_dragged or not self.rect().contains(at.toPoint()):
            return
        if self._overview:
            mark = self.mark_at(at)
            if mark is None:
                self.place_chosen.emit("")
            else:
                self.mark_clicked.emit(mark)
        elif place := self.place_at(at):
            self.place_chosen.emit(place)
            self.pin_chosen.emit(place, to_pin(self._to_canvas(at)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._is_small:
            event.ignore()
        else:
            self.zoom(event.angleDelta().y() / 120, event.position())
            event.accept()

    def _hover(self, place: str) -> None:
        if place != self._hovered:
            self._hovered = place
            self.update()
            self.place_hovered.emit(place)

    # Painting

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._ground = QPixmap()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._ground.size() != self.size() * self.devicePixelRatioF():
            self._ground = self._draw_ground()
        transform = self._transform()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(transform)
        has_pin = any(mark.pin is not None for mark in self._marks if mark.lesion_id == self._highlighted)
        for place, is_chosen in ((self._hovered, False), (self._chosen, True)):
            if place:
                paint_place(painter, self.palette(), self._area, place, is_chosen=is_chosen, has_pin=has_pin)
        painter.resetTransform()
        points = {lesion_id: transform.map(at) for lesion_id, at in self._points.items()}
        paint_marks(
            painter,
            self.palette(),
            self._marks,
            points,
            self._highlighted,
            QRectF(self.rect()),
            is_small=self._is_small,
        )

    def _draw_ground(self) -> QPixmap:
        ground = QPixmap(self.size() * self.devicePixelRatioF())
        ground.setDevicePixelRatio(self.devicePixelRatioF())
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        painter.setTransform(self._transform(), combine=True)
        paint_regions(painter, self.palette(), self._area, is_overview=self._overview)
        painter.end()
        return ground
