"""The dialog that plans the re-excision of a lesion after a finding with involved margins."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel

_WIDTH = 440
_LONGEST = 8
"""Characters of initials."""


class ReexcisionDialog(QDialog):
    """Asks who plans it, and for a note."""

    entered = Signal(str, str)
    """The initials, and the note."""

    def __init__(self, subject: str, finding: str, initials: str, parent: QWidget | None = None) -> None:
        """`subject` is the name of the lesion or image, and `finding` its finding in words."""
        super().__init__(parent)
        title = self.tr("Plan re-excision")
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        whose = PlainLabel(subject, self)
        whose.setProperty("strong", True)
        about = PlainLabel(finding, self)
        about.setProperty("muted", True)
        self.initials = QLineEdit(initials, self)
        self.initials.setMaxLength(_LONGEST)
        self.initials.setPlaceholderText(self.tr("e.g. MK"))
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        self.note.setPlaceholderText(self.tr("e.g. 1 cm margin"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.addRow(self.tr("&By (initials)"), self.initials)
        form.addRow(self.tr("&Note"), self.note)
        hint = PlainLabel(
            self.tr(
                "The plan cannot be undone. To end it, close it in Today, with a reason; None, Follow-up or Refer at a later"
                " visit leaves it planned."
            ),
            self,
        )
        hint.setProperty("muted", True)
        hint.setProperty("small", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.plan = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self.plan.setProperty("prominent", True)
        self.plan.style().polish(self.plan)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (heading, whose, about):
            words.addWidget(label)
        for label in (whose, about, hint):
            label.setWordWrap(True)
        column.addLayout(words)
        column.addLayout(form)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.initials.textChanged.connect(self._fit)
        self.accepted.connect(lambda: self.entered.emit(self.initials.text().strip(), self.note.toPlainText().strip()))
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        (self.note if initials else self.initials).setFocus()

    def _fit(self) -> None:
        self.plan.setEnabled(bool(self.initials.text().strip()))

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
