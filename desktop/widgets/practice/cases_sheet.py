"""The lesions behind a figure: a click or Enter opens one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.practice.cases import Case
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import count
from desktop.widgets.practice import practice_words as words

_SIZE = (1160, 600)
_ROW = 30
_MOST = 500
"""Rows that are listed: nobody works through more, and each is a widget's item."""


class CasesSheet(Sheet):
    """Lists lesions with what was said of them; `opened` has the case that was chosen."""

    opened = Signal(object)  # Case

    def __init__(self, title: str, cases: Sequence[Case], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.resize(*_SIZE)
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        self.table = _CasesTable(cases[:_MOST], self)
        self.table.chosen.connect(self._open)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.table, 1)
        if len(cases) > _MOST:
            text = self.tr("The first {shown} of {count}.").format(shown=count(_MOST), count=count(len(cases)))
            layout.addWidget(PlainLabel(text, self))
        layout.addWidget(buttons)
        self.setFocusProxy(self.table)

    def _open(self, case: Case) -> None:
        self.accept()
        self.opened.emit(case)


class _CasesTable(UnderPointer, QTableWidget):
    chosen = Signal(object)  # Case

    def __init__(self, cases: Sequence[Case], parent: QWidget) -> None:
        columns = [
            self.tr("Patient"),
            self.tr("Lesion or image"),
            self.tr("Visit"),
            self.tr("Histology"),
            self.tr("Before the model"),
            self.tr("Alert"),
            self.tr("After the model"),
        ]
        super().__init__(len(cases), len(columns), parent)
        self._cases = cases
        self.setHorizontalHeaderLabels(columns)
        self.setAccessibleName(self.tr("Lesions of this figure"))
        show_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        for row, case in enumerate(cases):
            cells = (
                case.at.owner.patient,
                words.lesion_text(case),
                words.day_text(case),
                words.histology_text(case),
                words.assessment_text(case.at.before),
                words.alert_text(case),
                words.after_text(case),
            )
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setToolTip(for_tip(text))
                self.setItem(row, column, cell)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.clicked.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._cases[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentRow() >= 0:
            self.chosen.emit(self._cases[self.currentRow()])
        else:
            super().keyPressEvent(event)
