"""Classifies the open image in sixteen views on request, and shows the result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.late import Late
from desktop.session.answers import GivenAnswer
from desktop.session.open_image import OpenImage
from desktop.system.tasks import Lane, Task, Tasks
from desktop.widgets.answer.result_panel import ResultPanel

if TYPE_CHECKING:
    from desktop.core.inference import stability as steadiness
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.stability import Stability
else:
    steadiness = Late("desktop.core.inference.stability")


class StabilityPresenter(QObject):
    """Connects the panel's button to the model."""

    def __init__(self, tasks: Tasks, open_image: OpenImage, panel: ResultPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._panel = panel
        self._task: Task | None = None
        panel.stability_requested.connect(self._start)
        for left in (open_image.opening, open_image.answering, open_image.answered):
            left.connect(self._stop)

    def _start(self) -> None:
        given, classifier = self._open_image.given, self._open_image.classifier
        if given is None or classifier is None or given.answer.prediction.model_sha256 != classifier.sha256:
            return  # another model's answer is shown as it was given, and cannot be repeated
        self._panel.show_stability_running()
        self._task = self._tasks.run(
            Lane.MODEL,
            partial(_measure, given, classifier),
            self._panel.show_stability,
            self._panel.show_stability_error,
        )

    def _stop(self, *_of_what: object) -> None:
        if self._task is not None:
            self._task.abandon()
            self._task = None


def _measure(given: GivenAnswer, classifier: Classifier, task: Task) -> Stability | None:
    image = classifier.prepare(given.picture.data, given.picture.name, given.answer.region)
    return steadiness.measure_stability(classifier, image, task.cancelled.is_set)
