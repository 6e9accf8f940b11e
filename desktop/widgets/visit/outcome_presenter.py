"""Enters outcomes for a lesion, or for an image without one, as undoable changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.core.late import Late
from desktop.core.records.patient_file import Whereabouts, whereabouts
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step, UndoStack
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name

if TYPE_CHECKING:
    from desktop.core.records import care_steps
    from desktop.core.records.care_steps import CareStep
    from desktop.core.records.history import History
    from desktop.core.records.people import Lesion, Outcome, OutcomeKind
    from desktop.core.records.values import KeptImage
    from desktop.widgets.common import body_places, thumbnails
    from desktop.widgets.visit import outcome_dialog
    from desktop.widgets.visit.histopathology_fields import EnteredDetails
    from desktop.widgets.visit.outcome_dialog import EnteredOutcome, OutcomeDialog
else:
    care_steps = Late("desktop.core.records.care_steps")
    outcome_dialog = Late("desktop.widgets.visit.outcome_dialog")
    body_places, thumbnails = Late("desktop.widgets.common.body_places"), Late("desktop.widgets.common.thumbnails")


class OutcomePresenter(QObject):
    """The window enters outcomes only through this class."""

    saved = Signal(str)
    """The name of the lesion or image of an outcome that was saved."""

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
        kind: OutcomeKind = "histopathology",
        sha256: str = "",
    ) -> OutcomeDialog:
        """Ask for the outcome of a lesion, or of an image that has none.

        `subject` is the name to show, and `sha256` that of the lesion's image to show, else it is the newest.
        """
        dialog = outcome_dialog.OutcomeDialog(subject, kind, self._history_service.initials, self._window)
        plans: list[int] = []
        dialog.entered.connect(
            partial(self._add, subject, lesion_id, None if lesion_id is not None else image_id, plans)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._history_service.ask(
            partial(_read_lesion, lesion_id, image_id, sha256),
            partial(self._show_lesion, dialog),
            self._messages.tell,
        )

        def offer_taken(found: list[int]) -> None:
            plans.extend(found)
            if found and isValid(dialog):
                dialog.offer_taken()

        self._history_service.ask(partial(_biopsies_to_take, lesion_id, image_id), offer_taken, self._messages.tell)
        return dialog

    def _show_lesion(self, dialog: OutcomeDialog, found: tuple[Lesion | None, list[Outcome], KeptImage | None]) -> None:
        """Show the lesion of the outcome: entering histology for the wrong lesion would be harmful."""
        lesion, outcomes, image = found
        if not isValid(dialog):
            return
        if lesion is None:
            remark = self.tr("An image that belongs to no lesion")
        else:
            remark = "" if body_places.place_name(lesion.site) else self.tr("Place not entered")
        self._thumbnails = self._thumbnails or thumbnails.Thumbnails(self._history_service, self)
        dialog.show_lesion(remark, outcomes, image, self._thumbnails)

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
        self._undo_stack.carry_out(text, step, lambda: self.saved.emit(subject), patient_ids=patient_ids)

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


def _read_lesion(
    lesion_id: int | None, image_id: int | None, sha256: str, history: History
) -> tuple[Lesion | None, list[Outcome], KeptImage | None]:
    """Return the lesion, its outcomes, and its image; the image itself if it has no lesion.

    The image is that of `sha256`, else the newest, preferably dermoscopy.
    """
    if lesion_id is not None:
        lesion = history.people.lesion(lesion_id)
        own = [one for one in history.people.images(lesion.patient_id) if one.lesion_id == lesion_id]
        # stable: the newest of its kind stays last
        own.sort(key=lambda one: (one.image.sha256 == sha256, one.kind == "dermoscopy"))
        return lesion, history.assessments.outcomes(lesion_id=lesion_id), own[-1].image if own else None
    entries = [] if image_id is None else history.entries_of(image_id)
    outcomes = [] if image_id is None else history.assessments.outcomes(image_id=image_id)
    return None, outcomes, entries[-1].image if entries else None


def _biopsies_to_take(lesion_id: int | None, image_id: int | None, history: History) -> list[int]:
    """Return the assessments of a lesion, or of an image without one, whose biopsy is not recorded as taken."""
    planned = [
        one.assessment.id
        for one in history.worklists.histology_open()
        if (one.assessment.image_id == image_id if lesion_id is None else one.lesion and one.lesion.id == lesion_id)
    ]
    return sorted(set(planned) - history.care_steps.of(care_steps.Step.TAKEN, planned).keys())
