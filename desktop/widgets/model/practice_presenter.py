"""Opens My practice, and counts for it in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.practice import Practice
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.while_there import while_there

if TYPE_CHECKING:
    from desktop.widgets.model import practice_dialog
else:
    practice_dialog = Late("desktop.widgets.model.practice_dialog")


class PracticePresenter(QObject):
    """Asks only for a model whose own prior is known."""

    def __init__(
        self,
        practice: Practice,
        model: ModelChoice,
        history_service: HistoryService,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._practice = practice
        self._model = model
        self._history_service = history_service
        self._messages = messages
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"practice": self.show}

    def show(self) -> None:
        """Ask for the practice's own prior."""
        classifier = self._model.classifier
        if classifier is None or classifier.contract.prior is None:
            text = (
                self.tr("The model is not loaded yet.")
                if classifier is None
                else self.tr(
                    "This model does not say what its percentages assume: they cannot be shown for a practice."
                )
            )
            self._messages().say(text, error=False)
            return
        dialog = practice_dialog.PracticeDialog(classifier.contract, self._practice.prior, self._window)
        dialog.chosen.connect(self._practice.set_prior)
        dialog.count_requested.connect(lambda since, until: self._count(dialog, since, until))
        dialog.open()

    def _count(self, dialog: practice_dialog.PracticeDialog, since: dt.date, until: dt.date) -> None:
        begin, end = (dt.datetime.combine(day, dt.time()).astimezone() for day in (since, until + dt.timedelta(days=1)))
        self._history_service.ask(
            lambda history: history.count_practice(begin, end),
            while_there(dialog, dialog.show_count),
            self._messages().tell,
        )
