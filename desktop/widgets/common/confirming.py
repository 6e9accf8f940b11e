"""Questions before something that is lost, or leaves the program."""

from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.widgets.common.plain_text import for_tip


def is_confirmed(parent: QWidget, question: str) -> bool:
    """Ask a question and return whether the answer is yes. Enter and Esc say no: a key pressed too soon loses nothing."""
    yes, no = QtWidgets.QMessageBox.StandardButton.Yes, QtWidgets.QMessageBox.StandardButton.No
    return QtWidgets.QMessageBox.question(parent, "LesionLens", for_tip(question), yes | no, no) == yes


def may_discard(form: QWidget, *, has_entries: bool) -> bool:
    """Return whether a form may be closed without saving: it asks if something was entered."""
    question = QCoreApplication.translate("Confirming", "Discard what was entered?")
    return not has_entries or is_confirmed(form, question)
