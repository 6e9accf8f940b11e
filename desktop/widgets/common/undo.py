"""The menu entries for undo and redo."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.session.undo import UndoStack
from desktop.widgets.common.plain_text import for_key


def add_undo(menu: QMenu, changes: UndoStack, owner: QObject) -> None:
    """Add Undo and Redo, named by their change, at the top of a menu; they are disabled while a change is being written."""
    undo, redo = QAction(owner), QAction(owner)
    undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
    redo.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
    undo.triggered.connect(changes.undo)
    redo.triggered.connect(changes.redo)

    def show() -> None:
        undo.setText(owner.tr("&Undo {change}").format(change=for_key(changes.undo_text)).rstrip())
        redo.setText(owner.tr("&Redo {change}").format(change=for_key(changes.redo_text)).rstrip())
        undo.setEnabled(not changes.is_writing and bool(changes.undo_text or changes.has_ended))
        redo.setEnabled(not changes.is_writing and bool(changes.redo_text))

    changes.changed.connect(show)
    show()
    menu.insertActions(menu.actions()[0], [undo, redo])
