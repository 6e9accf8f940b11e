"""The day of a planned follow-up: a field, and buttons for the usual intervals."""

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.widgets.common.day_edit import DayEdit

_WEEKS = (4,)
_MONTHS = (3, 6, 12)
"""The intervals that a button sets; the first number of months is the default."""


class FollowUpDay(QWidget):
    """Has the field as `edit`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        edit = DayEdit(QDate.currentDate(), self)
        edit.setMinimumDate(QDate.currentDate())
        edit.setAccessibleName(self.tr("Day of the follow-up"))
        self.edit = edit
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(edit)
        intervals = (
            *((self.tr("{n} wk"), self.tr("Follow-up in {n} weeks"), _weeks_on, n) for n in _WEEKS),
            *((self.tr("{n} mo"), self.tr("Follow-up in {n} months"), _months_on, n) for n in _MONTHS),
        )
        for text, whole, on, number in intervals:
            button = QToolButton(self)
            button.setObjectName("choice")
            button.setText(text.format(n=number))
            button.setAccessibleName(whole.format(n=number))
            button.setToolTip(button.accessibleName())
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked=False, on=on, number=number: edit.setDate(on(number)))
            layout.addWidget(button)
        layout.addStretch(1)

    def show_default(self) -> None:
        """Show the day that stands there until another is chosen."""
        self.edit.setDate(_months_on(_MONTHS[0]))


def _weeks_on(weeks: int) -> QDate:
    return QDate.currentDate().addDays(7 * weeks)


def _months_on(months: int) -> QDate:
    return QDate.currentDate().addMonths(months)
