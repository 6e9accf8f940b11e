"""Mouse and keyboard actions for the tests of the window."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.widgets.image.image_view import ImageView
from desktop.widgets.visit.image_workbench import ImageWorkbench
from tests.widgets.conftest import Desk

HUE = (0, 190, 255)


def view_of(desk: Desk) -> ImageView:
    return desk.parts.window.visit_page.view


def workbench_of(desk: Desk) -> ImageWorkbench:
    return desk.parts.window.features.workbench


def key(desk: Desk, name: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    desk.qtbot.keyClick(view_of(desk), name, modifier)


def press(desk: Desk, words: str, within: QWidget | None = None) -> None:
    """Click the first visible button of the window, or of a part of it, whose text has these words."""
    buttons = (within or desk.parts.window).findChildren(QPushButton)
    button = next(one for one in buttons if words in one.text().replace("&", "") and one.isVisible())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def drag(desk: Desk, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag between two points of the image, in its pixels."""
    view = view_of(desk)
    first, last = view.mapFromScene(QPointF(*start)), view.mapFromScene(QPointF(*end))
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mousePress(view.viewport(), left, pos=first)
    desk.qtbot.mouseMove(view.viewport(), last)
    desk.qtbot.mouseRelease(view.viewport(), left, pos=last)


def click(desk: Desk, point: tuple[float, float]) -> None:
    view = view_of(desk)
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(QPointF(*point)))


def seen(desk: Desk) -> QImage:
    """Return the content of the view."""
    return workbench_of(desk).view_as_picture()


def is_tinted(desk: Desk, point: tuple[float, float]) -> bool:
    """Return whether the overlay covers a point of the image, by comparison with the bare image."""
    place = view_of(desk).mapFromScene(QPointF(*point))
    with_overlay = seen(desk).pixelColor(place)
    desk.qtbot.keyPress(view_of(desk), Qt.Key.Key_Space)
    bare = seen(desk).pixelColor(place)
    desk.qtbot.keyRelease(view_of(desk), Qt.Key.Key_Space)
    return with_overlay != bare
