"""The workspace of whole folders: progress, a table that fills as the run goes, and actions for its rows."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.core.imaging.opening import FORMATS
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.session.blinding import Blinding
from desktop.widgets.batch.batch_filter import BatchFilter
from desktop.widgets.batch.batch_head import BatchHead
from desktop.widgets.batch.batch_progress import BatchProgress
from desktop.widgets.batch.batch_rows import FOR_PRACTICE, REMARKS, STATE, Urgency
from desktop.widgets.batch.batch_summary import BatchSummary
from desktop.widgets.batch.batch_table import ANSWER_ROLE, BatchTable
from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.row_view import RowView
from desktop.widgets.common.thumbnails import Thumbnails

_WIDTHS = (66, 110, 170, 190, 124, 232)
_FOR_PRACTICE_WIDTH = 200

_SUMMARY_PAUSE = 1000
"""Milliseconds between two redraws of the summary while rows arrive."""


class BatchPage(QWidget):
    """Shows one run, running or saved."""

    folder_requested = Signal()
    cancel_requested = Signal()
    open_requested = Signal(object)  # Path
    send_requested = Signal(object)  # list[FileAnswer]
    export_requested = Signal()
    run_requested = Signal(int)
    shown = Signal()
    """The page was shown."""

    def __init__(self, thumbnails: Thumbnails, blinding: Blinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contract: Contract | None = None
        self._total = 0
        self._passed_over = ""
        self._head = BatchHead(self)
        self.messages = MessageBar(self)
        self._progress = BatchProgress(self)
        self._filter = BatchFilter(self)
        self.table = BatchTable(thumbnails, blinding, self)
        self.rows = RowView(self.table, _WIDTHS, REMARKS, self.tr("Rows of the batch"), self)
        self.rows.setWordWrap(True)  # a row is as high as its thumbnail, which leaves room for the reason of a failure
        self.rows.setColumnWidth(FOR_PRACTICE, _FOR_PRACTICE_WIDTH)
        self.rows.hideColumn(FOR_PRACTICE)
        self.rows.setSortingEnabled(True)
        self.rows.sortByColumn(STATE, Qt.SortOrder.AscendingOrder)
        self._summary = BatchSummary(self)
        self._summary_pause = QTimer(self)
        self._summary_pause.setSingleShot(True)
        self._summary_pause.setInterval(_SUMMARY_PAUSE)
        self._summary_pause.timeout.connect(self._refresh_summary)
        self._empty = EmptyState(
            "batch",
            self.tr("Classify a whole folder"),
            self.tr("Drop a folder here or choose one. Every image in it, and in the folders inside it, gets a row."),
            self.tr("Choose folder…"),
        )
        self._stack = QStackedWidget(self)
        for widget in (self._empty, self.rows, self._summary):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        for part in (self._head, self.messages, self._progress, self._filter):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)
        self._connect(blinding)
        self._filter.hide()
        self._allow()
        self.setFocusProxy(self._head.folder)

    def start(self, folder: str, contract: Contract) -> None:
        """Clear the page for a folder that is being classified."""
        self._show(self.tr("Batch: {folder}").format(folder=Path(folder).name or folder), folder, contract)
        self._total = 0
        self._progress.begin()
        self._allow()
        self._show_counts()

    def advance(self, answers: tuple[FileAnswer, ...], total: int, elapsed: float, passed_over: str) -> None:
        """Add rows to the run under way; `passed_over` is the remark on images that the program does not open."""
        self._total = total
        self._passed_over = passed_over
        self.table.add(answers)
        self._progress.advance(self.table.total, total, elapsed)
        self._show_counts()

    def end(self, *, completed: bool) -> None:
        """Show that the run has ended or was cancelled."""
        empty = self.tr("There is no image in this folder. Choose one with files of {formats}.").format(formats=FORMATS)
        if not self._total or self._passed_over:
            self.messages.say(self._passed_over or empty, error=False)
        words = (
            self.tr("{done} of {total} done")
            if completed
            else self.tr("cancelled after {done} of {total}; what was done is kept")
        )
        self._progress.end(words.format(done=self.table.total, total=self._total))
        self._allow()

    def show_run(self, title: str, contract: Contract, answers: list[FileAnswer], state: str) -> None:
        """Show a run of the history."""
        self._show(title, "", contract)
        self.table.add(answers)
        self._total = len(answers)
        self._progress.end(state)
        self._allow()
        self._show_counts()

    def show_summary(self) -> None:
        """Show the summary of the run instead of its rows."""
        self._filter.want_summary(True)

    def list_runs(self, runs: list[tuple[int, str]]) -> None:
        """Offer the saved runs, by id and title."""
        self._head.list_runs(runs)

    def _connect(self, blinding: Blinding) -> None:
        blinding.changed.connect(self._look_again)
        self._head.folder.clicked.connect(self.folder_requested)
        self._head.send.clicked.connect(lambda: self.send_requested.emit(self._chosen()))
        self._head.export.clicked.connect(self.export_requested)
        self._head.run_requested.connect(self.run_requested)
        self._progress.cancel_requested.connect(self.cancel_requested)
        self._filter.changed.connect(self.table.narrow)
        self._filter.summary_wanted.connect(self._show_look)
        self._empty.action_requested.connect(self.folder_requested)
        self.rows.activated.connect(lambda index: self.open_requested.emit(index.data(ANSWER_ROLE).path))
        self.rows.selectionModel().selectionChanged.connect(self._allow)
        self.table.modelReset.connect(self._allow)
        self.table.figures_changed.connect(self._show_practice)

    def _show(self, title: str, place: str, contract: Contract) -> None:
        """Clear the table for a model's answers, and show it."""
        self.messages.hide()
        self._passed_over = ""
        self._contract = contract
        self.table.start(contract)
        self._head.entitle(title, place)
        self._filter.show()
        self._filter.want_summary(False)
        self._show_look(False)

    def _allow(self) -> None:
        running = self._progress.is_running
        self._head.folder.setEnabled(not running)
        self._head.runs.setEnabled(not running)
        self._head.export.setEnabled(self.table.total > 0 and not running)
        self._head.send.setEnabled(any(answer.prediction is not None for answer in self._chosen()))

    def _chosen(self) -> list[FileAnswer]:
        return [index.data(ANSWER_ROLE) for index in self.rows.selectionModel().selectedRows()]

    def _show_practice(self) -> None:
        self.rows.setColumnHidden(FOR_PRACTICE, not self.table.has_figures_for_practice)

    def _show_look(self, is_summary: bool) -> None:
        """Show the rows, or their summary, which is drawn on request."""
        self._stack.setCurrentWidget(self._summary if is_summary else self.rows)
        self._refresh_summary()

    def _refresh_summary(self) -> None:
        if self._stack.currentWidget() is self._summary and self._contract is not None:
            concealed = self.table.counts[Urgency.CONCEALED]
            self._summary.show_answers(self.table.open_answers(), self._contract, concealed, self._passed_over)

    def _show_counts(self) -> None:
        self._filter.show_counts(self.table.counts)
        if not self._summary_pause.isActive():
            self._summary_pause.start()

    def _look_again(self) -> None:
        before = dict(self.table.counts)
        self.table.look_again()
        if before != self.table.counts:
            self._show_counts()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
