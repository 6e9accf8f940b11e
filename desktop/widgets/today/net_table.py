"""The table of what was left undone: a click or Enter goes to where it is done, the last column settles it with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from desktop.core.marking import tr
from desktop.core.records.care_steps import SUBJECTS
from desktop.core.records.safety_net import CLOSED_BY
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.steady_rows import SteadyRow, renewed
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.common.wrapped_rows import WrappedRows
from desktop.widgets.today.today_words import LOOKED, gap_text, subject_text

if TYPE_CHECKING:
    from desktop.core.records.safety_net import Gap, OpenItem

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (tr("Since"), tr("Patient"), tr("Lesion or image"), tr("What is missing"), "")
_SINCE, _PATIENT, _LESION, _WHAT, _CLOSE = range(len(_COLUMNS))
_WIDEST = {_PATIENT: 0.2, _LESION: 0.22, _CLOSE: 0.15}
"""Part of the table's width that a column takes at most; a longer text wraps. The other columns are as wide as their texts."""


class _Items(QAbstractTableModel):
    """One row per item."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[SteadyRow[OpenItem]] = []

    def show(self, rows: list[SteadyRow[OpenItem]]) -> None:
        """Show rows in place of the others."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def renew(self, rows: list[SteadyRow[OpenItem]]) -> None:
        """Show rows that begin with the same items as the others."""
        before = len(self.rows)
        self.rows[:] = rows[:before]
        if before:
            self.dataChanged.emit(self.index(0, 0), self.index(before - 1, len(_COLUMNS) - 1))
        if len(rows) > before:
            self.beginInsertRows(QModelIndex(), before, len(rows) - 1)
            self.rows += rows[before:]
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        is_name = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return translated(_COLUMNS[section]) if is_name and _COLUMNS[section] else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._gone_text(row) if row.is_gone and column == _CLOSE else self._text(row.item, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            if row.is_undone:
                return self.tr("What listed it was undone. It leaves the list with this page.")
            if row.is_corrected:
                return self.tr("The finding was corrected or withdrawn. It leaves the list with this page.")
            if row.is_gone:
                return self.tr("Done. It leaves the list with this page; Ctrl+Z undoes what was entered last.")
            return for_tip(self._tip(row.item) if column == _CLOSE else self._text(row.item, column))
        if role == Qt.ItemDataRole.ForegroundRole and (row.is_gone or column == _CLOSE):
            palette = QGuiApplication.palette()
            return palette.color(QPalette.ColorRole.PlaceholderText if row.is_gone else QPalette.ColorRole.Link)
        if role == Qt.ItemDataRole.FontRole and row.is_gone and column != _CLOSE:
            struck = QFont()
            struck.setStrikeOut(True)
            return struck
        return None

    def _gone_text(self, row: SteadyRow[OpenItem]) -> str:
        if row.is_undone:
            return self.tr("Undone")
        return self.tr("Corrected") if row.is_corrected else self.tr("Done")

    def _text(self, item: OpenItem, column: int) -> str:
        if column == _SINCE:
            return local_day(item.since)
        if column == _PATIENT:
            return "" if item.patient is None else item.patient.pseudonym
        if column == _LESION:
            return subject_text(item)
        if column == _WHAT:
            return gap_text(item)
        return self.tr("Looked again…") if CLOSED_BY[item.gap] in LOOKED else self.tr("Close…")

    def _tip(self, item: OpenItem) -> str:
        if CLOSED_BY[item.gap] in LOOKED:
            return self.tr("Record that you looked at it again, and what you found (Del)")
        return self.tr("Close with a reason (Del)")


class NetTable(UnderPointer, QTableView):
    """Shows items, the oldest first. Rows are marked with the keys, or with Ctrl or Shift and a click.

    No row moves until the items are listed anew: what has been dealt with stays, struck out, and what is new comes last.
    """

    opened = Signal(object)
    """The OpenItem that was clicked, or Enter pressed on."""
    close_requested = Signal(object)
    """list[OpenItem]: those to be closed with a reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Items(self)
        self.setModel(self._items)
        self.setAccessibleName(self.tr("Left undone"))
        show_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._at: tuple[Gap, int] | None = None
        """The item at which the keys were when the table was cleared."""
        self._wrapped = WrappedRows(self, _WHAT, _WIDEST)
        self.clicked.connect(self._take_click)

    @property
    def items(self) -> list[OpenItem]:
        """The items of all rows."""
        return [row.item for row in self._items.rows]

    @property
    def findings(self) -> set[int]:
        """The ids of the findings that the rows are about."""
        return {item.subject_id for item in self.items if _is_of_finding(item)}

    @property
    def open_items(self) -> list[OpenItem]:
        """The items that have not been dealt with."""
        return [row.item for row in self._items.rows if not row.is_gone]

    def show_items(
        self, items: list[OpenItem], *, anew: bool, is_undo: bool = False, corrected: Collection[int] = ()
    ) -> None:
        """Show items, in their order if they are listed `anew`; the keys stay at theirs if it is still there.

        `is_undo` is whether a change was undone since items were shown, `corrected` are those of the `findings` that count no
        more.
        """

        def is_corrected(item: OpenItem) -> bool:
            return _is_of_finding(item) and item.subject_id in corrected

        before = self._items.rows
        rows = renewed(before, items, _key, anew=anew, is_undo=is_undo, is_corrected=is_corrected, said=_without_key)
        if rows == before:
            return
        if not anew:
            self._items.renew(rows)
            self._wrapped.measure_new()
            return
        at, self._at = self._at or self._current_key(), None
        self._items.show(rows)
        self._wrapped.measure()
        keys = list(map(_key, items))
        self.setCurrentIndex(self._items.index(keys.index(at) if at in keys else 0, _SINCE) if at else QModelIndex())
        self.clearSelection()

    def clear_rows(self) -> None:
        """Show nothing, and remember where the keys are for when items are listed anew."""
        self._at = self._current_key() or self._at
        self._items.show([])
        self._wrapped.measure()

    def _current_key(self) -> tuple[Gap, int] | None:
        row = self.currentIndex().row()
        return _key(self.items[row]) if row >= 0 else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row >= 0:
            self._open(row)
        elif event.key() == Qt.Key.Key_Delete and row >= 0:
            marked = self._marked() or [row]
            if wanted := [self._items.rows[one].item for one in marked if not self._items.rows[one].is_gone]:
                self.close_requested.emit(wanted)
        else:
            super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        if not self._items.rows[row].is_gone:
            self.opened.emit(self.items[row])

    def _take_click(self, index: QModelIndex) -> None:
        if QGuiApplication.keyboardModifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            return
        row = self._items.rows[index.row()]
        if index.column() != _CLOSE:
            self._open(index.row())
        elif not row.is_gone:
            self.close_requested.emit([row.item])

    def _marked(self) -> list[int]:
        return sorted(index.row() for index in self.selectionModel().selectedRows())


def _key(item: OpenItem) -> tuple[Gap, int]:
    return item.gap, item.subject_id


def _is_of_finding(item: OpenItem) -> bool:
    return SUBJECTS[CLOSED_BY[item.gap]] == "outcome"


def _without_key(item: OpenItem) -> OpenItem:
    return replace(item, subject_id=0, others=())
