"""The menu entries for undo and redo."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.session.undo import UndoStack
from desktop.widgets.common.plain_text import for_key


def add_undo(menu: QMenu, undo_stack: UndoStack, owner: QObject) -> None:
    """Add Undo and Redo, named by their change, at the top of a menu; they are disabled while a change is being written."""
    undo, redo = QAction(owner), QAction(owner)
    undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
    redo.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
    undo.triggered.connect(undo_stack.undo)
    redo.triggered.connect(undo_stack.redo)

    def show() -> None:
        undo.setText(owner.tr("&Undo {change}").format(change=for_key(undo_stack.undo_text)).rstrip())
        redo.setText(owner.tr("&Redo {change}").format(change=for_key(undo_stack.redo_text)).rstrip())
        undo.setEnabled(not undo_stack.is_writing and bool(undo_stack.undo_text or undo_stack.has_ended))
        redo.setEnabled(not undo_stack.is_writing and bool(undo_stack.redo_text))

    undo_stack.changed.connect(show)
    show()
    menu.insertActions(menu.actions()[0], [undo, redo])
