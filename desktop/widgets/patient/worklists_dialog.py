"""The worklists: follow-ups that are due, biopsies that are planned, and biopsies whose histology is open."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.patient.worklist_table import WorklistTable

if TYPE_CHECKING:
    from desktop.core.records.people import DuePlan, OpenBiopsy

DUE, PLANNED, HISTOLOGY = 0, 1, 2
"""The indexes of the lists."""

_SIZE = (900, 460)


class WorklistsDialog(QDialog):
    """Shows the lists, and stays open while the user works through one."""

    opened = Signal(object)
    """The DuePlan or OpenBiopsy that the user wants to see."""
    outcome_requested = Signal(object)  # DuePlan or OpenBiopsy
    period_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("To do"))
        self.resize(on_screen(self, QSize(*_SIZE)))
        self._due = WorklistTable(self.tr("Due"), self.tr("Planned follow-ups that are due"), self)
        self._planned = WorklistTable(
            self.tr("Planned since"), self.tr("Biopsies and excisions planned, not recorded as taken"), self
        )
        self._histology = WorklistTable(
            self.tr("Taken"), self.tr("Biopsies and excisions taken, without their histology"), self
        )
        self._tables = (self._due, self._planned, self._histology)
        self._next_30_days = QCheckBox(self.tr("Include the next 30 days"), self)
        self._next_30_days.toggled.connect(self._ask_for_period)
        self._tabs = QTabWidget(self)
        self._empty = [PlainLabel(self.tr("Reading the history…"), self) for _ in self._tables]
        for table, empty, extra, title in (
            (self._due, self._empty[DUE], self._next_30_days, self.tr("Due")),
            (self._planned, self._empty[PLANNED], None, self.tr("Biopsy or excision planned")),
            (self._histology, self._empty[HISTOLOGY], None, self.tr("Histology open")),
        ):
            page = QWidget(self)
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 10, 0, 0)
            empty.setProperty("muted", True)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            if extra is not None:
                column.addWidget(extra, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(table, 1)
            column.addWidget(empty, 1)
            self._tabs.addTab(page, title)
            table.hide()
            table.activated.connect(lambda _index: self._open_chosen())
            table.itemSelectionChanged.connect(self._allow)
            outcome = QShortcut(QKeySequence("O"), table)
            outcome.setContext(Qt.ShortcutContext.WidgetShortcut)
            outcome.activated.connect(self._enter_chosen)
        self._tabs.currentChanged.connect(self._allow)
        self._is_chosen = False
        """Whether a list was chosen that has not got the keys yet."""
        self._begins_anew = True
        """Whether the lists may be put into another order: they are not on the screen, or another period was chosen."""
        self._open = QPushButton(self.tr("Open"), self)
        self._open.setProperty("prominent", True)
        self._open.clicked.connect(self._open_chosen)
        self._enter = QPushButton(self.tr("Outcome…"), self)
        self._enter.setToolTip(self.tr("Enter the outcome of the chosen row (O)"))
        self._enter.clicked.connect(self._enter_chosen)
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        for button in (self._open, self._enter):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        close.setAutoDefault(False)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self._tabs, 1)
        layout.addLayout(buttons)
        self._allow()

    @property
    def until(self) -> dt.date:
        """The last day of the follow-ups to list."""
        today = dt.datetime.now().astimezone().date()
        return today + dt.timedelta(days=30) if self._next_30_days.isChecked() else today

    def show_lists(self, due: list[DuePlan], biopsies: list[OpenBiopsy]) -> None:
        """Show the items, oldest first; while the lists are shown no row of them moves."""
        planned = [one for one in biopsies if one.taken is None]
        taken = [one for one in biopsies if one.taken is not None]
        no_histology = self.tr("No histology is open.")
        if planned:  # nothing may be missed where biopsies are not recorded as taken
            text = self.tr("Biopsies and excisions planned, not recorded as taken: {count}")
            no_histology += "\n" + text.format(count=len(planned))
        until = self.tr("Due ({count})"), self.tr("Nothing is due.")
        if self._next_30_days.isChecked():
            until = self.tr("Due and to come ({count})"), self.tr("Nothing is due in the next 30 days.")
        for place, listed, text, nothing in (
            (DUE, due, *until),
            (
                PLANNED,
                planned,
                self.tr("Biopsy or excision planned ({count})"),
                self.tr("No biopsy or excision is planned."),
            ),
            (HISTOLOGY, taken, self.tr("Histology open ({count})"), no_histology),
        ):
            table, empty = self._tables[place], self._empty[place]
            table.fill([*listed], anew=self._begins_anew)
            empty.setText(nothing)
            table.setVisible(table.rowCount() > 0)
            empty.setVisible(table.rowCount() == 0)
            self._tabs.setTabText(place, text.format(count=len(listed)))
        self._begins_anew = not self.isVisible()
        self._allow()
        self._give_keys()

    def choose(self, which: int) -> None:
        """Show one of the lists: `DUE`, `PLANNED` or `HISTOLOGY`. It gets the keys, as soon as it has rows."""
        self._tabs.setCurrentIndex(which)
        self._is_chosen = True
        self._give_keys()

    def _give_keys(self) -> None:
        if self._is_chosen and self._list().rowCount():  # an empty list is hidden, and takes no focus
            self._is_chosen = False
            self._list().setFocus()

    def _ask_for_period(self) -> None:
        self._begins_anew = True
        self.period_changed.emit()

    def _open_chosen(self) -> None:
        if self._list().chosen() is not None:
            self.opened.emit(self._list().chosen())

    def _enter_chosen(self) -> None:
        if self._list().chosen() is not None:
            self.outcome_requested.emit(self._list().chosen())

    def _list(self) -> WorklistTable:
        return self._tables[self._tabs.currentIndex()]

    def _allow(self) -> None:
        has_one = self._list().chosen() is not None
        self._open.setEnabled(has_one)
        self._enter.setEnabled(has_one)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begins_anew = False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._begins_anew = True
