"""The images of the history that look like the open one, found on request, and only after the clinician's own assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, RecordsError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging import faults, preprocessing
    from desktop.core.inference import near_limits, similarity
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.similarity import VectorKind
    from desktop.core.records.history import History
    from desktop.core.records.look_alikes import LookAlike
    from desktop.core.records.values import Entry, KeptImage
    from desktop.session.picture import Picture
else:
    faults = Late("desktop.core.imaging.faults")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    near_limits = Late("desktop.core.inference.near_limits")
    similarity = Late("desktop.core.inference.similarity")

_AT_A_TIME = 4
"""Images that are looked at before the result is saved: what a cancel or the lock waits for."""


class LookAlikeObstacle(Enum):
    """Why no similar images are looked for, the first that applies."""

    NO_IMAGE = "no image"
    NOT_ASSESSED = "not assessed"
    NO_LIMIT = "no limit"


@frozen
class FoundLookAlikes:
    """What was found for the entry of the open image, and the images of the history that were not compared yet."""

    own: Entry
    cases: tuple[LookAlike, ...]
    missing: tuple[KeptImage, ...]


@frozen
class FillProgress:
    """How many of the images were looked at, and how many of these could not be read."""

    done: int
    total: int
    unreadable: int = 0


class LookAlikeSearch(QObject):
    """Looks for similar images, and compares those of the history that have no vector of the model in use yet."""

    found = Signal(object)  # FoundLookAlikes
    failed = Signal(object)  # AppError
    filling = Signal(object)  # FillProgress
    """More images were compared; the last time all were, or it was stopped."""
    filled = Signal()

    def __init__(
        self,
        tasks: Tasks,
        open_image: OpenImage,
        open_patient: OpenPatient,
        blinding: Blinding,
        history_service: HistoryService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._open_patient = open_patient
        self._blinding = blinding
        self._history_service = history_service
        self._searches = 0
        self._fills = 0
        self._task: Task | None = None

    @property
    def obstacle(self) -> LookAlikeObstacle | None:
        """Why similar images are not looked for now, None if they may be."""
        picture, classifier = self._open_image.picture, self._open_image.classifier
        request, status = self._open_image.request, self._blinding.image_status
        if picture is None or picture.is_sample or classifier is None or (request is not None and request.is_clinical):
            return LookAlikeObstacle.NO_IMAGE
        is_assessed = status is not None and any(one.diagnosis for one in status.of_this_visit)
        if not is_assessed or self._blinding.is_committed or self._blinding.conceals(picture.sha256):
            return LookAlikeObstacle.NOT_ASSESSED
        if near_limits.near_limit(classifier.sha256, classifier.contract) is None:
            return LookAlikeObstacle.NO_LIMIT
        return None

    def search(self) -> None:
        """Look for the open image; `found` or `failed` tells the outcome, also where there is an obstacle meanwhile."""
        picture, classifier = self._open_image.picture, self._open_image.classifier
        self._searches += 1
        if self.obstacle is not None or picture is None or classifier is None:
            self._tell_changed()
            return
        kind = _kind_of(classifier)
        number = self._searches
        self._history_service.ask(
            lambda history: history.embeddings.of(picture.sha256, kind) is not None,
            lambda is_known: (
                self._find(number, picture, classifier) if is_known else self._look(number, picture, classifier)
            ),
            self.failed.emit,
        )

    def stop(self) -> None:
        """Give up what was asked for, and stop comparing more images."""
        self._searches += 1
        self.stop_filling()

    def fill(self, images: Sequence[KeptImage]) -> None:
        """Compare these images, a few at a time; `filling` tells how far, `filled` when it has ended."""
        classifier = self._open_image.classifier
        if classifier is not None:
            self._fills += 1
            self._fill_on(self._fills, classifier, tuple(images), FillProgress(0, len(images)))

    def stop_filling(self) -> None:
        """Stop comparing; what was compared is kept."""
        self._fills += 1
        if self._task is not None:
            self._task.abandon()
            self._task = None
            self.filled.emit()

    def _look(self, number: int, picture: Picture, classifier: Classifier) -> None:
        """Find out how the open image looks to the model, and keep it."""

        def keep(vector: NDArray[np.float32]) -> None:
            self._history_service.write(
                lambda history, by: history.embeddings.keep(picture.sha256, _kind_of(classifier), vector, by=by),
                lambda _nothing: self._find(number, picture, classifier),
                self.failed.emit,
                is_shown=False,
            )

        self._tasks.run(
            Lane.MODEL, lambda _task: _vector(picture.data, picture.name, classifier), keep, self.failed.emit
        )

    def _find(self, number: int, picture: Picture, classifier: Classifier) -> None:
        if number != self._searches:
            return
        limit = near_limits.near_limit(classifier.sha256, classifier.contract)
        if limit is None or self.obstacle is not None:
            self._tell_changed()
            return
        kind, today, is_blind = _kind_of(classifier), self._open_patient.date, self._blinding.is_on

        def work(history: History) -> FoundLookAlikes | None:
            image_id = history.people.image_id_of(picture.sha256)
            entries = [] if image_id is None else [one for one in history.entries_of(image_id) if not one.region]
            if not entries:
                return None
            cases = history.look_alikes.nearest(picture.sha256, kind, limit.limit, today=today, is_blind=is_blind)
            return FoundLookAlikes(entries[-1], cases, tuple(history.embeddings.missing(kind)))

        self._history_service.ask(work, partial(self._take, number), self.failed.emit)

    def _take(self, number: int, found: FoundLookAlikes | None) -> None:
        if number != self._searches:
            return
        if self.obstacle is not None:
            self._tell_changed()
        elif found is None:
            self.failed.emit(RecordsError(tr("This image has no entry in the history. Restore it from the bin first.")))
        else:
            self.found.emit(found)

    def _tell_changed(self) -> None:
        self.failed.emit(RecordsError(tr("The image or its assessment has changed meanwhile. Try again.")))

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
            self._fail_filling,
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
                found[image.sha256] = _vector(self._history_service.read_image(image), image.name, classifier)
            except AppError:  # missing or damaged: the dialog tells how many
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
        kind = _kind_of(classifier)

        def work(history: History, by: str) -> None:
            for sha256, vector in found.items():
                if vector is not None:
                    history.embeddings.keep(sha256, kind, vector, by=by)

        unreadable = sum(vector is None for vector in found.values())
        further = replace(progress, done=progress.done + len(found), unreadable=progress.unreadable + unreadable)
        self._history_service.write(
            work,
            lambda _nothing: self._fill_on(number, classifier, rest, further),
            self._fail_filling,
            is_shown=False,
        )

    def _fail_filling(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)
        self.filled.emit()


def _kind_of(classifier: Classifier) -> VectorKind:
    return similarity.VectorKind(classifier.sha256, preprocessing.PREPROCESSING_VERSION)


def _vector(data: bytes, name: str, classifier: Classifier) -> NDArray[np.float32]:
    """Return how an image looks to a model that has an embedding [d]. Slow: to be run off the GUI thread.

    Raises:
        AppError: the image cannot be read, or the model fails.
    """
    with faults.as_image_error(name):
        pixels = classifier.prepare(data, name)
        embedding = classifier.run(pixels[None]).embedding
    if embedding is None:
        raise ValueError("a model without an embedding has no limit")
    vector: NDArray[np.float32] = similarity.reduced(embedding)[0]
    return vector
