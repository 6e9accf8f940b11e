"""The form for an assessment, made to be filled in within three seconds: a diagnosis by its key, confidence, plan, Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.diagnoses import CHANGES, CONFIDENCES, PLANS
from desktop.core.draft import Draft
from desktop.core.records.people import FOLLOW_UP
from desktop.widgets.common.choice_row import ChoiceRow
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.diagnosis_choice import DiagnosisChoice, StatisticsChoice
from desktop.widgets.common.kept_room import keep_room
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.visit.follow_up_day import FollowUpDay
from desktop.widgets.visit.plan_reminder import PlanReminder

if TYPE_CHECKING:
    from desktop.core.records.plans import BiopsyState, PlannedFollowUp

_LEAST = 96
"""Minimum height of the form in points, below which it scrolls: in a small window, alerts and several images are above it."""


class AssessmentForm(QWidget):
    """Nothing is preset, so that no value is saved that the clinician did not choose."""

    edited = Signal()
    commit_requested = Signal()
    skip_requested = Signal()
    cancelled = Signal()
    finished = Signal()
    """The form is done; the image gets the focus again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self._is_follow_up = False
        self._keeps_room = False
        self.diagnosis = DiagnosisChoice(self)
        # Tab goes from field to field in the order in which they are made here: that on the screen.
        self._counts_as, self.label = self._make_label_row()
        self.change = ChoiceRow(CHANGES, self.tr("Change"), self)
        self.confidence = ChoiceRow(CONFIDENCES, self.tr("Confidence"), self)
        self.plan = ChoiceRow(PLANS, self.tr("Plan"), self)
        self._change_row = self._make_choice_row(self.tr("Change"), self.change, "V")
        self._reminder = PlanReminder(self)
        self._flat_only = self._make_hint(self.tr("Flat lesions only. Raised, firm or growing: do not monitor."))
        self._advice = self._make_hint("")
        self._day = FollowUpDay(self)
        self.date = self._day.edit
        self._day_refusal = self._make_hint("")
        self.note = QLineEdit(self)
        self.note.setPlaceholderText(self.tr("Note"))
        self.note.setAccessibleName(self.tr("Note"))
        self._commit = QPushButton(self.tr("Commit"), self)
        self._commit.setProperty("prominent", True)
        self._commit.setToolTip(self.tr("Enter, also on the image"))
        self._skip = QPushButton(self.tr("Skip my diagnosis (will be recorded)"), self)
        self._skip.setProperty("slim", True)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.diagnosis)
        column.addWidget(self._advice)
        column.addWidget(self._counts_as)
        column.addWidget(self._change_row)
        column.addWidget(self._make_choice_row(self.tr("Confidence"), self.confidence, ","))
        column.addWidget(self._make_choice_row(self.tr("Plan"), self.plan, "."))
        column.addWidget(self._reminder)
        column.addWidget(self._flat_only)
        column.addWidget(self._day)
        column.addWidget(self._day_refusal)
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.addWidget(self._commit)
        buttons.addStretch(1)
        buttons.addWidget(self._skip)
        buttons.addWidget(self._cancel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(5)
        whole.addWidget(ContentScroll(inside, _LEAST, self))
        whole.addLayout(buttons)
        self._connect()
        self.show_draft(Draft())

    def show_draft(self, draft: Draft) -> None:
        """Show a draft; this does not count as an edit."""
        self._is_showing = True
        self.diagnosis.show_diagnosis(draft.diagnosis)
        self.label.show_label(draft.label, draft.diagnosis)
        self.confidence.show_value(draft.confidence)
        self.plan.show_value(draft.plan)
        self.change.show_value(draft.change)
        day = draft.plan_date
        if day is None:
            self._day.show_default()
        else:
            self.date.show_day(day)
        self.note.setText(draft.note)
        self._is_showing = False
        self._fit()

    def draft(self) -> Draft:
        """Return the draft."""
        diagnosis, plan = self.diagnosis.diagnosis(), self.plan.value()
        label = self.label.label() if self.diagnosis.is_other else diagnosis or None
        return Draft(
            diagnosis=diagnosis,
            label=label if diagnosis else None,
            confidence=self.confidence.value(),
            plan=plan,
            plan_date=self.date.day() if plan == FOLLOW_UP else None,
            note=self.note.text().strip(),
            change=self.change.value() if self._is_follow_up else "",
        )

    def ask_change(self, wanted: bool) -> None:
        """Offer to say whether the lesion has changed since the visits before; it is a follow-up."""
        self._is_follow_up = wanted
        self._fit()

    def remind_of(self, planned: PlannedFollowUp | None, biopsies: Sequence[BiopsyState] = ()) -> None:
        """Set the follow-up whose day has come, and the biopsies that stay open.

        With such a follow-up the assessment needs a plan, which may be to do nothing.
        """
        self._reminder.remind_of(planned, biopsies)
        self._fit()

    def keep_room(self, wanted: bool) -> None:
        """Keep room for what the change and the plan let appear: where it appears meanwhile, a click hits another row."""
        self._keeps_room = wanted
        self._fit()

    @property
    def is_complete(self) -> bool:
        """Whether the draft can be committed."""
        draft = self.draft()
        return bool(draft.diagnosis) and not self._reminder.lacks_plan(draft) and not self._refusal_of_day()

    def _refusal_of_day(self) -> str:
        return self.date.refusal() if self.plan.value() == FOLLOW_UP else ""

    def point_to_missing_plan(self) -> None:
        """Give the keys to the plan and let what is said of it stand out, if only that is missing."""
        draft = self.draft()
        if draft.diagnosis and self._reminder.lacks_plan(draft):
            self._reminder.stress(True)
            self.plan.setFocus(Qt.FocusReason.OtherFocusReason)

    def plan_again(self) -> bool:
        """Plan a follow-up after the same interval as before; return whether that is offered."""
        return self._reminder.choose_again()

    def ask_blind(self, wanted: bool) -> None:
        """Offer to skip the assessment, which is recorded, or, if nothing is concealed, to go back."""
        self._skip.setVisible(wanted)
        self._cancel.setVisible(not wanted)

    def _make_choice_row(self, name: str, choice: ChoiceRow, key: str) -> QWidget:
        row = QWidget(self)
        subject = PlainLabel(name, row)
        subject.setProperty("muted", True)
        subject.setToolTip(self.tr("Key {key} on the image: the next one").format(key=key))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(subject)
        layout.addWidget(choice, 1)
        return row

    def _make_hint(self, text: str) -> PlainLabel:
        hint = PlainLabel(text, self)
        hint.setProperty("muted", True)
        hint.setProperty("small", True)
        hint.setWordWrap(True)
        return hint

    def _make_label_row(self) -> tuple[QWidget, StatisticsChoice]:
        row = QWidget(self)
        box = StatisticsChoice(row)
        subject = PlainLabel(self.tr("For statistics"), row)
        subject.setProperty("muted", True)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(subject)
        layout.addWidget(box, 1)
        return row, box

    def _connect(self) -> None:
        self.diagnosis.changed.connect(self._propose)  # first, so that `edited` includes the proposal
        for signal in (
            self.diagnosis.changed,
            self.confidence.changed,
            self.plan.changed,
            self.change.changed,
            self.label.currentIndexChanged,
            self.date.input_changed,
            self.note.textEdited,
        ):
            signal.connect(self._take)
        self._reminder.again_requested.connect(self._follow_up_on)
        self.diagnosis.finished.connect(self.finished)
        self.note.returnPressed.connect(self.commit_requested)
        self._commit.clicked.connect(self.commit_requested)
        self._skip.clicked.connect(self.skip_requested)
        self._cancel.clicked.connect(self.cancelled)

    def _follow_up_on(self, day: QDate) -> None:
        self.date.setDate(day)
        self.plan.show_value(FOLLOW_UP)
        self._take()
        self.finished.emit()

    def _propose(self) -> None:
        if not self._is_showing:
            self.label.propose_for(self.diagnosis.diagnosis())

    def _take(self) -> None:
        if not self._is_showing:
            self._fit()
            self.edited.emit()

    def _fit(self) -> None:
        for widget in (self._day, self._flat_only):
            keep_room(widget, self._keeps_room)
        self._reminder.keep_room(self._keeps_room, is_follow_up=self._is_follow_up)
        advice = self.diagnosis.other.advice() if self.diagnosis.is_other else ""
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._counts_as.setVisible(self.diagnosis.is_other)
        self._day.setVisible(self.plan.value() == FOLLOW_UP)
        self._flat_only.setVisible(self.plan.value() == FOLLOW_UP)
        self._day_refusal.setText(self._refusal_of_day())
        self._day_refusal.setVisible(bool(self._refusal_of_day()))
        self._change_row.setVisible(self._is_follow_up)
        self._reminder.show_for(self.draft())
        self._commit.setEnabled(self.is_complete)
