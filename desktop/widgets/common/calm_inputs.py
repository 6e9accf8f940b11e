"""Fields to choose from that the mouse wheel does not change: scrolling a page over one must not alter what was entered."""

import datetime as dt

from PySide6.QtCore import QDate, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget


class ChoiceBox(QComboBox):
    """A combo box; its open list scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DayEdit(QDateEdit):
    """A field for a day. A click, Home and End select day, month or year: Qt lets nobody type into one that is full."""

    def __init__(self, date: QDate | None = None, parent: QWidget | None = None) -> None:
        super().__init__(QDate.currentDate() if date is None else date, parent)
        self.lineEdit().installEventFilter(self)

    def day(self) -> dt.date:
        """Return the day."""
        date = self.date()
        return dt.date(date.year(), date.month(), date.day())

    def show_day(self, day: dt.date) -> None:
        """Enter a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._select_section()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._select_section()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _select_section(self) -> None:
        """Select the part with the cursor, unless the user selected something."""
        if not self.lineEdit().hasSelectedText():
            self.setSelectedSection(self.currentSection())
