"""Asks for the plan of a re-excision, and saves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.diagnoses import diagnosis_name
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.undo import Failed, Step, UndoStack
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.wording import translated
from desktop.widgets.visit.assessment_words import short_finding_text

if TYPE_CHECKING:
    from desktop.core.records import reexcision
    from desktop.core.records.history import History
    from desktop.core.records.people import Margins
    from desktop.widgets.visit import reexcision_dialog, reexcision_words
else:
    reexcision = Late("desktop.core.records.reexcision")
    reexcision_dialog = Late("desktop.widgets.visit.reexcision_dialog")
    reexcision_words = Late("desktop.widgets.visit.reexcision_words")


@dataclass(frozen=True)
class InvolvedFinding:
    """A finding with involved margins, of a lesion, or (None) of an image without one; `subject` names it."""

    subject: str
    lesion_id: int | None
    image_id: int | None
    diagnosis: str
    breslow_mm: float | None
    margins: Margins | None


class ReexcisionPlanning(QObject):
    """A plan is locked as an assessment is, and ends the undo stack."""

    def __init__(
        self,
        history_service: HistoryService,
        undo_stack: UndoStack,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        """`messages` returns the bar of the page in front."""
        super().__init__(window)
        self._history_service = history_service
        self._undo_stack = undo_stack
        self._messages = messages
        self._window = window

    def ask(self, found: InvolvedFinding, done: Callable[[], None] = lambda: None) -> None:
        """Ask for the plan; `done` is called once it is saved."""
        name = translated(diagnosis_name(found.diagnosis))
        finding = short_finding_text(name, found.breslow_mm, found.margins)
        dialog = reexcision_dialog.ReexcisionDialog(
            found.subject, finding, self._history_service.initials, self._window.window()
        )
        dialog.entered.connect(partial(self._plan, found, done))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _plan(self, found: InvolvedFinding, done: Callable[[], None], initials: str, note: str) -> None:
        text = self.tr("plan of a re-excision of {subject}").format(subject=found.subject)
        today = dt.datetime.now().astimezone().date()

        def work(history: History, _by: str) -> None:
            reexcision.plan_reexcision(
                history,
                lesion_id=found.lesion_id,
                image_id=found.image_id,
                note=reexcision_words.kept_note(note),
                today=today,
                by=initials,
            )

        def step(take: Callable[[Step | None], None], failed: Failed) -> None:
            self._history_service.write(work, lambda _nothing: take(None), failed)

        def tell() -> None:
            self._undo_stack.end(
                self.tr("A plan is locked and cannot be undone. Close it with a reason, or enter another."),
                written=text,
            )
            self._messages().say(
                self.tr("Planned: re-excision of {subject}").format(subject=found.subject), error=False
            )
            done()

        self._undo_stack.carry_out(text, step, tell)
