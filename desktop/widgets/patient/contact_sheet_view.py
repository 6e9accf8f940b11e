"""The pictures of the contact sheet, each above the name of its lesion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.thumbnails import Index, Thumbnails
from desktop.widgets.image.scale_bar import draw_scale_bar

if TYPE_CHECKING:
    from desktop.core.records.values import KeptImage

SIDE = 200
"""The longer side of the largest picture, in points."""
GAP = 12
_LINES = 2
"""Lines of a lesion's name below its picture; a remark has one below them."""

_NUMBER = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class SheetImage:
    """A dermatoscope image of a lesion at this visit. `mm_per_pixel` is None where it is not known.

    `remark` says why the lesion is not in the order of the sheet, empty if it is.
    """

    lesion_id: int
    name: str
    image: KeptImage
    mm_per_pixel: float | None = None
    remark: str = ""

    @property
    def longer_side(self) -> int:
        """The longer side in pixels."""
        return max(self.image.width, self.image.height)


@dataclass(frozen=True)
class Drawn:
    """The size in points at which an image is drawn, and whether others are drawn at the same scale."""

    size: QSize
    is_to_scale: bool


def drawn_sizes(images: Sequence[SheetImage]) -> list[Drawn]:
    """Return how large each image is drawn: at one scale where several are known, else each as large as fits."""
    sides = [one.longer_side * one.mm_per_pixel for one in images if one.mm_per_pixel is not None]
    drawn = []
    for one in images:
        is_to_scale = one.mm_per_pixel is not None and len(sides) > 1
        share = 1.0
        if is_to_scale and one.mm_per_pixel is not None:
            share = one.longer_side * one.mm_per_pixel / max(sides)
        points = SIDE * share / one.longer_side
        drawn.append(Drawn(QSize(round(points * one.image.width), round(points * one.image.height)), is_to_scale))
    return drawn


class SheetView(QListWidget):
    """Arrow keys go from picture to picture; Enter or a click opens its lesion."""

    lesion_requested = Signal(int)
    """The id of a lesion."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: tuple[SheetImage, ...] = ()
        self.drawn: list[Drawn] = []
        self.setObjectName("contactSheet")
        self.setAccessibleName(self.tr("Lesions of the visit"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_SheetDelegate(thumbnails, self))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.itemClicked.connect(self._request)
        thumbnails.arrived.connect(self._draw_again)

    def show_images(self, images: Sequence[SheetImage]) -> None:
        """Show these images in place of others."""
        self.images = tuple(images)
        self.drawn = drawn_sizes(images)
        lines = _LINES + any(one.remark for one in images)
        self.setGridSize(QSize(SIDE + GAP, SIDE + 4 + lines * self.fontMetrics().lineSpacing() + GAP))
        self.clear()
        for number, one in enumerate(images):
            item = QListWidgetItem(one.name)
            item.setData(_NUMBER, number)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (one.name, one.remark))))
            self.addItem(item)
        self.setCurrentRow(0)

    def cell(self, number: int) -> QRect:
        """Return the place of a picture with its name in the viewport."""
        return self.visualItemRect(self.item(number))

    def sizeHint(self) -> QSize:
        return QSize(4 * self.gridSize().width(), 3 * self.gridSize().height())

    def minimumSizeHint(self) -> QSize:
        return self.gridSize()

    @Slot(str)
    def _draw_again(self, _sha256: str) -> None:  # a lambda would stay connected when the sheet is gone
        self.viewport().update()

    def _request(self, item: QListWidgetItem) -> None:
        self.lesion_requested.emit(self.images[item.data(_NUMBER)].lesion_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._request(item)
        else:
            super().keyPressEvent(event)


class _SheetDelegate(QStyledItemDelegate):
    """Draws one picture on grey, with a scale bar if it is to scale, and its name."""

    def __init__(self, thumbnails: Thumbnails, view: SheetView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one, drawn = self._view.images[index.data(_NUMBER)], self._view.drawn[index.data(_NUMBER)]
        palette = QGuiApplication.palette()  # the style sheet makes that of the view transparent
        frame = QRect(option.rect.left() + GAP // 2, option.rect.top() + 2, SIDE, SIDE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(frame, SURROUND)
        picture = self._thumbnails.picture(one.image.sha256, one.image.path)
        if picture is not None:
            place = QRect(frame.topLeft(), drawn.size)
            place.moveCenter(frame.center())
            painter.drawPixmap(place, picture)
        if drawn.is_to_scale:
            draw_scale_bar(painter, QRectF(frame), drawn.size.width() / one.image.width, one.mm_per_pixel)
        elif any(other.is_to_scale for other in self._view.drawn):
            self._say_no_scale(painter, frame)
        if option.state & QtWidgets.QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        words = QRect(frame.left(), frame.bottom() + 4, SIDE, option.rect.bottom() - frame.bottom() - 4)
        flags = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
        name = painter.boundingRect(words, flags, one.name)
        painter.drawText(words, flags, one.name)
        if one.remark:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(words.adjusted(0, name.height(), 0, 0), flags, one.remark)
        painter.restore()

    def _say_no_scale(self, painter: QPainter, frame: QRect) -> None:
        text = self.tr("no scale")
        box = painter.fontMetrics().boundingRect(text).adjusted(-6, -2, 6, 2)
        box.moveBottomRight(frame.bottomRight())
        painter.fillRect(box, QColor(0, 0, 0, 150))
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
