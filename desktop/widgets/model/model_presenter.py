"""Connects the model page to the model in use and to a candidate, which is shown there before it is used."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.model_decisions import ModelDecision
from desktop.core.records.working_points import WorkingPointChange
from desktop.session.history_trial import HistoryTrial
from desktop.session.model_choice import ModelChoice
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.widgets.answer.alert_context import patient_context
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.model.alert_limits_dialog import AlertLimitsDialog
from desktop.widgets.model.model_page import ModelPage


class ModelPresenter(QObject):
    """The user's choice is saved only once the model is in use."""

    page_needed = Signal()
    """There is something to decide or read on the model page."""

    def __init__(
        self, model: ModelChoice, trial: HistoryTrial, settings: Settings, files: FileDialogs, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.page = page = ModelPage(parent)
        self._model = model
        self._trial = trial
        self._settings = settings
        self._files = files
        model.loaded.connect(self._show)
        model.load_failed.connect(page.messages.tell)
        model.considered.connect(self._consider)
        model.consider_failed.connect(self._refuse)
        page.choose_requested.connect(self.choose)
        page.limits_requested.connect(self.set_alert_limits)
        page.accepted.connect(self.adopt)
        page.declined.connect(self._show_present)
        bar = page.trial_bar
        trial.changed.connect(lambda: bar.show_state(trial.state))
        bar.show_state(trial.state)
        bar.go_on_requested.connect(self._go_on_trying)
        bar.stop_requested.connect(trial.stop)
        bar.show_requested.connect(trial.count)
        bar.drop_requested.connect(trial.drop)
        self._show_present()

    def choose(self) -> None:
        """Ask for a model file and show its card."""
        path = self._files.choose_model()
        if path is not None:
            self.page_needed.emit()
            self.page.messages.say(self.tr("“{name}” is tried out…").format(name=path.name), error=False)
            self._model.consider(path)

    def try_on_history(self) -> None:
        """Ask for a model file and try it on the history."""
        if self._model.classifier is None:
            self.page_needed.emit()
            self.page.messages.say(self.tr("The model is not loaded yet."), error=False)
            return
        path = self._files.choose_model()
        if path is not None:
            self.try_file(path)

    def try_file(self, path: Path) -> None:
        """Try a model file on the history; what it answered before is not asked again."""
        self.page_needed.emit()
        self._trial.begin(path, patient_context)

    def _go_on_trying(self) -> None:
        if self._trial.path is not None:
            self._trial.begin(self._trial.path, patient_context)

    def offer_shipped(self) -> None:
        """Show the card of the shipped model."""
        self._model.consider(SHIPPED_MODEL)

    def set_alert_limits(self) -> None:
        """Ask at which working points the alerts are to be raised."""
        if self._model.classifier is None:
            self.page_needed.emit()
            self.page.messages.say(self.tr("No model is loaded: there are no alert limits to set."), error=False)
        else:
            self._model.working_point_changes(self._ask_limits, self.page.messages.tell)

    def _ask_limits(self, changes: list[WorkingPointChange]) -> None:
        classifier = self._model.classifier
        if classifier is None:
            return
        dialog = AlertLimitsDialog(classifier.contract, classifier.working_points, changes, self.page.window())
        dialog.chosen.connect(
            lambda wanted, reason: self._model.choose_working_points(wanted, reason, dialog.accept, dialog.fail)
        )
        dialog.open()

    def _consider(self, classifier: Classifier) -> None:
        self.page_needed.emit()
        self.page.show_candidate(classifier)

    def _refuse(self, error: AppError) -> None:
        self.page_needed.emit()
        self.page.messages.tell(error)

    def adopt(self, classifier: Classifier) -> None:
        """Use a model from now on, after a restart too."""
        shipped = classifier.path == SHIPPED_MODEL
        self._settings.put(keys.MODEL, "" if shipped else str(classifier.path))
        self._model.use(classifier)

    def _show(self, classifier: Classifier) -> None:
        self.page.show_model(classifier)
        self._trial.read_adoption(classifier.sha256, partial(self._show_adoption, classifier))

    def _show_adoption(self, classifier: Classifier, adopted: ModelDecision | None) -> None:
        if adopted is not None and self._model.classifier is classifier:
            self.page.show_adoption(classifier, adopted)

    def _show_present(self) -> None:
        if self._model.classifier is not None:
            self._show(self._model.classifier)
        elif self._model.error is not None:
            self.page.messages.tell(self._model.error)
