"""Fields for a day that may be left out, alone and with the initials of whoever did it then."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.plain_text import PlainLabel

_LONGEST = 8
"""Characters of initials."""


class OptionalDay(QWidget):
    """A day that may be left out."""

    changed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_given = QCheckBox(text, self)
        self.date = DayEdit(QDate.currentDate(), self)
        self.date.setMaximumDate(QDate.currentDate())
        self.date.setEnabled(False)
        self.setFocusProxy(self.is_given)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.is_given)
        row.addWidget(self.date, 1)
        self.is_given.toggled.connect(self.date.setEnabled)
        self.is_given.toggled.connect(self.changed)
        self.date.input_changed.connect(self.changed)

    def day(self) -> dt.date | None:
        """Return the day, None if it is left out."""
        return self.date.day() if self.is_given.isChecked() else None

    def refusal(self) -> str:
        """Return why what was typed is refused, in one sentence; empty if it is accepted, or the day is left out."""
        return self.date.refusal() if self.is_given.isChecked() else ""


class PersonDay(QWidget):
    """A day that may be left out, with the initials of whoever did it then."""

    changed = Signal()

    def __init__(self, person: str, initials: str, parent: QWidget | None = None) -> None:
        """`person` is the accessible name of the field for `initials`."""
        super().__init__(parent)
        self.day = OptionalDay(self.tr("on"), self)
        self.by = QLineEdit(initials, self)
        self.by.setMaxLength(_LONGEST)
        self.by.setFixedWidth(90)
        self.by.setAccessibleName(person)
        self.by.setEnabled(False)
        self.setFocusProxy(self.day)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.day, 1)
        row.addWidget(PlainLabel(self.tr("by"), self))
        row.addWidget(self.by)
        self.day.is_given.toggled.connect(self.by.setEnabled)
        self.day.changed.connect(self.changed)
        self.by.textChanged.connect(self.changed)

    def show_day(self, day: dt.date, person: str) -> None:
        """Enter a day and whoever did it."""
        self.day.date.show_day(day)
        self.day.is_given.setChecked(True)
        self.by.setText(person)

    def take_over(self, other: PersonDay) -> None:
        """Enter what was entered in another form."""
        self.day.date.setDate(other.day.date.date())
        self.day.is_given.setChecked(other.day.is_given.isChecked())
        self.by.setText(other.by.text())

    def person(self) -> str:
        """Return the initials; empty if the day is left out."""
        return "" if self.day.day() is None else self.by.text().strip()
