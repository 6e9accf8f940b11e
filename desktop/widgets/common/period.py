"""A filter of dates: predefined periods, and two dates of the user's choice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.marking import tr
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.plain_text import PlainLabel


@dataclass(frozen=True)
class Period:
    """A period: the last `days` days including today; None for any date."""

    name: str
    days: int | None


PERIODS = (
    Period(tr("Any date"), None),
    Period(tr("Today"), 1),
    Period(tr("Last 7 days"), 7),
    Period(tr("Last 30 days"), 30),
    Period(tr("Last 12 months"), 365),
)


class CustomPeriod(QWidget):
    """Two dates, both inclusive. While one that was typed is refused, they say why, and no day is between them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = DayEdit(QDate.currentDate().addMonths(-1), self)
        self.last = DayEdit(QDate.currentDate(), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.reason = ElidedLabel(self)
        """Why a day is refused."""
        self.reason.hide()
        for edit, name in ((self.first, self.tr("From")), (self.last, self.tr("To, included"))):
            edit.setAccessibleName(name)
            edit.setToolTip(name)
            edit.input_changed.connect(self._take_input)
        row.addWidget(self.first)
        row.addWidget(PlainLabel("–", self))
        row.addWidget(self.last)
        row.addWidget(self.reason)

    def state(self) -> list[int]:
        """Return the two dates as Julian day numbers."""
        return [edit.date().toJulianDay() for edit in (self.first, self.last)]

    def restore(self, days: list[int]) -> None:
        """Show two dates, given as Julian day numbers."""
        for edit, day in zip((self.first, self.last), days, strict=True):
            edit.setDate(QDate.fromJulianDay(day))

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the beginning of the first day and the end of the last, in the user's time zone.

        While a day that was typed is refused, both are one moment: what is listed is never of days that the fields do not show.
        """
        begin = _midnight(self.first.date())
        return begin, begin if self._refusal() else _midnight(self.last.date().addDays(1))

    def _refusal(self) -> str:
        return self.first.refusal() or self.last.refusal()

    def _take_input(self) -> None:
        self.reason.show_text(self._refusal())
        self.reason.setVisible(bool(self._refusal()))
        self.changed.emit()


def since(period: Period) -> datetime | None:
    """Return the beginning of a period in the user's time zone, None for any date."""
    return None if period.days is None else _midnight(QDate.currentDate()) - timedelta(days=period.days - 1)


def _midnight(day: QDate) -> datetime:
    return datetime(day.year(), day.month(), day.day()).astimezone()
