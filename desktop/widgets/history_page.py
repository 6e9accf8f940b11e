"""The workspace of the history: search, look, open again, put into the bin and take out of it."""

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.records.values import Entry
from desktop.widgets.history_filter import HistoryFilter
from desktop.widgets.history_grid import HistoryGrid
from desktop.widgets.history_preview import HistoryPreview
from desktop.widgets.history_rows import HistoryRows
from desktop.widgets.history_states import HistoryStates
from desktop.widgets.history_table import ENTRY_ROLE, HistoryTable
from desktop.widgets.history_words import EntryWords
from desktop.widgets.icons import icon, labelled, with_room
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.thumbnails import Thumbnails

TABLE, GRID = "table", "grid"


class HistoryPage(QWidget):
    """Shows the entries that the filter asks for, as a table or as pictures, and the chosen one at the side."""

    open_requested = Signal(object)  # Entry
    bin_requested = Signal(object)  # list[int]
    restore_requested = Signal(object)  # list[int]
    export_requested = Signal(object)
    """The chosen entries, or an empty list for all that the filter lets through."""
    image_requested = Signal()
    reload_requested = Signal()
    look_changed = Signal(str)
    chosen_changed = Signal(object)
    """The one Entry that is chosen, or None."""

    def __init__(self, thumbnails: Thumbnails, words: EntryWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.filter = HistoryFilter(self)
        self.table = HistoryTable(thumbnails, words, self)
        self.rows = HistoryRows(self.table, self)
        self.grid = HistoryGrid(self.table, thumbnails, words, self)
        self.grid.setSelectionModel(self.rows.selectionModel())
        self.preview = HistoryPreview(words, self)
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
        layout.addLayout(self._make_head())
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

    def show_as(self, look: str) -> None:
        """Show the entries as a table or as a grid of pictures."""
        self._look = look if look in self._looks else TABLE
        self._looks[self._look].setChecked(True)
        self._sorting.setVisible(self._look == GRID)
        self.look_changed.emit(self._look)
        if self._stack.currentWidget() is not self._states:
            self._stack.setCurrentWidget(self._view())
        self.setFocusProxy(self._view())

    def show_preview(self, wanted: bool) -> None:
        """Show or hide the chosen entry at the side."""
        self.preview_button.setChecked(wanted)
        self.preview.setVisible(wanted)

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Show the first of the `total` entries that the filter found; what was chosen and in sight stays so."""
        chosen, current = {entry.id for entry in self._chosen()}, self.rows.currentIndex().data(ENTRY_ROLE)
        place = self._view().verticalScrollBar().value()
        self.table.show_entries(entries, total)
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row, entry in enumerate(entries):
            if entry.id in chosen:
                self.rows.selectionModel().select(self.table.index(row, 0), how)
            if current is not None and entry.id == current.id:
                without = QItemSelectionModel.SelectionFlag.NoUpdate
                self.rows.selectionModel().setCurrentIndex(self.table.index(row, 0), without)
        if entries:
            self._stack.setCurrentWidget(self._view())
            self._view().verticalScrollBar().setValue(place)
        else:
            self._states.show_none(is_narrowed=self.filter.is_narrowed, is_bin=self.filter.is_bin)
            self._stack.setCurrentWidget(self._states)
        self._count.setText(
            self.tr("1 entry")
            if total == 1
            else self.tr("{count} entries").format(count=f"{total:,}".replace(",", "\u202f"))
        )
        self._export.setEnabled(bool(entries))
        self._allow()

    def show_unavailable(self, text: str) -> None:
        """Say why there is no history to show."""
        self._states.show_unavailable(text)
        self._count.setText("")
        self._stack.setCurrentWidget(self._states)

    def redraw(self) -> None:
        """Show the same entries anew: what may be said of them has changed."""
        self.table.redraw()
        self.grid.viewport().update()
        self._allow()

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self.tr("History"), self)
        title.setObjectName("title")
        self._count = QLabel(self)
        self._count.setProperty("muted", True)
        self._sorting = QComboBox(self)
        self._sorting.setAccessibleName(self.tr("Order"))
        for text, column, order in self.rows.orders():
            self._sorting.addItem(text, (column, order))
        group = QButtonGroup(self)
        table, grid = self._tool("rows", self.tr("As a table")), self._tool("grid", self.tr("As pictures"))
        self._looks = {TABLE: table, GRID: grid}
        for button in (table, grid):
            group.addButton(button)
        self.preview_button = self._tool("preview", self.tr("The chosen entry at the side"))
        self._open = labelled("open", self.tr("Open"), self)
        self._bin = labelled("bin", self.tr("To the bin"), self)
        self._restore = labelled("restore", self.tr("Restore"), self)
        self._export = labelled("export", self.tr("Save table…"), self)
        self._export.setEnabled(False)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._sorting)
        for tool in (table, grid, self.preview_button):
            head.addWidget(tool)
        head.addSpacing(10)
        for push in (self._open, self._bin, self._restore, self._export):
            head.addWidget(push)
        return head

    def _tool(self, picture: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(20, 20))
        button.setCheckable(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _connect(self) -> None:
        self._open.clicked.connect(lambda: self.open_requested.emit(self._chosen()[0]))
        self._bin.clicked.connect(lambda: self.bin_requested.emit([entry.id for entry in self._chosen()]))
        self._restore.clicked.connect(lambda: self.restore_requested.emit([entry.id for entry in self._chosen()]))
        self._export.clicked.connect(lambda: self.export_requested.emit(self._chosen()))
        self._sorting.activated.connect(lambda: self.rows.sort_by(*self._sorting.currentData()))
        for look, button in self._looks.items():
            button.clicked.connect(lambda _checked, chosen=look: self.show_as(chosen))
        self.preview_button.toggled.connect(self.show_preview)
        self.filter.changed.connect(self._allow)
        self.rows.selectionModel().selectionChanged.connect(self._allow)
        self.preview.patient_requested.connect(lambda entry: self.filter.narrow_to(entry, to_lesion=False))
        self.preview.lesion_requested.connect(lambda entry: self.filter.narrow_to(entry, to_lesion=True))
        for view in (self.rows, self.grid):
            view.activated.connect(self._open.click)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._show_menu)
            delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), view)
            delete.setContext(Qt.ShortcutContext.WidgetShortcut)
            delete.activated.connect(self._delete)

    def _view(self) -> HistoryRows | HistoryGrid:
        return self.grid if self._look == GRID else self.rows

    def _chosen(self) -> list[Entry]:
        return [index.data(ENTRY_ROLE) for index in self.rows.selectionModel().selectedRows()]

    def _delete(self) -> None:
        if not self.filter.is_bin:
            self._bin.click()

    def _show_menu(self, place: QPoint) -> None:
        """Offer for the chosen entries what the buttons offer, and to see only one patient's."""
        chosen = self._chosen()
        menu = QMenu(self)
        for button in (self._open, self._bin, self._restore, self._export):
            if button.isVisible():
                menu.addAction(button.icon(), button.text().strip(), button.click).setEnabled(button.isEnabled())
        if len(chosen) == 1 and chosen[0].patient_id is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Same patient"), lambda: self.filter.narrow_to(chosen[0], to_lesion=False))
            if chosen[0].lesion_id is not None:
                menu.addAction(self.tr("Same lesion"), lambda: self.filter.narrow_to(chosen[0], to_lesion=True))
        menu.popup(self._view().viewport().mapToGlobal(place))

    def _allow(self) -> None:
        chosen = self._chosen()
        in_bin = self.filter.is_bin
        self._open.setEnabled(len(chosen) == 1 and not in_bin)
        one, many = self.tr("Save the chosen one…"), self.tr("Save the {count} chosen…")
        some = one if len(chosen) == 1 else many.format(count=len(chosen))
        self._export.setText(with_room(some if chosen else self.tr("Save table…")))
        self._bin.setVisible(not in_bin)
        self._bin.setEnabled(bool(chosen))
        self._restore.setVisible(in_bin)
        self._restore.setEnabled(bool(chosen))
        if len(chosen) == 1:
            self.preview.show_entry(chosen[0])
        else:
            self.preview.show_number(len(chosen))
        self.chosen_changed.emit(chosen[0] if len(chosen) == 1 else None)
