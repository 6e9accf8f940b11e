"""Icons are sharp on screens with several pixels per point."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.widgets.common.icons import icon

SIDE, RATIO = 18, 2


def blank() -> QImage:
    image = QImage(SIDE * RATIO, SIDE * RATIO, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    return image


def test_icons_are_drawn_at_screen_resolution(qapp: QApplication) -> None:
    painted, sharp = blank(), blank()
    painted.setDevicePixelRatio(RATIO)
    painter = QPainter(painted)
    icon("warning").paint(painter, QRect(0, 0, SIDE, SIDE))
    painter.end()
    painted.setDevicePixelRatio(1)
    painter = QPainter(sharp)
    painter.drawPixmap(QPoint(), icon("warning").pixmap(SIDE * RATIO, SIDE * RATIO))
    painter.end()
    assert painted == sharp
    assert sharp != blank()
