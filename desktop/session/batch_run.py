"""Classifies a folder in the background and saves the answers as a run."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.batch_history import BatchHistory, RunBeingSaved
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
"""Seconds between two reports to the window: short enough to look alive, long enough to keep it responsive."""

_NICENESS = 10
"""Niceness relative to the GUI thread. At the GUI's own priority, workers on every core froze the window for up to 0.2 s
(benchmarks/heartbeat.py)."""


@frozen
class RunProgress:
    """The progress of a run, with the answers since the last report."""

    total: int
    answers: tuple[FileAnswer, ...]
    elapsed: float
    """Seconds since the run began."""
    passed_over: tuple[str, ...]
    """The kind of each image in the folder that the program does not open."""


class BatchRun(QObject):
    """Runs one folder at a time.

    Answers are saved as they come, one write at a time. Those that cannot be written wait, and are retried with the next
    answers, at the end, and when the user asks for it.
    """

    advanced = Signal(object)  # RunProgress
    ended = Signal(bool)
    """True if the whole folder was classified, False if the run was cancelled."""
    failed = Signal(object)  # AppError
    save_failed = Signal(object)  # AppError
    saved = Signal()
    """Every answer is saved."""

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.saved_runs = BatchHistory(history_service, self)
        self._task: Task | None = None
        self._folder = Path()
        self._classifier: Classifier | None = None
        self._run: RunBeingSaved | None = None
        self._unsaved: list[FileAnswer] = []
        self._completed: bool | None = None
        self._is_writing = False

    @property
    def is_running(self) -> bool:
        """Whether a folder is being classified."""
        return self._task is not None

    @property
    def unsaved(self) -> int:
        """How many rows are not saved yet."""
        return len(self._unsaved)

    @property
    def is_saving(self) -> bool:
        """Whether something of the run is still to be saved."""
        return self._is_writing or bool(self._unsaved) or self._completed is not None

    @property
    def run_id(self) -> int | None:
        """The id of the run in the history, None until it is there."""
        return None if self._run is None else self._run.id

    def start(self, folder: Path, classifier: Classifier) -> None:
        """Classify every image in a folder and its subfolders; do nothing while a run is under way or not saved."""
        if self._task is not None or self.is_saving:
            return
        self._folder = folder
        self._classifier = classifier
        self._run = None
        self._task = self._tasks.run(
            Lane.BATCH,
            lambda task: _classify(folder, classifier, task, self._tasks.calm),
            self._end,
            self._fail,
            self._advance,
        )

    def cancel(self) -> None:
        """Stop the run; the answers so far stay."""
        if self._task is not None:
            self._task.cancel()

    def save(self) -> None:
        """Write what is not saved yet, one write at a time."""
        if self._run is None or self._is_writing or not self.is_saving:
            return
        self._is_writing = True
        rows, self._unsaved = self._unsaved, []
        completed, self._completed = self._completed, None
        self.saved_runs.save(
            self._run, rows, completed, partial(self._written, completed), partial(self._put_back, rows, completed)
        )

    def close(self) -> None:
        """Stop the run, and queue what is not saved yet to be written before the program ends."""
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
        if not isinstance(progress, RunProgress) or self._classifier is None:
            return
        if self._run is None and progress.total:
            classifier = self._classifier
            self._run = RunBeingSaved(
                self._folder, progress.total, classifier.contract, classifier.sha256, classifier.working_points
            )
        self._unsaved += progress.answers
        self.save()
        self.advanced.emit(progress)

    def _end(self, completed: bool) -> None:
        self._task = None
        self._completed = completed if self._run is not None else None
        self.save()
        self.ended.emit(completed)

    def _fail(self, error: AppError) -> None:
        self._task = None
        self._completed = False if self._run is not None else None
        self.save()
        self.failed.emit(error)


def _classify(folder: Path, classifier: Classifier, task: Task, calm: threading.Event) -> bool:
    """Classify a folder at low priority, reporting the answers with `task.report`; return False if it was cancelled."""
    give_way(_NICENESS)
    begun = told = time.monotonic()
    found = image_files.find_images([folder], task.cancelled)
    paths, passed_over = found.images, tuple(found.passed_over.values())
    if task.cancelled.is_set():
        return False
    task.report(RunProgress(len(paths), (), 0, passed_over))
    waiting: list[FileAnswer] = []
    for answer in batch.classify_files(paths, classifier, cancelled=task.cancelled, calm=calm):
        waiting.append(answer)
        now = time.monotonic()
        if now - told >= _TELL_EVERY:
            task.report(RunProgress(len(paths), tuple(waiting), now - begun, passed_over))
            waiting, told = [], now
    task.report(RunProgress(len(paths), tuple(waiting), time.monotonic() - begun, passed_over))
    return not task.cancelled.is_set()
