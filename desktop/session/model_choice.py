"""The model in use with the working points of its alerts, and the loading of another, whose card is shown before it is used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from desktop.core.inference import loading
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.history import History
    from desktop.core.records.working_points import WorkingPointChange
else:
    loading = Late("desktop.core.inference.loading")


class ModelChoice(QObject):
    """Loads model files off the GUI thread. A model is used at the working points that the history holds."""

    loaded = Signal(object)
    """The Classifier in use from now on: another model, or the same one at other working points."""
    load_failed = Signal(object)  # AppError
    considered = Signal(object)  # Classifier, only to be shown
    consider_failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self.classifier: Classifier | None = None
        self.error: AppError | None = None
        """Why there is no model, if loading it failed."""
        history_service.opened.connect(self._follow_history)

    def load(self, path: Path) -> None:
        """Load a model and use it."""
        self._load(path, self.use, self._fail)

    def consider(self, path: Path) -> None:
        """Load a model only to show its card."""
        self._load(path, self.considered.emit, self._refuse)

    def _load(self, path: Path, done: Callable[[Classifier], None], failed: Callable[[AppError], None]) -> None:
        self._tasks.run(Lane.MODEL, lambda task: loading.load_model(path, cancelled=task.cancelled), done, failed)

    def use(self, classifier: Classifier) -> None:
        """Use a loaded model from now on, at the working points that were chosen.

        They are read first, so that no image is answered at others. Where the history cannot be read, which it tells itself,
        the model's defaults hold.
        """
        self._history_service.ask(
            lambda history: history.working_points.chosen(),
            partial(self._begin, classifier),
            lambda _error: self._begin(classifier, {}),
        )

    def choose_working_points(
        self, wanted: WorkingPoints, reason: str, done: Callable[[], None], failed: Callable[[AppError], None]
    ) -> None:
        """Raise the alerts of the model in use at these working points from now on; earlier answers keep theirs."""
        classifier = self.classifier
        if classifier is None:
            return

        def work(history: History, by: str) -> None:
            history.working_points.choose(
                classifier.working_points, wanted, reason, classifier.contract, model_sha256=classifier.sha256, by=by
            )

        def take(_nothing: None) -> None:
            self.use(self.classifier or classifier)
            done()

        self._history_service.write(work, take, failed, is_shown=False)

    def working_point_changes(
        self, done: Callable[[list[WorkingPointChange]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Read every change of the working points, newest first."""
        self._history_service.ask(lambda history: history.working_points.changes(), done, failed)

    def _begin(self, classifier: Classifier, chosen: WorkingPoints) -> None:
        self.classifier = classifier.at(chosen)
        self.error = None
        self.loaded.emit(self.classifier)

    def _follow_history(self) -> None:
        """Use the working points of the history that is open now, if it is another."""

        def take(chosen: WorkingPoints) -> None:
            now = self.classifier
            if now is not None and now.at(chosen).working_points != now.working_points:
                self._begin(now, chosen)

        if self.classifier is not None:
            self._history_service.ask(
                lambda history: history.working_points.chosen(), take, self._history_service.failed.emit
            )

    def _fail(self, error: AppError) -> None:
        self.error = error
        self.load_failed.emit(error)

    def _refuse(self, error: AppError) -> None:
        self.consider_failed.emit(error)
