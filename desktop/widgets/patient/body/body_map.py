"""The body map widget: shows where lesions are, chooses a place or a point by a click, and zooms."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop.widgets.common.body.body_captions import paint_captions_in_view
from desktop.widgets.common.body.body_marks import BodyMark, middle_of, points_of, shown_in, to_pin
from desktop.widgets.common.body.body_painting import paint_marks, paint_place, paint_regions
from desktop.widgets.common.body.body_shapes import CANVAS, drawing
from desktop.widgets.common.body.body_views import FIGURES
from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.patient.body.body_hits import place_near
from desktop.widgets.patient.body.map_part import MapPart

_NEAR = 6.0
"""How far beside a small region, or a lesion, a click still chooses it, in points."""


class BodyMap(QWidget):
    """The whole map, or only its two figures as an overview: a click on a lesion opens it, one on a place enlarges that.

    Plus and minus zoom, the arrow keys move what is in view, 0 and Esc show the whole map again.
    """

    place_chosen = Signal(str)
    """The id of the place that was clicked; empty in a small map, where no lesion was hit."""
    pin_chosen = Signal(str, object)
    """The id of the place that was clicked, and the Pin of the very point."""
    place_hovered = Signal(str)
    """The id of the place under the pointer, empty if there is none."""
    mark_hovered = Signal(object)
    """The id of the lesion under the pointer, None if there is none."""
    mark_clicked = Signal(int)
    """The id of a lesion."""

    def __init__(self, *, overview: bool = False, is_small: bool = False, parent: QWidget | None = None) -> None:
        """A small map is an overview that names no lesion and does not zoom."""
        super().__init__(parent)
        self._overview = overview
        self._is_small = is_small
        self._area = FIGURES if overview else CANVAS
        self._part = MapPart(self._area)
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
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_small else Qt.FocusPolicy.TabFocus)
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
        marks = shown_in(self._area, marks)
        if marks != self._marks:
            self._marks, self._points = marks, points_of(marks, self._area)
        self._highlighted = highlighted
        self.update()

    # Zoom

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the map is in view."""
        return self._part.is_zoomed

    def zoom(self, steps: float, at: QPointF | None = None) -> None:
        """Zoom in (or, if negative, out) by a number of steps about a point of the widget, by default its middle."""
        at = QPointF(self.rect().center()) if at is None else at
        self._part.zoom(steps, self._to_canvas(at))
        self._draw_anew()

    def zoom_to(self, place: str, near: QPointF | None = None) -> None:
        """Show a place as large as it fits, with some of its surroundings.

        One that is drawn several times is shown where it contains the point of the canvas `near`, else where it is largest.
        """
        box = self._box_of(place, near)
        if box is not None:
            self._part.show_box(box)
            self._draw_anew()

    def fit(self) -> None:
        """Show the whole map."""
        self._part.fit()
        self._draw_anew()

    def _show_point(self, at: QPointF) -> None:
        """Move an enlarged part so far that a point of the canvas is in view."""
        if self._part.reveal(at):
            self._draw_anew()

    def _box_of(self, place: str, near: QPointF | None) -> QRectF | None:
        boxes = [region.path.boundingRect() for region in drawing().regions if region.place == place]
        return max(
            (box for box in boxes if self._area.contains(box.center())),
            key=lambda box: (near is not None and box.contains(near), box.width() * box.height()),
            default=None,
        )

    def _draw_anew(self) -> None:
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
        return self._part.transform(self.size())

    def _to_canvas(self, point: QPointF) -> QPointF:
        inverse, _ = self._transform().inverted()
        return inverse.map(point)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton and self.is_zoomed:
            self._drag(event.position())
            return
        mark = self.mark_at(event.position())
        if mark != self._hovered_mark:
            self._hovered_mark = mark
            self.mark_hovered.emit(mark)
        place = "" if self._is_small or mark is not None else self.place_at(event.position())
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
            self._part.move(moved)
            self._draw_anew()

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
            if mark is not None:
                self.mark_clicked.emit(mark)
            elif self._is_small:
                self.place_chosen.emit("")
            else:
                self._enlarge(at)
        elif place := self.place_at(at):
            self.place_chosen.emit(place)
            self.pin_chosen.emit(place, to_pin(self._to_canvas(at)))

    def _enlarge(self, at: QPointF) -> None:
        """Enlarge the place at a point of the widget; show the whole map again where there is none, or it is enlarged."""
        near = self._to_canvas(at)
        box = self._box_of(self.place_at(at), near)
        if box is None or not self._part.show_box(box):
            self._part.fit()
        self._draw_anew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if is_chord(event):
            super().keyPressEvent(event)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Minus}:
            self.zoom(2 if key == Qt.Key.Key_Plus else -2)
        elif key == Qt.Key.Key_0 or (key == Qt.Key.Key_Escape and self.is_zoomed):
            self.fit()
        elif key in steps and self.is_zoomed:
            self._part.step(*steps[Qt.Key(key)])
            self._draw_anew()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

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
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw_ground(self) -> QPixmap:
        ground = QPixmap(self.size() * self.devicePixelRatioF())
        ground.setDevicePixelRatio(self.devicePixelRatioF())
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        painter.setTransform(self._transform(), combine=True)
        paint_regions(painter, self.palette(), self._area, is_overview=self._overview)
        if not self._is_small:
            painter.resetTransform()
            paint_captions_in_view(painter, self.palette(), self._area, self._transform(), QRectF(self.rect()))
        painter.end()
        return ground
