"""Which entries are wanted: words, a label, a date, the history or its bin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QWidget

from desktop.core.marking import tr
from desktop.core.records.values import EntryFilter
from desktop.widgets.icons import icon
from desktop.widgets.wording import label_name_of, translated

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


class HistoryFilter(QWidget):
    """Tells what is wanted as it is typed and chosen."""

    changed = Signal(object)  # EntryFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search file or label"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(240)
        self.search.textChanged.connect(self._timer.start)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        self.label = QComboBox(self)
        self.label.setAccessibleName(self.tr("Highest probability"))
        self.label.setMinimumWidth(190)
        self.label.addItem(self.tr("Any label"), None)
        self.period = QComboBox(self)
        self.period.setAccessibleName(self.tr("Date"))
        for period in PERIODS:
            self.period.addItem(translated(period.name), period)
        self.period.addItem(self.tr("From – to…"), None)
        self.first_day = QDateEdit(QDate.currentDate().addMonths(-1), self)
        self.last_day = QDateEdit(QDate.currentDate(), self)
        for edit, name in ((self.first_day, self.tr("From")), (self.last_day, self.tr("To, included"))):
            edit.setCalendarPopup(True)
            edit.setAccessibleName(name)
            edit.hide()
            edit.dateChanged.connect(self._timer.start)
        self.which = QComboBox(self)
        self.which.setAccessibleName(self.tr("History or bin"))
        self.which.addItem(self.tr("History"), False)
        self.which.addItem(icon("bin"), self.tr("Bin"), True)
        for box in (self.label, self.period, self.which):
            box.currentIndexChanged.connect(self._change)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.search, self.label, self.period, self.first_day, self.last_day):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.which)
        self.setFocusProxy(self.search)

    @property
    def is_bin(self) -> bool:
        """Whether the bin is wanted instead of the history."""
        return bool(self.which.currentData())

    def wanted(self) -> EntryFilter:
        """Return what is wanted."""
        since, until = self._dates()
        return EntryFilter(self.search.text(), self.label.currentData(), since, until, self.is_bin)

    def list_labels(self, labels: dict[str, str]) -> None:
        """Offer the labels that lead some entry, by id and the name that their model gives them."""
        chosen = self.label.currentData()
        names = {label: label_name_of(label, name) for label, name in labels.items()}
        self.label.blockSignals(True)
        self.label.clear()
        self.label.addItem(self.tr("Any label"), None)
        for label, name in sorted(names.items(), key=lambda item: item[1].casefold()):
            self.label.addItem(name, label)
        self.label.setCurrentIndex(max(self.label.findData(chosen), 0))
        self.label.blockSignals(False)

    def _dates(self) -> tuple[datetime | None, datetime | None]:
        period = self.period.currentData()
        if period is None:
            return _midnight(self.first_day.date()), _midnight(self.last_day.date().addDays(1))
        if period.days is None:
            return None, None
        return _midnight(QDate.currentDate()) - timedelta(days=period.days - 1), None

    def _change(self) -> None:
        own_dates = self.period.currentData() is None
        self.first_day.setVisible(own_dates)
        self.last_day.setVisible(own_dates)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.wanted())


def _midnight(day: QDate) -> datetime:
    """Return the beginning of a day in the user's time zone."""
    return datetime(day.year(), day.month(), day.day()).astimezone()
