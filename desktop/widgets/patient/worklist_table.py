"""The table of a worklist: follow-ups, or biopsies and excisions, with what was said of each lesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.steady_rows import SteadyRow, renewed
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.common.wrapped_rows import WrappedRows
from desktop.widgets.visit.assessment_words import diagnosis_text
from desktop.widgets.visit.reexcision_words import named_note

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.people import DuePlan, OpenBiopsy
else:
    people = Late("desktop.core.records.people")

_ITEM = Qt.ItemDataRole.UserRole
_COLUMNS = (tr("Patient"), tr("Lesion or image"), tr("My assessment"), tr("Note of the plan"), tr("Planned by"))
_PATIENT, _LESION, _DIAGNOSIS, _NOTE, _BY = range(1, len(_COLUMNS) + 1)
_WIDEST = {_PATIENT: 0.17, _LESION: 0.2, _DIAGNOSIS: 0.3, _BY: 0.08}
"""Part of the table's width that a column takes at most; a longer text wraps. The note takes what is left."""


class WorklistTable(UnderPointer, QTableWidget):
    """One row per item, its date first."""

    def __init__(self, day: str, name: str, parent: QWidget) -> None:
        """`day` is the name of the column of dates, and `name` that of the list for a screen reader."""
        super().__init__(0, len(_COLUMNS) + 1, parent)
        self._rows: list[SteadyRow[DuePlan | OpenBiopsy]] = []
        self.setHorizontalHeaderLabels([day, *map(translated, _COLUMNS)])
        self.setAccessibleName(name)
        show_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._wrapped = WrappedRows(self, _NOTE, _WIDEST)

    def fill(self, listed: list[DuePlan | OpenBiopsy], *, anew: bool) -> None:
        """Show items, in their order if they are listed `anew`; else no row moves, and what has left the list is struck out."""
        self._rows = renewed(self._rows, listed, _key, anew=anew)
        chosen = max(self.currentRow(), 0)
        self.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            font = QFont()
            font.setStrikeOut(row.is_gone)
            for column, text in enumerate(_cells(row.item)):
                cell = QTableWidgetItem(text)
                cell.setData(_ITEM, None if row.is_gone else row.item)
                cell.setToolTip(
                    for_tip(self.tr("No longer on this list: {text}").format(text=text) if row.is_gone else text)
                )
                cell.setFont(font)
                self.setItem(number, column, cell)
        if anew:
            self._wrapped.measure()
        else:
            self._wrapped.measure_new()
        if self._rows:
            self.selectRow(0 if anew else min(chosen, len(self._rows) - 1))

    def chosen(self) -> DuePlan | OpenBiopsy | None:
        """Return the item of the chosen row, None if it has left the list."""
        item = self.currentItem()
        found: DuePlan | OpenBiopsy | None = None if item is None else item.data(_ITEM)
        return found


def _key(item: DuePlan | OpenBiopsy) -> int:
    return item.assessment.id


def _cells(item: DuePlan | OpenBiopsy) -> tuple[str, ...]:
    assessment = item.assessment
    note, day = " ".join(assessment.note.split()), assessment.time.astimezone().date()
    own = assessment.diagnosis, assessment.label
    if isinstance(item, people.OpenBiopsy):
        day, own = item.taken or day, (item.own_diagnosis, item.own_label)
        note = named_note(assessment.note) if item.is_reexcision else note
    else:
        day = item.date
    patient = "" if item.patient is None else item.patient.pseudonym
    return (
        local_day(day),
        patient,
        item.name if item.lesion is None else lesion_name(item.lesion),
        diagnosis_text(*own),
        note,
        assessment.initials,
    )
