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
from desktop.session.learned_images import KnownImages, LearnedImages, exported_lesions
from desktop.session.model_choice import ModelChoice
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.core.inference import contract_reading
    from desktop.core.inference.contract import Contract
    from desktop.core.practice import figures, learned
    from desktop.core.practice.figures import OwnFigures
    from desktop.core.records import practice_reading
    from desktop.core.records.history import History
    from desktop.core.records.practice_reading import ModelRow, RawRows
else:
    contract_reading = Late("desktop.core.inference.contract_reading")
    figures = Late("desktop.core.practice.figures")
    learned = Late("desktop.core.practice.learned")
    practice_reading = Late("desktop.core.records.practice_reading")


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
        self._learned = LearnedImages(tasks, history_service)
        self._asked = 0

    def read(self, wanted: WantedFigures) -> None:
        """Count figures; what was asked before is dropped."""
        self._asked += 1
        number, concealed = self._asked, self._blinding.concealed_reader()
        initials = self._history_service.initials if wanted.only_own else ""
        known, today = self._learned.known(), dt.datetime.now().astimezone().date()
        used = self._model.classifier

        def work(history: History) -> tuple[RawRows, frozenset[str], dict[str, list[int]]]:
            exported = {} if used is None else {used.sha256: exported_lesions(history, (used.path,))}
            return history.practice_rows(), concealed(history), exported

        def count(read: tuple[RawRows, frozenset[str], dict[str, list[int]]]) -> None:
            if number == self._asked:
                self._tasks.run(
                    Lane.IMAGES,
                    lambda _task: _count(*read, wanted, initials, today, known),
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
            model = counted.found.figures.model.sha256
            self._learned.compare(
                model,
                counted.contract,
                self._path_of(model),
                counted.missing,
                lambda: number == self._asked,
                partial(self._read_again, number, wanted),
                self.failed.emit,
            )

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
    exported: dict[str, list[int]],
    wanted: WantedFigures,
    initials: str,
    today: dt.date,
    known_images: KnownImages,
) -> _Counted:
    rows = practice_reading.assembled(raw, hidden)
    row = next((one for one in rows.models if one.sha256 == wanted.model), next(iter(rows.models), None))
    if row is None:
        return _Counted(FoundFigures(None))
    images, known = learned.images_answered(rows, row.sha256), known_images.told(row.sha256)
    counted = figures.own_figures(
        rows,
        row,
        today,
        learned=learned.subjects_of(images, known).union(map(practice_reading.Subject, exported.get(row.sha256, ()))),
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
        knows_training=known_images.knows_training(row.sha256),
    )
    return _Counted(found, missing, contract)
