"""The images of the history that look like the open one, found on request, and only after the clinician's own assessment."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import RecordsError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.image_vectors import ImageVectors, kind_of, vector_of
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.inference import near_limits
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.history import History
    from desktop.core.records.look_alikes import LookAlike
    from desktop.core.records.values import Entry, KeptImage
    from desktop.session.picture import Picture
else:
    near_limits = Late("desktop.core.inference.near_limits")


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
        self._vectors = ImageVectors(tasks, history_service, self)
        self._vectors.filling.connect(self.filling)
        self._vectors.filled.connect(self.filled)
        self._vectors.failed.connect(self.failed)

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
        kind = kind_of(classifier)
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
            self._vectors.fill(images, classifier)

    def stop_filling(self) -> None:
        """Stop comparing; what was compared is kept."""
        self._vectors.stop()

    def _look(self, number: int, picture: Picture, classifier: Classifier) -> None:
        """Find out how the open image looks to the model, and keep it."""

        def keep(vector: NDArray[np.float32]) -> None:
            self._history_service.write(
                lambda history, by: history.embeddings.keep(picture.sha256, kind_of(classifier), vector, by=by),
                lambda _nothing: self._find(number, picture, classifier),
                self.failed.emit,
                is_shown=False,
            )

        self._tasks.run(
            Lane.MODEL, lambda _task: vector_of(picture.data, picture.name, classifier), keep, self.failed.emit
        )

    def _find(self, number: int, picture: Picture, classifier: Classifier) -> None:
        if number != self._searches:
            return
        limit = near_limits.near_limit(classifier.sha256, classifier.contract)
        if limit is None or self.obstacle is not None:
            self._tell_changed()
            return
        kind, today, is_blind = kind_of(classifier), self._open_patient.date, self._blinding.is_on

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
