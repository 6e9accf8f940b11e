"""The workspace of the history: search, look, open again, put into the bin and take out of it."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.history_filter import HistoryFilter
from desktop.widgets.history_table import ENTRY_ROLE, REMARKS, HistoryTable
from desktop.widgets.icons import labelled, with_room
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.row_view import RowView
from desktop.widgets.thumbnails import Thumbnails

_WIDTHS = (66, 150, 170, 190, 106, 132, 200, 120)


class HistoryPage(QWidget):
    """Shows the entries that the filter asks for."""

    open_requested = Signal(object)  # Entry
    bin_requested = Signal(object)  # list[int]
    restore_requested = Signal(object)  # list[int]
    export_requested = Signal(object)
    """The chosen entries, or an empty list for all that the filter lets through."""
    image_requested = Signal()
    reload_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.filter = HistoryFilter(self)
        self.table = HistoryTable(thumbnails, self)
        self.rows = RowView(self.table, _WIDTHS, REMARKS, self.tr("Entries of the history"), self)
        self._reading = EmptyState("history", self.tr("The history is being read"), "")
        self._unavailable = EmptyState("error", self.tr("The history cannot be read"), "", self.tr("Try again"))
        self._unavailable.action_requested.connect(self.reload_requested)
        self._empty = EmptyState(
            "history",
            self.tr("Nothing here yet"),
            self.tr("Every image that you open is kept here with its answer."),
            self.tr("Open image…"),
        )
        self._empty.action_requested.connect(self.image_requested)
        self._empty_bin = EmptyState("bin", self.tr("The bin is empty"), self.tr("From here entries can be restored."))
        self._nothing = EmptyState(
            "search", self.tr("No entry fits"), self.tr("Change the words, the label or the date.")
        )
        self._stack = QStackedWidget(self)
        for page in (self._reading, self._unavailable, self._empty, self._empty_bin, self._nothing, self.rows):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addLayout(self._make_head())
        layout.addWidget(self.messages)
        layout.addWidget(self.filter)
        layout.addWidget(self._stack, 1)
        self.filter.changed.connect(self._allow)
        self.rows.activated.connect(self._open.click)
        self.rows.selectionModel().selectionChanged.connect(self._allow)
        self.table.modelReset.connect(self._allow)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.rows)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._delete)
        self.setFocusProxy(self.rows)
        self._allow()

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Show the first of the `total` entries that the filter found."""
        chosen = {entry.id for entry in self._chosen()}
        self.table.show_entries(entries, total)
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row, entry in enumerate(entries):
            if entry.id in chosen:
                self.rows.selectionModel().select(self.table.index(row, 0), how)
        self._stack.setCurrentWidget(self.rows if entries else self._state_without_entries())
        count = self.tr("1 entry") if total == 1 else self.tr("{count} entries").format(count=total)
        self._count.setText(count)
        self._export.setEnabled(bool(entries))

    def show_unavailable(self, text: str) -> None:
        """Say why there is no history to show."""
        self._unavailable.say(text)
        self._count.setText("")
        self._stack.setCurrentWidget(self._unavailable)

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self.tr("History"), self)
        title.setObjectName("title")
        self._count = QLabel(self)
        self._count.setProperty("muted", True)
        self._open = labelled("open", self.tr("Open"), self)
        self._open.clicked.connect(lambda: self.open_requested.emit(self._chosen()[0]))
        self._bin = labelled("bin", self.tr("To the bin"), self)
        self._bin.clicked.connect(lambda: self.bin_requested.emit([entry.id for entry in self._chosen()]))
        self._restore = labelled("restore", self.tr("Restore"), self)
        self._restore.clicked.connect(lambda: self.restore_requested.emit([entry.id for entry in self._chosen()]))
        self._export = labelled("export", self.tr("Save table…"), self)
        self._export.setEnabled(False)
        self._export.clicked.connect(lambda: self.export_requested.emit(self._chosen()))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        for button in (self._open, self._bin, self._restore, self._export):
            head.addWidget(button)
        return head

    def _state_without_entries(self) -> EmptyState:
        wanted = self.filter.wanted()
        if wanted == EntryFilter():
            return self._empty
        return self._empty_bin if wanted == EntryFilter(binned=True) else self._nothing

    def _chosen(self) -> list[Entry]:
        return [index.data(ENTRY_ROLE) for index in self.rows.selectionModel().selectedRows()]

    def _delete(self) -> None:
        if not self.filter.is_bin:
            self._bin.click()

    def _allow(self) -> None:
        chosen = len(self.rows.selectionModel().selectedRows())
        in_bin = self.filter.is_bin
        self._open.setEnabled(chosen == 1 and not in_bin)
        text = self.tr("Save the {count} chosen…").format(count=chosen) if chosen else self.tr("Save table…")
        self._export.setText(with_room(text))
        self._bin.setVisible(not in_bin)
        self._bin.setEnabled(chosen > 0)
        self._restore.setVisible(in_bin)
        self._restore.setEnabled(chosen > 0)
