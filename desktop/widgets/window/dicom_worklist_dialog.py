"""The entries of a hospital's worklist, to choose a patient from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.marking import tr
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.patient_words import sex_name
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import local_day, numbered, sentence, translated

if TYPE_CHECKING:
    from desktop.core.exchange.worklist_items import Worklist, WorklistItem

_SIZE = (780, 460)
_COLUMNS = (tr("Time"), tr("Number"), tr("Name"), tr("Born"), tr("Sex"), tr("Examination"))


class DicomWorklistDialog(Sheet):
    """Shows the entries of a day; `chosen` is emitted once one is opened."""

    chosen = Signal(object)
    """The WorklistItem."""
    asked = Signal(object, bool)
    """The day whose entries are wanted, and whether only those for LesionLens."""

    def __init__(self, own_title: str, *, own_entries: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Worklist"))
        self.resize(*_SIZE)
        self._items: Sequence[WorklistItem] = ()
        self.day = DayEdit(parent=self)
        self.day.setAccessibleName(self.tr("Day of the worklist"))
        self.own_entries = QCheckBox(self.tr("Only for {title}").format(title=own_title), self)
        self.own_entries.setChecked(own_entries)
        self.refresh = QPushButton(self.tr("Refresh"), self)
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setHorizontalHeaderLabels([translated(name) for name in _COLUMNS])
        self.table.setAccessibleName(self.tr("Entries of the worklist"))
        show_rows(self.table)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.state = PlainLabel("", self)
        self.state.setWordWrap(True)
        self.open_button = QPushButton(self.tr("Open the patient"), self)
        self.open_button.setProperty("prominent", True)
        self.open_button.setDefault(True)
        self._lay_out()
        self.setFocusProxy(self.table)
        self.refresh.clicked.connect(self.ask)
        self.day.input_changed.connect(self.ask)
        self.own_entries.toggled.connect(self.ask)
        self.table.itemActivated.connect(lambda _item: self._choose())
        self.open_button.clicked.connect(self._choose)

    def ask(self) -> None:
        """Ask for the entries of the chosen day; while the field shows no day, say so."""
        self._fill(())
        refusal = self.day.refusal()
        self.state.setText(refusal or self.tr("Asking…"))
        if not refusal:
            self.asked.emit(self.day.day(), self.own_entries.isChecked())

    def show_answer(self, answered: Worklist) -> None:
        """Show the entries, unless what was typed meanwhile is refused."""
        if self.day.refusal():
            return
        self._fill(answered.items)
        texts = [numbered(len(answered.items), self.tr("1 entry."), self.tr("{count} entries."))]
        if answered.has_more:
            texts.append(self.tr("There are more; they are not shown."))
        if answered.unreadable:
            texts.append(
                numbered(
                    answered.unreadable,
                    self.tr("1 entry cannot be read, or has no patient number."),
                    self.tr("{count} entries cannot be read, or have no patient number."),
                )
            )
        self.state.setText(" ".join(texts))

    def show_error(self, error: AppError) -> None:
        """Show why there are no entries."""
        self.state.setText(sentence(error))

    def _fill(self, items: Sequence[WorklistItem]) -> None:
        self._items = items
        self.table.setRowCount(len(items))
        for row, item in enumerate(items):
            for column, text in enumerate(_cells(item)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(for_tip(text))
                self.table.setItem(row, column, cell)
        self.open_button.setEnabled(bool(items))
        if items:
            self.table.selectRow(0)

    def _choose(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._items):
            item = self._items[row]
            self.accept()
            self.chosen.emit(item)

    def _lay_out(self) -> None:
        title = PlainLabel(self.tr("Worklist"), self)
        title.setObjectName("title")
        top = QHBoxLayout()
        top.addWidget(self.day)
        top.addWidget(self.own_entries)
        top.addStretch(1)
        top.addWidget(self.refresh)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.state, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)


def _cells(item: WorklistItem) -> tuple[str, ...]:
    patient = item.patient
    name = ", ".join(filter(None, (patient.last_name, patient.first_name)))
    born = "" if patient.birth_date is None else local_day(patient.birth_date)
    sex = "" if patient.sex == "unknown" else sex_name(patient.sex)
    return item.time, patient.number, name, born, sex, item.procedure
