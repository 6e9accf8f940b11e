"""The patients seen last: a click or Enter opens one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from desktop.widgets.common.patient_words import short_sex_name
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    from desktop.core.records.people import Patient

_ROW = 34


class RecentPatients(UnderPointer, QTableWidget):
    """One row a patient, the newest visit first."""

    opened = Signal(object)  # Patient

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._patients: list[Patient] = []
        self.setHorizontalHeaderLabels([self.tr("Patient"), self.tr("Sex"), self.tr("Last visit")])
        self.setAccessibleName(self.tr("Recent patients"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)  # the name is never cut off
        self.clicked.connect(self._open)

    def show_patients(self, patients: list[Patient], last_visits: dict[int, dt.date]) -> None:
        """Show patients, with the day of the last visit of each who had one."""
        self._patients = patients
        self.setRowCount(len(patients))
        for row, patient in enumerate(patients):
            day = last_visits.get(patient.id)
            cells = (patient.pseudonym, short_sex_name(patient.sex), "" if day is None else local_day(day))
            for column, text in enumerate(cells):
                self.setItem(row, column, QTableWidgetItem(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentRow() >= 0:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._patients[index.row()])
