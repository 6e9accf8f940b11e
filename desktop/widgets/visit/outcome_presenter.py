"""Enters outcomes for a lesion, or for an image without one, as undoable changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.core.late import Late
from desktop.core.records.patient_file import Whereabouts, whereabouts
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step, UndoStack
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.core.records import care_steps, people
    from desktop.core.records.care_steps import CareStep
    from desktop.core.records.history import History
    from desktop.core.records.people import Lesion, Outcome, OutcomeKind, PlacedImage, WithdrawalReason
    from desktop.widgets.common import body_places, thumbnails
    from desktop.widgets.visit import outcome_dialog, outcome_subject, withdraw_dialog
    from desktop.widgets.visit.histopathology_fields import EnteredDetails
    from desktop.widgets.visit.outcome_dialog import EnteredOutcome, OutcomeDialog
    from desktop.widgets.visit.outcome_subject import OutcomeSubject
else:
    care_steps, people = Late("desktop.core.records.care_steps"), Late("desktop.core.records.people")
    outcome_dialog = Late("desktop.widgets.visit.outcome_dialog")
    outcome_subject = Late("desktop.widgets.visit.outcome_subject")
    withdraw_dialog = Late("desktop.widgets.visit.withdraw_dialog")
    body_places, thumbnails = Late("desktop.widgets.common.body_places"), Late("desktop.widgets.common.thumbnails")

_BUTTONS = 3
"""How many lesions and images with an open histology get a button at most."""


class OutcomePresenter(QObject):
    """The window enters outcomes only through this class."""

    def __init__(
        self, history_service: HistoryService, undo_stack: UndoStack, messages: MessageBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._history_service = history_service
        self._undo_stack = undo_stack
        self._messages = messages
        self._window = window
        self._thumbnails: thumbnails.Thumbnails | None = None

    def ask(
        self,
        subject: str,
        *,
        lesion_id: int | None = None,
        image_id: int | None = None,
        kind: OutcomeKind | None = "histopathology",
        sha256: str = "",
    ) -> OutcomeDialog:
        """Ask for the outcome of a lesion, or of an image that has none.

        `subject` is the name to show, `kind` is None if it must be chosen, and `sha256` is that of the lesion's image to
        show, else it is the newest.
        """
        dialog = outcome_dialog.OutcomeDialog(subject, kind, self._history_service.initials, self._window)
        plans: list[int] = []
        dialog.entered.connect(
            partial(self._add, subject, lesion_id, None if lesion_id is not None else image_id, plans)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._history_service.ask(
            partial(outcome_subject.read_subject, lesion_id, image_id, sha256),
            partial(self._show_lesion, subject, dialog),
            self._messages.tell,
        )

        def offer_taken(found: list[int]) -> None:
            plans.extend(found)
            if found and isValid(dialog):
                dialog.offer_taken()

        self._history_service.ask(
            partial(outcome_subject.biopsies_to_take, lesion_id, image_id), offer_taken, self._messages.tell
        )
        return dialog

    def _show_lesion(self, subject: str, dialog: OutcomeDialog, found: OutcomeSubject) -> None:
        """Show the lesion of the outcome: entering histology for the wrong lesion would be harmful."""
        lesion, outcomes, image = found.lesion, found.outcomes, found.image
        if not isValid(dialog):
            return
        if found.elsewhere:
            self._doubt(dialog, subject, found)
        if outcomes:
            dialog.withdrawal_requested.connect(partial(self._ask_to_withdraw, subject, found))
        if lesion is None:
            remark = self.tr("An image that belongs to no lesion")
        else:
            remark = "" if body_places.place_name(lesion.site) else self.tr("Place not entered")
        self._thumbnails = self._thumbnails or thumbnails.Thumbnails(self._history_service, self)
        dialog.show_lesion(remark, outcomes, image, self._thumbnails)

    def _doubt(self, dialog: OutcomeDialog, subject: str, found: OutcomeSubject) -> None:
        """Warn that no biopsy is planned for the lesion or image, but for others of the patient."""
        image = subject if found.image is None else found.image.name
        text = self.tr("No biopsy is planned for {lesion}. Histology is open for {others}.").format(
            lesion=image if found.lesion is None else found.lesion.name,
            others="; ".join(_with_place(one) for one in found.elsewhere),
        )

        def go_to(other: Lesion | PlacedImage) -> None:
            if isinstance(other, people.Lesion):
                new = self.ask(f"{found.pseudonym}, {lesion_name(other)}", lesion_id=other.id)
            else:
                new = self.ask(f"{found.pseudonym}, {other.image.name}", image_id=other.image_id)
            new.take_over(dialog)
            dialog.reject()

        dialog.doubt(
            text,
            [
                (self.tr("Go to {lesion}").format(lesion=_name(one)), partial(go_to, one))
                for one in found.elsewhere[:_BUTTONS]
            ],
        )

    def ask_for_image(self, sha256: str, name: str) -> None:
        """Ask for the outcome of an image's lesion, which is read from the history, or of the image itself."""
        self._history_service.ask(
            lambda history: whereabouts(history, sha256),
            partial(self._ask_where, name),
            self._messages.tell,
        )

    def _ask_where(self, name: str, where: Whereabouts) -> None:
        what = name if where.lesion is None else lesion_name(where.lesion)
        subject = what if where.patient is None else f"{where.patient.pseudonym}, {what}"
        if where.image_id is not None:
            lesion_id = None if where.lesion is None else where.lesion.id
            self.ask(subject, lesion_id=lesion_id, image_id=where.image_id, sha256=where.sha256)

    def _add(
        self, subject: str, lesion_id: int | None, image_id: int | None, plans: list[int], finding: EnteredOutcome
    ) -> None:
        patient_ids: set[int] = set()
        steps: list[CareStep] = []
        details = finding.details

        def work(history: History, by: str) -> tuple[Outcome, int | None]:
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
                by=by,
            )
            steps[:] = _steps(details, plans, outcome.id, by)
            for one in steps:
                history.care_steps.record(one, by=by)
            if lesion_id is not None:
                return outcome, history.people.lesion(lesion_id).patient_id
            return outcome, None if image_id is None else history.people.owner(image_id)

        def take(written: tuple[Outcome, int | None]) -> None:
            _outcome, patient_id = written
            patient_ids.update(() if patient_id is None else (patient_id,))

        step = self._history_service.step(
            work, lambda written: self._set_binned(written[0].id, steps, binned=True), take
        )
        text = self.tr("outcome of {subject}").format(subject=subject)
        self._undo_stack.carry_out(text, step, patient_ids=patient_ids)

    def _ask_to_withdraw(self, subject: str, found: OutcomeSubject) -> None:
        dialog = withdraw_dialog.WithdrawDialog(subject, found.outcomes, has_plan=found.has_plan, parent=self._window)

        def carry_out() -> None:
            if dialog.reason is not None:
                self._withdraw(subject, dialog.outcomes, dialog.reason)

        dialog.accepted.connect(carry_out)
        dialog.open()

    def _withdraw(self, subject: str, outcomes: Sequence[Outcome], reason: WithdrawalReason) -> None:
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

    def _set_binned(self, outcome_id: int, steps: list[CareStep], *, binned: bool) -> Step:
        """Put an outcome into the bin or take it out, with the steps that were entered with it."""

        def work(history: History, by: str) -> None:
            history.assessments.set_outcome_binned(outcome_id, binned=binned, by=by)
            for step in steps:
                (history.care_steps.take_back if binned else history.care_steps.record)(step, by=by)

        return self._history_service.step(work, lambda _nothing: self._set_binned(outcome_id, steps, binned=not binned))


def _steps(details: EnteredDetails, plans: list[int], outcome_id: int, by: str) -> list[CareStep]:
    """Return the steps that were entered with an outcome."""
    kinds, steps = care_steps.Step, []
    if details.taken is not None:
        steps += [care_steps.CareStep(kinds.TAKEN, plan, details.taken, by, "") for plan in plans]
    if details.told is not None:
        steps.append(care_steps.CareStep(kinds.TOLD, outcome_id, details.told, details.told_by, ""))
    return steps


def _name(one: Lesion | PlacedImage) -> str:
    return one.name if isinstance(one, people.Lesion) else one.image.name


def _with_place(one: Lesion | PlacedImage) -> str:
    place = body_places.place_name(one.site) if isinstance(one, people.Lesion) else ""
    return ", ".join(filter(None, (_name(one), place)))
