"""One folder after the other: found, classified in the background, and kept as a run."""

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.bookkeeping import Bookkeeping
from desktop.core.errors import AppError
from desktop.core.inference.batch import FileAnswer, classify_files, find_images
from desktop.core.inference.classifier import Classifier
from desktop.tasks import Lane, Task, Tasks

_TELL_EVERY = 0.1
"""Seconds between two reports to the window: often enough to look alive, seldom enough to stay smooth."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: the answers since the last report, and what they belong to."""

    total: int
    answers: tuple[FileAnswer, ...]
    elapsed: float
    """Seconds since the run began."""


class BatchRun(QObject):
    """Runs one folder at a time; what has been answered is kept as it comes, so that nothing is lost on the way."""

    started = Signal(str)
    """The folder."""
    advanced = Signal(object)  # Progress
    ended = Signal(bool)
    """True when the whole folder was done, False when it was cancelled."""
    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, bookkeeping: Bookkeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bookkeeping = bookkeeping
        self._task: Task | None = None
        self._is_kept = False

    @property
    def is_running(self) -> bool:
        """Whether a folder is being classified."""
        return self._task is not None

    def start(self, folder: Path, classifier: Classifier) -> None:
        """Classify every image in a folder and in the folders inside it."""
        if self._task is not None:
            return
        self._folder = folder
        self._classifier = classifier
        self._is_kept = False
        self._task = self._tasks.run(
            Lane.BATCH, lambda task: _classify(folder, classifier, task), self._end, self._fail, self._advance
        )
        self.started.emit(str(folder))

    def cancel(self) -> None:
        """End early; what has been answered stays."""
        if self._task is not None:
            self._task.cancel()

    def _advance(self, progress: object) -> None:
        if not isinstance(progress, Progress):
            return
        if not self._is_kept and progress.total:
            self._is_kept = True
            self._bookkeeping.start_run(self._folder, progress.total, self._classifier)
        self._bookkeeping.add_rows(progress.answers)
        self.advanced.emit(progress)

    def _end(self, completed: bool) -> None:
        self._task = None
        if self._is_kept:
            self._bookkeeping.finish_run(completed=completed)
        self.ended.emit(completed)

    def _fail(self, error: AppError) -> None:
        self._task = None
        if self._is_kept:
            self._bookkeeping.finish_run(completed=False)
        self.failed.emit(error)


def _classify(folder: Path, classifier: Classifier, task: Task) -> bool:
    """Classify a folder; tell the answers by `task.report`; return whether it came to its end."""
    begun = told = time.monotonic()
    paths = find_images([folder])
    task.report(Progress(len(paths), (), 0))
    waiting: list[FileAnswer] = []
    for answer in classify_files(paths, classifier, cancelled=task.cancelled):
        waiting.append(answer)
        now = time.monotonic()
        if now - told >= _TELL_EVERY:
            task.report(Progress(len(paths), tuple(waiting), now - begun))
            waiting, told = [], now
    task.report(Progress(len(paths), tuple(waiting), time.monotonic() - begun))
    return not task.cancelled.is_set()
