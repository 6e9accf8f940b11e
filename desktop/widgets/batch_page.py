"""The workspace of whole folders: progress, a table that fills as it goes, and what to do with its rows."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.blinding import Blinding
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.widgets.batch_rows import REMARKS, STATE, URGENCY_WORDS, Urgency
from desktop.widgets.batch_summary import BatchSummary
from desktop.widgets.batch_table import ANSWER_ROLE, BatchTable
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.icons import labelled
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.row_view import RowView
from desktop.widgets.thumbnails import Thumbnails
from desktop.widgets.wording import translated

_WIDTHS = (66, 110, 230, 200, 110, 140)

_PAUSE = 120
"""Milliseconds after the last key before the search begins."""

_SUMMARY_PAUSE = 1000
"""Milliseconds between two drawings of the summary while rows come."""


class BatchPage(QWidget):
    """Shows one run, running or kept."""

    folder_requested = Signal()
    cancel_requested = Signal()
    open_requested = Signal(object)  # Path
    keep_requested = Signal(object)  # list[FileAnswer]
    export_requested = Signal()
    run_requested = Signal(int)

    def __init__(self, thumbnails: Thumbnails, blinding: Blinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.table = BatchTable(thumbnails, blinding, self)
        blinding.changed.connect(self._look_again)
        self.rows = RowView(self.table, _WIDTHS, REMARKS, self.tr("Rows of the batch"), self)
        self.rows.setWordWrap(True)  # a row is as high as its thumbnail: room for the whole reason why a file failed
        self.rows.setSortingEnabled(True)
        self.rows.sortByColumn(STATE, Qt.SortOrder.AscendingOrder)
        self._summary = BatchSummary(self)
        self._contract: Contract | None = None
        self._total = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._narrow)
        self._summary_pause = QTimer(self)
        self._summary_pause.setSingleShot(True)
        self._summary_pause.setInterval(_SUMMARY_PAUSE)
        self._summary_pause.timeout.connect(self._refresh_summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addLayout(self._make_head())
        layout.addWidget(self.messages)
        layout.addLayout(self._make_progress())
        layout.addLayout(self._make_filter())
        self._empty = EmptyState(
            "batch",
            self.tr("Classify a whole folder"),
            self.tr("Drop a folder here or choose one. Every image in it, and in the folders inside it, gets a row."),
            self.tr("Choose folder…"),
        )
        self._empty.action_requested.connect(self.folder_requested)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._summary)
        layout.addWidget(self._stack, 1)
        self.rows.activated.connect(lambda index: self.open_requested.emit(index.data(ANSWER_ROLE).path))
        self.rows.selectionModel().selectionChanged.connect(self._allow)
        self.table.modelReset.connect(self._allow)
        self._show_counts()
        self._running(False)
        self.setFocusProxy(self._folder)

    def start(self, folder: str, contract: Contract) -> None:
        """Empty the page for a folder that is being classified."""
        self.messages.hide()
        self.table.start(contract)
        self._contract = contract
        self._total = 0
        self._title.setText(self.tr("Batch: {folder}").format(folder=Path(folder).name or folder))
        self._title.setToolTip(folder)
        self._look.setCurrentIndex(0)
        self._show_look()
        self._progress.setRange(0, 0)
        self._running(True)
        self._show_counts()

    def advance(self, answers: tuple[FileAnswer, ...], total: int, elapsed: float) -> None:
        """Add rows to the run under way."""
        self._total = total
        self.table.add(answers)
        done = self.table.total
        self._progress.setRange(0, max(total, 1))
        self._progress.setValue(done)
        rate = done / elapsed if elapsed > 0 else 0.0
        words = self.tr("{done} of {total}").format(done=done, total=total)
        if done and done < total:
            words += self.tr(", {rate:.0f} images a second, about {left} left").format(
                rate=rate, left=_duration((total - done) / rate)
            )
        self._state.setText(words)
        self._show_counts()

    def end(self, *, completed: bool) -> None:
        """Show that the run has come to its end, or was cancelled."""
        self._running(False)
        done = self.table.total
        if not self._total:
            self.messages.say(
                self.tr("There is no image in this folder. Choose one with JPEG, PNG, TIFF, BMP, WebP or DICOM files."),
                error=False,
            )
        self._state.setText(
            self.tr("{done} of {total} done").format(done=done, total=self._total)
            if completed
            else self.tr("cancelled after {done} of {total}; what was done is kept").format(
                done=done, total=self._total
            )
        )

    def show_run(self, title: str, contract: Contract, answers: list[FileAnswer], state: str) -> None:
        """Show a run of the history."""
        self.messages.hide()
        self.table.start(contract)
        self._contract = contract
        self.table.add(answers)
        self._total = len(answers)
        self._title.setText(title)
        self._title.setToolTip("")
        self._look.setCurrentIndex(0)
        self._show_look()
        self._running(False)
        self._state.setText(state)
        self._show_counts()

    def show_summary(self) -> None:
        """Show the summary of the run instead of its rows."""
        self._look.setCurrentIndex(1)

    def list_runs(self, runs: list[tuple[int, str]]) -> None:
        """Offer the kept runs, by id and title."""
        self._runs.blockSignals(True)
        self._runs.clear()
        self._runs.addItem(self.tr("Earlier runs"), None)
        for run, title in runs:
            self._runs.addItem(title, run)
        self._runs.setVisible(bool(runs))
        self._runs.blockSignals(False)

    def _make_head(self) -> QHBoxLayout:
        self._title = QLabel(self.tr("Batch"), self)
        self._title.setObjectName("title")
        self._runs = QComboBox(self)
        self._runs.setMinimumWidth(230)
        self._runs.setAccessibleName(self.tr("Earlier runs"))
        self._runs.hide()
        self._runs.activated.connect(self._choose_run)
        self._folder = labelled("folder", self.tr("Choose folder…"), self)
        self._folder.clicked.connect(self.folder_requested)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._runs)
        head.addWidget(self._folder)
        return head

    def _make_progress(self) -> QHBoxLayout:
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(260)
        self._state = QLabel(self)
        self._state.setProperty("muted", True)
        self._cancel = labelled("cancel", self.tr("Cancel"), self)
        self._cancel.clicked.connect(self._request_cancel)
        keeping = self._cancel.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # the rows below do not jump when a run ends
        self._cancel.setSizePolicy(keeping)
        row = QHBoxLayout()
        row.addWidget(self._progress)
        row.addWidget(self._state)
        row.addStretch(1)
        row.addWidget(self._cancel)
        return row

    def _make_filter(self) -> QHBoxLayout:
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search file, label, remark"))
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(220)
        self._search.textChanged.connect(self._pause.start)
        self._states = QComboBox(self)
        self._states.setAccessibleName(self.tr("State"))
        self._states.addItem(self.tr("All states"), None)
        for state, word in URGENCY_WORDS.items():
            self._states.addItem(translated(word), state)
        self._states.currentIndexChanged.connect(self._narrow)
        self._counts = QLabel(self)
        self._look = QComboBox(self)
        self._look.setAccessibleName(self.tr("Rows or summary"))
        self._look.addItem(self.tr("Rows"))
        self._look.addItem(self.tr("Summary"))
        self._look.currentIndexChanged.connect(self._show_look)
        self._keep = labelled("send-to-history", self.tr("To the history"), self)
        self._keep.clicked.connect(lambda: self.keep_requested.emit(self._chosen()))
        self._export = labelled("export", self.tr("Save table…"), self)
        self._export.clicked.connect(self.export_requested)
        row = QHBoxLayout()
        row.addWidget(self._search)
        row.addWidget(self._states)
        row.addSpacing(10)
        row.addWidget(self._counts)
        row.addStretch(1)
        row.addWidget(self._look)
        row.addWidget(self._keep)
        row.addWidget(self._export)
        return row

    def _running(self, running: bool) -> None:
        self._progress.setVisible(running)
        self._cancel.setVisible(running)
        self._cancel.setEnabled(running)
        self._folder.setEnabled(not running)
        self._runs.setEnabled(not running)
        if not running and not self.table.total:
            self._state.setText("")
        self._allow()

    def _allow(self) -> None:
        any_rows = self.table.total > 0
        self._export.setEnabled(any_rows and not self._cancel.isVisibleTo(self))
        self._keep.setEnabled(any(answer.prediction is not None for answer in self._chosen()))

    def _chosen(self) -> list[FileAnswer]:
        return [index.data(ANSWER_ROLE) for index in self.rows.selectionModel().selectedRows()]

    def _show_look(self) -> None:
        """Show the rows or their summary, which is drawn when it is asked for."""
        self._stack.setCurrentIndex(2 if self._look.currentIndex() == 1 else 1)
        self._refresh_summary()

    def _refresh_summary(self) -> None:
        if self._stack.currentIndex() == 2 and self._contract is not None:
            concealed = self.table.counts[Urgency.CONCEALED]
            self._summary.show_answers(self.table.open_answers(), self._contract, concealed)

    def _show_counts(self) -> None:
        counts = self.table.counts
        words = (
            f"{counts[state]} {translated(word)}"
            for state, word in URGENCY_WORDS.items()
            if counts[state] or state is not Urgency.CONCEALED
        )
        self._counts.setText(" · ".join(words))
        self._counts.setVisible(self._stack.currentIndex() > 0)
        if not self._summary_pause.isActive():
            self._summary_pause.start()

    def _look_again(self) -> None:
        before = dict(self.table.counts)
        self.table.look_again()
        if before != self.table.counts:
            self._show_counts()

    def _narrow(self) -> None:
        self.table.narrow(self._search.text(), self._states.currentData())

    def _request_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._state.setText(self.tr("is being cancelled…"))
        self.cancel_requested.emit()

    def _choose_run(self, position: int) -> None:
        run = self._runs.itemData(position)
        if run is not None:
            self.run_requested.emit(run)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
