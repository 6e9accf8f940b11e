"""The table of what was left undone: a click or Enter goes to where it is done, the last column settles it with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.core.marking import tr
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.today.today_words import gap_text, subject_text

if TYPE_CHECKING:
    from desktop.core.records.safety_net import OpenItem

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (tr("Since"), tr("Patient"), tr("Lesion or image"), tr("Left undone"), "")
_SINCE, _PATIENT, _LESION, _WHAT, _CLOSE = range(len(_COLUMNS))
_WIDEST = {_PATIENT: 0.2, _LESION: 0.22, _CLOSE: 0.15}
"""Part of the table's width that a column takes at most; a longer text wraps. The other columns are as wide as their texts."""
_EDGES = 26
"""Width in pixels of a cell beside its text."""
_ROW = 34
"""Height in pixels of a row with one line."""
_TALL = 16_000
"""Pixels: more than any text is high."""


class _Items(QAbstractTableModel):
    """One row per item."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[OpenItem] = []

    def show(self, items: list[OpenItem]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        is_name = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return translated(_COLUMNS[section]) if is_name and _COLUMNS[section] else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        item, column = self.items[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return for_tip(self._tip(item) if column == _CLOSE else self._text(item, column))
        if role == Qt.ItemDataRole.ForegroundRole and column == _CLOSE:
            return QGuiApplication.palette().color(QPalette.ColorRole.Link)
        return None

    def _text(self, item: OpenItem, column: int) -> str:
        if column == _SINCE:
            return local_day(item.since)
        if column == _PATIENT:
            return "" if item.patient is None else item.patient.pseudonym
        if column == _LESION:
            return subject_text(item)
        if column == _WHAT:
            return gap_text(item)
        return self.tr("Looked again…") if item.gap is Gap.NO_FIT else self.tr("Close…")

    def _tip(self, item: OpenItem) -> str:
        if item.gap is Gap.NO_FIT:
            return self.tr("Record that you looked at it again, and what you found (Del)")
        return self.tr("Close with a reason (Del)")


class NetTable(UnderPointer, QTableView):
    """Shows items, the oldest first. Rows are marked with the keys, or with Ctrl or Shift and a click."""

    opened = Signal(object)
    """The OpenItem that was clicked, or Enter pressed on."""
    close_requested = Signal(object)
    """list[OpenItem]: those to be closed with a reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Items(self)
        self.setModel(self._items)
        self.setAccessibleName(self.tr("Left undone"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._rows: list[list[str]] = []
        """The texts of each row."""
        self._advances: dict[str, int] = {}
        """The width in pixels of each text on one line."""
        header.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._take_click)

    @property
    def items(self) -> list[OpenItem]:
        """The items that are shown."""
        return self._items.items

    def show_items(self, items: list[OpenItem]) -> None:
        """Show items in place of the others; the marked rows stay marked while they are there."""
        if items == self.items:
            return
        marked = {(item.gap, item.subject_id) for item in self._marked()}
        current = self.currentIndex().row()
        self._items.show(items)
        self._measure()
        if items and current >= 0:
            self.setCurrentIndex(self._items.index(min(current, len(items) - 1), _SINCE))
            self.clearSelection()
        for row, item in enumerate(items if marked else ()):
            if (item.gap, item.subject_id) in marked:
                select = self.selectionModel().SelectionFlag
                self.selectionModel().select(self._items.index(row, _SINCE), select.Select | select.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row >= 0:
            self.opened.emit(self.items[row])
        elif event.key() == Qt.Key.Key_Delete and row >= 0:
            self.close_requested.emit(self._marked() or [self.items[row]])
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # The style sheet sets its font when the table is first shown, after the items.
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _measure(self) -> None:
        """Measure the texts, each once: there may be thousands of rows."""
        rows, columns = range(len(self.items)), range(len(_COLUMNS))
        self._rows = [[str(self._items.index(row, column).data()) for column in columns] for row in rows]
        self._advances = {text: self.fontMetrics().horizontalAdvance(text) for texts in self._rows for text in texts}
        self._fit()

    def _fit(self) -> None:
        """Give each column the width of its texts, and each row the lines that its longest text needs there."""
        header, width = self.horizontalHeader(), self.viewport().width()
        widths = []
        for column in range(len(_COLUMNS)):
            widest = max((self._advances[texts[column]] for texts in self._rows), default=0) + _EDGES
            widths.append(max(min(widest, round(width * _WIDEST.get(column, 1))), header.sectionSizeHint(column)))
        widths[_WHAT] = width - sum(widths) + widths[_WHAT]
        for column, wide in enumerate(widths):
            if column != _WHAT:  # that takes the rest
                self.setColumnWidth(column, wide)
        for row, texts in enumerate(self._rows):
            height = _ROW + max(self._more(text, wide - _EDGES) for text, wide in zip(texts, widths, strict=True))
            if height != self.rowHeight(row):
                self.setRowHeight(row, height)

    def _more(self, text: str, width: int) -> int:
        """Return the height in pixels of a text's lines after the first in a column of this width."""
        if self._advances[text] <= width:
            return 0
        metrics, wrapped = self.fontMetrics(), int(Qt.TextFlag.TextWordWrap.value)
        height = metrics.boundingRect(QRect(0, 0, width, _TALL), wrapped, text).height()
        return max(height - metrics.height(), 0)

    def _take_click(self, index: QModelIndex) -> None:
        if QGuiApplication.keyboardModifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            return
        item = self.items[index.row()]
        if index.column() == _CLOSE:
            self.close_requested.emit([item])
        else:
            self.opened.emit(item)

    def _marked(self) -> list[OpenItem]:
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.items[row] for row in rows]
