"""The only way off the GUI thread: a plain function runs on a worker thread, its outcome comes back on the GUI thread."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.marking import tr
from desktop.system import garbage

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Lane(Enum):
    """The worker threads, by what they do; the value is how many there are.

    The history's connection may be used from one thread alone, and one model run at a time keeps its own threads busy.
    """

    RECORDS = ("records", 1)
    MODEL = ("model", 1)
    IMAGES = ("images", 2)
    THUMBNAILS = ("thumbnails", 1)
    BATCH = ("batch", 1)
    WATCH = ("watch", 1)
    BACKUP = ("backup", 1)


_NICENESS = 5
"""How much lower than the window's own thread the lanes' are: with theirs at its own it waited for one of two cores behind them
while an image was opened, and stood still for up to 66 ms (benchmarks/heartbeat.py)."""

_WRITING = frozenset({Lane.RECORDS, Lane.BACKUP})
"""The lanes whose work is written to its end before the program ends."""

_UNTIL_LEFT = 5.0
"""Seconds that the other lanes' work has to end when the program does: a drive that hangs gives no answer, and nobody waits."""

_WAITED_FOR = frozenset({Lane.IMAGES, Lane.MODEL})
"""The lanes whose outcome somebody in front of the window waits for."""

_COLLECTING = 200
"""Milliseconds after which garbage is collected, if enough has come together."""

_UNTIL_CALM = 150
"""Milliseconds without such work before nobody counts as waiting: what comes back is to be drawn, and leads to more."""


class Task:
    """A piece of work under way, as both sides see it.

    The window may `cancel` it; the function that does the work looks at `cancelled` and tells how far it is by
    `report`, which may be called from any thread.
    """

    def __init__(self, tell: Callable[["Task", object], None]) -> None:
        self.cancelled = threading.Event()
        self.abandoned = False
        self._tell = tell

    def report(self, value: object) -> None:
        """Tell the window how far the work is."""
        self._tell(self, value)

    def cancel(self) -> None:
        """Ask the work to end early; its outcome still comes back."""
        self.cancelled.set()

    def abandon(self) -> None:
        """End the work early, and forget its outcome: something newer has taken its place."""
        self.abandoned = True
        self.cancelled.set()


def give_way(niceness: int = _NICENESS) -> None:
    """Let the window come before the calling thread, and before those that it starts. Linux alone lowers single threads."""
    if sys.platform == "linux":
        window = os.getpriority(os.PRIO_PROCESS, os.getpid())  # the thread that a process begins with has its number
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), window + niceness)


class UnexpectedError(AppError):
    """Stands in for a bug, so that whoever waits for an outcome is not left waiting."""


@dataclass
class _Job:
    """What was handed over with a piece of work, and how it ended: `outcome` calls one of the two back, or raises."""

    work: Callable[[Task], Any]
    done: Callable[[Any], None]
    failed: Callable[[AppError], None]
    progress: Callable[[object], None] | None
    is_waited_for: bool
    lane: Lane
    future: "Future[None] | None" = None
    outcome: "Callable[[_Job], None] | None" = None


