"""Asks for treatments of the lesion that is followed and for pregnancies of its patient, and writes what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.records.influences import InfluenceKind, Span
from desktop.session.history_service import HistoryService
from desktop.session.influence_edits import InfluenceEdits
from desktop.session.open_patient import OpenPatient
from desktop.session.undo import Step, UndoStack
from desktop.widgets.common.influence_words import name_of
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.follow_up.course_presenter import CoursePresenter
from desktop.widgets.follow_up.follow_up_page import FollowUpPage

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence


class InfluencePresenter(QObject):
    """The dialog is created when it is asked for."""

    def __init__(
        self,
        page: FollowUpPage,
        course: CoursePresenter,
        history_service: HistoryService,
        undo_stack: UndoStack,
        open_patient: OpenPatient,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._course = course
        self._edits = InfluenceEdits(history_service)
        self._undo_stack = undo_stack
        self._open_patient = open_patient
        page.influence_requested.connect(self.ask)

    def ask(self) -> None:
        """Ask for a treatment of the lesion that is followed, or a pregnancy."""
        from desktop.widgets.follow_up.influence_dialog import InfluenceDialog  # noqa: PLC0415 - not needed at the start

        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        if patient is None or lesion is None:
            return
        dialog = InfluenceDialog(
            f"{patient.pseudonym}, {lesion_name(lesion)}",
            self._course.influences,
            can_be_pregnant=patient.sex != "male",
            today=self._open_patient.date,
            parent=self._page,
        )

        def write(text: str, kind: str, step: Step) -> None:
            subject = patient.pseudonym
            if kind != InfluenceKind.PREGNANCY:
                subject = f"{subject}, {lesion_name(lesion)}"
            self._undo_stack.carry_out(
                text.format(kind=name_of(kind).lower(), subject=subject),
                step,
                patient_ids=(lesion.patient_id,),
            )

        def add(kind: str, span: Span, note: str) -> None:
            write(self.tr("{kind} of {subject}"), kind, self._edits.add(InfluenceKind(kind), lesion.id, span, note))

        def correct(influence: Influence, span: Span, note: str) -> None:
            if (span, note) != (influence.span, influence.note):
                step = self._edits.correct(influence, span, note)
                write(self.tr("correction: {kind} of {subject}"), influence.kind, step)

        def withdraw(influence: Influence) -> None:
            step = self._edits.correct(influence, influence.span, influence.note, withdrawn=True)
            write(self.tr("withdrawal: {kind} of {subject}"), influence.kind, step)

        dialog.entered.connect(add)
        dialog.corrected.connect(correct)
        dialog.withdrawn.connect(withdraw)
        dialog.finished.connect(lambda _result: self._page.compare.give_keys_to_pictures())
        dialog.open()
