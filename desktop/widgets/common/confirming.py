"""Questions before something that is lost, or leaves the program."""

from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.widgets.common.plain_text import for_tip


def is_confirmed(parent: QWidget, question: str) -> bool:
    """Ask a question and return whether the answer is yes. Enter and Esc say no: a key pressed too soon loses nothing."""
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    return QMessageBox.question(parent, "LesionLens", for_tip(question), yes | no, no) == yes
