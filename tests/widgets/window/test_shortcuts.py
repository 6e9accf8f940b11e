"""The list of keyboard shortcuts."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.window.shortcuts import ShortcutsDialog
from tests.widgets.conftest import Desk

LOWEST = 680
"""The smallest supported height of a screen in points."""


def test_list_of_keys_fits_a_small_screen(desk: Desk) -> None:
    shown = ShortcutsDialog(desk.parts.window.findChildren(QAction), desk.parts.window)
    desk.qtbot.addWidget(shown)
    shown.show()
    (area,) = shown.findChildren(ContentScroll)
    assert shown.height() <= LOWEST
    assert area.widget().width() <= area.viewport().width(), "no text is cut off at the side"
    texts = [label.text() for label in shown.findChildren(QLabel)]
    assert "Ctrl+L" in texts
    assert "History: search" in texts
    assert "Choose or make a patient" in texts
    assert "Image: commit my assessment" in texts
