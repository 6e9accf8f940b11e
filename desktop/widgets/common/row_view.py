"""The tables of the window: whole rows with thumbnails, selected by mouse or keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.thumbnails import SIDE, ThumbnailTable

if TYPE_CHECKING:
    from desktop.widgets.common.thumbnails import Index

    _View = QAbstractItemView
else:
    _View = object


class UnderPointer(_View):
    """A mixin, to be listed before the view's own class.

    When a press can no longer become a double click, Qt scrolls to a partly visible cell, so that the next press at the same
    place would hit another cell. This disables that. Keys still scroll, and so do cells that are not visible at all.
    """

    _is_pointed_at = False

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        is_seen = self.visualRect(index).intersects(self.viewport().rect())
        if not (self._is_pointed_at and is_seen and hint is QAbstractItemView.ScrollHint.EnsureVisible):
            super().scrollTo(index, hint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pointed_at = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._is_pointed_at = False
        super().keyPressEvent(event)


class RowView(UnderPointer, QTableView):
    """A table; `widths` are the column widths, `stretched` is the column that takes the remaining room."""

    copied = Signal(int)
    """That many rows were copied to the clipboard."""

    def __init__(
        self, table: ThumbnailTable, widths: tuple[int, ...], stretched: int, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table = table
        self.setModel(table)
        self.setAccessibleName(name)
        copy = QAction(self.tr("Copy the chosen rows as text"), self)
        copy.setShortcuts(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_rows)
        self.addAction(copy)
        show_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.verticalHeader().setDefaultSectionSize(SIDE + 8)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

    def copy_rows(self) -> None:
        """Copy the selected rows to the clipboard, one line each below the column names, for a letter or a spreadsheet.

        Hidden columns, and those with patient data, are left out.
        """
        header, table = self.horizontalHeader(), self._table
        order = [header.logicalIndex(place) for place in range(header.count())]
        columns = [c for c in order if not header.isSectionHidden(c) and c and c not in table.PRIVATE]
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if not rows:
            return
        across = Qt.Orientation.Horizontal
        lines = [[str(table.headerData(column, across) or "") for column in columns]]
        lines += [[str(table.index(row, column).data() or "") for column in columns] for row in rows]
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(len(rows))
