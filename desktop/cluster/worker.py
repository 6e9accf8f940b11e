"""What runs on a worker of the cluster: the model, loaded once for each process, and the answers of a task's files."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from distributed import Reschedule, WorkerPlugin, get_worker

from desktop.cluster.outages import SchedulerGoneError
from desktop.cluster.versions import differences, versions
from desktop.core.errors import UsageError
from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.model_file import ModelFile
from desktop.core.marking import tr
from desktop.core.urls import path_text
from desktop.remote.reading import is_seen, read_any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Worker

    from desktop.core.inference.alerts import WorkingPoints


@dataclass(frozen=True)
class Order:
    """What a worker must know to answer as the program that asks it would.

    `witnesses` are files that the asking program sees: a worker that does not see them lacks a folder, or a store.
    """

    model: Path
    sha256: str
    content: bytes = field(repr=False)
    working_points: WorkingPoints
    seconds_a_run: float | None
    versions: Mapping[str, str]
    witnesses: Sequence[Path]


@dataclass(frozen=True)
class PartAnswers:
    """The answers of a task, in the order of its files, and the seconds that they took on the worker."""

    answers: list[FileAnswer]
    seconds: float


class OrderPlugin(WorkerPlugin):
    """Holds the order on each worker. Dask gives it to workers that come later, too, before their first task."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._classifier: Classifier | None = None

    def setup(self, worker: Worker) -> None:
        """Make the lock here: it does not travel."""
        self._address = worker.address
        self._loading = threading.Lock()
        self.ended = threading.Event()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's interface
        """End the tasks of this order here: the run was cancelled, or the worker leaves."""
        self.ended.set()

    def check(self) -> None:
        """See whether this worker can do what was ordered.

        Raises:
            UsageError: it has other versions, or does not see the files.
        """
        found = differences(self._order.versions, versions())
        if found:
            raise UsageError(
                tr("The worker {address} has {found}. Install the same versions everywhere, from the same lock."),
                address=self._address,
                found=found,
            )
        for witness in self._order.witnesses:
            if not is_seen(witness):
                raise UsageError(
                    tr(
                        "The worker {address} does not see “{name}”. Let it reach that folder or store under the same name."
                    ),
                    address=self._address,
                    name=path_text(witness),
                )

    def classifier(self) -> Classifier:
        """Return the model; the first task of this process waits until it is loaded, the others have it."""
        with self._loading:
            if self._classifier is None:
                self.check()
                order = self._order
                loaded = Classifier(
                    ModelFile(order.model, order.content, order.sha256),
                    seconds_a_run=order.seconds_a_run,
                    is_tried=True,  # by the program that asks
                )
                self._classifier = loaded.at(order.working_points)
            return self._classifier


def check_worker(name: str, *, dask_worker: Worker) -> None:
    """See whether a worker can carry out the order of this name; Dask passes the worker.

    Raises:
        UsageError: see `OrderPlugin.check`.
    """
    _order_of(name, dask_worker).check()


def answer_part(images: Sequence[Path], name: str) -> PartAnswers:
    """Answer for the files of one task by the order of this name, on one core: a worker has as many tasks as threads."""
    begin = time.monotonic()
    order = _order_of(name, get_worker())
    answers = list(classify_files(images, order.classifier(), workers=1, cancelled=order.ended, read=read_any))
    if order.ended.is_set():  # should the run go on without this worker, another one does this task
        raise Reschedule
    return PartAnswers(answers, time.monotonic() - begin)


def _order_of(name: str, worker: Worker) -> OrderPlugin:
    if name not in worker.plugins:
        raise SchedulerGoneError  # Dask's client went on to one that was started anew, and knows no orders
    return cast("OrderPlugin", worker.plugins[name])
