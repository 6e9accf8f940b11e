"""Writes outcomes, their withdrawal, and the days of biopsies and of telling patients, as undoable changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step, UndoStack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.core.records import care_steps
    from desktop.core.records.care_steps import CareStep
    from desktop.core.records.history import History
    from desktop.core.records.people import Outcome, WithdrawalReason
    from desktop.widgets.visit.days_dialog import DayChange
    from desktop.widgets.visit.entered_outcome import EnteredOutcome
else:
    care_steps = Late("desktop.core.records.care_steps")


@frozen
class _Added:
    """What was written with an outcome; `patient_id` is None for an image without a patient."""

    outcome_id: int
    steps: list[CareStep]
    patient_id: int | None


class OutcomeWriting(QObject):
    """`subject` is the name of the lesion or image, for the undo stack."""

    def __init__(self, history_service: HistoryService, undo_stack: UndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._undo_stack = undo_stack

    def add(
        self,
        subject: str,
        lesion_id: int | None,
        image_id: int | None,
        finding: EnteredOutcome,
        done: Callable[[], None],
    ) -> None:
        """Add an outcome, with the steps that were entered with it.

        `done` is called once it is saved. An undo puts it into the bin, takes the steps back, and has what it corrected count
        again.
        """
        patient_ids: set[int] = set()
        details = finding.details

        def work(history: History, by: str) -> _Added:
            outcome = history.assessments.add_outcome(
                lesion_id=lesion_id,
                image_id=image_id,
                kind=finding.kind,
                diagnosis=finding.diagnosis,
                label=finding.label,
                breslow_mm=finding.breslow_mm,
                date=finding.date,
                note=finding.note,
                ulceration=details.ulceration,
                margins=details.margins,
                laboratory_number=details.laboratory_number,
                corrects=finding.corrects,
                by=by,
            )
            steps = _record_steps(finding, outcome, history, by)
            if lesion_id is not None:
                return _Added(outcome.id, steps, history.people.lesion(lesion_id).patient_id)
            return _Added(outcome.id, steps, None if image_id is None else history.people.owner(image_id))

        def take_back(added: _Added, history: History, by: str) -> None:
            history.assessments.set_outcome_binned(added.outcome_id, binned=True, by=by)
            if finding.corrects is not None:
                history.assessments.set_outcome_binned(finding.corrects, binned=False, by=by)
            for one in added.steps:
                history.care_steps.take_back(one, by=by)

        def step() -> Step:  # a redo adds it anew: what it corrects is withdrawn in the same act
            return self._history_service.step(
                work,
                lambda added: self._history_service.step(partial(take_back, added), lambda _nothing: step()),
                lambda added: patient_ids.update(() if added.patient_id is None else (added.patient_id,)),
            )

        name = self.tr("outcome of {subject}")
        if finding.corrects is not None:
            name = self.tr("correction of an outcome of {subject}")
        text = name.format(subject=subject)
        self._undo_stack.carry_out(text, step(), done, patient_ids=patient_ids)

    def withdraw(self, subject: str, outcomes: Sequence[Outcome], reason: WithdrawalReason) -> None:
        """Withdraw an outcome with all that it corrects, so that none of them counts again."""
        patient_ids: set[int] = set()
        outcome, ids = outcomes[0], tuple(one.id for one in outcomes)

        def work(history: History, by: str) -> int | None:
            history.assessments.set_outcomes_binned(ids, binned=True, by=by, reason=reason)
            if outcome.lesion_id is not None:
                return history.people.lesion(outcome.lesion_id).patient_id
            return None if outcome.image_id is None else history.people.owner(outcome.image_id)

        def put_back(history: History, by: str) -> None:
            history.assessments.set_outcomes_binned(ids, binned=False, by=by)

        def step() -> Step:
            return self._history_service.step(
                work,
                lambda _patient_id: self._history_service.step(put_back, lambda _nothing: step()),
                lambda patient_id: patient_ids.update(() if patient_id is None else (patient_id,)),
            )

        text = self.tr("withdrawal of an outcome of {subject}").format(subject=subject)
        self._undo_stack.carry_out(text, step(), patient_ids=patient_ids)

    def correct_days(self, subject: str, patient_id: int | None, changes: Sequence[DayChange]) -> None:
        """Record days anew, or that a day is not known; an undo records what was before."""
        text = self.tr("days of {subject}").format(subject=subject)
        patient_ids = () if patient_id is None else (patient_id,)
        self._undo_stack.carry_out(text, self._record(changes, is_back=False), patient_ids=patient_ids)

    def _record(self, changes: Sequence[DayChange], *, is_back: bool) -> Step:
        def work(history: History, by: str) -> None:
            for change in changes:
                old, new = (change.after, change.before) if is_back else (change.before, change.after)
                if new is not None:
                    history.care_steps.record(new, by=by)
                elif old is not None:
                    history.care_steps.take_back(old, by=by)

        return self._history_service.step(work, lambda _nothing: self._record(changes, is_back=not is_back))


def _record_steps(finding: EnteredOutcome, outcome: Outcome, history: History, by: str) -> list[CareStep]:
    """Record the steps that were entered with an outcome, and return what an undo of it takes back.

    If several biopsies wait, that of this finding is recorded again, to name it.
    """
    steps, biopsy, details = history.care_steps, finding.biopsy, finding.details
    entered = []
    if biopsy is not None and biopsy.taken is None and details.taken is not None:
        taken = care_steps.CareStep(care_steps.Step.TAKEN, biopsy.assessment_id, details.taken, by, "")
        steps.record(taken, by=by, named_with=outcome)
        entered.append(taken)
    elif biopsy is not None and biopsy.taken is not None and finding.is_named:
        steps.record(biopsy.taken, by=by, named_with=outcome)
    if details.told is not None:
        told = care_steps.CareStep(care_steps.Step.TOLD, outcome.id, details.told, details.told_by, "")
        steps.record(told, by=by)
        entered.append(told)
    return entered
