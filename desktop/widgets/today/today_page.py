"""The page of the start: recent patients, what is due with its keys, and what was left undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count, local_day, translated

if TYPE_CHECKING:
    from desktop.core.records.people import Patient
    from desktop.core.records.safety_net import OpenItem
    from desktop.widgets.today import net_table, recent_patients, today_words
else:
    net_table = Late("desktop.widgets.today.net_table")
    recent_patients = Late("desktop.widgets.today.recent_patients")
    today_words = Late("desktop.widgets.today.today_words")

_RECENT = (260, 320)
"""Least and greatest width of the recent patients."""


_HEADING = 32
"""Height of the headings in pixels: that of a box to choose from."""


class TodayPage(QWidget):
    """Shows what it is given. The two tables are created with their first rows: they would delay the first window."""

    images_requested = Signal()
    due_requested = Signal()
    planned_requested = Signal()
    histology_requested = Signal()
    inbox_requested = Signal()
    patient_opened = Signal(object)  # Patient
    item_opened = Signal(object)  # OpenItem
    close_requested = Signal(object)  # list[OpenItem]
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.messages.lay_over(self)
        self._items: list[OpenItem] = []
        self._wanted: str | None = None
        """The list to show once the items are read, None for that which is chosen."""
        self._table: net_table.NetTable | None = None
        self._recent: recent_patients.RecentPatients | None = None
        self._title = PlainLabel(self)
        self._title.setObjectName("title")
        start = QPushButton(self.tr("Open image…"), self)
        start.setProperty("prominent", True)
        start.setToolTip(self.tr("Open an image (Ctrl+O)"))
        start.clicked.connect(self.images_requested)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(start)
        worklists = QHBoxLayout()
        worklists.setSpacing(10)
        self._due, self._planned, self._histology, self._inbox = (
            self._list_button(requested)
            for requested in (
                self.due_requested,
                self.planned_requested,
                self.histology_requested,
                self.inbox_requested,
            )
        )
        for button in (self._due, self._planned, self._histology, self._inbox):
            worklists.addWidget(button)
        worklists.addStretch(1)
        self._left = QVBoxLayout()
        self._left.setSpacing(8)
        recent = self._heading(self.tr("Recent patients"))
        self._left.addWidget(recent)
        # The history is not read yet: an empty list or a count of zero would say that nothing is left to do.
        self._nobody = self._sentence(self.tr("Reading the history…"))
        self._left.addWidget(self._nobody, 1)
        self.gaps = ChoiceBox(self)
        self.gaps.setAccessibleName(self.tr("Which list to show"))
        self.gaps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.gaps.currentIndexChanged.connect(lambda _place: self._show_chosen(anew=True))
        over = QHBoxLayout()
        over.setSpacing(12)
        undone = self._heading(self.tr("Left undone"))
        for heading in (recent, undone):  # both lists begin at the same height, with the choice of a list and without
            heading.setFixedHeight(_HEADING)
        over.addWidget(undone)
        over.addWidget(self.gaps)
        over.addStretch(1)
        self._counted = self._sentence("")
        self._hint = self._sentence(
            self.tr(
                "A click or Enter goes to where it is done. Del does “Close…” or “Looked again…” for all marked rows."
            )
        )
        self._nothing = self._sentence(self.tr("Reading the history…"))
        self._right = QVBoxLayout()
        self._right.setSpacing(8)
        self._right.addLayout(over)
        self._right.addWidget(self._nothing, 1)
        self._right.addWidget(self._counted)
        self._right.addWidget(self._hint)
        left = QWidget(self)
        left.setLayout(self._left)
        self._left.setContentsMargins(0, 0, 0, 0)
        left.setMinimumWidth(_RECENT[0])
        left.setMaximumWidth(_RECENT[1])
        lists = QHBoxLayout()
        lists.setSpacing(18)
        lists.addWidget(left, 1)
        lists.addLayout(self._right, 3)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(22, 16, 22, 16)
        inside.setSpacing(16)
        inside.addLayout(head)
        inside.addLayout(worklists)
        inside.addLayout(lists, 1)
        self._counted.hide()
        self._hint.hide()
        self.gaps.hide()
        self.show_counts(None, None, None)
        self.show_waiting(None)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_day(self, day: dt.date) -> None:
        """Show the day of the page."""
        self._title.setText(self.tr("Today, {day}").format(day=local_day(day)))

    def show_counts(self, due: int | None, planned: int | None, histology: int | None) -> None:
        """Show how many follow-ups are due, biopsies planned and histologies open; None before that is known."""
        self._due.setText(self.tr("Due {count}   Ctrl+D").format(count=_count(due)))
        self._due.setToolTip(self.tr("Planned follow-ups that are due"))
        self._planned.setText(self.tr("Biopsy or excision planned {count}").format(count=_count(planned)))
        self._planned.setToolTip(self.tr("Biopsies and excisions planned, not recorded as taken"))
        self._histology.setText(self.tr("Histology open {count}   Ctrl+Shift+D").format(count=_count(histology)))
        self._histology.setToolTip(self.tr("Biopsies and excisions taken, without their histology"))

    def show_waiting(self, images: int | None) -> None:
        """Show how many images wait in the watched folder; None before that is known."""
        self._inbox.setText(self.tr("New images {count}   Ctrl+Shift+N").format(count=_count(images)))
        self._inbox.setToolTip(self.tr("New images in the watched folder"))
        self._inbox.setEnabled(bool(images))

    def show_patients(self, patients: list[Patient], last_visits: dict[int, dt.date]) -> None:
        """Show the recent patients, the newest visit first; while the page is shown no row of them moves."""
        if self._recent is None:
            self._recent = recent_patients.RecentPatients(self)
            self._recent.opened.connect(self.patient_opened)
            self._left.addWidget(self._recent, 1)
        self._recent.show_patients(patients, last_visits)
        self._recent.setVisible(bool(patients))
        self._nobody.setText(self.tr("No patient was seen yet."))
        self._nobody.setVisible(not patients)

    def choose_list(self, gap: str) -> None:
        """Show one list of what was left undone, once the page is shown and the items are read."""
        place = self.gaps.findData(gap)
        if self.isVisible() and place >= 0:
            self.gaps.setCurrentIndex(place)
        else:
            self._wanted = gap

    @property
    def findings(self) -> set[int]:
        """The ids of the findings that what was left undone is about."""
        return set() if self._table is None else self._table.findings

    def show_items(self, items: list[OpenItem], *, is_undo: bool = False, corrected: Collection[int] = ()) -> None:
        """Show what was left undone, the oldest first; while the page is shown no row of it moves.

        `is_undo` is whether a change was undone since it was shown, `corrected` are those of the `findings` that no longer
        count.
        """
        if self._table is None:
            self._table = net_table.NetTable(self)
            self._table.opened.connect(self.item_opened)
            self._table.close_requested.connect(self.close_requested)
            self._right.insertWidget(1, self._table, 1)
        self._items = items
        self._nothing.setText(self.tr("Nothing on this list."))
        chosen: str | None = self._wanted or self.gaps.currentData()
        self._wanted = None
        self.gaps.blockSignals(True)
        self.gaps.clear()
        self.gaps.addItem(self.tr("Everything ({count})").format(count=count(len(items))), None)
        for gap, name in today_words.GAPS.items():
            number = sum(item.gap is gap for item in items)
            key = today_words.KEYS.get(gap, "")
            self.gaps.addItem(f"{translated(name)} ({count(number)})" + (f"   {key}" if key else ""), gap)
        self.gaps.setCurrentIndex(max(self.gaps.findData(chosen), 0))
        self.gaps.blockSignals(False)
        self._show_chosen(anew=self._table.model().rowCount() == 0, is_undo=is_undo, corrected=corrected)

    def _show_chosen(self, *, anew: bool, is_undo: bool = False, corrected: Collection[int] = ()) -> None:
        chosen: str | None = self.gaps.currentData()  # Qt returns the value of a Gap
        shown = [item for item in self._items if chosen is None or item.gap == chosen]
        has_rows = bool(shown)
        if self._table is not None:
            self._table.show_items(shown, anew=anew, is_undo=is_undo, corrected=corrected)
            has_rows = self._table.model().rowCount() > 0
            self._table.setVisible(has_rows)
        counted = next((text for gap, text in today_words.COUNTED.items() if gap == chosen), None)
        self._counted.setText("" if counted is None else translated(counted))
        self._counted.setVisible(counted is not None)
        self._nothing.setVisible(not has_rows)
        self._hint.setVisible(has_rows)
        self.gaps.setVisible(bool(self._items) or has_rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a minimized window shows the same rows again
            # What is read when the page is shown again may stand in another order.
            if self._table is not None:
                self._table.clear_rows()
            if self._recent is not None:
                self._recent.clear_rows()

    def _list_button(self, requested: SignalInstance) -> QPushButton:
        button = QPushButton(self)
        button.clicked.connect(requested)
        return button

    def _heading(self, text: str) -> PlainLabel:
        label = PlainLabel(text, self)
        label.setObjectName("heading")
        return label

    def _sentence(self, text: str) -> PlainLabel:
        label = PlainLabel(text, self)
        label.setProperty("muted", True)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        label.setWordWrap(True)
        return label


def _count(number: int | None) -> str:
    """Return a number as it is shown, with an ellipsis in its place before it is known."""
    return "…" if number is None else count(number)
