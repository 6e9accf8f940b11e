"""Asks why a model that was tried on the history is adopted, or the old one kept, and by whom."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.records.reasons import MAX_REASON
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import WritingSheet

_WIDTH = 520
_LONGEST = 8


class DecisionSheet(WritingSheet):
    """Emits `entered` with the reason and the initials; closed by `accept` once it is recorded."""

    entered = Signal(str, str)

    def __init__(
        self, title: str, sentences: Iterable[str], initials: str, parent: QWidget, *, needs_reason: bool = True
    ) -> None:
        """`sentences` say what follows from it."""
        super().__init__(parent)
        self._needs_reason = needs_reason
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        column.addWidget(heading)
        column.addWidget(self.messages)
        for text in sentences:
            label = PlainLabel(text, self)
            label.setWordWrap(True)
            column.addWidget(label)
        self.reason = QPlainTextEdit(self)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(84)
        self.initials = QLineEdit(initials, self)
        self.initials.setMaxLength(_LONGEST)
        self.initials.setPlaceholderText(self.tr("e.g. MK"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.addRow(self.tr("&Reason") if needs_reason else self.tr("&Reason, if any"), self.reason)
        form.addRow(self.tr("&By (initials)"), self.initials)
        column.addLayout(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setProperty("prominent", True)
        self.save.style().polish(self.save)
        buttons.accepted.connect(self._enter)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        for changed in (self.reason.textChanged, self.initials.textChanged):
            changed.connect(self._allow)
        self._allow()
        self._entries = FormEntries(self)
        self.setFocusProxy(self.reason)
        self.resize(_WIDTH, self.sizeHint().height())

    def may_leave(self) -> bool:
        return self._entries.may_be_discarded()

    def fail(self, error: AppError) -> None:
        """Show why it was not recorded; the sheet stays open."""
        super().fail(error)
        self._allow()

    def _allow(self) -> None:
        length = len(self.reason.toPlainText().strip())
        is_said = length > 0 or not self._needs_reason
        self.save.setEnabled(is_said and length <= MAX_REASON and bool(self.initials.text().strip()))

    def _enter(self) -> None:
        if self.begins():
            self.save.setEnabled(False)
            self.entered.emit(self.reason.toPlainText(), self.initials.text().strip())
