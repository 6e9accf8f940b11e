"""Fields to choose from that the mouse wheel does not change: scrolling a page over one must not alter what was entered."""

import datetime as dt

from PySide6.QtCore import QDate, QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

_SEPARATORS = (" ", ".", "/", "-")
"""Typed between the parts of a day."""


class ChoiceBox(QComboBox):
    """A combo box; its open list scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DayEdit(QDateEdit):
    """A field for a day. A click, Home and End select day, month or year: Qt lets nobody type into one that is full.

    Limits hold once the field is left: Qt drops a digit that leads beyond them, though the month that follows leads back.
    """

    def __init__(self, date: QDate | None = None, parent: QWidget | None = None) -> None:
        super().__init__(QDate.currentDate() if date is None else date, parent)
        self._earliest, self._latest = self.minimumDate(), self.maximumDate()
        self._went_on = False
        """Whether the last key completed a part, so that Qt went on to the next by itself."""
        self.lineEdit().installEventFilter(self)

    def setMinimumDate(self, earliest: QDate) -> None:
        self._earliest = earliest
        super().setMinimumDate(earliest)

    def setMaximumDate(self, latest: QDate) -> None:
        self._latest = latest
        super().setMaximumDate(latest)

    def day(self) -> dt.date:
        """Return the day, within the limits."""
        date = min(max(self.date(), self._earliest), self._latest)
        return dt.date(date.year(), date.month(), date.day())

    def show_day(self, day: dt.date) -> None:
        """Enter a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._select_section()
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.clearMinimumDate()
        self.clearMaximumDate()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setDateRange(self._earliest, self._latest)  # also when the calendar opens, which takes the limits over
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.setDateRange(self._earliest, self._latest)  # the form is about to be saved
        if self._went_on and event.text() in _SEPARATORS:  # Qt would pass over the part that it went on to
            self._went_on = False
            return
        before = self.currentSection()
        super().keyPressEvent(event)
        self._went_on = event.text().isalnum() and self.currentSection() != before
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._select_section()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _select_section(self) -> None:
        """Select the part with the cursor, unless the user selected something."""
        self._went_on = False
        if not self.lineEdit().hasSelectedText():
            self.setSelectedSection(self.currentSection())
