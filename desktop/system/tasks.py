"""Worker threads: a plain function runs on one, and its outcome comes back on the GUI thread. There is no other way off it."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.system import garbage

if TYPE_CHECKING:
    from concurrent import futures
else:
    futures = Late("concurrent.futures")

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Lane(Enum):
    """The groups of worker threads: a name, and the number of threads.

    The history's connection may be used from one thread only. A single model run already uses several threads of its own.
    """

    RECORDS = ("records", 1)
    MODEL = ("model", 1)
    IMAGES = ("images", 2)
    THUMBNAILS = ("thumbnails", 1)
    BATCH = ("batch", 1)
    TRIAL = ("trial", 1)
    WATCH = ("watch", 1)
    PRACTICE_SYSTEM = ("practice system", 1)
    NETWORK = ("network", 1)
    BACKUP = ("backup", 1)
    LOCK = ("lock", 1)


_NICENESS = 5
"""Niceness of worker threads relative to the GUI thread. At the GUI's own priority they held both cores while an image was
opened, and the window froze for up to 66 ms (benchmarks/heartbeat.py)."""

_WRITING = frozenset({Lane.RECORDS, Lane.BACKUP})
"""The lanes whose work must finish before the program ends, because it writes."""

_UNTIL_LEFT = 5.0
"""Seconds for which the program waits at its end for the other lanes: a drive that hangs never answers."""

_WAITED_FOR = frozenset({Lane.IMAGES, Lane.MODEL})
"""The lanes on whose outcome the user waits."""

_COLLECTING = 200
"""Milliseconds between two checks whether garbage collection is due."""

_UNTIL_CALM = 150
"""Milliseconds without such work before `calm` is set: an outcome must be drawn first, and may start more work."""


class Task:
    """A handle on work under way, shared by the window and the worker.

    The window may `cancel` it. The worker checks `cancelled`, and reports its progress with `report`, which may be called from
    any thread.
    """

    def __init__(self, tell: Callable[[object], None]) -> None:
        self.cancelled = threading.Event()
        self.abandoned = False
        self._tell = tell

    def report(self, value: object) -> None:
        """Report progress to the window."""
        self._tell(value)

    def cancel(self) -> None:
        """Ask the work to stop early; its outcome is still delivered."""
        self.cancelled.set()

    def abandon(self) -> None:
        """Ask the work to stop early, and discard its outcome."""
        self.abandoned = True
        self.cancelled.set()


def give_way(niceness: int = _NICENESS) -> None:
    """Lower the priority of the calling thread, and of those that it starts, below the window's. Only Linux can do so."""
    if sys.platform == "linux":
        window = os.getpriority(os.PRIO_PROCESS, os.getpid())  # the main thread's id is that of the process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), window + niceness)


_left_running: set[Tasks] = set()
"""Closed ones whose work has not ended. A worker thread could otherwise hold the last reference; at the end of its work it
would destroy timers of the GUI thread, and the program would crash."""


class UnexpectedError(AppError):
    """Takes the place of a bug's exception, so that the caller of `Tasks.run` gets an outcome."""


@dataclass
class _Job:
    """The arguments of `Tasks.run` and what it returned, and `outcome`, which calls `done` or `failed`, or raises."""

    task: Task
    work: Callable[[Task], Any]
    done: Callable[[Any], None]
    failed: Callable[[AppError], None]
    progress: Callable[[object], None] | None
    is_waited_for: bool
    lane: Lane
    future: futures.Future[None] | None = None
    outcome: Callable[[_Job], None] | None = None


