"""Keeps the alignments that are set by hand, or taken back, as changes that can be undone."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.core.registration.similarity import Similarity
from desktop.session.alignment import Alignment
from desktop.session.open_patient import OpenPatient
from desktop.session.undo import Step, UndoStack
from desktop.widgets.image.compare_page import ComparePage


class AlignmentPresenter(QObject):
    """The page shows whatever `Alignment` reports, also after an undo."""

    def __init__(
        self,
        page: ComparePage,
        alignment: Alignment,
        undo_stack: UndoStack,
        open_patient: OpenPatient,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._alignment = alignment
        self._undo_stack = undo_stack
        self._open_patient = open_patient
        page.hand_requested.connect(self._set_by_hand)
        page.automatic_requested.connect(self._set_automatically)

    def _set_by_hand(self, transform: Similarity) -> None:
        older, newer = self._page.pictures
        self._carry_out(self.tr("alignment by hand"), self._alignment.set_by_hand(older, newer, transform))

    def _set_automatically(self) -> None:
        older, newer = self._page.pictures
        self._carry_out(self.tr("automatic alignment"), self._alignment.set_automatically(older, newer))

    def _carry_out(self, text: str, step: Step) -> None:
        patient = self._open_patient.patient
        self._undo_stack.carry_out(
            text,
            step,
            failed=self._page.messages.tell,
            patient_ids=set() if patient is None else {patient.id},
        )
