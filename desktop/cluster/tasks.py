"""Gives parts of the work to a cluster as tasks, a few ahead of its cores, and again where a worker fails."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from distributed import CancelledError, KilledWorker

from desktop.cluster.asking import asked
from desktop.cluster.outages import SIGNS, SchedulerGoneError
from desktop.core.ctrl_c import ctrl_c_later
from desktop.core.inference.batch import BATCH_SIZE
from desktop.core.marking import tr
from desktop.core.progress import say

if TYPE_CHECKING:
    from distributed import Client, Future

    from desktop.cluster.worker import PartAnswers
    from desktop.core.inference.batch import FileAnswer

_TASKS_A_THREAD = 2
"""Tasks given to the cluster for each thread: the next is there when one ends, and the scheduler holds few."""

_SECONDS_BETWEEN_LOOKS = 1.0
"""Seconds between two looks at which workers there are and which tasks are late."""

_LATE = 10
"""A task is late after so many times the seconds of the longest one that ended, ..."""

_PATIENCE, _FIRST_PATIENCE = 60.0, 600.0
"""... but not before so many seconds, nor, where none has ended yet, before the second number. Answers are waited for as
long as the first."""

_FETCHES = 5
"""Answers that are fetched at a time. Of more, Dask lets one wait, and others with it; where that one is withdrawn before it
has begun, all that are fetched later are withdrawn as well, for ever."""


def _packed(work: Callable[[Sequence[Path]], PartAnswers], images: bytes) -> bytes:
    """Do the work for a part, on a worker. Packed, as Dask looks into each object of a list, which takes longer."""
    return pickle.dumps(work(pickle.loads(images)))  # noqa: S301 - from the program that asks, as the task itself


def _halves(images: Sequence[Path]) -> tuple[Sequence[Path], Sequence[Path]]:
    """Divide a part; batches stay whole as long as they can."""
    half = len(images) // 2
    half -= half % BATCH_SIZE if half > BATCH_SIZE else 0
    return images[:half], images[half:]


@dataclass
class _Part:
    """A part of the work, and the tasks that do it: more than one, where the first is late."""

    images: Sequence[Path]
    tasks: list[Future[bytes]] = field(default_factory=list)
    given: float = 0.0
    late_at: set[str] = field(default_factory=set)
    """The addresses of the workers that were given up waiting for."""


class Tasks:
    """The tasks of one run."""

    def __init__(
        self,
        client: Client,
        work: Callable[[Sequence[Path]], PartAnswers],
        parts: Iterator[Sequence[Path]],
    ) -> None:
        """Take the work that a worker does for a part, and the parts."""
        self._client = client
        self._work = work
        self._parts = parts
        self._again: deque[Sequence[Path]] = deque()
        self._running: dict[str, _Part] = {}
        """By the key of each task; a part with two tasks is there twice."""
        self._ended: SimpleQueue[tuple[Future[bytes], bytes | BaseException]] = SimpleQueue()
        self._fetching = asyncio.Semaphore(_FETCHES)
        self._longest: float | None = None
        self._threads = 1
        self._looked = 0.0
        self._is_waiting = False

    def finished(self, unanswerable: Callable[[Path], FileAnswer]) -> Generator[Sequence[FileAnswer], None, None]:
        """Yield the answers of each part, as soon as they are there.

        A file for which `unanswerable` makes the answer has ended every worker process that it was given to.

        Raises:
            AppError: a worker cannot do the work.
            SchedulerGoneError: the scheduler is gone; likewise any of `SIGNS`.
            KeyboardInterrupt: Ctrl-C was pressed; see `ctrl_c_later`.
        """
        with ctrl_c_later() as ctrl_c:
            while not ctrl_c.is_pressed:
                if self._client.status != "running":  # it would wait for the scheduler by itself, and then know no task
                    raise SchedulerGoneError
                self._look()
                self._give()
                if not self._running:
                    return
                try:
                    task, outcome = self._ended.get(timeout=_SECONDS_BETWEEN_LOOKS)
                except Empty:
                    continue
                part = self._running.get(str(task.key))
                if part is None:  # its part was answered by another task
                    continue
                if isinstance(outcome, KilledWorker):
                    # One of the files may have ended the processes: it is found, and costs itself alone.
                    alone = part.images if len(part.images) == 1 else ()
                    self._end(part, () if alone else _halves(part.images))
                    if alone:
                        yield [unanswerable(image) for image in alone]
                elif isinstance(outcome, bytes):
                    answered: PartAnswers = pickle.loads(outcome)  # noqa: S301 - from a worker, as Dask does it
                    self._longest = max(self._longest or 0.0, answered.seconds)
                    self._end(part)
                    yield answered.answers
                elif task.status == "error" and isinstance(outcome, OSError | CancelledError):
                    raise RuntimeError("a worker could not carry out a task") from outcome
                elif isinstance(outcome, TimeoutError):  # a worker that has the answers hangs, or is slow
                    self._give_again(str(task.key), part)
                    self._fetch(task)
                elif task.status == "finished" and isinstance(outcome, asyncio.CancelledError):
                    self._fetch(task)  # it was being fetched together with answers that a worker that hangs has
                else:
                    raise outcome

    def unfinished(self) -> list[Sequence[Path]]:
        """Return the parts that have been given to the cluster, and not been answered."""
        parts = {id(part): part.images for part in self._running.values()}
        return [*parts.values(), *self._again]

    def cancel(self) -> None:
        """Withdraw all tasks; what a worker has begun it ends, and nobody waits for it."""
        if self._client.status == "running":
            with suppress(*SIGNS):
                self._client.cancel([task for part in self._running.values() for task in part.tasks])

    def _look(self) -> None:
        """Count the cluster's threads again and see which tasks are late, if the last time is long enough ago."""
        now = time.monotonic()
        if now - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked = now
        threads = sum(asked(self._client, self._client.nthreads).values())
        if not threads and not self._is_waiting:
            say(tr("The cluster has no worker left: waiting for one."))
        self._is_waiting = not threads
        self._threads = max(threads, 1)
        self._give_late_ones_again()

    def _give(self) -> None:
        while len(self._running) < _TASKS_A_THREAD * self._threads:
            if not self._again:
                images = next(self._parts, None)
                if images is None:
                    return
                self._again.append(images)
            self._start(_Part(self._again[0]))
            self._again.popleft()  # not before: where the scheduler is gone, the part is still to be done

    def _start(self, part: _Part, workers: Sequence[str] | None = None) -> None:
        async def submit() -> Future[bytes]:
            return self._client.submit(
                _packed,
                self._work,
                pickle.dumps(part.images),
                pure=False,
                workers=workers,
                allow_other_workers=workers is not None,  # those may die, and others come
            )

        # On the client's own thread: there Dask goes through its tasks when the scheduler goes, and fails if one is added.
        task = self._client.sync(submit)
        task.add_done_callback(self._fetch)
        part.tasks.append(task)
        part.given = time.monotonic()
        self._running[str(task.key)] = part

    def _fetch(self, task: Future[bytes]) -> None:
        """Fetch what has come of a task, from the worker that has it, on the client's own thread."""
        loop = self._client.loop
        if loop is not None:
            loop.add_callback(self._wait_for, task)

    async def _wait_for(self, task: Future[bytes]) -> None:
        try:
            async with self._fetching:
                outcome = await asyncio.wait_for(self._client.gather(task, asynchronous=True), _PATIENCE)
        except BaseException as error:  # noqa: BLE001 - raised where the answers are awaited
            outcome = error
        self._ended.put((task, outcome))

    def _end(self, part: _Part, instead: Sequence[Sequence[Path]] = ()) -> None:
        """Take a part for answered, or as one to be done `instead` in several.

        The cluster is told last: where it is gone, the part is no longer among the unfinished ones, or its several are.
        """
        for task in part.tasks:
            del self._running[str(task.key)]
        self._again += instead
        with suppress(*SIGNS):  # the next look tells
            self._client.cancel(part.tasks)

    def _give_late_ones_again(self) -> None:
        """Start a second task for each part whose worker has had it for too long, on another worker."""
        limit = _FIRST_PATIENCE if self._longest is None else max(_PATIENCE, _LATE * self._longest)
        long_ago = time.monotonic() - limit
        for key, part in list(self._running.items()):
            if part.given < long_ago:
                self._give_again(key, part)

    def _give_again(self, key: str, part: _Part) -> None:
        """Start one more task for a part, on any worker but the one that works on the task of this key, or has its answers."""
        holding = asked(self._client, self._client.processing)
        at = next((address for address, keys in holding.items() if key in keys), None)
        if at is None:
            at = next(iter(asked(self._client, self._client.who_has).get(key, ())), None)
        if at is None or at in part.late_at:
            return
        others = [address for address in holding if address != at and address not in part.late_at]
        if others:
            part.late_at.add(at)
            self._start(part, others)
