"""The fields of a histopathology beside diagnosis and thickness: ulceration, margins, number, biopsy taken, patient told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.visit.optional_day import OptionalDay, PersonDay

if TYPE_CHECKING:
    from desktop.core.records.people import Margins, Ulceration

_LONGEST_NUMBER = 40


@dataclass(frozen=True)
class EnteredDetails:
    """What was entered; None or empty where it was not given. `taken` is when the biopsy was, `told` when the patient was.

    `plans_reexcision` is whether a re-excision is to be planned next.
    """

    ulceration: Ulceration | None = None
    margins: Margins | None = None
    laboratory_number: str = ""
    taken: dt.date | None = None
    told: dt.date | None = None
    told_by: str = ""
    plans_reexcision: bool = False


NO_DETAILS = EnteredDetails()


class HistopathologyFields(QObject):
    """Rows of a form. Which are visible depends on the kind of the outcome alone, so that nothing moves while typing."""

    def __init__(self, form: QFormLayout, initials: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._has_plan = False
        self.ulceration = ChoiceBox(parent)
        margins = QWidget(parent)
        self.margins = ChoiceBox(margins)
        for box, rows in (
            (
                self.ulceration,
                ((self.tr("not given"), None), (self.tr("absent"), "absent"), (self.tr("present"), "present")),
            ),
            (
                self.margins,
                (
                    (self.tr("not given"), None),
                    (self.tr("clear"), "clear"),
                    (self.tr("involved"), "involved"),
                    (self.tr("not assessable"), "not assessable"),
                ),
            ),
        ):
            for text, value in rows:
                box.addItem(text, value)
        self.reexcision = QCheckBox(self.tr("Plan re-e&xcision next"), margins)
        margins.setFocusProxy(self.margins)
        beside = QHBoxLayout(margins)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.margins, 1)
        beside.addWidget(self.reexcision)
        self.margins.currentIndexChanged.connect(self._fit_reexcision)
        self._fit_reexcision()
        self.number = QLineEdit(parent)
        self.number.setMaxLength(_LONGEST_NUMBER)
        self.taken = OptionalDay(self.tr("on"), parent)
        self._was_taken = PlainLabel(parent)
        self.told = PersonDay(self.tr("Initials of whoever told the patient"), initials, parent)
        form.addRow(self.tr("&Ulceration"), self.ulceration)
        form.addRow(self.tr("&Margins"), margins)
        form.addRow(self.tr("Laboratory &number"), self.number)
        form.addRow(self.tr("Biopsy taken"), self.taken)
        form.addRow(self.tr("Biopsy taken"), self._was_taken)
        self._was_told = PlainLabel(parent)
        form.addRow(self.tr("Patient told"), self._was_told)
        form.addRow(self.tr("&Patient told"), self.told)
        self._rows = (self.ulceration, margins, self.number, self.told)

    def fit(self, *, is_histopathology: bool, is_invasive: bool) -> None:
        """Show the fields that belong to the kind; ulceration is that of an invasive melanoma."""
        for row in self._rows:
            self._form.setRowVisible(row, is_histopathology)
        self._form.setRowVisible(self.taken, is_histopathology and self._has_plan)
        self._form.setRowVisible(self._was_taken, is_histopathology and bool(self._was_taken.text()))
        self._form.setRowVisible(self._was_told, is_histopathology and bool(self._was_told.text()))
        self.ulceration.setEnabled(is_invasive)

    def _fit_reexcision(self) -> None:
        is_involved = self.margins.currentData() == "involved"
        self.reexcision.setEnabled(is_involved)
        self.reexcision.setToolTip(
            self.tr("Once this is saved, a form asks for the plan")
            if is_involved
            else self.tr("Can be ticked where margins are involved: choose that at the left")
        )

    def show_biopsies(self, was_taken: str, *, has_plan: bool, is_reexcision: bool) -> None:
        """Say when biopsies were taken, empty if none was; ask for the day if one is planned, and not recorded as taken.

        `is_reexcision` is whether what is planned are re-excisions.
        """
        self._was_taken.setText(was_taken)
        self._has_plan = has_plan
        label = self._form.labelForField(self.taken)
        if is_reexcision and isinstance(label, QLabel):
            label.setText(self.tr("Re-excision taken"))

    def show_telling(self, was_told: str) -> None:
        """Say when the patient was told of the finding that is recorded, empty if that is not known."""
        self._was_told.setText(was_told)
        label = self._form.labelForField(self.told)
        if was_told and isinstance(label, QLabel):
            label.setText(self.tr("T&old of this finding"))

    def take_over(self, other: HistopathologyFields) -> None:
        """Enter what was entered in the fields of another lesion's form; the day of a biopsy is the lesion's own."""
        self.ulceration.setCurrentIndex(other.ulceration.currentIndex())
        self.margins.setCurrentIndex(other.margins.currentIndex())
        self.reexcision.setChecked(other.reexcision.isChecked())
        self.number.setText(other.number.text())
        self.told.take_over(other.told)

    def refusal(self, *, is_histopathology: bool) -> str:
        """Return why a day that was typed is refused, in one sentence; empty if none is."""
        if not is_histopathology:
            return ""
        return (self.taken.refusal() if self._has_plan else "") or self.told.day.refusal()

    def details(self, *, is_histopathology: bool) -> EnteredDetails:
        """Return what was entered; nothing for another kind of outcome."""
        if not is_histopathology:
            return NO_DETAILS
        return EnteredDetails(
            self.ulceration.currentData() if self.ulceration.isEnabled() else None,
            self.margins.currentData(),
            self.number.text().strip(),
            self.taken.day() if self._has_plan else None,
            self.told.day.day(),
            self.told.person(),
            self.reexcision.isEnabled() and self.reexcision.isChecked(),
        )
