"""The audit log as a window beside the main one."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.core.records.audit_acts import AuditPage
from desktop.widgets.audit.audit_filter import AuditFilterRow
from desktop.widgets.audit.audit_table import ACT, BY, DETAILS, PATIENT, SUBJECT, TIME, AuditTable
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.row_tables import show_rows
from desktop.widgets.common.wording import count

_SIZE = QSize(1160, 640)
_WIDTHS = {BY: 44, ACT: 190, PATIENT: 80, SUBJECT: 138}
"""Of the columns between the time, which is as wide as its text, and the details, which have the rest."""
_LINES = 2
"""Lines of the chosen act in full for which there is always room, so that the table does not jump."""
_ROW = 30
"""Height of a row in points."""


class AuditDialog(QDialog):
    """The acts that match the filter, newest first."""

    refresh_requested = Signal()
    export_requested = Signal()

    def __init__(self, fallback: MessageBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Audit log"))
        self.resize(on_screen(self, _SIZE))
        self.messages = MessageBar(self, fallback)
        self.filter = AuditFilterRow(self)
        self.filter.changed.connect(self.refresh_requested)
        self.table = AuditTable(self)
        self.rows = self._view()
        self.whole = PlainLabel(self)
        self.whole.setAccessibleName(self.tr("The chosen act in full"))
        self.whole.setWordWrap(True)
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.whole.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.whole.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing())
        self.rows.selectionModel().currentRowChanged.connect(lambda index: self._show_whole(index.row()))
        self.count = PlainLabel(self)
        self.count.setProperty("muted", True)
        self.refresh = self._button(self.tr("Refresh"))
        self.refresh.setShortcut(QKeySequence(QKeySequence.StandardKey.Refresh))
        self.refresh.clicked.connect(self.refresh_requested)
        self.export = self._button(self.tr("Save as table…"))
        self.export.setToolTip(self.tr("All acts that match the filter, with numbers in place of patients and images"))
        self.export.clicked.connect(self.export_requested)
        close = self._button(self.tr("Close"))
        close.clicked.connect(self.close)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch(1)
        for button in (self.refresh, self.export, close):
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.messages)
        layout.addWidget(self.filter)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.whole)
        layout.addLayout(below)
        self.rows.setFocus()

    def show_page(self, page: AuditPage) -> None:
        """Show the first of the acts that match the filter."""
        self.table.show_acts(page.acts, page.total)
        self.count.setText(
            self.tr("1 act") if page.total == 1 else self.tr("{count} acts").format(count=count(page.total))
        )
        self.export.setEnabled(page.total > 0)
        if page.acts:
            self.rows.selectRow(0)
        else:
            self.whole.clear()

    def _show_whole(self, row: int) -> None:
        """Show a row in full below the table, whose columns cut long texts."""
        self.whole.setText(self.table.whole_text(row) if row >= 0 else "")

    def _view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.table)
        view.setAccessibleName(self.tr("Acts of the audit log"))
        show_rows(view)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setWordWrap(False)
        view.verticalHeader().setDefaultSectionSize(_ROW)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(DETAILS, QHeaderView.ResizeMode.Stretch)
        return view

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        return button
