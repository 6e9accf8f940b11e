"""The dialog for an outcome: histopathology with its text and Breslow thickness, or the finding at follow-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSignalBlocker, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.diagnoses import is_invasive_melanoma
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.diagnosis_choice import OtherDiagnosis, StatisticsChoice
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.message_bar import Action, MessageBar
from desktop.widgets.common.number_field import NumberField
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.visit.entered_outcome import EnteredOutcome, caution, consequence, find_missing, lack_of_biopsy
from desktop.widgets.visit.histopathology_fields import HistopathologyFields
from desktop.widgets.visit.outcome_heading import OutcomeHeading
from desktop.widgets.visit.recorded_outcomes import RecordedOutcomes
from desktop.widgets.visit.specimen_choice import SpecimenChoice

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome, OutcomeKind
    from desktop.widgets.common.thumbnails import Thumbnails
    from desktop.widgets.visit.outcome_subject import OutcomeSubject

_WIDTH = 520
_THICKEST = 99.0
"""Millimetres, above any Breslow thickness, so that only a typing error reaches the limit."""


class OutcomeDialog(QDialog):
    """Asks for one outcome. An earlier outcome is corrected by entering another, which says so."""

    entered = Signal(object)  # EnteredOutcome
    withdrawal_requested = Signal()
    """An earlier outcome is to be withdrawn; this dialog has closed."""
    days_requested = Signal()
    """The days of biopsy and telling are to be corrected; this dialog has closed."""
    reexcision_requested = Signal()
    """A re-excision is to be planned after what is recorded; this dialog has closed."""

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
        # Tab goes from field to field in the order in which they are made here: that on the screen.
        self.recorded = RecordedOutcomes(self)
        self._heading = OutcomeHeading(subject, self.recorded, self)
        self._doubt = MessageBar(self)
        self.kind = ChoiceBox(self)
        self.kind.addItem(self.tr("Histopathology"), "histopathology")
        self.kind.addItem(self.tr("Follow-up"), "follow-up")
        self.kind.setPlaceholderText(self.tr("Choose"))
        self.kind.setCurrentIndex(-1 if kind is None else self.kind.findData(kind))
        self.specimen = SpecimenChoice(self)
        self.diagnosis = OtherDiagnosis(self, with_all=True)
        self.diagnosis.setAccessibleName(self.tr("Diagnosis of the outcome: type to search, or type your own"))
        self.label = StatisticsChoice(self)
        self._advice = self._small_label()
        self.breslow = NumberField(self)
        self.breslow.setRange(0, _THICKEST)
        self.breslow.setDecimals(2)
        self.breslow.setSingleStep(0.1)
        self.breslow.setSuffix(self.tr(" mm"))
        self.breslow.setSpecialValueText(self.tr("not given"))
        self._refusal = self._small_label()
        self._open_biopsies: tuple[Action, ...] = ()
        self._doubt_text = ""
        self._lacks_biopsy = ""
        """The sentence that no biopsy is recorded, empty if one is, or nothing was read yet."""
        self._waits = False
        self._found: OutcomeSubject | None = None
        """What is recorded, None until it was read."""
        inside = QWidget(self)
        self._form = QFormLayout(inside)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(8)
        self._form.addRow(self.tr("&Kind"), self.kind)
        self._form.addRow(self.specimen)
        self._form.addRow(self.tr("D&iagnosis"), self.diagnosis)
        self._form.addRow("", self._advice)
        self._form.addRow(self.tr("For &statistics"), self.label)
        self._form.addRow(self.tr("&Breslow"), self.breslow)
        self._form.addRow("", self._refusal)
        self.fields = HistopathologyFields(self._form, initials, self)
        dated = QWidget(self)
        self.date = DayEdit(QDate.currentDate(), dated)
        self._preset = self._small_label(self.tr("Preset to today: set the day of the report."))
        self.date.setMaximumDate(QDate.currentDate())
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(72)  # with this the whole form fits a screen of 800 points
        dated.setFocusProxy(self.date)
        beside = QHBoxLayout(dated)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.date, 1)
        beside.addWidget(self._preset, 1)
        self._form.addRow(self.tr("&Date of finding"), dated)
        self._form.addRow(self.tr("&Text"), self.note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setProperty("prominent", True)
        self._save.style().polish(self._save)
        self._save.setToolTip(self.tr("Save the outcome (Ctrl+Enter)"))
        save = QShortcut(self)
        save.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        save.activated.connect(self._save.click)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._hint = self._small_label()
        self.missing = PlainLabel(self)
        self.missing.setProperty("small", True)
        self.missing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(self._heading)
        column.addWidget(self._doubt)
        column.addWidget(ContentScroll(inside, 120, self))
        column.addWidget(self._hint)
        column.addWidget(self.missing)
        column.addWidget(buttons)
        for requested, target in (
            (self.recorded.days_requested, self.days_requested),
            (self.recorded.withdrawal_requested, self.withdrawal_requested),
            (self.recorded.reexcision_requested, self.reexcision_requested),
        ):
            requested.connect(partial(self._leave_for, target))
        self.kind.currentIndexChanged.connect(self._fit_kind)
        self.specimen.changed.connect(self._preset_day)
        self.specimen.changed.connect(self._preset_finding)
        self.specimen.changed.connect(self._fit)
        self.date.dateChanged.connect(self._preset.hide)
        self.diagnosis.editTextChanged.connect(lambda: self.label.propose_for(self.diagnosis.diagnosis()))
        self.date.input_changed.connect(self._fit)
        self.diagnosis.editTextChanged.connect(self._fit)
        self.label.currentIndexChanged.connect(self._fit)
        self.breslow.input_changed.connect(self._fit)
        self.note.textChanged.connect(self._fit)
        self.fields.changed.connect(self._fit)
        self.diagnosis.finished.connect(self.label.setFocus)
        self.accepted.connect(lambda: self.entered.emit(self.finding()))
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        (self.kind if kind is None else self.diagnosis).setFocus()

    def wait_for_subject(self) -> None:
        """Let nothing be saved before `show_subject`: what is asked and warned of depends on what is recorded."""
        self._waits = True
        self._fit()

    def show_subject(self, remark: str, found: OutcomeSubject, thumbnails: Thumbnails) -> None:
        """Show what the outcome is of, what is recorded, and its biopsies; the picture once that is loaded.

        `remark` says what the heading lacks: that the image has no lesion, or that the lesion's place was not entered.
        """
        self._waits = False
        self._heading.show_lesion(remark, found.image, thumbnails)
        self._found = found
        self._lacks_biopsy = lack_of_biopsy(found)
        self.recorded.show_subject(found)
        self.specimen.show_findings(found.outcomes, self.kind, is_of_another=found.is_for_open_biopsy)
        self._entries.begin_field(self.specimen)
        self._fit()
        self.resize(on_screen(self, self.sizeHint()))

    def doubt(self, text: str, lesions: Sequence[Action]) -> None:
        """Warn that a histopathology may be of another lesion; `lesions` are the buttons that go there."""
        self._doubt_text, self._open_biopsies = text, tuple(lesions)
        self._show_doubt()
        self.resize(on_screen(self, self.sizeHint()))

    def take_over(self, other: OutcomeDialog) -> None:
        """Enter what was entered in another dialog, for another lesion."""
        other._preset_with(None)  # what was recorded of that lesion is not of this one
        self.diagnosis.setEditText(other.diagnosis.currentText())
        self.label.setCurrentIndex(other.label.currentIndex())
        self.breslow.setValue(other.breslow.value())
        if other._preset.isHidden():
            self.date.setDate(other.date.date())
        self.note.setPlainText(other.note.toPlainText())
        self.fields.take_over(other.fields)

    def _leave_for(self, requested: SignalInstance) -> None:
        """Close, unless what was entered would be lost, and ask for something else."""
        self.reject()
        if not self.isVisible():
            requested.emit()

    def _small_label(self, text: str = "") -> PlainLabel:
        label = PlainLabel(text, self)
        label.setProperty("muted", True)
        label.setProperty("small", True)
        label.setWordWrap(True)
        return label

    def _show_doubt(self) -> None:
        if self._doubt_text and self.kind.currentData() == "histopathology":
            self._doubt.say(self._doubt_text, error=False, choice=self._open_biopsies)
        else:
            self._doubt.hide()

    def finding(self) -> EnteredOutcome:
        """Return the values that were entered, and those of the finding that is corrected where nothing was."""
        kind: OutcomeKind = self.kind.currentData()
        corrected = self._corrected
        entered = EnteredOutcome(
            kind=kind,
            diagnosis=self.diagnosis.diagnosis(),
            label=self.label.label(),
            breslow_mm=self.breslow.value() if self._has_breslow() and self.breslow.value() > 0 else None,
            date=self.date.day(),
            note=self.note.toPlainText().strip(),
            details=self.fields.details(is_histopathology=kind == "histopathology"),
            corrects=None if corrected is None else corrected.id,
            biopsy=self.fields.biopsy if kind == "histopathology" else None,
            is_named=self.fields.is_biopsy_asked and kind == "histopathology",
        )
        return entered if corrected is None else self._with_recorded(entered, corrected)

    def _with_recorded(self, entered: EnteredOutcome, corrected: Outcome) -> EnteredOutcome:
        """Return a correction with what is recorded where nothing was entered: a field may not show that to the last digit."""
        is_entered, fields = self._entries.is_entered, self.fields
        is_same = not is_entered(self.diagnosis) and not is_entered(self.label)
        if is_same:
            entered = replace(entered, diagnosis=corrected.diagnosis, label=corrected.label)
        if not is_entered(self.breslow) and (is_same or self._has_breslow()):
            entered = replace(entered, breslow_mm=corrected.breslow_mm)
        if not is_entered(self.note):
            entered = replace(entered, note=corrected.note)
        details = entered.details
        if not is_entered(fields.ulceration) and (is_same or fields.ulceration.isEnabled()):
            details = replace(details, ulceration=corrected.ulceration)
        if not is_entered(fields.number):
            details = replace(details, laboratory_number=corrected.laboratory_number)
        return replace(entered, details=details)

    @property
    def _corrected(self) -> Outcome | None:
        """The finding that is corrected, None if none is."""
        return self.specimen.corrects if self.kind.currentData() == "histopathology" else None

    def _has_breslow(self) -> bool:
        """Return whether a thickness belongs to what was entered: the histopathology of an invasive melanoma."""
        is_invasive = is_invasive_melanoma(self.diagnosis.diagnosis(), self.label.label())
        return self.kind.currentData() == "histopathology" and is_invasive

    def _find_missing(self) -> str:
        """Return a sentence about what must be entered before this can be saved, empty if nothing is missing."""
        if self._waits:
            return self.tr("Reading the history…")
        if self.kind.currentData() is None:
            return self.tr("To save, choose the kind of outcome.")
        if self.specimen.is_open and self.kind.currentData() == "histopathology":
            return self.tr("To save, choose whether it corrects a finding or is of another specimen.")
        refusal = self.date.refusal() or self.fields.refusal(
            is_histopathology=self.kind.currentData() == "histopathology"
        )
        if refusal:
            return refusal
        if self._corrected is not None and self.finding().is_as(self._corrected):
            return self.tr("To save, change what was wrong.")
        first = None if self._found is None else self._found.first_taken
        return find_missing(self.finding(), first, has_other_specimen=self.specimen.has_other_finding)

    def _fit_kind(self) -> None:
        if self.kind.currentData() != "histopathology" and not self.breslow.hasAcceptableInput():
            self.breslow.setValue(0)
            self._entries.begin_field(self.breslow)
        self._show_doubt()
        self._preset_day()
        self._preset_finding()
        self._fit()

    def _fit(self) -> None:
        self.breslow.setEnabled(self._has_breslow())
        refusal = self.breslow.refusal() if self._has_breslow() else ""
        self._refusal.setText(refusal)
        self._form.setRowVisible(self._refusal, bool(refusal))
        is_histopathology = self.kind.currentData() == "histopathology"
        self._form.setRowVisible(self.breslow, is_histopathology)
        self._show_specimen()
        self.fields.fit(is_histopathology=is_histopathology, is_invasive=self._has_breslow())
        self._advice.setText(self.diagnosis.advice())
        self._form.setRowVisible(self._advice, bool(self.diagnosis.advice()))
        self._heading.caution(self._lacks_biopsy if is_histopathology else "")
        self._form.setRowVisible(self.specimen, is_histopathology and self.specimen.is_asked)
        self._hint.setText(consequence(self.kind.currentData(), self.specimen, self._found))
        missing = self._find_missing()
        self.missing.setText(missing or caution(self.finding()))
        self._save.setToolTip(missing or refusal)
        self._save.setEnabled(not missing and not refusal)

    def _preset_day(self) -> None:
        """Until a day is entered, take that of the finding that is corrected: a typing error does not move it to today."""
        if self._preset.isHidden():
            return
        corrected = self._corrected
        with QSignalBlocker(self.date):
            if corrected is None:
                self.date.setDate(QDate.currentDate())
                self._preset.setText(self.tr("Preset to today: set the day of the report."))
            else:
                self.date.show_day(corrected.date)
                self._preset.setText(self.tr("Preset to the day of the corrected finding."))

    def _preset_finding(self) -> None:
        """Begin a correction as what it corrects, where nothing was entered: what is not typed again would go unnoticed."""
        self._preset_with(self._corrected)

    def _preset_with(self, finding: Outcome | None) -> None:
        empty = {field: preset for field, preset in self._presets(finding) if not self._entries.is_entered(field)}
        if self.diagnosis not in empty:
            empty.pop(self.label, None)
        for preset in empty.values():
            preset()
        for field in empty:
            self._entries.begin_field(field)
        self.diagnosis.field.selectAll()

    def _presets(self, finding: Outcome | None) -> Iterator[tuple[QWidget, Callable[[], None]]]:
        """Yield the fields of a finding with what shows one in them, or leaves them empty for None."""
        diagnosis, label = ("", None) if finding is None else (finding.diagnosis, finding.label)
        yield self.diagnosis, partial(self._show_diagnosis, diagnosis)
        yield self.label, partial(self.label.preset, label, diagnosis)
        yield self.breslow, partial(self.breslow.setValue, 0 if finding is None else finding.breslow_mm or 0)
        yield self.note, partial(self.note.setPlainText, "" if finding is None else finding.note)
        yield from self.fields.presets(finding)

    def _show_diagnosis(self, diagnosis: str) -> None:
        with QSignalBlocker(self.diagnosis):  # it proposes no label in place of one that was chosen
            self.diagnosis.show_diagnosis(diagnosis)

    def _show_specimen(self) -> None:
        """Show of which biopsy the finding is, and whether the patient was told of what it corrects, once that is chosen."""
        found, corrected = self._found, self._corrected
        if found is None:
            return
        biopsies = [] if self.specimen.is_open else found.biopsies_for(corrected, self.date.day())
        if self.fields.show_biopsies(biopsies, found.chosen):
            self._entries.begin_field(self.fields.specimen_of)
        self.fields.know_reexcision(is_planned=found.is_another_reexcision_planned(self.fields.biopsy))
        self.fields.show_telling(None if corrected is None else found.told.get(corrected.id))

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
