"""Menus that are made anew each time they are shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget


def context_menu(parent: QWidget) -> QMenu:
    """Return an empty menu that deletes itself once it was closed: its parent would keep it until the program ends."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
