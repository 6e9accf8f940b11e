"""Fills the page of own figures while it is visible, and opens the lesions behind them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.practice.follow_up import FEWEST_MONTHS
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.own_figures import OwnFiguresReader, WantedFigures
from desktop.session.training_run import TrainingRun
from desktop.system.settings import FOLLOW_UP_MONTHS, Settings
from desktop.system.tasks import Tasks
from desktop.widgets.practice.case_opener import CaseOpener
from desktop.widgets.practice.own_figures_page import OwnFiguresPage

_PAUSE = 600
"""Milliseconds between a change and counting anew."""


class OwnFiguresPresenter(QObject):
    """Counts when the page is shown, and after changes while it is visible."""

    lesion_requested = Signal(object, int)
    """The Patient, and the id of the lesion whose film is to be shown."""
    image_requested = Signal(object, object)
    """The Patient, or None, and the newest Entry of an image without a lesion."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        model: ModelChoice,
        training: TrainingRun,
        blinding: Blinding,
        settings: Settings,
        audit: AuditTrail,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._settings = settings
        self._is_mine = False
        self._reader = OwnFiguresReader(tasks, history_service, model, blinding, self)
        self._chosen: str | None = None
        self.page = page = OwnFiguresPage(parent)
        self._reader.found.connect(page.show_figures)
        self._reader.failed.connect(lambda error: page.messages.tell(error, self.refresh))
        page.model_chosen.connect(self._choose)
        page.mine_chosen.connect(self._choose_mine)
        page.show_months(settings.get(FOLLOW_UP_MONTHS))
        page.months_chosen.connect(self._choose_months)
        bar = page.training_bar
        training.changed.connect(lambda: bar.show_state(training.state))
        bar.show_state(training.state)
        bar.go_on_requested.connect(training.go_on)
        bar.stop_requested.connect(training.stop)
        bar.drop_requested.connect(training.drop)
        opener = CaseOpener(history_service, self)
        page.case_opened.connect(opener.open)
        opener.lesion_requested.connect(self.lesion_requested)
        opener.image_requested.connect(self.image_requested)
        opener.gone.connect(self._say_gone)
        opener.failed.connect(page.messages.tell)
        page.shown.connect(self.refresh)
        page.shown.connect(lambda: audit.note(Action.FIGURES_VIEWED))
        page.hidden.connect(self._reader.stop)
        for gone in (history_service.erased, history_service.opened):
            gone.connect(self._forget)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._refresh_if_visible)
        for changed in (history_service.changed, blinding.changed):
            changed.connect(self._later.start)

    def refresh(self) -> None:
        """Count now. One person's figures are there only where the history has a passphrase."""
        initials = self._history_service.initials
        may_be_mine = self._history_service.key is not None and bool(initials)
        self._is_mine = self._is_mine and may_be_mine
        self.page.offer_mine(initials if may_be_mine else "", is_mine=self._is_mine)
        months = max(self._settings.get(FOLLOW_UP_MONTHS), FEWEST_MONTHS)
        self._reader.read(WantedFigures(self._chosen, self._is_mine, months))

    def _forget(self) -> None:
        """Show no patient who was erased, nor those of another history."""
        self._reader.stop()
        self.page.forget()
        self._refresh_if_visible()

    def _refresh_if_visible(self) -> None:
        if self.page.isVisible():
            self.refresh()

    def _choose(self, model: str) -> None:
        self._chosen = model
        self.refresh()

    def _choose_mine(self, is_mine: bool) -> None:
        self._is_mine = is_mine
        self.refresh()

    def _choose_months(self, months: int) -> None:
        self._settings.put(FOLLOW_UP_MONTHS, months)
        self.refresh()

    def _say_gone(self) -> None:
        self.page.messages.say(self.tr("This lesion is no longer in the history."), error=False)
