"""Changes that were made and can be taken back, and the menu's two entries for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QMenu

from desktop.widgets.common.plain_text import for_key


def add_undo(menu: QMenu, stack: QUndoStack, owner: QObject) -> None:
    """Put Undo and Redo at the top of a menu, each named by what it would do."""
    undo = stack.createUndoAction(owner, owner.tr("&Undo"))
    undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
    redo = stack.createRedoAction(owner, owner.tr("&Redo"))
    redo.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
    menu.insertActions(menu.actions()[0], [undo, redo])


class Change(QUndoCommand):
    """Pushed onto the undo stack once the change is safe on the disk; done again only by a redo."""

    def __init__(self, text: str, again: Callable[[], None], take_back: Callable[[], None]) -> None:
        super().__init__(for_key(text))  # it is shown in the menu and on a button
        self._again = again
        self._take_back = take_back
        self._is_new = True

    def redo(self) -> None:
        if self._is_new:
            self._is_new = False
        else:
            self._again()

    def undo(self) -> None:
        self._take_back()
