"""The outline of the lesion in the open image, computed on request off the GUI thread and saved nowhere."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import faults, preprocessing
    from desktop.core.imaging.preprocessing import Box
    from desktop.core.inference import outline
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.outline import LesionOutline, OutlineTest
else:
    faults = Late("desktop.core.imaging.faults")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    outline = Late("desktop.core.inference.outline")


class OutlineObstacle(Enum):
    """Why no outline can be drawn in the open image."""

    MODEL = "model"
    CLINICAL = "clinical"


@frozen
class DrawnOutline:
    """The outline in a part of the image, None if no lesion was found, with how well the model draws outlines."""

    outline: LesionOutline | None
    seen: Box
    test: OutlineTest


class LesionOutlines(QObject):
    """Draws the outline in what the shown answer is for: a region, or the whole image, also while no answer is shown.

    An outline is no answer: it says nothing about a diagnosis, so that blind-first need not hold it back.
    """

    ready = Signal(object)  # DrawnOutline
    failed = Signal(object)  # AppError
    outdated = Signal()
    """Another part of the image, another image or another model is looked at now."""
    obstacle_changed = Signal()

    def __init__(self, tasks: Tasks, open_image: OpenImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._task: Task | None = None
        self._region: Box | None = None
        for signal in (open_image.opening, open_image.closed, open_image.model_changed):
            signal.connect(self._forget)
        for signal in (open_image.opened, open_image.model_changed):
            signal.connect(self.obstacle_changed)
        open_image.answered.connect(self._follow)

    @property
    def obstacle(self) -> OutlineObstacle | None:
        """Why no outline can be drawn, None if one can."""
        classifier, request = self._open_image.classifier, self._open_image.request
        if classifier is None or classifier.contract.outline is None:
            return OutlineObstacle.MODEL
        return OutlineObstacle.CLINICAL if request is not None and request.is_clinical else None

    def start(self) -> None:
        """Draw the outline, unless there is an obstacle or no image; `ready` delivers it."""
        self.stop()
        picture, classifier = self._open_image.picture, self._open_image.classifier
        if picture is None or classifier is None or self.obstacle is not None:
            return
        region = self._region = self._region_now()
        self._task = self._tasks.run(
            Lane.MODEL, lambda _task: draw_outline(picture, classifier, region), self._take, self._tell_failed
        )

    def stop(self) -> None:
        """Abandon the computation under way."""
        if self._task is not None:
            self._task.abandon()
            self._task = None

    def _region_now(self) -> Box | None:
        answer = self._open_image.answer
        return None if answer is None else answer.region

    def _take(self, drawn: DrawnOutline) -> None:
        self._task = None
        self.ready.emit(drawn)

    def _tell_failed(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)

    def _follow(self, _answer: object) -> None:
        if self._region_now() != self._region:
            self._forget()

    def _forget(self) -> None:
        self.stop()
        self._region = None
        self.outdated.emit()


def draw_outline(picture: Picture, classifier: Classifier, region: Box | None = None) -> DrawnOutline:
    """Draw the outline in a picture, or in a square of it. Slow: to be run off the GUI thread.

    Raises:
        AppError: the image or the model fails.
    """
    test = classifier.contract.outline
    if test is None:
        raise ValueError("this model draws no outlines")
    with faults.as_image_error(picture.name):
        pixels = classifier.prepare(picture.data, picture.name, region)
        (lesion,) = classifier.outline(pixels[None])
    seen = region or preprocessing.seen_box(picture.width, picture.height, classifier.contract.fit)
    return DrawnOutline(outline.trace(lesion), seen, test)
