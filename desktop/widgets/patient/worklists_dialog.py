"""The worklists: follow-ups that are due, biopsies that are planned, and biopsies whose histology is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.steady_rows import SteadyRow, renewed
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.visit.assessment_words import diagnosis_text

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.people import DuePlan, OpenBiopsy
else:
    people = Late("desktop.core.records.people")

DUE, PLANNED, HISTOLOGY = 0, 1, 2
"""The indexes of the lists."""

_SIZE = (820, 460)
_ITEM = Qt.ItemDataRole.UserRole
_COLUMNS = (tr("Patient"), tr("Lesion or image"), tr("My assessment"), tr("Note"), tr("By"))


class _WorklistTable(QTableWidget):
    """One row per item, its date first."""

    def __init__(self, day: str, name: str, parent: QWidget) -> None:
        super().__init__(0, len(_COLUMNS) + 1, parent)
        self._rows: list[SteadyRow[DuePlan | OpenBiopsy]] = []
        self.setHorizontalHeaderLabels([day, *map(translated, _COLUMNS)])
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(34)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (3, 4):  # a long diagnosis must not take the note's room, which names a re-excision
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def fill(self, listed: list[DuePlan | OpenBiopsy], cells_of: Callable[..., tuple[str, ...]], *, anew: bool) -> None:
        """Show items, in their order if they are listed `anew`; else no row moves, and what is done is struck out."""
        self._rows = renewed(self._rows, listed, _key, anew=anew)
        chosen = max(self.currentRow(), 0)
        self.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            font = QFont()
            font.setStrikeOut(row.is_done)
            for column, text in enumerate(cells_of(row.item)):
                cell = QTableWidgetItem(text)
                cell.setData(_ITEM, None if row.is_done else row.item)
                cell.setToolTip(for_tip(self.tr("Done: {text}").format(text=text) if row.is_done else text))
                cell.setFont(font)
                self.setItem(number, column, cell)
        if self._rows:
            self.selectRow(0 if anew else min(chosen, len(self._rows) - 1))

    def chosen(self) -> DuePlan | OpenBiopsy | None:
        """Return the item of the chosen row, None if it has been dealt with."""
        item = self.currentItem()
        found: DuePlan | OpenBiopsy | None = None if item is None else item.data(_ITEM)
        return found


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
        self._due = _WorklistTable(self.tr("Due"), self.tr("Planned follow-ups that are due"), self)
        self._planned = _WorklistTable(self.tr("Planned"), self.tr("Biopsies planned, not recorded as taken"), self)
        self._histology = _WorklistTable(self.tr("Taken"), self.tr("Biopsies taken, without their histology"), self)
        self._tables = (self._due, self._planned, self._histology)
        self._next_30_days = QCheckBox(self.tr("Include the next 30 days"), self)
        self._next_30_days.toggled.connect(self._ask_for_period)
        self._tabs = QTabWidget(self)
        self._empty = [PlainLabel(self.tr("Reading the history…"), self) for _ in self._tables]
        for table, empty, extra, title in (
            (self._due, self._empty[DUE], self._next_30_days, self.tr("Due")),
            (self._planned, self._empty[PLANNED], None, self.tr("Biopsy planned")),
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
            text = self.tr("Biopsies planned, not recorded as taken: {count}")
            no_histology += "\n" + text.format(count=len(planned))
        for place, listed, text, nothing in (
            (DUE, due, self.tr("Due ({count})"), self.tr("Nothing is due.")),
            (PLANNED, planned, self.tr("Biopsy planned ({count})"), self.tr("No biopsy is planned.")),
            (HISTOLOGY, taken, self.tr("Histology open ({count})"), no_histology),
        ):
            table, empty = self._tables[place], self._empty[place]
            table.fill([*listed], _cells, anew=self._begins_anew)
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

    def _list(self) -> _WorklistTable:
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


def _key(item: DuePlan | OpenBiopsy) -> int:
    return item.assessment.id


def _cells(item: DuePlan | OpenBiopsy) -> tuple[str, ...]:
    assessment = item.assessment
    planned = assessment.time.astimezone().date()
    day = item.taken or planned if isinstance(item, people.OpenBiopsy) else item.date
    patient = "" if item.patient is None else item.patient.pseudonym
    return (
        local_day(day),
        patient,
        item.name if item.lesion is None else lesion_name(item.lesion),
        diagnosis_text(assessment.diagnosis, assessment.label),
        assessment.note,
        assessment.initials,
    )