class Tasks(QObject):
    """Runs functions on the lanes' threads and brings exactly one callback back for each.

    What is handed over is kept here and let go on the GUI thread: with the last reference to it a window's object may end,
    and Qt's objects must end on the thread that they live on. A worker thread knows of its work by the Task alone. For the
    same reason Python collects garbage by itself no longer once there are workers: it is done here, on the GUI thread.
    """

    _reported = Signal(object, object)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools = {
            lane: ThreadPoolExecutor(lane.value[1], thread_name_prefix=lane.value[0], initializer=give_way)
            for lane in Lane
        }
        self._jobs: dict[Task, _Job] = {}
        self._is_closed = False
        self._waited_for = 0
        self.calm = threading.Event()
        """Set while nobody waits for an image or an answer; work that has time begins nothing new while it is not."""
        self.calm.set()
        self._calming = QTimer(self)
        self._calming.setSingleShot(True)
        self._calming.setInterval(_UNTIL_CALM)
        self._calming.timeout.connect(self._calm_down)
        garbage.keep_to_this_thread()
        self._collecting = QTimer(self)
        self._collecting.timeout.connect(garbage.collect_due)
        self._collecting.start(_COLLECTING)
        self._reported.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        work: Callable[[Task], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        progress: Callable[[object], None] | None = None,
    ) -> Task:
        """Run `work` on a thread of `lane`; call `done` with what it returns, or `failed`, on the GUI thread.

        A bug in `work` is raised on the GUI thread, where the crash handler sees it, after `failed` has been called.
        `progress` gets what `work` hands to `Task.report`.
        """
        task = Task(self._reported.emit)
        if not self._is_closed:
            is_waited_for = lane in _WAITED_FOR
            if is_waited_for:
                self._waited_for += 1
                self._calming.stop()
                self.calm.clear()
            job = self._jobs[task] = _Job(work, done, failed, progress, is_waited_for, lane)
            job.future = self._pools[lane].submit(self._work, task)
        return task

    def close(self, patience: float = _UNTIL_LEFT) -> None:
        """Wait for every write, and up to `patience` seconds for what else is running; nothing is called back any more.

        What is running is asked to end early, and what is queued is forgotten, unless it is a write. Work that does not end
        is left to itself: see `leave`.
        """
        self._is_closed = True
        self.calm.set()  # nobody is left who waits, but perhaps a thread that lets them go first
        for task, job in self._jobs.items():
            if job.lane not in _WRITING:
                task.cancelled.set()
        for lane, pool in self._pools.items():
            pool.shutdown(wait=False, cancel_futures=lane is not Lane.RECORDS)
        for lane in _WRITING:
            self._pools[lane].shutdown(wait=True)
        running = [job.future for job in self._jobs.values() if job.future is not None and not job.future.done()]
        if wait(running, timeout=patience).not_done:
            return  # what was handed over with it must not end on its thread
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        self._jobs.clear()

    @Slot()
    def _calm_down(self) -> None:
        self.calm.set()

    def _work(self, task: Task) -> None:
        self._jobs[task].outcome = self._outcome(task)
        if not self._is_closed:
            self._ended.emit(task)

    def _outcome(self, task: Task) -> Callable[[_Job], None]:
        try:
            value = None if task.abandoned else self._jobs[task].work(task)
        except AppError as error:
            logger.info("%s in %s", type(error).__name__, threading.current_thread().name)
            return partial(_fail, error)
        except Exception as error:  # noqa: BLE001 - raised again on the GUI thread, for the crash handler
            return partial(_raise, error)
        return partial(_succeed, value)

    @Slot(object, object)
    def _tell(self, task: Task, value: object) -> None:
        job = self._jobs.get(task)
        if job is not None and job.progress is not None and not (task.abandoned or self._is_closed):
            job.progress(value)

    @Slot(object)
    def _deliver(self, task: Task) -> None:
        job = self._jobs.pop(task, None)
        if job is None or self._is_closed:
            return
        if job.is_waited_for:
            self._waited_for -= 1
            if not self._waited_for:
                self._calming.start()
        if job.outcome is not None and not task.abandoned:
            job.outcome(job)


def leave(code: int, patience: float = 1.0) -> int:
    """Return the exit code of the process; or end it at once, where a thread does not end in so many seconds.

    Python waits for all of its threads, and one that reads from a drive that hangs, or is lost in a library, never ends. To
    be called when all that was to be written is.
    """
    end = time.monotonic() + patience
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                logger.warning("the program ends while %s is at work", thread.name)
                logging.shutdown()
                os._exit(code)
    return code


def _succeed(value: object, job: _Job) -> None:
    job.done(value)


def _fail(error: AppError, job: _Job) -> None:
    job.failed(error)


def _raise(error: Exception, job: _Job) -> None:
    job.failed(UnexpectedError(tr("Something unexpected went wrong ({detail}). Details are in the log."), detail=error))
    raise error
