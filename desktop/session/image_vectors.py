"""How images look to the model in use: found out a few at a time, off the GUI thread, and kept in the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging import faults, preprocessing
    from desktop.core.inference import similarity
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.similarity import VectorKind
    from desktop.core.records.history import History
    from desktop.core.records.values import KeptImage
else:
    faults = Late("desktop.core.imaging.faults")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    similarity = Late("desktop.core.inference.similarity")

_AT_A_TIME = 4
"""Images that are looked at before the result is saved: what a cancel or the lock waits for."""


@frozen
class FillProgress:
    """How many of the images were looked at, and how many of these could not be read."""

    done: int
    total: int
    unreadable: int = 0


class ImageVectors(QObject):
    """Looks at images one call of `fill` after another; a new call takes the place of the one under way."""

    filling = Signal(object)  # FillProgress
    """More images were looked at; the last time all were, or it was stopped."""
    filled = Signal()
    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._fills = 0
        self._task: Task | None = None

    def fill(self, images: Sequence[KeptImage], classifier: Classifier) -> None:
        """Look at these images; `filling` tells how far, `filled` when it has ended."""
        self._fills += 1
        self._fill_on(self._fills, classifier, tuple(images), FillProgress(0, len(images)))

    def stop(self) -> None:
        """Stop looking; what was found out is kept."""
        self._fills += 1
        if self._task is not None:
            self._task.abandon()
            self._task = None
            self.filled.emit()

    def _fill_on(
        self, number: int, classifier: Classifier, images: tuple[KeptImage, ...], progress: FillProgress
    ) -> None:
        if number != self._fills:
            return
        self.filling.emit(progress)
        here, rest = images[:_AT_A_TIME], images[_AT_A_TIME:]
        if not here:
            self._task = None
            self.filled.emit()
            return
        self._task = self._tasks.run(
            Lane.IMAGES,
            lambda task: self._vectors(task, here, classifier),
            lambda found: self._keep(number, classifier, rest, progress, found),
            self._fail,
        )

    def _vectors(
        self, task: Task, images: Sequence[KeptImage], classifier: Classifier
    ) -> dict[str, NDArray[np.float32] | None]:
        """Return the vector of each image by its SHA-256, None for one that cannot be read. Slow: off the GUI thread."""
        found: dict[str, NDArray[np.float32] | None] = {}
        for image in images:
            if task.cancelled.is_set():
                break
            try:
                found[image.sha256] = vector_of(self._history_service.read_image(image), image.name, classifier)
            except AppError:  # missing or damaged: it is told how many
                found[image.sha256] = None
        return found

    def _keep(
        self,
        number: int,
        classifier: Classifier,
        rest: tuple[KeptImage, ...],
        progress: FillProgress,
        found: dict[str, NDArray[np.float32] | None],
    ) -> None:
        kind = kind_of(classifier)

        def work(history: History, by: str) -> None:
            for sha256, vector in found.items():
                if vector is not None:
                    history.embeddings.keep(sha256, kind, vector, by=by)

        unreadable = sum(vector is None for vector in found.values())
        further = replace(progress, done=progress.done + len(found), unreadable=progress.unreadable + unreadable)
        self._history_service.write(
            work,
            lambda _nothing: self._fill_on(number, classifier, rest, further),
            self._fail,
            is_shown=False,
        )

    def _fail(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)
        self.filled.emit()


def kind_of(classifier: Classifier) -> VectorKind:
    """Return the kind of the vectors that a model makes."""
    return similarity.VectorKind(classifier.sha256, preprocessing.PREPROCESSING_VERSION)


def vector_of(data: bytes, name: str, classifier: Classifier) -> NDArray[np.float32]:
    """Return how an image looks to a model that has an embedding [d]. Slow: to be run off the GUI thread.

    Raises:
        AppError: the image cannot be read, or the model fails.
    """
    with faults.as_image_error(name):
        pixels = classifier.prepare(data, name)
        embedding = classifier.run(pixels[None]).embedding
    if embedding is None:
        raise ValueError("this model has no embedding")
    vector: NDArray[np.float32] = similarity.reduced(embedding)[0]
    return vector
