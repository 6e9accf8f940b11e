"""Maps of the image areas that support each label, computed on request off the GUI thread."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.answers import GivenAnswer
from desktop.session.open_image import OpenImage
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.inference import explain, judgement
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.explain import ExplanationMaps
else:
    explain, judgement = Late("desktop.core.inference.explain"), Late("desktop.core.inference.judgement")


class MapObstacle(Enum):
    """Why there is no map for what is shown."""

    NO_ANSWER = "no answer"
    NOVELTY = "novelty"
    WITHHELD = "withheld"
    OTHER_MODEL = "other model"


class Explanation(QObject):
    """Computes the maps for the answer that is shown, one at a time, and caches them."""

    progressed = Signal(int, int)
    """The cells done, and the cells in all."""
    ready = Signal(object)  # Maps
    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, open_image: OpenImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._task: Task | None = None
        self._made: list[tuple[GivenAnswer, ExplanationMaps]] = []
        open_image.opening.connect(self._forget)
        open_image.answering.connect(self._forget)
        open_image.closed.connect(self._forget)

    @property
    def obstacle(self) -> MapObstacle | None:
        """Why there can be no map now, None if there can.

        An image unlike the training images has none, because it would explain a guess. A poor or damaged image has none
        until the user asks to see its answer anyway.
        """
        given, classifier = self._open_image.given, self._open_image.classifier
        if given is None or classifier is None:
            return MapObstacle.NO_ANSWER
        abstention, reasons = given.answer.judgement.abstention, judgement.Abstention
        if abstention is reasons.NOVELTY:
            return MapObstacle.NOVELTY
        if abstention in {reasons.DAMAGED, reasons.QUALITY} and not given.is_disclosed:
            return MapObstacle.WITHHELD
        return MapObstacle.OTHER_MODEL if given.answer.prediction.model_sha256 != classifier.sha256 else None

    def start(self) -> None:
        """Compute the maps for the answer that is shown, unless there is an obstacle; `ready` delivers them."""
        self.stop()
        given, classifier = self._open_image.given, self._open_image.classifier
        if given is None or classifier is None or self.obstacle is not None:
            return
        made = next((maps for known, maps in self._made if known is given), None)
        if made is not None:
            self.ready.emit(made)
            return
        self._task = self._tasks.run(
            Lane.MODEL,
            lambda task: _explain(given, classifier, task),
            lambda maps: self._take(given, maps),
            self._tell_failed,
            self._tell_progress,
        )

    def stop(self) -> None:
        """Abandon the computation under way."""
        if self._task is not None:
            self._task.abandon()
            self._task = None

    def _take(self, given: GivenAnswer, maps: ExplanationMaps | None) -> None:
        self._task = None
        if maps is not None:
            self._made.append((given, maps))
            self.ready.emit(maps)

    def _tell_progress(self, done: object) -> None:
        if isinstance(done, tuple):
            self.progressed.emit(*done)

    def _tell_failed(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)

    def _forget(self) -> None:
        self.stop()
        self._made.clear()


def _explain(given: GivenAnswer, classifier: Classifier, task: Task) -> ExplanationMaps | None:
    picture = given.picture
    image = classifier.prepare(picture.data, picture.name, given.answer.region)
    return explain.explain(classifier, image, task.report, task.cancelled.is_set)
