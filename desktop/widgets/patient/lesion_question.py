"""Asks to which lesion new images belong, where the chosen lesion is finished at this visit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_key

_WIDTH = 420


class LesionQuestion(QDialog):
    """Enter takes a new lesion: that shows no answer early, mixes no lesions, and can be undone."""

    same_chosen = Signal()
    new_chosen = Signal()

    def __init__(self, patient: str, lesion: str, count: int, parent: QWidget | None = None) -> None:
        """Ask about `count` images; `patient` and `lesion` are the names of the open patient and the chosen lesion."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        is_one = count == 1
        self.setWindowTitle(self.tr("Which lesion?"))
        heading = PlainLabel(
            self.tr("Where does this image of {patient} belong?").format(patient=patient)
            if is_one
            else self.tr("Where do these {count} images of {patient} belong?").format(count=count, patient=patient),
            self,
        )
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        why = PlainLabel(
            self.tr(
                "The model's answer for {lesion} is shown already. Another image of it is answered at once."
            ).format(lesion=lesion),
            self,
        )
        why.setWordWrap(True)
        self.new = QPushButton(self.tr("&New lesion") if is_one else self.tr("One &new lesion"), self)
        self.new.setProperty("prominent", True)
        self.new.setDefault(True)
        same = self.tr("Another image of {lesion}") if is_one else self.tr("Images of {lesion}")
        self.same = QPushButton(for_key(same.format(lesion=lesion)), self)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        for part in (heading, why, self.new, self.same, self.cancel):
            column.addWidget(part)
        self.new.clicked.connect(self.accept)
        self.new.clicked.connect(self.new_chosen)
        self.same.clicked.connect(self.accept)
        self.same.clicked.connect(self.same_chosen)
        self.cancel.clicked.connect(self.reject)
        self.new.setFocus()
