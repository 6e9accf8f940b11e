"""One folder after the other: found, classified in the background, and kept as a run."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.batch_history import BatchHistory, RunInHistory
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks, give_way

if TYPE_CHECKING:
    from desktop.core.inference import batch, image_files
    from desktop.core.inference.batch import FileAnswer
    from desktop.core.inference.classifier import Classifier
else:
    batch = Late("desktop.core.inference.batch")
    image_files = Late("desktop.core.inference.image_files")

_TELL_EVERY = 0.1
"""Seconds between two reports to the window: often enough to look alive, seldom enough to stay smooth."""

_NICENESS = 10
"""How much lower than the window's own thread: with workers of its priority on every core it waited up to 0.2 s for one
(benchmarks/heartbeat.py)."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: the answers since the last report, and what they belong to."""

    total: int
    answers: tuple[FileAnswer, ...]
    elapsed: float
    """Seconds since the run began."""
    passed_over: tuple[str, ...]
    """The kind of each image in the folder that is not opened."""


class BatchRun(QObject):
    """Runs one folder at a time.

    What has been answered is kept as it comes, in one write at a time. What cannot be written waits and is tried again
    with the next answers, at the end, and whenever the user asks for it.
    """

    advanced = Signal(object)  # Progress
    ended = Signal(bool)
    """True when the whole folder was done, False when it was cancelled."""
    failed = Signal(object)  # AppError
    save_failed = Signal(object)  # AppError
    saved = Signal()
    """All that was answered is kept."""

    def __init__(self, tasks: Tasks, bookkeeping: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.kept_runs = BatchHistory(bookkeeping, self)
        self._task: Task | None = None
        self._folder = Path()
        self._classifier: Classifier | None = None
        self._kept: RunInHistory | None = None
        self._unsaved: list[FileAnswer] = []
        self._completed: bool | None = None
        self._is_writing = False

    @property
    def is_running(self) -> bool:
        """Whether a folder is being classified."""
        return self._task is not None

    @property
    def unsaved(self) -> int:
        """How many rows are not kept yet."""
        return len(self._unsaved)

    @property
    def is_saving(self) -> bool:
        """Whether something of the run is still to be kept."""
        return self._is_writing or bool(self._unsaved) or self._completed is not None

    @property
    def run_id(self) -> int | None:
        """The run in the history, once it has been begun there."""
        return None if self._kept is None else self._kept.id

    def start(self, folder: Path, classifier: Classifier) -> None:
        """Classify every image in a folder and in the folders inside it, unless a run is not done or not kept yet."""
        if self._task is not None or self.is_saving:
            return
        self._folder = folder
        self._classifier = classifier
        self._kept = None
        self._task = self._tasks.run(
            Lane.BATCH,
            lambda task: _classify(folder, classifier, task, self._tasks.calm),
            self._end,
            self._fail,
            self._advance,
        )

    def cancel(self) -> None:
        """End early; what has been answered stays."""
        if self._task is not None:
            self._task.cancel()

    def save(self) -> None:
        """Write what is not kept yet, one write at a time."""
        if self._kept is None or self._is_writing or not self.is_saving:
            return
        self._is_writing = True
        rows, self._unsaved = self._unsaved, []
        completed, self._completed = self._completed, None
        self.kept_runs.keep(
            self._kept, rows, completed, partial(self._written, completed), partial(self._put_back, rows, completed)
        )

    def close(self) -> None:
        """End early, and leave what is not kept yet to be written before the program ends."""
        if self._task is not None:
            self._task.abandon()
            self._task = None
            self._completed = False
        self._is_writing = False
        self.save()

    def _written(self, completed: bool | None, _nothing: object) -> None:
        self._is_writing = False
        if completed is not None:
            self.saved.emit()
        self.save()

    def _put_back(self, rows: list[FileAnswer], completed: bool | None, error: AppError) -> None:
        self._is_writing = False
        self._unsaved = rows + self._unsaved
        self._completed = completed if self._completed is None else self._completed
        self.save_failed.emit(error)

    def _advance(self, progress: object) -> None:
        if not isinstance(progress, Progress) or self._classifier is None:
            return
        if self._kept is None and progress.total:
            classifier = self._classifier
            self._kept = RunInHistory(self._folder, progress.total, classifier.contract, classifier.sha256)
        self._unsaved += progress.answers
        self.save()
        self.advanced.emit(progress)

    def _end(self, completed: bool) -> None:
        self._task = None
        self._completed = completed if self._kept is not None else None
        self.save()
        self.ended.emit(completed)

    def _fail(self, error: AppError) -> None:
        self._task = None
        self._completed = False if self._kept is not None else None
        self.save()
        self.failed.emit(error)


def _classify(folder: Path, classifier: Classifier, task: Task, calm: threading.Event) -> bool:
    """Classify a folder, behind what the user waits for; tell the answers by `task.report`; return whether it was all."""
    give_way(_NICENESS)
    begun = told = time.monotonic()
    found = image_files.find_images([folder], task.cancelled)
    paths, passed_over = found.images, tuple(found.passed_over.values())
    if task.cancelled.is_set():
        return False
    task.report(Progress(len(paths), (), 0, passed_over))
    waiting: list[FileAnswer] = []
    for answer in batch.classify_files(paths, classifier, cancelled=task.cancelled, calm=calm):
        waiting.append(answer)
        now = time.monotonic()
        if now - told >= _TELL_EVERY:
            task.report(Progress(len(paths), tuple(waiting), now - begun, passed_over))
            waiting, told = [], now
    task.report(Progress(len(paths), tuple(waiting), time.monotonic() - begun, passed_over))
    return not task.cancelled.is_set()
