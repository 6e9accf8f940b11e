"""Painting of the film strip, and its thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.late import Late
from desktop.widgets.common.icons import icon

if TYPE_CHECKING:
    from desktop.core.imaging import opening
    from desktop.widgets.common.thumbnails import Index
else:
    opening = Late("desktop.core.imaging.opening")

IMAGE = Qt.ItemDataRole.UserRole
"""The item role of the StripImage; headings have none."""
SIDE = 64
CAPTION = 18
MARGIN = 4
"""Side of a thumbnail, height of its caption, and margin, in points."""

_BADGE = 44
"""Size of the sign of a clinical photograph, in pixels of a thumbnail, which has two per point."""


class StripDelegate(QStyledItemDelegate):
    """Draws a thumbnail above its caption, and a heading in muted text; the current image is framed, with unchanged colours."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect.adjusted(1, 1, -1, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        palette = QGuiApplication.palette()  # the style sheet changes the palette of the option
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        image = index.data(IMAGE)
        if image is None:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)
            painter.restore()
            return
        is_selected = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QtWidgets.QStyle.StateFlag.State_MouseOver:
            ground = palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(ground, 2) if is_selected else Qt.PenStyle.NoPen)
            ground.setAlpha(40)
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, 6, 6)
        place = QRect(rect.left() + MARGIN, rect.top() + MARGIN - 1, rect.width() - 2 * MARGIN, SIDE)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, place)
        if text:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            below = QRect(rect.left(), place.bottom(), rect.width(), CAPTION)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()


def marked(picture: QImage) -> QPixmap:
    """Return the thumbnail of a clinical photograph with a sign in its corner."""
    pixmap = QPixmap.fromImage(picture)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 225))
    top = pixmap.height() - _BADGE - 2
    painter.drawRoundedRect(2, top, _BADGE, _BADGE, 8, 8)
    sign = icon("clinical", "#1b2024").pixmap(32, 32)
    painter.drawPixmap(2 + (_BADGE - 32) // 2, top + (_BADGE - 32) // 2, 32, 32, sign)
    painter.end()
    return pixmap


def thumbnail(data: bytes, name: str, side: int) -> QImage:
    """Decode an image's bytes with its longer side at most `side` pixels. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the file is not an image that can be opened.
    """
    image = opening.decode(data, name, at_least=side)
    image.thumbnail((side, side))
    view = QImage(image.tobytes(), image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888)
    return view.copy()
