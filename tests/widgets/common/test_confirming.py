"""A question before something is lost takes only a deliberate yes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.common.confirming import is_confirmed


@pytest.fixture
def questions() -> None:
    """Leave questions to the test, instead of answering them."""


def click_yes(box: QMessageBox) -> None:
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("act", "is_yes"),
    [
        (lambda box: QTest.keyClick(box, Qt.Key.Key_Return), False),
        (lambda box: QTest.keyClick(box, Qt.Key.Key_Escape), False),
        (click_yes, True),
    ],
    ids=["enter", "escape", "yes"],
)
def test_enter_and_escape_say_no(qtbot: QtBot, act: Callable[[QMessageBox], None], is_yes: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    texts: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.append(box.text())
        act(box)

    QTimer.singleShot(0, answer)
    assert is_confirmed(parent, "Restore it?") == is_yes
    assert texts == ["Restore it?"]
