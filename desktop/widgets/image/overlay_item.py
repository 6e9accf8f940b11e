"""The overlay: the parts of its input on which the model relied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging.preprocessing import Box
else:
    np = Late("numpy")

HUE = QColor(0, 190, 255)
"""A hue that occurs in neither skin nor blood, distinguishable with every kind of colour vision. A stronger tint means more."""


class OverlayItem(QGraphicsItem):
    """Tints a box of the image by the shades of its cells, smoothly: hard edges would look like borders in the skin.

    Nothing is known between the middles of the cells; whoever shows the overlay says how large they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self._box = QRectF()
        self._cells = QImage()
        self.hide()

    def show_cells(self, shades: NDArray[np.float32], box: Box) -> None:
        """Tint the cells of a box; `shades` is [h, w] from 0 (bare) to 1."""
        self.prepareGeometryChange()
        self._box = QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)
        height, width = shades.shape
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[..., :3] = (HUE.red(), HUE.green(), HUE.blue())
        pixels[..., 3] = np.rint(255 * shades)
        view = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self._cells = view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self.show()
        self.update()

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in pixels of the image."""
        return self._box.width() / self._cells.width(), self._box.height() / self._cells.height()

    def boundingRect(self) -> QRectF:
        return self._box

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._box, self._cells)