class Tasks(QObject):
    """Runs functions on the lanes' threads, and calls exactly one callback for each.

    The arguments of `run` are held here and released on the GUI thread: the last reference may destroy a Qt object, which must
    happen on the thread that it lives on. So must the end of the Task, where a signal is connected to a method of it: PySide
    then takes the connection out of a list of all connections, while the window may be changing that, and the program aborts
    at some time after. Workers therefore refer to their work only by its number. For the same reasons automatic garbage
    collection is off while there are workers, and runs here, on the GUI thread.
    """

    _reported = Signal(int, object)
    _ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Lane, futures.ThreadPoolExecutor] = {}
        self._jobs: dict[int, _Job] = {}
        self._numbers = count()
        self._held: frozenset[Lane] = frozenset()
        self._waiting: dict[int, _Job] = {}
        self._when_idle: Callable[[], None] | None = None
        self._is_closed = False
        self._waited_for = 0
        self.calm = threading.Event()
        """Set while the user waits for no image or answer. Background work starts nothing new while it is not set."""
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
        """Run `work` on a thread of `lane`; call `done` with its result, or `failed`, on the GUI thread.

        A bug in `work` is raised on the GUI thread, where the crash handler sees it, after `failed` has been called.
        `progress` gets the values that `work` passes to `Task.report`.
        """
        number = next(self._numbers)
        task = Task(partial(self._reported.emit, number))
        if not self._is_closed:
            job = _Job(task, work, done, failed, progress, lane in _WAITED_FOR, lane)
            if lane in self._held:
                self._waiting[number] = job
            else:
                self._submit(number, job)
        return task

    def hold(self, lanes: frozenset[Lane], idle: Callable[[], None]) -> None:
        """Begin nothing more on these lanes until `release`; call `idle` when all that was begun there has ended.

        What `run` gets meanwhile waits in its order. `idle` is not called after `release`.
        """
        self._held = lanes
        self._when_idle = idle
        self._tell_idle()

    def release(self) -> None:
        """Begin what waits on the held lanes."""
        self._held, self._when_idle = frozenset(), None
        waiting, self._waiting = self._waiting, {}
        for number, job in waiting.items():
            self._submit(number, job)

    def is_waiting(self, task: Task) -> bool:
        """Tell whether a task waits on a held lane."""
        return not task.abandoned and any(job.task is task for job in self._waiting.values())

    def _tell_idle(self) -> None:
        idle = self._when_idle
        if idle is not None and not any(job.lane in self._held for job in self._jobs.values()):
            self._when_idle = None
            idle()

    def _submit(self, number: int, job: _Job) -> None:
        if job.is_waited_for:
            self._waited_for += 1
            self._calming.stop()
            self.calm.clear()
        self._jobs[number] = job
        job.future = self._pool(job.lane).submit(self._work, number)

    def _pool(self, lane: Lane) -> futures.ThreadPoolExecutor:
        """Return the threads of a lane, created on first use."""
        if lane not in self._pools:
            name, count = lane.value
            self._pools[lane] = futures.ThreadPoolExecutor(count, thread_name_prefix=name, initializer=give_way)
        return self._pools[lane]

    def close(self, patience: float = _UNTIL_LEFT) -> bool:
        """Wait for every write, and up to `patience` seconds for other work; no callback is called any more.

        Other work is asked to stop early if it is running, and dropped if it is queued. Return whether all has ended. Work that
        does not stop is left running: see `leave`.
        """
        self._is_closed = True
        self._waiting.clear()
        self.calm.set()  # the user waits no longer, but a background thread may still wait for this
        for job in self._jobs.values():
            if job.lane not in _WRITING:
                job.task.cancelled.set()
        for lane, pool in self._pools.items():
            pool.shutdown(wait=False, cancel_futures=lane is not Lane.RECORDS)
        for lane in _WRITING & self._pools.keys():
            self._pools[lane].shutdown(wait=True)
        running = [job.future for job in self._jobs.values() if job.future is not None and not job.future.done()]
        self._collecting.stop()
        self._calming.stop()
        if futures.wait(running, timeout=patience).not_done:
            _left_running.add(self)  # with the jobs and their arguments
            return False
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        self._jobs.clear()
        _left_running.discard(self)
        return True

    @Slot()
    def _calm_down(self) -> None:
        self.calm.set()

    def _work(self, number: int) -> None:
        self._jobs[number].outcome = self._outcome(number)
        if not self._is_closed:
            self._ended.emit(number)

    def _outcome(self, number: int) -> Callable[[_Job], None]:
        try:
            value = None if self._jobs[number].task.abandoned else self._jobs[number].work(self._jobs[number].task)
        except AppError as error:
            logger.info("%s in %s", type(error).__name__, threading.current_thread().name)
            return partial(_fail, error)
        except BaseException as error:  # noqa: BLE001 - raised again on the GUI thread, for the crash handler
            return partial(_raise, error)
        return partial(_succeed, value)

    @Slot(int, object)
    def _tell(self, number: int, value: object) -> None:
        job = self._jobs.get(number)
        if job is not None and job.progress is not None and not (job.task.abandoned or self._is_closed):
            job.progress(value)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job is None or self._is_closed:
            return
        if job.is_waited_for:
            self._waited_for -= 1
            if not self._waited_for:
                self._calming.start()
        try:
            if job.outcome is not None and not job.task.abandoned:
                job.outcome(job)
        finally:  # a bug in the work is raised here
            self._tell_idle()


def leave(code: int, patience: float = 1.0) -> int:
    """Return the exit code, or end the process at once if a thread is still running after `patience` seconds.

    Python waits for all threads at exit, and a thread that reads from a hanging drive, or hangs in a library, never ends. Call
    this only after everything has been written.
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


def _raise(error: BaseException, job: _Job) -> None:
    job.failed(unexpected(error))
    if isinstance(error, Exception):
        raise error
    raise RuntimeError(repr(error)) from error  # as a library in Rust raises them; some would end the program


def unexpected(error: BaseException) -> UnexpectedError:
    """Return the sentence for a bug, whose traceback goes to the log."""
    return UnexpectedError(tr("Something unexpected went wrong ({detail}). Details are in the log."), detail=error)
