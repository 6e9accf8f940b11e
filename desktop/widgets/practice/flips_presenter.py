"""Shows what changes on the history under another model, and records the decision that follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.session.history_trial import HistoryTrial
from desktop.session.trial_figures import TrialFigures
from desktop.session.undo import UndoStack
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.practice.flips import Pair
    from desktop.core.records import model_decisions
    from desktop.core.records.model_decisions import Decision
    from desktop.widgets.common.thumbnails import Thumbnails
    from desktop.widgets.practice import case_opener, decision_sheet, flip_words, flips_dialog, improvement_words
    from desktop.widgets.practice.decision_sheet import DecisionSheet
    from desktop.widgets.practice.flips_dialog import FlipsDialog
else:
    model_decisions = Late("desktop.core.records.model_decisions")
    case_opener = Late("desktop.widgets.practice.case_opener")
    decision_sheet = Late("desktop.widgets.practice.decision_sheet")
    flip_words = Late("desktop.widgets.practice.flip_words")
    flips_dialog = Late("desktop.widgets.practice.flips_dialog")
    improvement_words = Late("desktop.widgets.practice.improvement_words")


class FlipsPresenter(QObject):
    """Opens the page when the trial has counted and the user looks at the model, else tells that it has."""

    lesion_requested = Signal(object, int)
    """The Patient, and the id of the lesion whose film is to be shown."""
    image_requested = Signal(object, object)
    """The Patient, or None, and the newest Entry of an image without a lesion."""

    def __init__(
        self,
        trial: HistoryTrial,
        history_service: HistoryService,
        audit: AuditTrail,
        undo_stack: UndoStack,
        thumbnails: Callable[[], Thumbnails],
        messages: Callable[[], MessageBar],
        is_model_shown: Callable[[], bool],
        adopt: Callable[[Classifier], None],
        window: QWidget,
    ) -> None:
        """`adopt` puts a model in use; the others are asked when they are needed."""
        super().__init__(window)
        self._trial = trial
        self._history_service = history_service
        self._audit = audit
        self._undo_stack = undo_stack
        self._thumbnails = thumbnails
        self._messages = messages
        self._is_model_shown = is_model_shown
        self._adopt = adopt
        self._window = window
        self._told: tuple[MessageBar, object] | None = None
        trial.found.connect(self._take)
        trial.failed.connect(self._tell)
        trial.changed.connect(self._withdraw)
        self._opener = case_opener.CaseOpener(history_service, self)
        self._opener.lesion_requested.connect(self.lesion_requested)
        self._opener.image_requested.connect(self.image_requested)
        self._opener.gone.connect(self._say_gone)
        self._opener.failed.connect(lambda error: self._messages().tell(error))

    def _tell(self, error: AppError) -> None:
        bar = self._messages()
        bar.tell(error)
        self._told = bar, bar.newest

    def _withdraw(self) -> None:
        """Withdraw the error of an earlier trial once another is begun."""
        if self._told is None or not self._trial.state.is_running:
            return
        bar, error = self._told
        self._told = None
        if bar.is_showing(error):
            bar.withdraw()

    def _take(self, found: TrialFigures) -> None:
        if self._is_model_shown():
            self._show(found)
        else:
            text = self.tr("“{file}” was tried on the history: the workspace Model shows what changes.")
            self._messages().say(text.format(file=found.new.path.name), error=False)

    def _show(self, found: TrialFigures) -> None:
        dialog = flips_dialog.FlipsDialog(found, self._thumbnails(), self._window)
        dialog.adopt_requested.connect(partial(self._ask, dialog, model_decisions.Decision.ADOPTED))
        dialog.keep_requested.connect(partial(self._ask, dialog, model_decisions.Decision.KEPT))
        dialog.opened.connect(partial(self._open, dialog))
        self._trial.changed.connect(dialog.close)  # it is another trial now, or the model in use is another
        self._audit.note(Action.FLIPS_VIEWED, {"lesions": found.flips.lesions, "changed": len(found.flips.changed)})
        dialog.open()

    def _open(self, dialog: FlipsDialog, pair: Pair) -> None:
        """Show a lesion; the page, which covers the window, is opened again from the workspace Model."""
        dialog.close()
        self._opener.open(pair.old)

    def _say_gone(self) -> None:
        self._messages().say(self.tr("This lesion is no longer in the history."), error=False)

    def _ask(self, dialog: FlipsDialog, decision: Decision) -> None:
        found = dialog.found
        is_adopted = decision is model_decisions.Decision.ADOPTED
        said = (
            improvement_words.verdict_text(found),
            flip_words.lost_sentence(found),
            flip_words.verdict_sentence(found),
            improvement_words.reason_text(found) if is_adopted else "",
        )
        sentences = [text for text in said if text]
        if is_adopted:
            title = self.tr("Adopt “{name}”").format(name=found.flips.new.name)
            sentences.append(self.tr("It answers from now on. What was answered before stays as it is."))
        else:
            title = self.tr("Keep “{name}”").format(name=found.flips.old.name)
        sheet = decision_sheet.DecisionSheet(
            title,
            sentences,
            self._history_service.initials,
            dialog,
            needs_reason=not (is_adopted and found.is_better),
        )
        sheet.entered.connect(partial(self._record, dialog, sheet, decision))
        sheet.open()

    def _record(self, dialog: FlipsDialog, sheet: DecisionSheet, decision: Decision, reason: str, by: str) -> None:
        found = dialog.found

        def take() -> None:
            is_adopted = decision is model_decisions.Decision.ADOPTED
            written = (
                self.tr("adoption of model “{name}”").format(name=found.flips.new.name)
                if is_adopted
                else self.tr("keeping of model “{name}”").format(name=found.flips.old.name)
            )
            self._undo_stack.end(
                self.tr("A decision on a model cannot be undone. Try a model on the history again, and decide anew."),
                written=written,
            )
            if is_adopted:
                self._adopt(found.new)

        def fail(error: AppError) -> None:
            if isValid(sheet):
                sheet.fail(error)
            else:  # it went with its page, because the model in use became another
                self._messages().tell(error)

        # Without a reason only where the sheet needs none.
        self._trial.decide(decision, found, reason.strip() or self.tr("Shown to be better."), by, take, fail)
