"""A time without input, by either clock, and a key that works in every window."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.system.user_input import UserInput


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def told(window: QWidget) -> tuple[UserInput, list[str]]:
    texts: list[str] = []
    made = UserInput(QKeySequence("Ctrl+Shift+K"), window)
    made.idle.connect(lambda: texts.append("idle"))
    made.pressed.connect(lambda: texts.append("pressed"))
    return made, texts


def later(monkeypatch: pytest.MonkeyPatch, clock: str, seconds: float) -> None:
    """Set a clock forward: the other one stands for a computer that slept, or for a clock that was set."""
    now = getattr(time, clock)
    monkeypatch.setattr(time, clock, lambda: now() + seconds)


@pytest.mark.parametrize("clock", ["monotonic", "time"])
def test_idle_after_the_minutes_and_again_after_as_many(
    told: tuple[UserInput, list[str]], monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    watched, texts = told
    watched.wait(5)
    later(monkeypatch, clock, 299)
    watched._timer.timeout.emit()
    assert texts == []
    later(monkeypatch, clock, 2)
    watched._timer.timeout.emit()
    watched._timer.timeout.emit()
    assert texts == ["idle"]
    later(monkeypatch, clock, 301)
    watched._timer.timeout.emit()
    assert texts == ["idle", "idle"]
    watched.wait(0)
    assert not watched._timer.isActive()


def test_input_counts_anew(window: QWidget, told: tuple[UserInput, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    watched, texts = told
    watched.wait(5)
    for _ in range(3):
        later(monkeypatch, "time", 200)
        QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
        watched._timer.timeout.emit()
    assert texts == []


def test_input_after_the_time_comes_too_late(
    window: QWidget, told: tuple[UserInput, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, texts = told
    watched.wait(5)
    later(monkeypatch, "time", 3600)  # asleep, and the timer has not seen it yet
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert texts == ["idle"]


def test_the_key_works_behind_a_dialog(window: QWidget, told: tuple[UserInput, list[str]], qtbot: QtBot) -> None:
    _watched, texts = told
    dialog = QDialog(window)
    dialog.setModal(True)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitActive(dialog)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, keys)
    assert texts == []
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_K, keys)
    assert texts == ["pressed"]
