"""Confirms the erasure of a patient: lists what is deleted, and requires the pseudonym to be typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_title
from desktop.widgets.common.wording import count


class EraseDialog(QDialog):
    """Accepted only if the pseudonym was typed exactly."""

    def __init__(self, pseudonym: str, images: int, lesions: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pseudonym = pseudonym
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(for_title(self.tr("Erase {pseudonym} for good").format(pseudonym=pseudonym)))
        self._erase = QPushButton(self.tr("Erase for good"), self)
        text = PlainLabel(
            self.tr(
                "{lesions} and {images} with their answers, your assessments and outcomes are deleted from this computer. "
                "It cannot be undone. A mark without identity stays. Backups that you made, and what a restore "
                "has set aside, keep them."
            ).format(
                lesions=self.tr("1 lesion")
                if lesions == 1
                else self.tr("{count} lesions").format(count=count(lesions)),
                images=self.tr("1 image") if images == 1 else self.tr("{count} images").format(count=count(images)),
            ),
            self,
        )
        text.setWordWrap(True)
        ask = PlainLabel(self.tr("Type {pseudonym} to go on:").format(pseudonym=pseudonym), self)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(ask.text())
        self.field.textChanged.connect(lambda typed: self._erase.setEnabled(typed.strip() == self._pseudonym))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._erase.setEnabled(False)
        buttons.addButton(self._erase, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        for widget in (text, ask, self.field, buttons):
            layout.addWidget(widget)
        self.setFixedWidth(460)
        self.field.setFocus()
