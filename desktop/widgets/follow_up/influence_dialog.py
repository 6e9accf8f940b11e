"""The dialog that enters, corrects and withdraws treatments of a lesion and a pregnancy of its patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import RecordsError
from desktop.core.records.influences import InfluenceKind, Span, check_span
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.influence_words import NAMES, influence_origin, influence_text, name_of
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.optional_day import OptionalDay

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence

_WIDTH = 480
_LONGEST = 200
_ROWS = 60
"""Least height of the list in points."""


class InfluenceDialog(QDialog):
    """Lists what is entered, with a form below for a new one, or for the one that is corrected. Each act closes it."""

    entered = Signal(str, object, str)
    """The `InfluenceKind`, the Span and the note of a new one."""
    corrected = Signal(object, object, str)
    """The Influence, and its new Span and note."""
    withdrawn = Signal(object)  # Influence

    def __init__(
        self,
        subject: str,
        influences: Sequence[Influence],
        *,
        can_be_pregnant: bool,
        today: dt.date,
        parent: QWidget | None = None,
    ) -> None:
        """`subject` is the name of patient and lesion, `influences` those that stand."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Treatments and pregnancy"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._today = today
        self._corrected: Influence | None = None
        heading = PlainLabel(subject, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        self._what = PlainLabel(self.tr("New entry"), self)
        self._what.setProperty("strong", True)
        self._what.setWordWrap(True)
        self.kind = ChoiceBox(self)
        for kind in NAMES:
            if kind != InfluenceKind.PREGNANCY or can_be_pregnant:
                self.kind.addItem(name_of(kind), kind)
        self.kind.setPlaceholderText(self.tr("Choose"))
        self.kind.setCurrentIndex(-1)  # nothing is preset: Enter alone must not record a treatment
        last = QDate(today.year, today.month, today.day)
        self.since = DayEdit(last, self)
        self.since.setMaximumDate(last)
        self.until = OptionalDay(self.tr("ended on"), self)
        self.note = QLineEdit(self)
        self.note.setMaxLength(_LONGEST)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(9)
        self._form.addRow(self.tr("&Kind"), self.kind)
        self._since_label = PlainLabel(self)
        self._since_label.setBuddy(self.since)
        self._form.addRow(self._since_label, self.since)
        self._form.addRow(self.tr("&End"), self.until)
        self._form.addRow(self.tr("&Note"), self.note)
        self.missing = PlainLabel(self)
        self.missing.setProperty("small", True)
        self.missing.setWordWrap(True)
        hint = PlainLabel(self.tr("What is corrected or withdrawn stays in the history and in the audit log."), self)
        hint.setProperty("muted", True)
        hint.setProperty("small", True)
        hint.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setProperty("prominent", True)
        restyle(self.save)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(heading)
        if influences:
            column.addWidget(ContentScroll(self._make_list(influences), _ROWS, self))
        column.addWidget(self._what)
        column.addLayout(self._form)
        column.addWidget(self.missing)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.kind.currentIndexChanged.connect(self._fit)
        self.since.input_changed.connect(self._fit)
        self.until.changed.connect(self._fit)
        self.accepted.connect(self._tell)
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        self.kind.setFocus()

    def correct(self, influence: Influence) -> None:
        """Put an influence into the form, to be corrected."""
        self._corrected = influence
        self._what.setText(self.tr("Correct: {influence}").format(influence=influence_text(influence)))
        self.kind.setCurrentIndex(self.kind.findData(influence.kind))
        self.kind.setEnabled(False)
        self.since.show_day(influence.span.since)
        self.until.is_given.setChecked(influence.span.until is not None)
        if influence.span.until is not None:
            self.until.date.show_day(influence.span.until)
        self.note.setText(influence.note)
        self._fit()
        self._entries.begin()
        self.since.setFocus()

    def _make_list(self, influences: Sequence[Influence]) -> QWidget:
        inside = QWidget(self)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for one in influences:
            text = PlainLabel(influence_text(one), inside)
            origin = PlainLabel(influence_origin(one), inside)
            origin.setProperty("muted", True)
            origin.setProperty("small", True)
            words = QVBoxLayout()
            words.setSpacing(0)
            for label in (text, origin):
                label.setWordWrap(True)
                words.addWidget(label)
            row = QHBoxLayout()
            row.addLayout(words, 1)
            for name, act in (
                (self.tr("Correct"), lambda _checked, one=one: self.correct(one)),
                (self.tr("Withdraw"), lambda _checked, one=one: self._withdraw(one)),
            ):
                button = QToolButton(inside)
                button.setObjectName("choice")
                button.setText(name)
                button.setAccessibleName(f"{name}: {influence_text(one)}")
                button.clicked.connect(act)
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            rows.addLayout(row)
        return inside

    def _withdraw(self, influence: Influence) -> None:
        self.reject()
        if not self.isVisible():
            self.withdrawn.emit(influence)

    def _span(self) -> Span:
        since = self.since.day()
        return Span(since, since if self._is_of_one_day() else self.until.day())

    def _is_of_one_day(self) -> bool:
        return bool(self.kind.currentData() == InfluenceKind.CRYOTHERAPY)

    def _tell(self) -> None:
        note = self.note.text().strip()
        if self._corrected is None:
            self.entered.emit(self.kind.currentData(), self._span(), note)
        else:
            self.corrected.emit(self._corrected, self._span(), note)

    def _fit(self) -> None:
        is_of_one_day = self._is_of_one_day()
        self._form.setRowVisible(self.until, not is_of_one_day)
        self._since_label.setText(self.tr("&Day") if is_of_one_day else self.tr("&Since"))
        examples = {
            InfluenceKind.CRYOTHERAPY: self.tr("e.g. twice 10 s"),
            InfluenceKind.TOPICAL: self.tr("e.g. imiquimod 5 %"),
            InfluenceKind.PREGNANCY: self.tr("e.g. second trimester"),
        }
        self.note.setPlaceholderText(examples.get(self.kind.currentData(), ""))
        missing = self._find_missing()
        self.missing.setText(missing)
        self.save.setEnabled(not missing)

    def _find_missing(self) -> str:
        """Return a sentence about what must be entered or corrected before this can be saved, empty if nothing."""
        if self.kind.currentData() is None:
            return self.tr("To save, choose the kind.")
        refusal = self.since.refusal() or ("" if self._is_of_one_day() else self.until.refusal())
        if refusal:
            return refusal
        try:
            check_span(self._span(), self._today)
        except RecordsError as error:
            return sentence(error)
        return ""

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
