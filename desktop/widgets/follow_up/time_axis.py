"""The time axis of a lesion: its images placed by their day, with marks for what happened to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.axis_layout import MARGIN, SIDE, AxisLayout
from desktop.widgets.follow_up.film import Frame, Pair

_TOP = 6
_LINE = _TOP + SIDE + 9
"""Where the line of time is drawn, below the pictures."""

_HEIGHT = _LINE + 28
_MARK = 4
_HOLE = 2.75
"""Radius of the circle in the diamond of the same day."""

_SHORTEST_BAR = 4 * _MARK
"""Without its round ends: a circle of the same day leaves some of the bar at both sides."""


@dataclass(frozen=True)
class AxisMark:
    """What happened on a day: an assessment, or what has a `word` for the axis; `text` says what.

    With a last day, `until`, it is drawn as a bar, also where that is the same day.
    """

    day: dt.date
    text: str
    word: str = ""
    until: dt.date | None = None


class TimeAxis(QWidget):
    """Draws the film from old to new with the two compared images framed. Both are chosen here, by mouse and keys."""

    older_chosen = Signal(int)
    newer_chosen = Signal(int)
    """The place of an image in the film."""
    stepped = Signal(int, bool)
    """Go that many images forward, or (negative) back; whether with the newer of the two."""
    before_requested = Signal()
    first_requested = Signal()

    def __init__(self, picture_of: Callable[[Frame], QPixmap | None], parent: QWidget | None = None) -> None:
        """Create an empty axis; `picture_of` returns the thumbnail of an image, None until there is one."""
        super().__init__(parent)
        self._picture_of = picture_of
        self._frames: tuple[Frame, ...] = ()
        self._pair: Pair | None = None
        self._marks: tuple[AxisMark, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(self.tr("Images of the lesion from old to new"))

    def show_film(self, frames: Sequence[Frame], pair: Pair | None) -> None:
        """Show images, oldest first, and which two of them are compared."""
        self._frames, self._pair = tuple(frames), pair
        days = [frame.title for frame in self._frames]
        if pair is not None:
            both = self.tr("left: {older}, right: {newer}, of {count} images")
            days = [both.format(older=days[pair.older], newer=days[pair.newer], count=len(days))]
        self.setAccessibleDescription(", ".join(days))
        self.update()

    def show_marks(self, marks: Sequence[AxisMark]) -> None:
        """Show what happened to the lesion."""
        self._marks = tuple(marks)
        self.update()

    def place_of(self, index: int) -> QPointF:
        """Return the centre of a picture."""
        return QPointF(self._layout.lefts()[index] + SIDE / 2, _TOP + SIDE / 2)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * MARGIN + 2 * SIDE, _HEIGHT)

    @property
    def _layout(self) -> AxisLayout:
        days = tuple(frame.day for frame in self._frames)
        # A bar that reaches beyond the images is cut off there; one that begins after them, or ended before, is not.
        ends = [(mark.day, mark.until or mark.day) for mark in self._marks]
        after = [begin for begin, _end in ends if days and begin > days[-1]]
        before = [end for _begin, end in ends if days and end < days[0]]
        return AxisLayout(days, self.width(), (*before, *after))

    def _chosen(self) -> set[int]:
        return set() if self._pair is None else {self._pair.older, self._pair.newer}

    def _at(self, place: QPointF) -> int | None:
        """Return the picture at a point: of those that cover each other the compared ones, then the newest."""
        found = [
            index for index, left in enumerate(self._layout.lefts()) if QRectF(left, 0, SIDE, _LINE).contains(place)
        ]
        return max(found, key=lambda index: (index in self._chosen(), index), default=None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._frames:
            return
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(muted, 1))
        painter.drawLine(QPointF(MARGIN / 2, _LINE), QPointF(self.width() - MARGIN / 2, _LINE))
        lefts, chosen = self._layout.lefts(), self._chosen()
        for index in sorted(range(len(lefts)), key=lambda index: index in chosen):
            self._paint_picture(painter, index, lefts[index], is_chosen=index in chosen)
        self._paint_days(painter, lefts, chosen)
        for mark in sorted(self._marks, key=lambda mark: not mark.word):  # the circles last, within the diamonds
            self._paint_mark(painter, mark)

    def _paint_picture(self, painter: QPainter, index: int, left: float, *, is_chosen: bool) -> None:
        palette, frame = self.palette(), self._frames[index]
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        place = QRectF(left, _TOP, SIDE, SIDE)
        painter.setPen(QPen(muted, 1))
        painter.drawLine(QPointF(place.center().x(), place.bottom()), QPointF(self._layout.along(frame.day), _LINE))
        painter.fillRect(place, palette.color(QPalette.ColorRole.Mid))
        picture = self._picture_of(frame)
        if picture is not None:
            painter.drawPixmap(place, picture, _middle_of(picture))
        if is_chosen:
            colour = palette.color(QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Text)
            painter.setPen(QPen(colour, 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)

    def _paint_days(self, painter: QPainter, lefts: list[float], chosen: set[int]) -> None:
        """Write the day below each picture; where there is no room, below the compared ones first."""
        ends = {0, len(lefts) - 1}
        written: list[QRectF] = []
        for index in sorted(range(len(lefts)), key=lambda index: (index not in chosen, index not in ends)):
            font = painter.font()
            font.setBold(index in chosen)
            painter.setFont(font)
            frame = self._frames[index]
            text = local_day(frame.day) if frame.number == 1 else frame.place
            width = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(lefts[index] + SIDE / 2 - width / 2, 2), self.width() - width - 2)
            place = QRectF(left, _LINE + 6, width, painter.fontMetrics().height())
            if _is_free(place, written):
                written.append(place)
                painter.setPen(self.palette().color(QPalette.ColorRole.Text))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_words(painter, written)

    def _paint_words(self, painter: QPainter, written: list[QRectF]) -> None:
        font = painter.font()
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for mark, place in self._places_of_words(painter.fontMetrics(), written):
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, mark.word)

    def _places_of_words(self, metrics: QFontMetrics, written: Sequence[QRectF]) -> list[tuple[AxisMark, QRectF]]:
        """Return where the words of the marks stand, if they have room: below the line, else above it between the pictures.

        `written` are the places of the days.
        """
        taken = [*written, *(QRectF(left, _TOP, SIDE, SIDE) for left in self._layout.lefts())]
        found = []
        for mark in sorted(self._marks, key=lambda mark: mark.until is not None):
            width, height = metrics.horizontalAdvance(mark.word) + 2, metrics.height()
            begin, end = self._ends_of(mark)
            middles = [(begin + end) / 2, begin + width / 2, end - width / 2]
            if end - begin <= width:
                middles = [begin, begin + width / 2, begin - width / 2]
            tops = (_LINE + 6, _LINE - _MARK - 2 - height)
            places = (QRectF(at - width / 2, top, width, height) for top in tops for at in middles)
            place = next((place for place in places if _is_free(place, taken)), None)
            if mark.word and place is not None:
                taken.append(place)
                found.append((mark, place))
        return found

    def _ends_of(self, mark: AxisMark) -> tuple[float, float]:
        """Return where a mark begins and ends on the line."""
        return self._layout.along(mark.day), self._layout.along(mark.until or mark.day)

    def _paint_mark(self, painter: QPainter, mark: AxisMark) -> None:
        begin, end = self._ends_of(mark)
        centre = QPointF((begin + end) / 2, _LINE)
        if mark.until is not None:
            half = QPointF(max(end - begin, _SHORTEST_BAR) / 2, 0)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), _MARK, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(centre - half, centre + half)
            return
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.5))
        painter.setBrush(QBrush(self.palette().color(QPalette.ColorRole.Base)))
        if not mark.word:
            is_beside = any(one.word and one.until is None and one.day == mark.day for one in self._marks)
            if is_beside:
                painter.setPen(Qt.PenStyle.NoPen)
            radius = _HOLE if is_beside else _MARK
            painter.drawEllipse(centre, radius, radius)
            return
        painter.setBrush(QBrush(self.palette().color(QPalette.ColorRole.Text)))
        corners = ((0, -_MARK - 2), (_MARK + 2, 0), (0, _MARK + 2), (-_MARK - 2, 0))
        painter.drawPolygon(QPolygonF([centre + QPointF(*corner) for corner in corners]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.newer_chosen.emit(index)
        else:
            self.older_chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if is_chord(event):
            event.ignore()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            is_newer = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(1 if key == Qt.Key.Key_Right else -1, is_newer)
        elif key == Qt.Key.Key_Home:
            self.first_requested.emit()
        elif key == Qt.Key.Key_End:
            self.before_requested.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._frames:
            QToolTip.showText(event.globalPos(), for_tip(self._tip_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def _tip_at(self, place: QPointF) -> str:
        ends = ((mark.text, *self._ends_of(mark)) for mark in self._marks)
        near = [text for text, begin, end in ends if begin - 2 * _MARK <= place.x() <= end + 2 * _MARK]
        if near and abs(place.y() - _LINE) <= 2 * _MARK:
            return "\n".join(near)
        index = self._at(place)
        if index is None:
            return ""
        frame = self._frames[index]
        text = self.tr("{day}, {name}.").format(day=frame.title, name=frame.image.image.name)
        keys = (
            self.tr("Click: the earlier picture") if index < len(self._frames) - 1 else "",
            self.tr("Shift and click: the later picture") if index > 0 else "",
        )
        return "\n".join((text, *filter(None, keys)))


def _is_free(place: QRectF, written: Sequence[QRectF]) -> bool:
    return not any(place.adjusted(-6, 0, 6, 0).intersects(other) for other in written)


def _middle_of(picture: QPixmap) -> QRectF:
    """Return the central square of a thumbnail, in its pixels."""
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
