"""The patients seen last: a click or Enter opens one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from desktop.widgets.common.patient_words import short_sex_name
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.steady_rows import SteadyRow, renewed
from desktop.widgets.common.wording import local_day
from desktop.widgets.common.wrapped_rows import WrappedRows

if TYPE_CHECKING:
    from desktop.core.records.people import Patient


class RecentPatients(UnderPointer, QTableWidget):
    """One row a patient, the newest visit first."""

    opened = Signal(object)  # Patient

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._rows: list[SteadyRow[Patient]] = []
        self.setHorizontalHeaderLabels([self.tr("Patient"), self.tr("Sex"), self.tr("Last visit")])
        self.setAccessibleName(self.tr("Recent patients"))
        show_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._wrapped = WrappedRows(self, rest=0, widest={})
        self.clicked.connect(self._open)

    def show_patients(self, patients: list[Patient], last_visits: dict[int, dt.date]) -> None:
        """Show patients, with the day of the last visit of each who had one.

        Until the rows are cleared none moves: whoever is no longer among these stays, struck out, others follow at the end.
        """
        anew = not self._rows
        self._rows = renewed(self._rows, patients, lambda patient: patient.id, anew=anew)
        self.setRowCount(len(self._rows))
        font = QFont()
        for number, row in enumerate(self._rows):
            patient = row.item
            day = last_visits.get(patient.id)
            cells = (patient.pseudonym, short_sex_name(patient.sex), "" if day is None else local_day(day))
            font.setStrikeOut(row.is_gone)
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setFont(font)
                self.setItem(number, column, cell)
        if anew:
            self._wrapped.measure()
        else:
            self._wrapped.measure_new()

    def clear_rows(self) -> None:
        """Show nobody, so that patients are listed anew."""
        self._rows = []
        self.setRowCount(0)
        self._wrapped.measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentRow() >= 0:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = self._rows[index.row()]
        if not row.is_gone:
            self.opened.emit(row.item)
