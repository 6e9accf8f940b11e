"""The dialog that enters or corrects when a biopsy was taken, and when the patient was told of its result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from desktop.core.records.care_steps import CareStep, Step
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.assessment_words import outcome_text
from desktop.widgets.visit.entered_outcome import days_refusal
from desktop.widgets.visit.optional_day import PersonDay

if TYPE_CHECKING:
    import datetime as dt

    from desktop.widgets.visit.outcome_subject import OutcomeSubject

_WIDTH = 460


@dataclass(frozen=True)
class DayChange:
    """A day before and after it was corrected; None where it is not recorded."""

    before: CareStep | None
    after: CareStep | None


@dataclass(frozen=True)
class _Row:
    """One field, and what it is about; `found` is the day of the finding, if there is one."""

    field: PersonDay
    step: Step
    subject_id: int
    before: CareStep | None
    found: dt.date | None

    def after(self) -> CareStep | None:
        day, person = self.field.day.day(), self.field.person()
        if day is None:
            return None
        if self.before is not None:
            return replace(self.before, day=day, person=person)
        return CareStep(self.step, self.subject_id, day, person, "")

    def refusal(self) -> str:
        if self.field.day.refusal():
            return self.field.day.refusal()
        day = self.field.day.day()
        taken, told = (day, None) if self.step is Step.TAKEN else (None, day)
        return days_refusal(taken=taken, found=self.found, told=told)


class DaysDialog(QDialog):
    """Each day is a row: a tick says whether it is recorded. What was recorded before stays in the history."""

    entered = Signal(object)  # list[DayChange]

    def __init__(self, subject: str, found: OutcomeSubject, initials: str, parent: QWidget | None = None) -> None:
        """`subject` is the name of the lesion or image; `found.has_days` is true."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Correct days") if found.has_recorded_days else self.tr("Enter days"))
        self.setMinimumWidth(_WIDTH)
        self._initials = initials
        heading = PlainLabel(subject, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        inside = QWidget(self)
        self._form = QFormLayout(inside)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(9)
        self._rows: list[_Row] = []
        self._add_biopsies(found)
        self._add_telling(found)
        self.missing = PlainLabel(self)
        self.missing.setProperty("small", True)
        self.missing.setWordWrap(True)
        hint = PlainLabel(self.tr("What was recorded before stays in the history and in the audit log."), self)
        hint.setProperty("muted", True)
        hint.setProperty("small", True)
        hint.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setProperty("prominent", True)
        self.save.style().polish(self.save)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(14)
        column.addWidget(heading)
        column.addWidget(ContentScroll(inside, 90, self))
        column.addWidget(hint)
        column.addWidget(self.missing)
        column.addWidget(buttons)
        self.accepted.connect(lambda: self.entered.emit(self.changes()))
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        self._rows[0].field.setFocus()

    @property
    def fields(self) -> list[PersonDay]:
        """The fields: biopsies, the oldest plan first, then the telling of each finding, the worst first."""
        return [row.field for row in self._rows]

    def changes(self) -> list[DayChange]:
        """Return what differs from what is recorded."""
        return [DayChange(row.before, after) for row in self._rows if (after := row.after()) != row.before]

    def _add_biopsies(self, found: OutcomeSubject) -> None:
        for one in found.biopsies:
            name = self.tr("Re-excision taken") if one.is_reexcision else self.tr("Biopsy taken")
            if len(found.biopsies) > 1:
                text = self.tr("Biopsy planned on {day}, taken")
                text = self.tr("Re-excision planned on {day}, taken") if one.is_reexcision else text
                name = text.format(day=local_day(one.planned))
            field = PersonDay(self.tr("Initials of whoever took the specimen"), self._initials, self)
            day = None if one.finding is None else one.finding.day
            self._add(name, _Row(field, Step.TAKEN, one.assessment_id, one.taken, day))

    def _add_telling(self, found: OutcomeSubject) -> None:
        for result in found.results:
            text = PlainLabel(outcome_text(replace(result, note="", told=None)), self)
            text.setWordWrap(True)
            self._form.addRow(text)
            field = PersonDay(self.tr("Initials of whoever told the patient"), self._initials, self)
            self._add(
                self.tr("Patient told"), _Row(field, Step.TOLD, result.id, found.told.get(result.id), result.date)
            )

    def _add(self, name: str, row: _Row) -> None:
        if row.before is not None:
            row.field.show_day(row.before.day, row.before.person)
        row.field.changed.connect(self._fit)
        self._form.addRow(name, row.field)
        self._rows.append(row)

    def _fit(self) -> None:
        refusals = [row.refusal() for row in self._rows]
        if any(change.after is not None and not change.after.person for change in self.changes()):
            refusals.append(self.tr("To save, enter the initials of whoever did it."))
        missing = next(filter(None, refusals), "")
        self.missing.setText(missing)
        self.save.setEnabled(bool(self.changes()) and not missing)

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
