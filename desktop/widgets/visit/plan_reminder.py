"""Asks for the plan that takes the place of a follow-up whose day has come, and says what a plan leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QDate, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from desktop.core.records.people import EXCISION, NO_PLAN
from desktop.widgets.common.kept_room import keep_room
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit import plan_words

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records.plans import BiopsyState, PlannedFollowUp

_DAYS_UNTIL_MONTHS = 56
"""From as many days on, an interval is told and repeated in months."""

_DAYS_OF_MONTH = 365.25 / 12


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanReminder", text)


class _Interval(NamedTuple):
    """An interval in words, and the day after it from today."""

    text: str
    day: QDate


class PlanReminder(QWidget):
    """Hidden while nothing is missing. It says that a plan is missing, or what the chosen plan means."""

    again_requested = Signal(QDate)
    """Follow up on this day: as long after today as the planned day was after its visit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planned: PlannedFollowUp | None = None
        self._interval: _Interval | None = None
        self._due = self._make_text("")
        self._ending = self._make_text("")
        self._open = self._make_text("")
        self._missing = self._make_text(self.tr("Changed, or cannot tell: enter a plan."))
        self._texts = (self._due, self._ending, self._open, self._missing)
        self._again = QToolButton(self)
        self._again.setObjectName("choice")
        self._again.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._again.clicked.connect(self.choose_again)
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setColumnStretch(0, 1)
        for text in self._texts:
            row.addWidget(text, 0, 0)  # one place for all, as high as the highest that keeps room
        row.addWidget(self._again, 0, 1)
        self.hide()

    def remind_of(self, planned: PlannedFollowUp | None, biopsies: Sequence[BiopsyState]) -> None:
        """Set the follow-up whose day has come, None if there is none, and the biopsies that no plan ends but another's."""
        self._planned = planned
        left = "; ".join(plan_words.open_biopsies(biopsies))
        self._open.setText(self.tr("{what}.").format(what=left[:1].upper() + left[1:]) if left else "")
        ending = (
            self.tr("None ends the follow-up; {what}.")
            if left
            else self.tr("None ends the follow-up: the lesion will be in no list.")
        )
        self._ending.setText(ending.format(what=left))
        self._interval = None if planned is None else _interval_of(planned)
        if planned is not None:
            text = self.tr("This visit is the follow-up due {day}. Choose the next plan; None ends the follow-up.")
            self._due.setText(text.format(day=local_day(planned.day)))
        if self._interval is not None:
            self._again.setText(self.tr("Again in {interval}").format(interval=self._interval.text))
            self._again.setToolTip(self.tr("Follow up again after the same interval (W)"))

    def keep_room(self, wanted: bool, *, is_follow_up: bool) -> None:
        """Keep room, also while hidden, for what can be said in an assessment that asks for a change or not."""
        is_due = self._planned is not None
        keep_room(self, wanted and (is_due or is_follow_up or bool(self._open.text())))
        keep_room(self._open, wanted and bool(self._open.text()))
        for text in (self._due, self._ending):
            keep_room(text, wanted and is_due)
        keep_room(self._missing, wanted and is_follow_up and not is_due)
        keep_room(self._again, wanted and self._interval is not None)
        self.updateGeometry()  # a hidden widget does not tell that its layout needs another height

    def lacks_plan(self, draft: Draft) -> bool:
        """Return whether a plan must be entered before a draft can be committed."""
        return draft.lacks_plan or (self._planned is not None and not draft.plan)

    def show_for(self, draft: Draft) -> None:
        """Say what a draft lacks, or what its plan means."""
        is_lacking = self.lacks_plan(draft)
        shown: PlainLabel | None
        if self._planned is not None and not draft.plan:
            shown = self._due
        elif self._planned is not None and draft.plan == NO_PLAN:
            shown = self._ending
        elif draft.plan and draft.plan != EXCISION and self._open.text():
            shown = self._open
        else:
            shown = self._missing if is_lacking else None
        for text in self._texts:
            text.setVisible(text is shown)
        self._again.setVisible(is_lacking and self._interval is not None)
        self.setVisible(shown is not None)
        self.stress(False)

    def stress(self, wanted: bool) -> None:
        """Let the text stand out, as the assessment was to be committed without what is missing."""
        for text in self._texts:
            text.setProperty("muted", not wanted)
            text.setProperty("strong", wanted)
            restyle(text)

    def choose_again(self) -> bool:
        """Plan the same interval again; return whether that is offered."""
        if self._interval is None or self._again.isHidden():
            return False
        self.again_requested.emit(self._interval.day)
        return True

    def _make_text(self, words: str) -> PlainLabel:
        text = PlainLabel(words, self)
        text.setWordWrap(True)
        text.setProperty("muted", True)
        text.setProperty("small", True)
        return text


def _interval_of(planned: PlannedFollowUp) -> _Interval | None:
    """Return the interval of a plan, None if its day was that of its visit."""
    days, today = (planned.day - planned.planned_on).days, QDate.currentDate()
    if days <= 0:
        return None
    if days >= _DAYS_UNTIL_MONTHS:
        months = round(days / _DAYS_OF_MONTH)
        return _Interval(_tr("{n} mo").format(n=months), today.addMonths(months))
    text = _tr("{n} d").format(n=days) if days % 7 else _tr("{n} wk").format(n=days // 7)
    return _Interval(text, today.addDays(days))
