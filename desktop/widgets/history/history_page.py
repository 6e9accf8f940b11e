"""The history workspace: search, view, reopen, bin and restore entries."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QScrollBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.records.values import Entry
from desktop.widgets.common.context_menu import context_menu
from desktop.widgets.common.icons import icon
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import count
from desktop.widgets.history.history_filter import HistoryFilter
from desktop.widgets.history.history_grid import HistoryGrid
from desktop.widgets.history.history_head import GRID, TABLE, HistoryHead
from desktop.widgets.history.history_preview import HistoryPreview
from desktop.widgets.history.history_rows import HistoryRows
from desktop.widgets.history.history_states import HistoryStates
from desktop.widgets.history.history_table import ENTRY_ROLE, HistoryTable
from desktop.widgets.history.history_words import EntryWords

_INSIDE = 24
"""Points from the edge of a view at which there is certainly a row or card."""

_COMPARED = 2

_AHEAD = 3
"""Screens before the last row at which the next rows are fetched."""


class HistoryPage(QWidget):
    """Shows the entries that match the filter, as a table or pictures, with the selected one at the side."""

    open_requested = Signal(object)  # Entry
    bin_requested = Signal(object)  # list[Entry]
    restore_requested = Signal(object)  # list[Entry]
    compare_requested = Signal(object)
    """A list of the two Entries whose images are to be compared."""
    export_requested = Signal(object)
    """The selected entries, or an empty list for all that match the filter."""
    image_requested = Signal()
    reload_requested = Signal()
    shown = Signal()
    """The page was shown."""
    look_changed = Signal(str)
    chosen_changed = Signal(object)
    """The only selected Entry, or None."""

    def __init__(self, thumbnails: Thumbnails, words: EntryWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.filter = HistoryFilter(self)
        self.table = HistoryTable(thumbnails, words, self)
        self.rows = HistoryRows(self.table, self)
        self.grid = HistoryGrid(self.table, thumbnails, words, self)
        self.grid.setSelectionModel(self.rows.selectionModel())
        self.preview = HistoryPreview(words, self)
        self.head = HistoryHead(self.rows.orders(), self)
        self._states = HistoryStates(self)
        self._states.reload_requested.connect(self.reload_requested)
        self._states.image_requested.connect(self.image_requested)
        self._look = TABLE
        self._stack = QStackedWidget(self)
        for widget in (self._states, self.rows, self.grid):
            self._stack.addWidget(widget)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self._stack)
        self.splitter.addWidget(self.preview)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(self.head)
        layout.addWidget(self.messages)
        layout.addWidget(self.filter)
        layout.addWidget(self.splitter, 1)
        self._connect()
        self.setFocusProxy(self.rows)
        self.show_as(TABLE)
        self._allow()

    @property
    def look(self) -> str:
        """Whether the entries are shown as a table or as a grid."""
        return self._look

    @property
    def last_in_sight(self) -> int:
        """The lowest visible row, 0 if there is none."""
        view = self._view()
        row = view.indexAt(view.viewport().rect().bottomLeft() - QPoint(-_INSIDE, _INSIDE)).row()
        return row if row >= 0 else max(self.table.rowCount() - 1, 0)

    def show_as(self, look: str) -> None:
        """Show the entries as a table or as a grid of pictures."""
        self._look = look if look in self.head.looks else TABLE
        self.head.looks[self._look].setChecked(True)
        self.head.sorting.setVisible(self._look == GRID)
        self.look_changed.emit(self._look)
        if self._stack.currentWidget() is not self._states:
            self._stack.setCurrentWidget(self._view())
        self.setFocusProxy(self._view())

    def show_preview(self, wanted: bool) -> None:
        """Show or hide the selected entry at the side."""
        self.head.preview.setChecked(wanted)
        self.preview.setVisible(wanted)

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Show the first of `total` entries that match the filter, keeping selection and scroll position."""
        chosen, current = {entry.id for entry in self._chosen()}, self.rows.currentIndex().data(ENTRY_ROLE)
        place = self._view().verticalScrollBar().value()
        self.table.show_entries(entries, total)
        selection, first = QItemSelection(), None
        for row, entry in enumerate(entries):
            if entry.id in chosen and first is None:
                first = row
            if first is not None and (entry.id not in chosen or row == len(entries) - 1):
                last = row if entry.id in chosen else row - 1
                selection.append(QItemSelectionRange(self.table.index(first, 0), self.table.index(last, 0)))
                first = None
            if current is not None and entry.id == current.id:
                without = QItemSelectionModel.SelectionFlag.NoUpdate
                self.rows.selectionModel().setCurrentIndex(self.table.index(row, 0), without)
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        self.rows.selectionModel().select(selection, how)
        if entries:
            self._stack.setCurrentWidget(self._view())
            self._view().verticalScrollBar().setValue(place)
        else:
            self._states.show_none(is_narrowed=self.filter.is_narrowed, is_bin=self.filter.is_bin)
            self._stack.setCurrentWidget(self._states)
        self.head.count.setText(
            self.tr("1 entry") if total == 1 else self.tr("{count} entries").format(count=count(total))
        )
        self.head.export.setEnabled(bool(entries))
        self._allow()

    def show_unavailable(self, text: str) -> None:
        """Show why there is no history."""
        self._states.show_unavailable(text)
        self.head.count.setText("")
        self._stack.setCurrentWidget(self._states)

    def redraw(self) -> None:
        """Redraw the same entries: other parts of them may be shown now."""
        self.table.redraw()
        self.grid.viewport().update()
        self._allow()

    def _connect(self) -> None:
        self.head.open.clicked.connect(lambda: self.open_requested.emit(self._chosen()[0]))
        self.head.bin.clicked.connect(lambda: self.bin_requested.emit(self._chosen()))
        self.head.restore.clicked.connect(lambda: self.restore_requested.emit(self._chosen()))
        self.head.export.clicked.connect(lambda: self.export_requested.emit(self._chosen()))
        self.head.sorting.activated.connect(lambda: self.rows.sort_by(*self.head.sorting.currentData()))
        for look, button in self.head.looks.items():
            button.clicked.connect(lambda _checked, chosen=look: self.show_as(chosen))
        self.head.preview.toggled.connect(self.show_preview)
        self.filter.changed.connect(self._allow)
        self.rows.selectionModel().selectionChanged.connect(self._allow)
        self.preview.patient_requested.connect(lambda entry: self.filter.narrow_to(entry, to_lesion=False))
        self.preview.lesion_requested.connect(lambda entry: self.filter.narrow_to(entry, to_lesion=True))
        for view in (self.rows, self.grid):
            view.activated.connect(self.head.open.click)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._show_menu)
            bar = view.verticalScrollBar()
            bar.valueChanged.connect(lambda value, bar=bar: self._fetch_ahead(value, bar))
            compare = QShortcut(QKeySequence("C"), view)
            compare.setContext(Qt.ShortcutContext.WidgetShortcut)
            compare.activated.connect(self._compare)
            delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), view)
            delete.setContext(Qt.ShortcutContext.WidgetShortcut)
            delete.activated.connect(self._delete)

    def _view(self) -> HistoryRows | HistoryGrid:
        return self.grid if self._look == GRID else self.rows

    def _chosen(self) -> list[Entry]:
        return [index.data(ENTRY_ROLE) for index in self.rows.selectionModel().selectedRows()]

    def _fetch_ahead(self, value: int, bar: QScrollBar) -> None:
        if value > bar.maximum() - _AHEAD * bar.pageStep():
            self.table.fetchMore(QModelIndex())

    def _compare(self) -> None:
        chosen = self._chosen()
        if len(chosen) == _COMPARED and len({entry.image.sha256 for entry in chosen}) == _COMPARED:
            self.compare_requested.emit(chosen)
        else:
            self.messages.say(
                self.tr("Choose two entries of different images, then press C to compare them."), error=False
            )

    def _delete(self) -> None:
        if not self.filter.is_bin:
            self.head.bin.click()

    def _show_menu(self, place: QPoint) -> None:
        """Show a menu with the actions of the buttons, and to show only one patient's entries."""
        chosen = self._chosen()
        menu = context_menu(self)
        for button in (self.head.open, self.head.bin, self.head.restore, self.head.export):
            if button.isVisible():
                menu.addAction(button.icon(), button.text().strip(), button.click).setEnabled(button.isEnabled())
        if len(chosen) == _COMPARED:
            menu.addSeparator()
            menu.addAction(icon("compare"), self.tr("Compare the two (C)"), self._compare)
        if len(chosen) == 1 and chosen[0].patient_id is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Same patient"), lambda: self.filter.narrow_to(chosen[0], to_lesion=False))
            if chosen[0].lesion_id is not None:
                menu.addAction(self.tr("Same lesion"), lambda: self.filter.narrow_to(chosen[0], to_lesion=True))
        menu.popup(self._view().viewport().mapToGlobal(place))

    def _allow(self) -> None:
        chosen = self._chosen()
        in_bin = self.filter.is_bin
        self.head.open.setEnabled(len(chosen) == 1 and not in_bin)
        self.head.show_export(len(chosen))
        self.head.bin.setVisible(not in_bin)
        self.head.bin.setEnabled(bool(chosen))
        self.head.restore.setVisible(in_bin)
        self.head.restore.setEnabled(bool(chosen))
        if len(chosen) == 1:
            self.preview.show_entry(chosen[0])
        else:
            self.preview.show_number(len(chosen))
        self.chosen_changed.emit(chosen[0] if len(chosen) == 1 else None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
