"""Asks for outcomes of a lesion, or of an image without one, for their withdrawal, and for the days of their biopsies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.patient_file import Whereabouts, whereabouts
from desktop.session.history_service import HistoryService
from desktop.session.undo import UndoStack
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.visit.outcome_writing import OutcomeWriting

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.people import Lesion, Margins, Outcome, OutcomeKind, PlacedImage
    from desktop.widgets.common import body_places, thumbnails
    from desktop.widgets.visit import (
        days_dialog,
        elsewhere_words,
        outcome_dialog,
        outcome_subject,
        reexcision,
        withdraw_dialog,
    )
    from desktop.widgets.visit.entered_outcome import EnteredOutcome
    from desktop.widgets.visit.outcome_dialog import OutcomeDialog
    from desktop.widgets.visit.outcome_subject import OutcomeSubject
else:
    people = Late("desktop.core.records.people")
    days_dialog = Late("desktop.widgets.visit.days_dialog")
    elsewhere_words = Late("desktop.widgets.visit.elsewhere_words")
    outcome_dialog = Late("desktop.widgets.visit.outcome_dialog")
    outcome_subject = Late("desktop.widgets.visit.outcome_subject")
    reexcision = Late("desktop.widgets.visit.reexcision")
    withdraw_dialog = Late("desktop.widgets.visit.withdraw_dialog")
    body_places, thumbnails = Late("desktop.widgets.common.body_places"), Late("desktop.widgets.common.thumbnails")

_BUTTONS = 3
"""How many lesions and images with an open biopsy get a button at most, those that were taken first."""


class OutcomePresenter(QObject):
    """The window enters outcomes only through this class."""

    def __init__(
        self,
        history_service: HistoryService,
        undo_stack: UndoStack,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        """`messages` returns the bar of the page in front: outcomes are entered from several."""
        super().__init__(window)
        self._history_service = history_service
        self._undo_stack = undo_stack
        self._writing = OutcomeWriting(history_service, undo_stack, self)
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
        plan_id: int | None = None,
    ) -> OutcomeDialog:
        """Ask for the outcome of a lesion, or of an image that has none.

        `subject` is the name to show, `kind` is None if it must be chosen, `sha256` is that of the lesion's image to show,
        else it is the newest, and `plan_id` the id of the assessment that planned the biopsy of which it is, if one was
        chosen.
        """
        dialog = outcome_dialog.OutcomeDialog(subject, kind, self._history_service.initials, self._window)
        dialog.entered.connect(partial(self._save, subject, lesion_id, None if lesion_id is not None else image_id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.wait_for_subject()
        dialog.open()
        self._history_service.ask(
            partial(outcome_subject.read_subject, lesion_id, image_id, sha256, plan_id=plan_id),
            partial(self._show_subject, subject, dialog),
            self._tell,
        )
        return dialog

    def _tell(self, error: AppError) -> None:
        self._messages().tell(error)

    def _save(self, subject: str, lesion_id: int | None, image_id: int | None, entered: EnteredOutcome) -> None:
        """Save an outcome, then ask for the plan of a re-excision if that was wanted."""

        def go_on() -> None:
            if entered.details.plans_reexcision:
                self._plan(subject, lesion_id, image_id, entered, entered.details.margins)

        self._writing.add(subject, lesion_id, image_id, entered, go_on)

    def _plan(
        self,
        subject: str,
        lesion_id: int | None,
        image_id: int | None,
        finding: Outcome | EnteredOutcome,
        margins: Margins | None,
    ) -> None:
        found = reexcision.InvolvedFinding(
            *(subject, lesion_id, image_id, finding.diagnosis, finding.breslow_mm, margins)
        )
        self._planning.ask(found)

    @cached_property
    def _planning(self) -> reexcision.ReexcisionPlanning:
        return reexcision.ReexcisionPlanning(self._history_service, self._undo_stack, self._messages, self._window)

    def _show_subject(self, subject: str, dialog: OutcomeDialog, found: OutcomeSubject) -> None:
        """Show what the outcome is of: entering histology for the wrong lesion would be harmful."""
        lesion = found.lesion
        if not isValid(dialog):
            return
        if found.elsewhere:
            self._doubt(dialog, subject, found)
        dialog.withdrawal_requested.connect(partial(self._ask_to_withdraw, subject, found))
        dialog.days_requested.connect(partial(self._ask_for_days, subject, found))
        if (involved := found.involved) is not None:
            of_lesion = None if lesion is None else lesion.id
            plan = partial(self._plan, subject, of_lesion, involved.image_id, involved, involved.margins)
            dialog.reexcision_requested.connect(plan)
        if lesion is None:
            remark = self.tr("An image that belongs to no lesion")
        else:
            remark = "" if body_places.place_name(lesion.site) else self.tr("Place not entered")
        self._thumbnails = self._thumbnails or thumbnails.Thumbnails(self._history_service, self)
        dialog.show_subject(remark, found, self._thumbnails)

    def _doubt(self, dialog: OutcomeDialog, subject: str, found: OutcomeSubject) -> None:
        """Warn that no biopsy of the lesion or image is open, or none is recorded as taken, but of others of the patient."""

        def go_to(other: Lesion | PlacedImage) -> None:
            if isinstance(other, people.Lesion):
                new = self.ask(f"{found.pseudonym}, {lesion_name(other)}", lesion_id=other.id)
            else:
                new = self.ask(f"{found.pseudonym}, {other.image.name}", image_id=other.image_id)
            new.take_over(dialog)
            dialog.done(dialog.DialogCode.Rejected)  # nothing is lost: without the question of `reject`

        dialog.doubt(
            elsewhere_words.doubt_text(found, subject),
            [
                (
                    self.tr("Go to {lesion}").format(lesion=elsewhere_words.name_of(one.subject)),
                    partial(go_to, one.subject),
                )
                for one in sorted(found.elsewhere, key=lambda one: not one.is_taken)[:_BUTTONS]
            ],
        )

    def ask_for_image(self, sha256: str, name: str) -> None:
        """Ask for the outcome of an image's lesion, which is read from the history, or of the image itself."""
        self._history_service.ask(
            lambda history: whereabouts(history, sha256),
            partial(self._ask_where, name),
            self._tell,
        )

    def _ask_where(self, name: str, where: Whereabouts) -> None:
        what = name if where.lesion is None else lesion_name(where.lesion)
        subject = what if where.patient is None else f"{where.patient.pseudonym}, {what}"
        if where.image_id is not None:
            lesion_id = None if where.lesion is None else where.lesion.id
            self.ask(subject, lesion_id=lesion_id, image_id=where.image_id, sha256=where.sha256)

    def _ask_to_withdraw(self, subject: str, found: OutcomeSubject) -> None:
        dialog = withdraw_dialog.WithdrawDialog(subject, found.outcomes, found.biopsies, self._window)

        def carry_out() -> None:
            if dialog.reason is not None:
                self._writing.withdraw(subject, dialog.outcomes, dialog.reason)

        dialog.accepted.connect(carry_out)
        dialog.open()

    def _ask_for_days(self, subject: str, found: OutcomeSubject) -> None:
        dialog = days_dialog.DaysDialog(subject, found, self._history_service.initials, self._window)
        dialog.entered.connect(partial(self._writing.correct_days, subject, found.patient_id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
