"""The model in use, and the loading of another one, whose card is shown before it replaces the first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from desktop.core.inference import loading
    from desktop.core.inference.classifier import Classifier
else:
    loading = Late("desktop.core.inference.loading")


class ModelChoice(QObject):
    """Loads model files off the GUI thread."""

    loaded = Signal(object)  # Classifier, in use from now on
    load_failed = Signal(object)  # AppError
    considered = Signal(object)  # Classifier, only to be shown
    consider_failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.classifier: Classifier | None = None
        self.error: AppError | None = None
        """Why there is no model, if loading it failed."""

    def load(self, path: Path) -> None:
        """Load a model and use it."""
        self._load(path, self.use, self._fail)

    def consider(self, path: Path) -> None:
        """Load a model only to show its card."""
        self._load(path, self.considered.emit, self._refuse)

    def _load(self, path: Path, done: Callable[[Classifier], None], failed: Callable[[AppError], None]) -> None:
        self._tasks.run(Lane.MODEL, lambda task: loading.load_model(path, cancelled=task.cancelled), done, failed)

    def use(self, classifier: Classifier) -> None:
        """Use a loaded model from now on."""
        self.classifier = classifier
        self.error = None
        self.loaded.emit(classifier)

    def _fail(self, error: AppError) -> None:
        self.error = error
        self.load_failed.emit(error)

    def _refuse(self, error: AppError) -> None:
        self.consider_failed.emit(error)
