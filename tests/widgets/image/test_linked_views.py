"""Two linked views: what is aligned is not covered."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage, QTransform
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.zoom_view import LinkedViews


def test_only_the_view_that_is_zoomed_has_a_minimap_while_two_are_aligned(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 400)
    first, second = views = [ImageView(window) for _view in range(2)]
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkRed)
    for place, view in enumerate(views):
        view.setGeometry(400 * place, 0, 400, 400)
    window.show()
    qtbot.waitExposed(window)
    for view in views:
        view.show_picture((picture,))
    linked = LinkedViews(first, second, QObject(window))

    def minimaps() -> list[bool]:
        return [view._minimap.isVisible() for view in views]

    assert minimaps() == [False, False]
    linked.align(QTransform.fromTranslate(120, 60).rotate(6))  # a part of the second one is out of view
    whole = second.mapFromScene(second._picture.boundingRect()).boundingRect() if second._picture else None
    assert whole is not None
    assert not second.viewport().rect().contains(whole)
    assert minimaps() == [False, False]
    for _step in range(5):
        first.zoom_in()
    assert minimaps() == [True, False]
