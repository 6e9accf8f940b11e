"""The form that records a step: the day, who did it, and a note or the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.records.care_steps import Step
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import numbered
from desktop.widgets.today.today_words import LOOKED, full_subject, question_text, since_text
from desktop.widgets.visit.entered_outcome import days_refusal

if TYPE_CHECKING:
    from desktop.core.records.safety_net import OpenItem

_WIDTH = 440
_LONGEST = 8
_DONE = {Step.TAKEN, Step.TOLD}
"""Steps that were done; the others need a reason."""


class StepDialog(QDialog):
    """Asks for one step about one or several items."""

    entered = Signal(object, str, str)
    """The day, the initials of whoever did it, and the note."""

    def __init__(self, step: Step | None, items: list[OpenItem], initials: str, parent: QWidget | None = None) -> None:
        """`step` is None where the items need different ones: they are closed with one reason."""
        super().__init__(parent)
        self._needs_reason = step not in _DONE
        self._found = max(item.found or item.since for item in items) if step is Step.TOLD else None
        title = question_text(step, items)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        many = self.tr("{count} items")
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        subject = PlainLabel(full_subject(items[0]) if len(items) == 1 else numbered(len(items), many, many), self)
        subject.setProperty("strong", True)
        subject.setWordWrap(True)
        about = PlainLabel(self)
        about.setProperty("muted", True)
        about.setWordWrap(True)
        if len(items) == 1:
            about.setText(since_text(items[0]))
        else:
            about.setText(self.tr("The reason is recorded with each of them."))
        self.date = DayEdit(QDate.currentDate(), self)
        self.date.setMaximumDate(QDate.currentDate())
        self.initials = QLineEdit(initials, self)
        self.initials.setMaxLength(_LONGEST)
        self.initials.setPlaceholderText(self.tr("e.g. MK"))
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.addRow(self.tr("&Date"), self.date)
        form.addRow(self.tr("&By (initials)"), self.initials)
        why = self.tr("&Finding") if step in LOOKED else self.tr("&Reason")
        form.addRow(why if self._needs_reason else self.tr("&Note"), self.note)
        self.missing = PlainLabel(self)
        self.missing.setProperty("small", True)
        self.missing.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setProperty("prominent", True)
        self.save.style().polish(self.save)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (heading, subject, about):
            words.addWidget(label)
        column.addLayout(words)
        column.addLayout(form)
        column.addWidget(self.missing)
        column.addWidget(buttons)
        self.date.input_changed.connect(self._fit)
        self.initials.textChanged.connect(self._fit)
        self.note.textChanged.connect(self._fit)
        self.accepted.connect(self._tell)
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        (self.note if self._needs_reason and initials else self.initials if not initials else self.date).setFocus()

    def _tell(self) -> None:
        self.entered.emit(
            self.date.day(),
            self.initials.text().strip(),
            self.note.toPlainText().strip(),
        )

    def _fit(self) -> None:
        has_reason = bool(self.note.toPlainText().strip()) or not self._needs_reason
        refusal = self.date.refusal()
        if not refusal and self._found is not None:
            refusal = days_refusal(found=self._found, told=self.date.day())
        self.missing.setText(refusal)
        self.missing.setVisible(bool(refusal) or self._found is not None)
        self.save.setEnabled(bool(self.initials.text().strip()) and has_reason and not refusal)

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
