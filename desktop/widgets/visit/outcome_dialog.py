"""The dialog for an outcome: histopathology with its text and Breslow thickness, or the finding at follow-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.diagnoses import is_invasive_melanoma, is_malignant, needs_label
from desktop.widgets.common.calm_inputs import ChoiceBox, DayEdit
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.diagnosis_choice import OtherDiagnosis, StatisticsChoice
from desktop.widgets.common.message_bar import Action, MessageBar
from desktop.widgets.common.number_field import NumberField
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import LARGE, Thumbnails
from desktop.widgets.visit.assessment_words import outcome_text
from desktop.widgets.visit.histopathology_fields import NO_DETAILS, EnteredDetails, HistopathologyFields

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome, OutcomeKind
    from desktop.core.records.values import KeptImage

_WIDTH = 520
_THICKEST = 99.0
"""Millimetres, above any Breslow thickness, so that only a typing error reaches the limit."""


@dataclass(frozen=True)
class EnteredOutcome:
    """The values that were entered; see `Outcome`."""

    kind: OutcomeKind
    diagnosis: str
    label: str | None
    breslow_mm: float | None
    date: dt.date
    note: str
    details: EnteredDetails = NO_DETAILS


class OutcomeDialog(QDialog):
    """Asks for one outcome. An earlier outcome is corrected by entering another."""

    entered = Signal(object)  # EnteredOutcome
    withdrawal_requested = Signal()
    """An earlier outcome is to be withdrawn; this dialog has closed."""

    def __init__(
        self,
        subject: str,
        kind: OutcomeKind | None = "histopathology",
        initials: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`kind` is None if it must be chosen."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Outcome"))
        self.setMinimumWidth(_WIDTH)
        self.kind = ChoiceBox(self)
        self.kind.addItem(self.tr("Histopathology"), "histopathology")
        self.kind.addItem(self.tr("Follow-up"), "follow-up")
        self.kind.setPlaceholderText(self.tr("Choose"))
        self.kind.setCurrentIndex(-1 if kind is None else self.kind.findData(kind))
        self.diagnosis = OtherDiagnosis(self, with_all=True)
        self.diagnosis.setAccessibleName(self.tr("Diagnosis of the outcome: type to search, or type your own"))
        self.label = StatisticsChoice(self)
        self._advice = PlainLabel(self)
        self._advice.setProperty("muted", True)
        self._advice.setProperty("small", True)
        self.breslow = NumberField(self)
        self.breslow.setRange(0, _THICKEST)
        self.breslow.setDecimals(2)
        self.breslow.setSingleStep(0.1)
        self.breslow.setSuffix(self.tr(" mm"))
        self.breslow.setSpecialValueText(self.tr("not given"))
        self._refusal = PlainLabel(self)
        self._refusal.setProperty("muted", True)
        self._refusal.setProperty("small", True)
        self._refusal.setWordWrap(True)
        self._preset = PlainLabel(self.tr("Preset to today: set the day of the report."), self)
        self._preset.setProperty("muted", True)
        self._preset.setProperty("small", True)
        self._preset.setWordWrap(True)
        self.date = DayEdit(QDate.currentDate(), self)
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("d MMM yyyy")
        self.date.setMaximumDate(QDate.currentDate())
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(110)
        about = PlainLabel(subject, self)
        about.setObjectName("heading")
        about.setWordWrap(True)
        self._remark = PlainLabel(self)
        self._remark.setWordWrap(True)
        self._picture = PlainLabel(self)
        self._picture.setFixedSize(LARGE, LARGE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(self.tr("Picture of the lesion"))
        self._doubt = MessageBar(self)
        self._open_biopsies: tuple[Action, ...] = ()
        self._doubt_text = ""
        has_room = self._picture.sizePolicy()
        has_room.setRetainSizeWhenHidden(True)  # nothing moves when the picture arrives
        self._picture.setSizePolicy(has_room)
        self._picture.hide()
        self._image: KeptImage | None = None
        self._outcomes: Sequence[Outcome] = ()
        self._thumbnails: Thumbnails | None = None
        words = QVBoxLayout()
        words.addWidget(about)
        words.addWidget(self._remark)
        words.addStretch(1)
        owner_row = QHBoxLayout()
        owner_row.setSpacing(14)
        owner_row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        owner_row.addLayout(words, 1)
        inside = QWidget(self)
        self._form = QFormLayout(inside)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(9)
        self._form.addRow(self.tr("&Kind"), self.kind)
        self._form.addRow(self.tr("D&iagnosis"), self.diagnosis)
        self._form.addRow("", self._advice)
        self._form.addRow(self.tr("For &statistics"), self.label)
        self._form.addRow(self.tr("&Breslow"), self.breslow)
        self._form.addRow("", self._refusal)
        self.fields = HistopathologyFields(self._form, initials, self)
        self._form.addRow(self.tr("&Date of finding"), self.date)
        self._form.addRow("", self._preset)
        self._form.addRow(self.tr("&Text"), self.note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setProperty("prominent", True)
        self._save.style().polish(self._save)
        self.withdraw = buttons.addButton(self.tr("Withdraw…"), QDialogButtonBox.ButtonRole.ResetRole)
        self.withdraw.setAutoDefault(False)
        self.withdraw.setToolTip(self.tr("Withdraw an outcome that was entered by mistake"))
        self.withdraw.hide()
        self.withdraw.clicked.connect(self.reject)
        self.withdraw.clicked.connect(self.withdrawal_requested)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._hint = PlainLabel(self)
        self._hint.setProperty("muted", True)
        self._hint.setProperty("small", True)
        self._hint.setWordWrap(True)
        self.missing = PlainLabel(self)
        self.missing.setProperty("small", True)
        self.missing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(14)
        column.addLayout(owner_row)
        column.addWidget(self._doubt)
        column.addWidget(ContentScroll(inside, 120, self))
        column.addWidget(self._hint)
        column.addWidget(self.missing)
        column.addWidget(buttons)
        self.kind.currentIndexChanged.connect(self._fit_kind)
        self.date.dateChanged.connect(lambda: self._form.setRowVisible(self._preset, False))
        self.diagnosis.editTextChanged.connect(lambda: self.label.propose_for(self.diagnosis.diagnosis()))
        self.date.dateChanged.connect(self._fit)
        self.diagnosis.editTextChanged.connect(self._fit)
        self.label.currentIndexChanged.connect(self._fit)
        self.breslow.input_changed.connect(self._fit)
        self.fields.told.changed.connect(self._fit)
        self.fields.told_by.textChanged.connect(self._fit)
        self.diagnosis.finished.connect(self.label.setFocus)
        self.accepted.connect(lambda: self.entered.emit(self.finding()))
        self._fit()
        self.resize(on_screen(self, self.sizeHint()))
        (self.kind if kind is None else self.diagnosis).setFocus()

    def offer_taken(self) -> None:
        """Ask when the biopsy was taken, see `HistopathologyFields.offer_taken`."""
        self.fields.offer_taken()
        self._fit()
        self.resize(on_screen(self, self.sizeHint()))

    def show_lesion(
        self, remark: str, outcomes: Sequence[Outcome], image: KeptImage | None, thumbnails: Thumbnails
    ) -> None:
        """Show which outcome is corrected, and the newest picture once that is loaded.

        `remark` says what the heading lacks: that the image has no lesion, or that the lesion's place was not entered.
        """
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._outcomes = outcomes
        self.withdraw.setVisible(bool(outcomes))
        self._fit()
        self._image, self._thumbnails = image, thumbnails
        thumbnails.arrived.connect(self._show_picture)
        self._show_picture()
        self.resize(on_screen(self, self.sizeHint()))

    def doubt(self, text: str, lesions: Sequence[Action]) -> None:
        """Warn that a histopathology may be of another lesion; `lesions` are the buttons that go there."""
        self._doubt_text, self._open_biopsies = text, tuple(lesions)
        self._show_doubt()
        self.resize(on_screen(self, self.sizeHint()))

    def take_over(self, other: OutcomeDialog) -> None:
        """Enter what was entered in another dialog, for another lesion."""
        self.diagnosis.setEditText(other.diagnosis.currentText())
        self.label.setCurrentIndex(other.label.currentIndex())
        self.breslow.setValue(other.breslow.value())
        self.date.setDate(other.date.date())
        self.note.setPlainText(other.note.toPlainText())
        self.fields.take_over(other.fields)

    def _show_doubt(self) -> None:
        if self._doubt_text and self.kind.currentData() == "histopathology":
            self._doubt.say(self._doubt_text, error=False, choice=self._open_biopsies)
        else:
            self._doubt.hide()

    def _show_picture(self) -> None:
        image, thumbnails = self._image, self._thumbnails
        pixmap = None if image is None or thumbnails is None else thumbnails.picture(image.sha256, image.path)
        if pixmap is not None:
            self._picture.setPixmap(pixmap)
            self._picture.show()

    def finding(self) -> EnteredOutcome:
        """Return the values that were entered."""
        kind: OutcomeKind = self.kind.currentData()
        day = self.date.date()
        return EnteredOutcome(
            kind=kind,
            diagnosis=self.diagnosis.diagnosis(),
            label=self.label.label(),
            breslow_mm=self.breslow.value() if self._has_breslow() and self.breslow.value() > 0 else None,
            date=dt.date(day.year(), day.month(), day.day()),
            note=self.note.toPlainText().strip(),
            details=self.fields.details(is_histopathology=kind == "histopathology"),
        )

    def _has_breslow(self) -> bool:
        """Return whether a thickness belongs to what was entered: the histopathology of an invasive melanoma."""
        is_invasive = is_invasive_melanoma(self.diagnosis.diagnosis(), self.label.label())
        return self.kind.currentData() == "histopathology" and is_invasive

    def _find_missing(self) -> str:
        """Return a sentence about what must be entered before this can be saved, empty if nothing is missing."""
        diagnosis = self.diagnosis.diagnosis()
        if self.kind.currentData() is None:
            return self.tr("To save, choose the kind of outcome.")
        if not diagnosis:
            return self.tr("To save, enter the whole diagnosis.")
        if self.kind.currentData() != "histopathology":
            return ""
        if self.label.label() is None and needs_label(diagnosis):
            return self.tr("To save, choose under For statistics what this diagnosis is.")
        if not self.fields.is_complete:
            return self.tr("To save, enter the initials of whoever told the patient.")
        told = self.fields.told
        if told.day() is not None and told.date.date() < self.date.date():
            return self.tr("To save, set Patient told to the day of the finding or later.")
        return ""

    def _caution(self) -> str:
        """Return a sentence about what the safety net will not follow, empty if it follows what was entered."""
        diagnosis, label = self.diagnosis.diagnosis(), self.label.label()
        if self.kind.currentData() == "follow-up" and is_malignant(diagnosis, label):
            return self.tr("Not from histopathology: it stands in no list of results.")
        return ""

    def _fit_kind(self) -> None:
        if self.kind.currentData() != "histopathology" and not self.breslow.hasAcceptableInput():
            self.breslow.setValue(0)
        self._show_doubt()
        self._fit()

    def _corrected(self) -> str:
        """Return the sentence about the outcome that this one corrects, or about corrections if there is none."""
        kind: OutcomeKind | None = self.kind.currentData()
        earlier = [one for one in self._outcomes if one.kind == kind]
        if not earlier:
            return self.tr("A later entry of the same kind corrects this one; nothing is overwritten.")
        text = outcome_text(replace(max(earlier, key=lambda one: one.id), note=""))
        return self.tr("Corrects: {outcome}. Both stay in the record.").format(outcome=text)

    def _fit(self) -> None:
        self.breslow.setEnabled(self._has_breslow())
        refusal = self.breslow.refusal() if self._has_breslow() else ""
        self._refusal.setText(refusal)
        self._form.setRowVisible(self._refusal, bool(refusal))
        is_histopathology = self.kind.currentData() == "histopathology"
        self._form.setRowVisible(self.breslow, is_histopathology)
        self.fields.fit(is_histopathology=is_histopathology, is_invasive=self._has_breslow())
        self._advice.setText(self.diagnosis.advice())
        self._form.setRowVisible(self._advice, bool(self.diagnosis.advice()))
        self._hint.setText(self._corrected())
        missing = self._find_missing()
        self.missing.setText(missing or self._caution())
        self._save.setToolTip(missing or refusal)
        self._save.setEnabled(not missing and not refusal)
