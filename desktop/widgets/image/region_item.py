"""The regions as numbered squares over the image, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.widgets.image.overlay_item import HUE

if TYPE_CHECKING:
    from desktop.core.imaging.preprocessing import Box

_BADGE = 20.0


class RegionItem(QGraphicsItem):
    """Draws every region; `draft` is the region that is being drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[Box] = []
        self.chosen: int | None = None
        self.draft: Box | None = None
        self._bounds = QRectF()

    def show_regions(self, boxes: list[Box], chosen: int | None, bounds: QRectF) -> None:
        """Draw regions of an image with these bounds, one of them as chosen."""
        self.prepareGeometryChange()
        self.boxes, self.chosen, self._bounds = boxes, chosen, bounds
        self.update()

    def show_draft(self, box: Box | None) -> None:
        """Draw the region that is being drawn, or none."""
        self.draft = box
        self.update()

    def region_at(self, point: QPointF) -> int | None:
        """Return the smallest region that contains a point of the image."""
        hits = [index for index, box in enumerate(self.boxes) if _rectangle(box).contains(point)]
        return min(hits, key=lambda index: self.boxes[index].right - self.boxes[index].left, default=None)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        for index, box in enumerate(self.boxes):
            is_chosen = index == self.chosen
            self._frame(painter, _rectangle(box), is_chosen, Qt.PenStyle.SolidLine)
            self._badge(painter, _rectangle(box), str(index + 1), is_chosen)
        if self.draft is not None:
            self._frame(painter, _rectangle(self.draft), True, Qt.PenStyle.DashLine)

    def _frame(self, painter: QPainter, rectangle: QRectF, is_chosen: bool, style: Qt.PenStyle) -> None:
        colour = HUE if is_chosen else QColor(255, 255, 255, 220)
        for tint, width, line in (
            (QColor(0, 0, 0, 130), 4.5 if is_chosen else 3.0, Qt.PenStyle.SolidLine),
            (colour, 2.5 if is_chosen else 1.5, style),
        ):
            pen = QPen(tint, width, line)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(rectangle)

    def _badge(self, painter: QPainter, rectangle: QRectF, text: str, is_chosen: bool) -> None:
        """Draw the number upright and in constant size at the region's upper left, however the view is turned and zoomed."""
        seen = painter.worldTransform().mapRect(rectangle)
        painter.save()
        painter.resetTransform()
        badge = QRectF(seen.left() + 3, seen.top() + 3, _BADGE, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(HUE if is_chosen else QColor(255, 255, 255, 230))
        painter.drawEllipse(badge)
        font = QtGui.QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(12, 27, 34))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _rectangle(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)
