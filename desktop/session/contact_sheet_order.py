"""The order of the contact sheet by appearance, which nobody has tested: whether it may be shown, and what it is.

It is made of what the model in use sees, so blind-first holds: there is none before each of its lesions is assessed, or its
answer was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.blinding import Blinding
from desktop.session.captures import capture_of_file, known_devices
from desktop.session.history_service import HistoryService
from desktop.session.image_vectors import ImageVectors, kind_of
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.system.settings import ORDER_BY_APPEARANCE, Settings
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging.capture import Capture
    from desktop.core.inference import unlikeness
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records import appearance_order
    from desktop.core.records.appearance_order import OrderPlan, VisitLesion
    from desktop.core.records.history import History
    from desktop.core.records.values import KeptImage
else:
    unlikeness = Late("desktop.core.inference.unlikeness")
    appearance_order = Late("desktop.core.records.appearance_order")


class OrderObstacle(Enum):
    """Why there is no order by appearance, the first that applies."""

    NO_MODEL = "no model"
    FEW_OF_ONE_DEVICE = "few of one device"
    NOT_ASSESSED = "not assessed"
    FEW_ANSWERED = "few answered"
    FEW_READABLE = "few readable"


@frozen
class OrderOffer:
    """Why there is no order, None if there may be one; and how many lesions wait for an assessment, or are left."""

    obstacle: OrderObstacle | None
    lesions: int = 0


class ContactSheetOrder(QObject):
    """Looks at the lesions of one contact sheet after the other."""

    looked = Signal(object)  # OrderOffer
    filling = Signal(object)  # FillProgress
    ordered = Signal(object)  # AppearanceOrder
    failed = Signal(object)  # AppError

    def __init__(
        self,
        tasks: Tasks,
        open_image: OpenImage,
        open_patient: OpenPatient,
        blinding: Blinding,
        history_service: HistoryService,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._open_patient = open_patient
        self._blinding = blinding
        self._history_service = history_service
        self._settings = settings
        self._number = 0
        self._plan: OrderPlan | None = None
        self._under_way: tuple[OrderPlan, Classifier] | None = None
        self._vectors = ImageVectors(tasks, history_service, self)
        self._vectors.filling.connect(self.filling)
        self._vectors.filled.connect(self._read_vectors)
        self._vectors.failed.connect(self._fail)

    @property
    def is_on(self) -> bool:
        """Whether the user wants the order to be offered."""
        return self._settings.get(ORDER_BY_APPEARANCE)

    def look(self, lesions: Sequence[VisitLesion]) -> None:
        """Find out whether these lesions, in the order of the sheet, may be put in order; `looked` tells."""
        self.stop()
        number, devices = self._number, known_devices(self._settings)
        images = [one.image for lesion in lesions for one in lesion.images]

        def work(task: Task, entered: dict[str, Capture | None]) -> dict[str, Capture]:
            found: dict[str, Capture] = {}
            for image in images:
                if task.cancelled.is_set():
                    break
                known = entered[image.sha256]
                found[image.sha256] = capture_of_file(self._history_service, image, devices) if known is None else known
            return found

        def take(captures: dict[str, Capture]) -> None:
            if number == self._number:
                self._plan = appearance_order.plan_order(lesions, captures)
                self.looked.emit(self._offer(self._plan))

        def read_files(entered: dict[str, Capture | None]) -> None:
            self._tasks.run(Lane.IMAGES, lambda task: work(task, entered), take, self.failed.emit)

        self._history_service.ask(
            lambda history: {one.sha256: history.captures.of(one.sha256) for one in images},
            read_files,
            self.failed.emit,
        )

    def order(self) -> None:
        """Put the lesions in order; `ordered` tells, or `looked` if there is an obstacle meanwhile."""
        plan, classifier = self._plan, self._open_image.classifier
        if plan is None:
            return
        offer = self._offer(plan)
        if offer.obstacle is not None or classifier is None:
            self.looked.emit(offer)
            return
        self._number += 1
        number, kind = self._number, kind_of(classifier)
        images = [image.image for one in plan.answered for image in one.images]

        def fill(missing: list[KeptImage]) -> None:
            if number == self._number:
                self._under_way = plan, classifier
                self._vectors.fill(missing, classifier)

        self._history_service.ask(
            lambda history: [one for one in images if history.embeddings.of(one.sha256, kind) is None],
            fill,
            self.failed.emit,
        )

    def stop(self) -> None:
        """Give up what was asked for; what was found out about images is kept."""
        self._number += 1
        self._under_way = None
        self._vectors.stop()

    def _offer(self, plan: OrderPlan) -> OrderOffer:
        classifier = self._open_image.classifier
        if classifier is None or not classifier.has_embedding:
            return OrderOffer(OrderObstacle.NO_MODEL)
        if len(plan.alike) < unlikeness.FEWEST:
            return OrderOffer(OrderObstacle.FEW_OF_ONE_DEVICE, len(plan.alike))
        waiting = sum(self._waits(one) for one in plan.alike)
        if waiting:  # before the next: which answers are withheld is concealed too
            return OrderOffer(OrderObstacle.NOT_ASSESSED, waiting)
        count = len(plan.answered)
        return OrderOffer(OrderObstacle.FEW_ANSWERED if count < unlikeness.FEWEST else None, count)

    def _waits(self, one: VisitLesion) -> bool:
        """Whether blind-first still conceals what the model says of a lesion, or would once it has answered."""
        if not self._blinding.is_on:
            return False
        is_finished = self._open_patient.is_finished(one.lesion, is_blind=True)
        return not is_finished or any(self._blinding.conceals(image.image.sha256) for image in one.images)

    def _read_vectors(self) -> None:
        if self._under_way is None:
            return
        number, (plan, classifier) = self._number, self._under_way
        self._under_way, kind = None, kind_of(classifier)
        hashes = [image.image.sha256 for one in plan.answered for image in one.images]

        def read(history: History) -> dict[str, NDArray[np.float32]]:
            found = {sha256: history.embeddings.of(sha256, kind) for sha256 in hashes}
            return {sha256: vector for sha256, vector in found.items() if vector is not None}

        self._history_service.ask(read, partial(self._put_in_order, number, plan), self.failed.emit)

    def _put_in_order(self, number: int, plan: OrderPlan, vectors: dict[str, NDArray[np.float32]]) -> None:
        if number != self._number:
            return
        order = appearance_order.put_in_order(plan, vectors)
        if order is None:
            self.looked.emit(OrderOffer(OrderObstacle.FEW_READABLE))
        else:
            self.ordered.emit(order)

    def _fail(self, error: AppError) -> None:
        self._under_way = None
        self.failed.emit(error)
