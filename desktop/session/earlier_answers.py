"""Answers of the model in use to images that only other models have answered, one image after the other, off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService, SavedAnswer
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.values import KeptImage
    from desktop.session import answers
    from desktop.session import picture as pictures
    from desktop.session.answers import Answer
else:
    answers = Late("desktop.session.answers")
    pictures = Late("desktop.session.picture")


class EarlierAnswers(QObject):
    """Saves each answer as an entry of its own: those that were given before stay as they are, with their model.

    An image that cannot be read or answered is reported, and the others are answered all the same.
    """

    progressed = Signal()
    """`done`, `total` or the model in use is different."""
    failed = Signal(object)  # AppError

    def __init__(
        self, tasks: Tasks, history_service: HistoryService, open_image: OpenImage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._open_image = open_image
        self._waiting: list[KeptImage] = []
        self._task: Task | None = None
        self._run = 0
        """Counts the calls of `start`: an answer that is saved after its run was cancelled goes on with none."""
        self.done = 0
        """How many images were dealt with since `start`."""
        self.total = 0
        """How many images are to be answered; 0 if none is."""
        open_image.model_changed.connect(self._take_model)

    @property
    def classifier(self) -> Classifier | None:
        """The model in use."""
        return self._open_image.classifier

    @property
    def is_running(self) -> bool:
        """Whether images are being answered."""
        return self.total > 0

    def start(self, images: Sequence[KeptImage]) -> None:
        """Have these images answered by the model in use, in place of any others that wait."""
        self.cancel()
        self._run += 1
        self._waiting, self.total, self.done = list(images), len(images), 0
        self._go_on()

    def cancel(self) -> None:
        """Leave the images that are not answered yet; an answer that is being saved is saved."""
        if self._task is not None:
            self._task.abandon()
            self._task = None
        if self.is_running:
            self._waiting, self.total, self.done = [], 0, 0
            self.progressed.emit()

    def _take_model(self) -> None:
        """Leave what another model was to answer."""
        self.cancel()
        self.progressed.emit()

    def _go_on(self) -> None:
        classifier = self.classifier
        if not self._waiting or classifier is None:
            self.cancel()
            return
        self.progressed.emit()
        image, open_picture = self._waiting.pop(0), pictures.open_picture  # Qt is imported on this thread
        read = partial(self._history_service.read_image, image)
        self._task = self._tasks.run(
            Lane.IMAGES,
            lambda _task: open_picture(image.name, None, read),
            partial(self._answer, classifier),
            self._fail,
        )

    def _answer(self, classifier: Classifier, picture: Picture) -> None:
        self._task = self._tasks.run(
            Lane.MODEL,
            lambda _task: answers.answer_picture(picture, classifier),
            partial(self._save, picture),
            self._fail,
        )

    def _save(self, picture: Picture, answer: Answer) -> None:
        self._task = None
        self._history_service.save(
            picture,
            answer,
            partial(self._take_saved, self._run),
            partial(self._take_unsaved, self._run),
        )

    def _take_saved(self, run: int, _saved: SavedAnswer) -> None:
        self._finish_one(run)

    def _take_unsaved(self, run: int, error: AppError) -> None:
        self.failed.emit(error)
        self._finish_one(run)

    def _fail(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)
        self._finish_one(self._run)

    def _finish_one(self, run: int) -> None:
        if self.is_running and run == self._run:
            self.done += 1
            self._go_on()
