"""Dialogs to choose or add a patient (type the pseudonym, press Enter), and to correct one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.patient_context import AGE_BANDS
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.patient_words import SHORT_SEXES, SKIN_TYPES, YES_NO, age_name, skin_name, yes_no_name
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import WritingSheet
from desktop.widgets.common.wording import translated
from desktop.widgets.patient.patient_changes import PatientChanges
from desktop.widgets.patient.patient_search import PatientSearch
from desktop.widgets.patient.risk_form import RiskForm

if TYPE_CHECKING:
    from desktop.core.records.people import Patient, Sex, SkinType

_WIDTH = 520


class PatientFacts(QWidget):
    """Sex, age band and skin type; each may stay unknown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        self._sexes: list[Sex] = list(SHORT_SEXES)
        for number, sex in enumerate(self._sexes):
            button = QToolButton(self)
            button.setText(translated(SHORT_SEXES[sex]))
            button.setCheckable(True)
            button.setProperty("segment", True)
            self._group.addButton(button, number)
            row.addWidget(button)
        self.age = ChoiceBox(self)
        self.age.setAccessibleName(self.tr("Age band"))
        self.age.setMinimumWidth(160)
        for band in ("", *AGE_BANDS):
            self.age.addItem(age_name(band), band)
        row.addStretch(1)
        self.skin_type = ChoiceBox(self)
        self.skin_type.setAccessibleName(self.tr("Skin type (Fitzpatrick)"))
        self.skin_type.setToolTip(self.tr("Fitzpatrick: I burns always and never tans, VI is deeply pigmented"))
        self.skin_type.setMinimumWidth(160)
        for skin_type in SKIN_TYPES:
            self.skin_type.addItem(skin_name(skin_type), skin_type)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.age)
        below.addWidget(self.skin_type)
        below.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(row)
        rows.addLayout(below)
        self.show_values("unknown", "", "")

    @property
    def sex(self) -> Sex:
        """The chosen sex."""
        return self._sexes[self._group.checkedId()]

    @property
    def age_band(self) -> str:
        """The chosen age band."""
        return str(self.age.currentData())

    @property
    def chosen_skin_type(self) -> SkinType:
        """The chosen skin type."""
        return SKIN_TYPES[self.skin_type.currentIndex()]

    def show_values(self, sex: Sex, age_band: str, skin_type: SkinType) -> None:
        """Show these values."""
        self._group.button(self._sexes.index(sex)).setChecked(True)
        if self.age.findData(age_band) < 0:
            self.age.addItem(age_name(age_band), age_band)
        self.age.setCurrentIndex(self.age.findData(age_band))
        self.skin_type.setCurrentIndex(SKIN_TYPES.index(skin_type))


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
        self.search = PatientSearch(history_service, may_make=True, parent=self)
        self.search.chosen.connect(self._open)
        self.search.made.connect(self._make)
        self.search.failed.connect(self.messages.tell)  # a write may be under way
        hint = PlainLabel(
            self.tr(
                "Enter opens the patient of exactly this pseudonym, or the row that you mark with the arrow keys; where none "
                "matches, Enter pressed twice makes a new patient. "
                "Use a pseudonym, never a name."
            ),
            self,
        )
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        of_new = PlainLabel(self.tr("For a new patient, if known:"), self)
        of_new.setProperty("muted", True)
        self.details = PatientFacts(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.messages)
        layout.addWidget(self.search, 1)
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
        if self.begins():
            self._changes.add(
                pseudonym,
                self.details.sex,
                self.details.age_band,
                self.fail,
                self.accept,
                skin_type=self.details.chosen_skin_type,
            )


class PatientDetails(WritingSheet):
    """Corrects pseudonym, sex, skin type, risk factors, use for training and, for this visit, the age band."""

    def __init__(self, open_patient: OpenPatient, changes: PatientChanges, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        self.setWindowTitle(self.tr("Correct the patient"))
        self.pseudonym = QLineEdit(self)
        self.pseudonym.setMaxLength(40)
        self.details = PatientFacts(self)
        self.risk = RiskForm(self)
        self.training_use = ChoiceBox(self)
        self.training_use.setAccessibleName(self.tr("Use for training"))
        for answer in YES_NO:
            self.training_use.addItem(yes_no_name(answer), answer)
        if open_patient.patient is not None:
            self.risk.show_values(open_patient.patient.risk)
            self.training_use.setCurrentIndex(self.training_use.findData(open_patient.patient.training_use))
            self.pseudonym.setText(open_patient.patient.pseudonym)
            patient = open_patient.patient
            self.details.show_values(patient.sex, open_patient.age_band, patient.skin_type)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setVerticalSpacing(12)
        form.addRow(self.tr("Pseudonym"), self.pseudonym)
        form.addRow(self.tr("Sex, age, skin"), self.details)
        form.addRow(self.tr("Risk"), self.risk)
        form.addRow(self.tr("Use for training"), self.training_use)
        note = PlainLabel(
            self.tr(
                "The age is that at this visit. What stood there before stays in the history. Use for training: whether the "
                "patient agreed that the dermatoscope images may train a model. Only “yes” is exported for that."
            ),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        keep = QPushButton(self.tr("Keep"), self)
        keep.setProperty("prominent", True)
        keep.setDefault(True)
        buttons.addButton(keep, QDialogButtonBox.ButtonRole.AcceptRole)
        self.setFocusProxy(self.pseudonym)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.messages)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._entries = FormEntries(self)

    def _keep(self) -> None:
        pseudonym = " ".join(self.pseudonym.text().split())
        if self.begins():
            details = self.details
            self._changes.correct(
                pseudonym,
                details.sex,
                details.age_band,
                self.fail,
                self.accept,
                skin_type=details.chosen_skin_type,
                risk=self.risk.risk,
                training_use=self.training_use.currentData(),
            )

    def may_leave(self) -> bool:
        return self._entries.may_be_discarded()
