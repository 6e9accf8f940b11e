"""Dialogs to choose or add a patient (type the pseudonym, press Enter), and to correct one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.patient_words import YES_NO, yes_no_name
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import WritingSheet
from desktop.widgets.patient.patient_changes import PatientChanges
from desktop.widgets.patient.patient_facts import PatientFacts
from desktop.widgets.patient.patient_search import PatientSearch
from desktop.widgets.patient.risk_form import RiskForm

if TYPE_CHECKING:
    from desktop.core.records.people import Patient

_WIDTH = 520


class PatientChooser(WritingSheet):
    """Opens the patient that is chosen or added."""

    def __init__(
        self,
        history_service: HistoryService,
        open_patient: OpenPatient,
        changes: PatientChanges,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._changes = changes
        self.setWindowTitle(self.tr("Patient"))
        self.setMinimumWidth(_WIDTH)
        self.was_open = False
        """Whether the patient who was chosen was open already."""
        self.search = PatientSearch(history_service, may_make=True, takes_click=True, parent=self)
        self.search.chosen.connect(self._open)
        self.search.made.connect(self._make)
        self.search.failed.connect(self.messages.tell)  # a write may be under way
        hint = PlainLabel(
            self.tr(
                "Enter opens the patient of exactly this pseudonym, or the row that you mark with the arrow keys. Where none "
                "matches, Enter pressed twice in the search field makes a new patient. Use a pseudonym, never a name."
            ),
            self,
        )
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        of_new = PlainLabel(self.tr("For a new patient, if known:"), self)
        of_new.setProperty("muted", True)
        self.details = PatientFacts(open_patient.date, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.search, 1)
        layout.addWidget(self.messages)  # takes its room from the end of the list: no row moves
        layout.addWidget(of_new)
        layout.addWidget(self.details)
        layout.addWidget(hint)
        self.resize(_WIDTH, 420)
        self.setFocusProxy(self.search.field)

    def _open(self, patient: Patient) -> None:
        if self.begins():
            before = self._open_patient.patient
            self.was_open = before is not None and before.id == patient.id
            self._open_patient.open(patient)
            self.accept()

    def _make(self, pseudonym: str) -> None:
        if not self.begins():
            return
        try:
            birth_year = self.details.birth_year.year
        except AppError as error:
            self.fail(error)
            return
        self._changes.add(
            pseudonym,
            self.details.sex,
            self.details.age_band,
            self.fail,
            self.accept,
            skin_type=self.details.chosen_skin_type,
            birth_year=birth_year,
        )


class PatientDetails(WritingSheet):
    """Corrects pseudonym, sex, birth year, skin type, risk factors, use for training and, for this visit, the age band."""

    def __init__(
        self, patient: Patient, open_patient: OpenPatient, changes: PatientChanges, parent: QWidget | None = None
    ) -> None:
        """`patient` is the open one; another may be open once the sheet is filled in."""
        super().__init__(parent)
        self._patient = patient
        self._age_band = open_patient.recorded_age_band
        self._changes = changes
        self.setWindowTitle(self.tr("Correct the patient"))
        self.pseudonym = QLineEdit(self)
        self.pseudonym.setMaxLength(40)
        self.details = PatientFacts(open_patient.date, self)
        self.risk = RiskForm(self)
        self.training_use = ChoiceBox(self)
        self.training_use.setAccessibleName(self.tr("Use for training"))
        for answer in YES_NO:
            self.training_use.addItem(yes_no_name(answer), answer)
        self.risk.show_values(patient.risk)
        self.training_use.setCurrentIndex(self.training_use.findData(patient.training_use))
        self.pseudonym.setText(patient.pseudonym)
        self.details.show_values(
            patient.sex, self._age_band, patient.skin_type, patient.birth_year, open_patient.visits
        )
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setVerticalSpacing(12)
        form.addRow(self.tr("Pseudonym"), self.pseudonym)
        form.addRow(self.tr("Sex, age, skin"), self.details)
        form.addRow(self.tr("Risk"), self.risk)
        form.addRow(self.tr("Use for training"), self.training_use)
        note = PlainLabel(
            self.tr(
                "The age is that at this visit; with a birth year it follows for each visit. What stood there before stays in "
                "the history. Use for training: whether the patient agreed that the dermatoscope images may train a model. "
                "Only “yes” is exported for that."
            ),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        save = QPushButton(self.tr("Save"), self)
        save.setProperty("prominent", True)
        save.setDefault(True)
        buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        self.setFocusProxy(self.pseudonym)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.messages)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._entries = FormEntries(self)

    def _save(self) -> None:
        pseudonym = " ".join(self.pseudonym.text().split())
        if not self.begins():
            return
        details = self.details
        try:
            birth_year = details.birth_year.year
        except AppError as error:
            self.fail(error)
            return
        self._changes.correct(
            self._patient,
            self._age_band,
            pseudonym,
            details.sex,
            details.age_band,
            self.fail,
            self.accept,
            skin_type=details.chosen_skin_type,
            risk=self.risk.risk,
            training_use=self.training_use.currentData(),
            birth_year=birth_year,
        )

    def may_leave(self) -> bool:
        return self._entries.may_be_discarded()
