"""Painting of a lesion's card: the newest image, beside it what is known in lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.widgets.common.icons import icon
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.patient.lesion_rows import LESION_ID, LesionRows
from desktop.widgets.visit.lesion_words import LesionLine

if TYPE_CHECKING:
    from desktop.core.records.values import KeptImage
    from desktop.widgets.common.thumbnails import Index

CARD = Qt.ItemDataRole.UserRole + 1
"""The item role of the LesionCard."""

_PICTURE = 88
_GAP = 8
_PADDING = 10

_WRAPPED = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)

_LINES = 6
"""Lines of text for which a card always has room: usually name, outcome, one that is open, assessment, images, one wrapped."""

_HIGHEST = 10_000
"""A height in points that no card needs."""


@dataclass(frozen=True)
class LesionCard:
    """What one card shows: `image` is the newest one, None if there is none, `images` says how many there are."""

    name: str
    image: KeptImage | None
    lines: tuple[LesionLine, ...]
    images: str


def card_height(metrics: QFontMetrics) -> int:
    """Return the height that a card always has, with the gap below it, in points."""
    return max(_PICTURE, _LINES * (metrics.lineSpacing() + 1)) + 2 * _PADDING + _GAP


def fitting(lines: Sequence[tuple[str, QFontMetrics]], room: QRect, first: int = 1) -> list[QRect | None]:
    """Return where each line of text stands, None for one without room: the tool tip has it.

    The last line has its room before all others but the `first` ones.
    """
    last, metrics = lines[-1]
    below = metrics.boundingRect(QRect(0, 0, room.width(), room.height()), _WRAPPED, last).height()
    places: list[QRect | None] = []
    top, is_full = room.top(), False
    for number, (line, metrics) in enumerate(lines[:-1]):
        wanted = QRect(room.left(), top, room.width(), room.bottom() + 1 - top)
        used = metrics.boundingRect(wanted, _WRAPPED, line)
        is_full = is_full or used.bottom() + (0 if number < first else 1 + below) > room.bottom()
        places.append(None if is_full else used)
        top = top if is_full else used.bottom() + 2
    place = QRect(room.left(), top, room.width(), below)
    return [*places, place if place.bottom() <= room.bottom() else None]


def fitting_card(
    card: LesionCard, plain: QFontMetrics, strong: QFontMetrics, room: QRect
) -> list[tuple[str, bool, QRect | None]]:
    """Return each text of a card, whether it is strong, and where it stands, see `fitting`.

    All lines stand whole if there is room for them; else what is due comes first.
    """
    whole = _placed(card, 0, plain, strong, room)
    if all(place is not None for _text, _is_strong, place in whole):
        return whole
    narrow = _placed(card, 1, plain, strong, room)
    if all(place is not None for _text, is_strong, place in narrow if is_strong):
        return narrow
    return _placed(card, 2, plain, strong, room)


def _placed(
    card: LesionCard, form: int, plain: QFontMetrics, strong: QFontMetrics, room: QRect
) -> list[tuple[str, bool, QRect | None]]:
    """Return the texts of a card in one of the `LesionLine.forms`."""
    lines = [(text, line.is_due) for line in card.lines if (text := line.forms[form])]
    due = [number for number, (_text, is_due) in enumerate(lines, 1) if is_due]
    texts = [(card.name, True), *lines, (card.images, False)]
    measured = [(text, strong if is_strong else plain) for text, is_strong in texts]
    places = fitting(measured, room, 1 + max(due, default=0))
    return [(text, is_strong, place) for (text, is_strong), place in zip(texts, places, strict=True)]


def whole_height(card: LesionCard, plain: QFontMetrics, strong: QFontMetrics, width: int) -> int:
    """Return the height in points that a card of this width needs for all its lines, with the gap below it."""
    room = _words_of(QRect(0, 0, width - _GAP, _HIGHEST))
    last = _placed(card, 0, plain, strong, room)[-1][2]
    return _HIGHEST if last is None else last.bottom() + 1 + _PADDING - 2 + _GAP


def _words_of(frame: QRect) -> QRect:
    """Return where the text of a card stands in its frame."""
    left = frame.left() + 2 * _PADDING + _PICTURE
    return QRect(left, frame.top() + _PADDING - 2, frame.right() - _PADDING - left, frame.height() - 2 * _PADDING + 4)


class CardView(LesionRows):
    """A view of cards, one of which may be highlighted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pointed: int | None = None
        """The id of the lesion whose card is highlighted."""


class CardDelegate(QStyledItemDelegate):
    """Draws one card; the highlighted one has a ground of the accent colour, as its pin has."""

    def __init__(self, thumbnails: Thumbnails, view: CardView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: LesionCard = index.data(CARD)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = option.rect.adjusted(0, 0, -_GAP, -_GAP)
        self._draw_ground(painter, option, frame, is_pointed=index.data(LESION_ID) == self._view.pointed)
        picture = QRect(frame.left() + _PADDING, frame.top() + _PADDING, _PICTURE, _PICTURE)
        self._draw_picture(painter, picture, card)
        self._draw_words(painter, _words_of(frame), card)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, frame: QRect, *, is_pointed: bool) -> None:
        palette = QGuiApplication.palette()  # the style sheet makes that of the view transparent
        accent, line = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Mid)
        soft = palette.color(QPalette.ColorRole.Highlight)
        soft.setAlpha(36)
        has_focus = bool(option.state & QtWidgets.QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(accent if is_pointed or has_focus else line, 2 if has_focus else 1))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 8, 8)
        if is_pointed:
            painter.setBrush(soft)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 8, 8)

    def _draw_picture(self, painter: QPainter, frame: QRect, card: LesionCard) -> None:
        painter.fillRect(frame, SURROUND)
        picture = None if card.image is None else self._thumbnails.picture(card.image.sha256, card.image.path)
        if picture is not None:
            size = picture.deviceIndependentSize().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio).toSize()
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)
        elif card.image is None:
            sign = QRect(0, 0, 28, 28)
            sign.moveCenter(frame.center())
            icon("lesion-open", "#e6e9eb").paint(painter, sign)

    def _draw_words(self, painter: QPainter, words: QRect, card: LesionCard) -> None:
        palette = QGuiApplication.palette()  # the style sheet makes that of the view transparent
        plain, strong = self._view.font(), QFont(self._view.font())
        strong.setBold(True)
        text, muted = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.PlaceholderText)
        placed = fitting_card(card, QFontMetrics(plain), QFontMetrics(strong), words)
        for number, (line, is_strong, place) in enumerate(placed, 1):
            if place is not None:
                painter.setFont(strong if is_strong else plain)
                painter.setPen(muted if number == len(placed) else text)
                painter.drawText(place, _WRAPPED, line)
