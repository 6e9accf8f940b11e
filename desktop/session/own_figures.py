"""Own figures, counted off the GUI thread, and the comparison of their images with those that the model learned from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.paths import SHIPPED_MODEL
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.core.inference import contract_reading
    from desktop.core.inference.contract import Contract
    from desktop.core.practice import figures, learned
    from desktop.core.practice.figures import OwnFigures
    from desktop.core.records import practice_reading
    from desktop.core.records.history import History
    from desktop.core.records.practice_reading import ModelRow, RawRows
    from desktop.core.records.values import KeptImage
else:
    contract_reading = Late("desktop.core.inference.contract_reading")
    figures = Late("desktop.core.practice.figures")
    learned = Late("desktop.core.practice.learned")
    practice_reading = Late("desktop.core.records.practice_reading")

_AT_A_TIME = 8
"""Images that are compared in one piece of work: what the lock and the end of the program wait for."""


@dataclass(frozen=True)
class WantedFigures:
    """What is to be counted.

    `model` is the SHA-256 of the model whose answers count, None for that of the newest answer. With `only_own`, only
    assessments with the initials in use count. `months` is the least time of a follow-up that shows a lesion to be benign.
    """

    model: str | None
    only_own: bool
    months: int


@dataclass(frozen=True)
class FoundFigures:
    """The figures of one of the `models` of the history; None in a history without answers.

    `initials` are those whose assessments alone count, empty for everybody's. `waiting` images are still to be compared with
    those that the model learned from, `unreadable` could not be, and `knows_training` is whether these are known at all.
    """

    figures: OwnFigures | None
    models: tuple[ModelRow, ...] = ()
    initials: str = ""
    waiting: int = 0
    unreadable: int = 0
    knows_training: bool = False


@dataclass(frozen=True)
class _Counted:
    """The figures, and the SHA-256 of the images that must be compared before they hold."""

    found: FoundFigures
    missing: tuple[str, ...] = ()
    contract: Contract | None = None


class OwnFiguresReader(QObject):
    """Counts when asked to; `found` tells the figures, again once more images are compared."""

    found = Signal(object)  # FoundFigures
    failed = Signal(object)  # AppError

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        model: ModelChoice,
        blinding: Blinding,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._model = model
        self._blinding = blinding
        self._told: dict[str, dict[str, bool | None]] = {}
        """By model, what is known of images: whether it learned from them."""
        self._knows_training: dict[str, bool] = {}
        self._asked = 0

    def read(self, wanted: WantedFigures) -> None:
        """Count figures; what was asked before is dropped."""
        self._asked += 1
        number, concealed = self._asked, self._blinding.concealed_reader()
        initials = self._history_service.initials if wanted.only_own else ""
        told = {sha256: dict(one) for sha256, one in self._told.items()}
        knows = dict(self._knows_training)
        today = dt.datetime.now().astimezone().date()

        def work(history: History) -> tuple[RawRows, frozenset[str]]:
            return history.practice_rows(), concealed(history)

        def count(read: tuple[RawRows, frozenset[str]]) -> None:
            if number == self._asked:
                self._tasks.run(
                    Lane.IMAGES,
                    lambda _task: _count(*read, wanted, initials, today, told, knows),
                    partial(self._take, number, wanted),
                    self.failed.emit,
                )

        self._history_service.ask(work, count, self.failed.emit)

    def stop(self) -> None:
        """Drop what was asked for, and compare no more images."""
        self._asked += 1

    def _take(self, number: int, wanted: WantedFigures, counted: _Counted) -> None:
        if number != self._asked:
            return
        self.found.emit(counted.found)
        if counted.missing and counted.found.figures is not None and number == self._asked:
            row = counted.found.figures.model
            again = partial(self._read_again, number, wanted)
            self._history_service.ask(
                lambda history: history.practice_images(counted.missing),
                lambda images: self._compare(number, row.sha256, counted, images, again),
                self.failed.emit,
            )

    def _compare(self, number: int, model: str, counted: _Counted, left: list[KeptImage], then: partial[None]) -> None:
        """Compare a few images, then the others; `then` is called after the last."""
        here, rest = left[:_AT_A_TIME], left[_AT_A_TIME:]
        contract, path = counted.contract, self._path_of(model)
        known = self._told.setdefault(model, {})

        def work(_task: Task) -> dict[str, bool | None] | None:
            training = learned.known_training(contract, path)
            if contract is None or training is None:
                return None
            return learned.tell_learned(here, contract, training, self._history_service.read_image)

        def take(told: dict[str, bool | None] | None) -> None:
            self._knows_training[model] = told is not None
            known.update({image.sha256: None for image in left} if told is None else told)
            if number != self._asked:
                return
            if rest and told is not None:
                self._compare(number, model, counted, rest, then)
            else:
                then()

        self._tasks.run(Lane.IMAGES, work, take, self.failed.emit)

    def _read_again(self, number: int, wanted: WantedFigures) -> None:
        if number == self._asked:
            self.read(wanted)

    def _path_of(self, model: str) -> Path:
        """Return the file of a model if it is in use; pictures of the shipped one lie beside that."""
        classifier = self._model.classifier
        return classifier.path if classifier is not None and classifier.sha256 == model else SHIPPED_MODEL


def _count(
    raw: RawRows,
    hidden: frozenset[str],
    wanted: WantedFigures,
    initials: str,
    today: dt.date,
    told: dict[str, dict[str, bool | None]],
    knows: dict[str, bool],
) -> _Counted:
    rows = practice_reading.assembled(raw, hidden)
    row = next((one for one in rows.models if one.sha256 == wanted.model), next(iter(rows.models), None))
    if row is None:
        return _Counted(FoundFigures(None))
    images, known = learned.images_with_outcome(rows, row.sha256), told.get(row.sha256, {})
    counted = figures.own_figures(
        rows,
        row,
        today,
        learned=learned.subjects_of(images, known),
        initials=initials or None,
        months=wanted.months,
    )
    try:
        contract = contract_reading.parse_contract(row.contract)
    except AppError:  # of a later version, or damaged: then nobody knows what the model learned from
        contract = None
    missing = tuple(sha256 for sha256 in images if sha256 not in known)
    found = FoundFigures(
        counted,
        rows.models,
        initials,
        waiting=len(missing),
        unreadable=sum(known.get(sha256, False) is None for sha256 in images),
        knows_training=knows.get(row.sha256, False),
    )
    return _Counted(found, missing, contract)
