"""The acts of the audit log as a table model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from desktop.core.marking import tr
from desktop.core.records.audit_acts import Act
from desktop.widgets.audit import audit_details, audit_words
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.wording import translated

if TYPE_CHECKING:
    from desktop.widgets.common.thumbnails import Index

COLUMNS = (tr("Time"), tr("By"), tr("Act"), tr("Patient"), tr("Lesion or image"), tr("Details"))
TIME, BY, ACT, PATIENT, SUBJECT, DETAILS = range(len(COLUMNS))

_TEXTS: dict[int, Callable[[Act], str]] = {
    TIME: audit_words.time_text,
    BY: lambda act: act.initials,
    ACT: audit_words.action_text,
    PATIENT: audit_words.patient_text,
    SUBJECT: audit_words.subject_text,
    DETAILS: audit_details.detail_text,
}


class AuditTable(QAbstractTableModel):
    """One row per act, newest first; a long log is fetched in pages as the view scrolls."""

    more_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._acts: list[Act] = []
        self._total = 0
        self._is_fetching = False

    def show_acts(self, acts: list[Act], total: int) -> None:
        """Replace the rows by the first of `total`."""
        self.beginResetModel()
        self._acts = list(acts)
        self._total = total
        self._is_fetching = False
        self.endResetModel()

    def add_acts(self, acts: list[Act]) -> None:
        """Append the requested rows."""
        self._is_fetching = False
        if acts:
            self.beginInsertRows(QModelIndex(), len(self._acts), len(self._acts) + len(acts) - 1)
            self._acts += acts
            self.endInsertRows()

    def whole_text(self, row: int) -> str:
        """Return a row in one text that is not cut."""
        texts = [_TEXTS[column](self._acts[row]) for column in (ACT, PATIENT, SUBJECT, DETAILS)]
        return " · ".join(filter(None, texts))

    def stop_fetching(self) -> None:
        """Allow rows to be requested again after a request has failed."""
        self._is_fetching = False

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._is_fetching and len(self._acts) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._is_fetching = True
            self.more_requested.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._acts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return translated(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        text = _TEXTS[index.column()](self._acts[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in {ACT, PATIENT, SUBJECT, DETAILS}:
            return for_tip(text)
        return None
