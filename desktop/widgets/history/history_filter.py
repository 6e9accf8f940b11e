"""The filter of the history: words, label, flag, date, patient, assessment and outcome."""

import json
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.diagnoses import BY_KEY, OTHERS
from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.icons import icon, labelled, with_room
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.period import PERIODS, CustomPeriod, since
from desktop.widgets.common.plain_text import for_key, for_tip
from desktop.widgets.common.wording import label_name_of, translated

_PAUSE = 120
"""Milliseconds between the last key and the search."""


YES, NO = "yes", "no"
"""The box items for "has some" and "has none", beside the specific values."""

_LEAST = 92
"""Minimum width of a list in points in a narrow window; its tool tip has the full name."""


class HistoryFilter(QWidget):
    """Emits the filter as it is typed and chosen."""

    changed = Signal(object)  # EntryFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)
        self._owner: tuple[int | None, int | None] = (None, None)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))  # the rest has no room in the smallest window
        self.search.setToolTip(self.tr("Search file, label, patient"))
        self.search.setAccessibleName(self.search.toolTip())
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(150)
        self.search.textChanged.connect(self._timer.start)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        self.label = self._box(self.tr("Highest probability"), (self.tr("Any label"), None))
        self.flag = self._box(
            self.tr("Alert"),
            (self.tr("Any alert"), None),
            (self.tr("With an alert"), YES),
            (self.tr("Without an alert"), NO),
        )
        periods = ((translated(period.name), period) for period in PERIODS)
        self.period = self._box(self.tr("Date"), *periods, (self.tr("From – to…"), None))
        self.days = CustomPeriod(self)
        self.days.changed.connect(self._timer.start)
        terms = [(translated(term.name), term.id) for term in (*BY_KEY, *OTHERS)]
        self.assessment = self._box(
            self.tr("My assessment"),
            (self.tr("Any assessment"), None),
            (self.tr("With my assessment"), YES),
            (self.tr("Without my assessment"), NO),
            *terms,
        )
        self.outcome = self._box(
            self.tr("Outcome"),
            (self.tr("Any outcome"), None),
            (self.tr("With an outcome"), YES),
            (self.tr("Without an outcome"), NO),
            *terms,
        )
        for box in (self.assessment, self.outcome):
            box.insertSeparator(3)
        self.history_or_bin = self._box(self.tr("History or bin"), (self.tr("History"), False), (self.tr("Bin"), True))
        self.history_or_bin.setItemIcon(1, icon("bin"))
        for box in (self.label, self.flag, self.period, self.assessment, self.outcome, self.history_or_bin):
            box.currentIndexChanged.connect(self._tell)
        self._lay_out()
        self.setFocusProxy(self.search)

    @property
    def is_bin(self) -> bool:
        """Whether to show the bin instead of the history."""
        return bool(self.history_or_bin.currentData())

    @property
    def is_narrowed(self) -> bool:
        """Whether the filter leaves out entries, of the history or of the bin."""
        return self.wanted() != EntryFilter(binned=self.is_bin)

    def wanted(self) -> EntryFilter:
        """Return the filter."""
        since, until = self._dates()
        is_flagged, flag = _choice(self.flag)
        has_assessment, assessment = _choice(self.assessment)
        has_outcome, outcome = _choice(self.outcome)
        return EntryFilter(
            text=self.search.text(),
            label=self.label.currentData(),
            since=since,
            until=until,
            binned=self.is_bin,
            flag=flag,
            is_flagged=is_flagged,
            patient_id=self._owner[0],
            lesion_id=self._owner[1],
            has_assessment=has_assessment,
            assessment=assessment,
            has_outcome=has_outcome,
            outcome=outcome,
        )

    def list_labels(self, labels: dict[str, str]) -> None:
        """Offer the first labels of the entries, by id and the name that their model gives them."""
        names = {label: label_name_of(label, name) for label, name in labels.items()}
        chosen, shown = self.label.currentData(), self.label.currentText()
        if chosen is not None:
            names.setdefault(chosen, shown)
        _refill(self.label, 1, sorted(names.items(), key=lambda item: item[1].casefold()), chosen)

    def list_flags(self, flags: dict[str, str]) -> None:
        """Offer what the model in use may raise, by id and name."""
        chosen, shown = self.flag.currentData(), self.flag.currentText()
        rows = flags if chosen in {None, YES, NO} else {chosen: shown} | flags
        _refill(self.flag, 3, list(rows.items()), chosen)

    def narrow_to(self, entry: Entry, *, to_lesion: bool) -> None:
        """Show only the entries of an entry's patient or lesion."""
        self._show_whose(
            entry.patient_id,
            entry.lesion_id if to_lesion else None,
            " · ".join(
                filter(None, (entry.patient, named_with_site(entry.lesion, entry.lesion_site) if to_lesion else ""))
            ),
        )
        self._tell()

    def clear(self) -> None:
        """Clear the filter."""
        self.restore(json.dumps({}))
        self._tell()

    def state(self) -> str:
        """Return the filter as text for `restore`."""
        boxes = {
            name: [box.currentData(), box.currentText()]
            for name, box in self._boxes().items()
            if box.currentData() is not None
        }
        return json.dumps(
            {
                "text": self.search.text(),
                "boxes": boxes,
                "period": self.period.currentIndex(),
                "days": self.days.state(),
                "whose": [*self._owner, self._only_owner.text().strip()],
            }
        )

    def restore(self, state: str) -> None:
        """Restore saved filters without emitting a signal; clear them if unreadable."""
        try:
            kept = json.loads(state)
            self._put(kept if isinstance(kept, dict) else {})
        except (ValueError, TypeError, LookupError, AttributeError):
            self._put({})

    def _put(self, kept: dict[str, object]) -> None:
        self.blockSignals(True)
        boxes = kept.get("boxes", {})
        for name, box in self._boxes().items():
            value, text = boxes[name] if isinstance(boxes, dict) and name in boxes else (None, "")
            if box.findData(value) < 0:
                box.addItem(str(text), value)
            box.setCurrentIndex(box.findData(value))
        days = kept.get("days")
        if isinstance(days, list):
            self.days.restore(days)
        period = kept.get("period", 0)
        self.period.setCurrentIndex(period if isinstance(period, int) else 0)
        owner = kept.get("whose") or (None, None, "")
        self._show_whose(*owner)  # type: ignore[misc] # restore() catches the error of invalid content
        self.search.setText(str(kept.get("text", "")))
        self._timer.stop()
        self.blockSignals(False)
        self._show_second_row()

    def _boxes(self) -> dict[str, QComboBox]:
        return {"label": self.label, "flag": self.flag, "own view": self.assessment, "outcome": self.outcome}

    def _box(self, name: str, *rows: tuple[str, object]) -> QComboBox:
        box = ChoiceBox(self)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(max(7, len(rows[0][0]) - 4))  # the popup of a long list is wider
        box.setMinimumWidth(_LEAST)
        box.view().setMinimumWidth(250)
        for text, value in rows:
            box.addItem(text, value)
        return box

    def _lay_out(self) -> None:
        self._only_owner = labelled("close", "", self)
        self._only_owner.clicked.connect(self._want_anybody)
        self._clear = QPushButton(self.tr("Clear all filters"), self)
        self._clear.clicked.connect(self.clear)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.search, 1)
        for box in (self.label, self.flag, self.period, self.assessment, self.outcome, self.history_or_bin):
            first.addWidget(box)
        second.addWidget(self._only_owner)
        second.addWidget(self.days)
        second.addStretch(1)
        second.addWidget(self._clear)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(first)
        rows.addLayout(second)
        self._show_second_row()

    def _show_whose(self, patient: int | None, lesion: int | None, name: str) -> None:
        self._owner = (patient, lesion)
        self._only_owner.setText(with_room(for_key(name)))
        tip = self.tr("Only {name}: press to see everybody's").format(name=name)
        self._only_owner.setToolTip(for_tip(tip))
        self._only_owner.setAccessibleName(tip)

    def _want_anybody(self) -> None:
        self._show_whose(None, None, "")
        self._tell()

    def _show_second_row(self) -> None:
        self.days.setVisible(self.period.currentData() is None)
        self._only_owner.setVisible(self._owner[0] is not None)
        self._clear.setVisible(self.is_narrowed)

    def _dates(self) -> tuple[datetime | None, datetime | None]:
        period = self.period.currentData()
        return self.days.bounds() if period is None else (since(period), None)

    def _tell(self) -> None:
        if not self.signalsBlocked():
            self._show_second_row()
            self.changed.emit(self.wanted())


def _choice(box: QComboBox) -> tuple[bool | None, str | None]:
    """Return whether any or none is wanted, or else which one."""
    chosen = box.currentData()
    return (chosen == YES, None) if chosen in {YES, NO} else (None, chosen)


def _refill(box: QComboBox, kept: int, rows: list[tuple[str, str]], chosen: object) -> None:
    """Replace the items of a box after the first `kept`, and keep the choice."""
    box.blockSignals(True)
    while box.count() > kept:
        box.removeItem(kept)
    for value, text in rows:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)
