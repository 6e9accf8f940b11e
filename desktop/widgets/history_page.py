"""The workspace of the history: search, look, open again, put into the bin and take out of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.core.labels import KNOWN_LABELS
from desktop.core.marking import tr
from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.history_table import ENTRY_ROLE, REMARKS, HistoryTable
from desktop.widgets.icons import icon, labelled
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.thumbnails import SIDE, Thumbnails
from desktop.widgets.wording import translated

_PAUSE = 120
"""Milliseconds after the last key before the search begins."""


@dataclass(frozen=True)
class Period:
    """A choice of dates: the last `days` days, today included; None for any date."""

    name: str
    days: int | None


PERIODS = (
    Period(tr("Any date"), None),
    Period(tr("Today"), 1),
    Period(tr("Last 7 days"), 7),
    Period(tr("Last 30 days"), 30),
    Period(tr("Last 12 months"), 365),
)


class HistoryPage(QWidget):
    """Shows the entries that the filter asks for."""

    filter_changed = Signal(object)  # EntryFilter
    open_requested = Signal(object)  # Entry
    bin_requested = Signal(object)  # list[int]
    restore_requested = Signal(object)  # list[int]
    export_requested = Signal(object)
    """The chosen entries, or an empty list for all that the filter lets through."""
    image_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.table = HistoryTable(thumbnails, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.apply_filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addLayout(self._make_head())
        layout.addWidget(self.messages)
        layout.addLayout(self._make_filter())
        self._empty = EmptyState(
            "history",
            self.tr("Nothing here yet"),
            self.tr("Every image that you open is kept here with its answer."),
            self.tr("Open image…"),
        )
        self._empty.action_requested.connect(self.image_requested)
        self._nothing = EmptyState(
            "search", self.tr("No entry fits"), self.tr("Change the words, the label or the date.")
        )
        self._stack = QStackedWidget(self)
        for page in (self._empty, self._nothing, self._make_table()):
            self._stack.addWidget(page)
        layout.addWidget(self._stack, 1)
        self.show_entries([], 0)
        self.setFocusProxy(self._search)

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Show the first of the `total` entries that the filter found."""
        chosen = {entry.id for entry in self._chosen()}
        self.table.show_entries(entries, total)
        for row, entry in enumerate(entries):
            if entry.id in chosen:
                self._view.selectRow(row)
        self._stack.setCurrentIndex(2 if entries else 1 if self._is_narrowed() else 0)
        self._count.setText(_entries(total, self))
        self._export.setEnabled(bool(entries))
        self._allow()

    def apply_filter(self) -> None:
        """Ask for the entries that the fields describe."""
        self.filter_changed.emit(self._filter())

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self.tr("History"), self)
        title.setObjectName("title")
        self._count = QLabel(self)
        self._count.setProperty("muted", True)
        self._open = labelled("open", self.tr("Open"), self)
        self._open.clicked.connect(self._open_chosen)
        self._bin = labelled("bin", self.tr("To the bin"), self)
        self._bin.clicked.connect(lambda: self.bin_requested.emit([entry.id for entry in self._chosen()]))
        self._restore = labelled("restore", self.tr("Restore"), self)
        self._restore.clicked.connect(lambda: self.restore_requested.emit([entry.id for entry in self._chosen()]))
        self._export = labelled("export", self.tr("Save table…"), self)
        self._export.clicked.connect(lambda: self.export_requested.emit(self._chosen()))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        for button in (self._open, self._bin, self._restore, self._export):
            head.addWidget(button)
        return head

    def _make_filter(self) -> QHBoxLayout:
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search file or label"))
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(240)
        self._search.textChanged.connect(self._timer.start)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._search.setFocus)
        self._label = QComboBox(self)
        self._label.setAccessibleName(self.tr("Highest probability"))
        self._label.addItem(self.tr("Any label"), None)
        for label in KNOWN_LABELS:
            self._label.addItem(translated(label.name), label.id)
        self._period = QComboBox(self)
        self._period.setAccessibleName(self.tr("Date"))
        for period in PERIODS:
            self._period.addItem(translated(period.name), period)
        self._period.addItem(self.tr("From – to…"), None)
        self._from = QDateEdit(QDate.currentDate().addMonths(-1), self)
        self._to = QDateEdit(QDate.currentDate(), self)
        for edit, name in ((self._from, self.tr("From")), (self._to, self.tr("To, included"))):
            edit.setCalendarPopup(True)
            edit.setAccessibleName(name)
            edit.hide()
            edit.dateChanged.connect(self._timer.start)
        self._which = QComboBox(self)
        self._which.setAccessibleName(self.tr("History or bin"))
        self._which.addItem(self.tr("History"), False)
        self._which.addItem(icon("bin"), self.tr("Bin"), True)
        for box in (self._label, self._period, self._which):
            box.currentIndexChanged.connect(self._change)
        row = QHBoxLayout()
        for widget in (self._search, self._label, self._period, self._from, self._to):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._which)
        return row

    def _make_table(self) -> QTableView:
        view = QTableView(self)
        self._view = view
        view.setModel(self.table)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setIconSize(QSize(SIDE, SIDE))
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(SIDE + 8)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((66, 150, 170, 190, 106, 132, 200, 120)):
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(REMARKS, QHeaderView.ResizeMode.Stretch)
        view.setAccessibleName(self.tr("Entries of the history"))
        view.activated.connect(self._open.click)
        view.selectionModel().selectionChanged.connect(self._allow)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._bin.click)
        return view

    def _filter(self) -> EntryFilter:
        since, until = self._dates()
        return EntryFilter(self._search.text(), self._label.currentData(), since, until, self._which.currentData())

    def _dates(self) -> tuple[datetime | None, datetime | None]:
        period = self._period.currentData()
        if period is None:
            return _midnight(self._from.date()), _midnight(self._to.date().addDays(1))
        if period.days is None:
            return None, None
        return _midnight(QDate.currentDate()) - timedelta(days=period.days - 1), None

    def _is_narrowed(self) -> bool:
        return self._filter() != EntryFilter()

    def _change(self) -> None:
        own_dates = self._period.currentData() is None
        self._from.setVisible(own_dates)
        self._to.setVisible(own_dates)
        self.apply_filter()

    def _chosen(self) -> list[Entry]:
        return [index.data(ENTRY_ROLE) for index in self._view.selectionModel().selectedRows()]

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.open_requested.emit(chosen[0])

    def _allow(self) -> None:
        chosen = len(self._chosen())
        in_bin = bool(self._which.currentData())
        self._open.setEnabled(chosen == 1 and not in_bin)
        self._bin.setVisible(not in_bin)
        self._bin.setEnabled(chosen > 0)
        self._restore.setVisible(in_bin)
        self._restore.setEnabled(chosen > 0)


def _midnight(day: QDate) -> datetime:
    """Return the beginning of a day in the user's time zone."""
    return datetime(day.year(), day.month(), day.day()).astimezone()


def _entries(count: int, widget: QWidget) -> str:
    return widget.tr("1 entry") if count == 1 else widget.tr("{count} entries").format(count=count)
