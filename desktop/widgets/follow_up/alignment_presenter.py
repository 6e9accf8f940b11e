"""Keeps the alignments that are set by hand, or taken back, as changes that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from desktop.core.registration.similarity import Similarity
from desktop.session.alignment import Alignment
from desktop.session.image_owner import ImageOwner
from desktop.session.picture import Picture
from desktop.session.undo import Step, UndoStack
from desktop.widgets.common.change_subjects import images_name
from desktop.widgets.image.compare_page import ComparePage


class AlignmentPresenter(QObject):
    """The page shows whatever `Alignment` reports, also after an undo."""

    def __init__(
        self,
        page: ComparePage,
        alignment: Alignment,
        undo_stack: UndoStack,
        owner_of: Callable[[Sequence[Picture]], ImageOwner],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._alignment = alignment
        self._undo_stack = undo_stack
        self._owner_of = owner_of
        page.hand_requested.connect(self._set_by_hand)
        page.automatic_requested.connect(self._set_automatically)

    def _set_by_hand(self, transform: Similarity) -> None:
        older, newer = self._page.pictures
        self._carry_out(self.tr("alignment by hand of {subject}"), self._alignment.set_by_hand(older, newer, transform))

    def _set_automatically(self) -> None:
        older, newer = self._page.pictures
        text = self.tr("removal of the alignment by hand of {subject}")  # whether another one is found shows later
        self._carry_out(text, self._alignment.set_automatically(older, newer))

    def _carry_out(self, text: str, step: Step) -> None:
        owner = self._owner_of(self._page.pictures)
        self._undo_stack.carry_out(
            lambda: text.format(subject=images_name(owner)),
            step,
            failed=self._page.messages.tell,
            patient_ids=owner.patient_ids,
        )
