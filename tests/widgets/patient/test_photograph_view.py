"""The pins of a photograph are there once it is: before, all would lie on each other in the middle of the view."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from desktop.widgets.common.body.body_marks import BodyMark
from desktop.widgets.patient.photograph_view import PhotographView


def test_no_pin_is_drawn_clicked_or_stepped_to_before_the_photograph_is_there(qtbot: QtBot) -> None:
    window = QDialog()  # takes the clicks that the view leaves
    qtbot.addWidget(window)
    view = PhotographView(window)
    QVBoxLayout(window).addWidget(view)
    window.resize(400, 300)
    window.show()
    empty = view.grab().toImage()
    view.show_marks([BodyMark(n, f"L{n}", "back", (x, 0.5), f"L{n} back") for n, x in ((1, 0.25), (2, 0.75))])
    opened: list[int] = []
    view.pin_clicked.connect(opened.append)

    assert view.grab().toImage() == empty
    middle = view.mapFromScene(0.0, 0.0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == []

    photograph = QImage(80, 60, QImage.Format.Format_RGB32)
    photograph.fill(Qt.GlobalColor.gray)
    view.show_photograph((photograph,))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.point_of((0.75, 0.5)).toPoint())
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened[0] == 2
    assert len(opened) == 2
