"""Renders what a view shows as a picture."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from desktop.widgets.image.picture_items import PictureItem
from desktop.widgets.image.zoom_view import ZoomView

_LINE = 24
_LARGEST = 1200
"""Longer side in pixels of a whole picture with a layer: 300 dpi in the column of a report."""


def picture_of(views: list[ZoomView], captions: list[str], stamp: str = "") -> QImage:
    """Return views side by side as on the screen, with the layers over the image, without minimap and focus frame.

    Args:
        views: from left to right, at least one.
        captions: a line below each view; if all are empty they take no room.
        stamp: a word that is drawn over the last view, so that it cannot be cropped off.
    """
    ratio = views[0].devicePixelRatioF()
    sizes = [view.viewport().size() for view in views]
    below = _LINE if any(captions) else 0
    width, height = sum(size.width() for size in sizes), max(size.height() for size in sizes)
    image = QImage(QSize(width, height + below) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#2b2b2b"))
    painter = QPainter(image)
    left = 0
    for view, size, caption in zip(views, sizes, captions, strict=True):
        part = QImage(
            size * ratio, QImage.Format.Format_RGB32
        )  # with a painter of its own: a view paints relative to its own corner
        part.setDevicePixelRatio(ratio)
        inner = QPainter(part)
        inner.setRenderHints(view.renderHints())
        view.render(inner, QRectF(0, 0, size.width(), size.height()), view.viewport().rect())
        inner.end()
        painter.drawImage(left, 0, part)
        painter.setPen(QColor("#f2f2f2"))
        room = QRectF(left + 8, height, size.width() - 16, _LINE)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, caption)
        left += size.width()
    if stamp:
        _stamp(painter, QRectF(left - sizes[-1].width(), 0, sizes[-1].width(), height), stamp)
    painter.end()
    return image


def overlaid(levels: tuple[QImage, ...], layer: QGraphicsItem) -> QImage:
    """Return a whole picture, given as full size and halved sizes, with one layer over it: upright and limited in size."""
    option = QStyleOptionGraphicsItem()
    width, height = levels[0].width(), levels[0].height()
    scale = min(1.0, _LARGEST / max(width, height))
    image = QImage(max(round(width * scale), 1), max(round(height * scale), 1), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(image.width() / width, image.height() / height)
    for item in (PictureItem(levels), layer):
        painter.setOpacity(item.opacity())
        item.paint(painter, option)
    painter.end()
    return image


def _stamp(painter: QPainter, room: QRectF, text: str) -> None:
    """Draw a word large, slanted and half transparent across the middle."""
    painter.save()
    painter.translate(room.center())
    painter.rotate(-24)
    font = painter.font()
    font.setBold(True)
    font.setPointSizeF(max(14.0, room.width() / 11))
    painter.setFont(font)
    across = QRectF(-room.width(), -room.height() / 2, 2 * room.width(), room.height())
    for shift, colour in ((2, QColor(0, 0, 0, 110)), (0, QColor(255, 255, 255, 150))):
        painter.setPen(colour)
        painter.drawText(across.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
