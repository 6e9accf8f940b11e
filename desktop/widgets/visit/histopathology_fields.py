"""The fields of a histopathology beside diagnosis and thickness: ulceration, margins, number, biopsy taken, patient told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox, DayEdit
from desktop.widgets.common.plain_text import PlainLabel

if TYPE_CHECKING:
    from desktop.core.records.people import Margins, Ulceration

_LONGEST_NUMBER, _LONGEST_INITIALS = 40, 8


@dataclass(frozen=True)
class EnteredDetails:
    """What was entered; None or empty where it was not given. `taken` is when the biopsy was, `told` when the patient was."""

    ulceration: Ulceration | None = None
    margins: Margins | None = None
    laboratory_number: str = ""
    taken: dt.date | None = None
    told: dt.date | None = None
    told_by: str = ""


NO_DETAILS = EnteredDetails()


class HistopathologyFields(QObject):
    """Rows of a form. Which are visible depends on the kind of the outcome alone, so that nothing moves while typing."""

    def __init__(self, form: QFormLayout, initials: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._has_plan = False
        self.ulceration = ChoiceBox(parent)
        self.margins = ChoiceBox(parent)
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
        self.number = QLineEdit(parent)
        self.number.setMaxLength(_LONGEST_NUMBER)
        self.taken = OptionalDay(self.tr("on"), parent)
        self.told = OptionalDay(self.tr("on"), parent)
        self.told_by = QLineEdit(initials, parent)
        self.told_by.setMaxLength(_LONGEST_INITIALS)
        self.told_by.setFixedWidth(90)
        self.told_by.setAccessibleName(self.tr("Initials of whoever told the patient"))
        self.told_by.setEnabled(False)
        self.told.changed.connect(lambda: self.told_by.setEnabled(self.told.day() is not None))
        told = QWidget(parent)
        row = QHBoxLayout(told)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.told, 1)
        row.addWidget(PlainLabel(self.tr("by"), told))
        row.addWidget(self.told_by)
        form.addRow(self.tr("&Ulceration"), self.ulceration)
        form.addRow(self.tr("&Margins"), self.margins)
        form.addRow(self.tr("Laboratory &number"), self.number)
        form.addRow(self.tr("Biopsy taken"), self.taken)
        form.addRow(self.tr("&Patient told"), told)
        self._rows = (self.ulceration, self.margins, self.number, told)

    def fit(self, *, is_histopathology: bool, is_invasive: bool) -> None:
        """Show the fields that belong to the kind; ulceration is that of an invasive melanoma."""
        for row in self._rows:
            self._form.setRowVisible(row, is_histopathology)
        self._form.setRowVisible(self.taken, is_histopathology and self._has_plan)
        self.ulceration.setEnabled(is_invasive)

    def offer_taken(self) -> None:
        """Ask when the biopsy was taken: one is planned, and not recorded as taken."""
        self._has_plan = True

    def take_over(self, other: HistopathologyFields) -> None:
        """Enter what was entered in the fields of another lesion's form; the day of a biopsy is the lesion's own."""
        self.ulceration.setCurrentIndex(other.ulceration.currentIndex())
        self.margins.setCurrentIndex(other.margins.currentIndex())
        self.number.setText(other.number.text())
        self.told.date.setDate(other.told.date.date())
        self.told.is_given.setChecked(other.told.is_given.isChecked())
        self.told_by.setText(other.told_by.text())

    @property
    def is_complete(self) -> bool:
        """Whether a patient who was told was told by somebody."""
        return self.told.day() is None or bool(self.told_by.text().strip())

    def details(self, *, is_histopathology: bool) -> EnteredDetails:
        """Return what was entered; nothing for another kind of outcome."""
        if not is_histopathology:
            return NO_DETAILS
        told = self.told.day()
        return EnteredDetails(
            self.ulceration.currentData() if self.ulceration.isEnabled() else None,
            self.margins.currentData(),
            self.number.text().strip(),
            self.taken.day() if self._has_plan else None,
            told,
            "" if told is None else self.told_by.text().strip(),
        )


class OptionalDay(QWidget):
    """A day that may be left out."""

    changed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_given = QCheckBox(text, self)
        self.date = DayEdit(QDate.currentDate(), self)
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("d MMM yyyy")
        self.date.setMaximumDate(QDate.currentDate())
        self.date.setEnabled(False)
        self.setFocusProxy(self.is_given)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.is_given)
        row.addWidget(self.date, 1)
        self.is_given.toggled.connect(self.date.setEnabled)
        self.is_given.toggled.connect(self.changed)
        self.date.dateChanged.connect(self.changed)

    def day(self) -> dt.date | None:
        """Return the day, None if it is left out."""
        day = self.date.date()
        return dt.date(day.year(), day.month(), day.day()) if self.is_given.isChecked() else None
