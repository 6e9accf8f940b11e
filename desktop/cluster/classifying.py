"""Classifies files on the workers of a cluster, and yields the answers as tasks are finished."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cluster.connecting import NoSchedulerError
from desktop.cluster.outages import LONGEST_OUTAGE, SIGNS, Outage, SchedulerGoneError, told_as_gone
from desktop.cluster.tasks import Tasks
from desktop.cluster.versions import differences, versions
from desktop.cluster.worker import Order, OrderPlugin, answer_part, check_worker
from desktop.core.errors import AppError, ImageError, UsageError
from desktop.core.inference.batch import BATCH_SIZE, FileAnswer
from desktop.core.inference.model_file import ModelFile
from desktop.core.marking import tr
from desktop.core.progress import say
from desktop.remote.reading import is_there

if TYPE_CHECKING:
    from distributed import Client, Scheduler

    from desktop.core.inference.classifier import Classifier

_MOST_FILES, _FEWEST_FILES = 1000, 50
"""Files of a task. Each task takes time of its own (docs/performance.md), so that it should not be for few files; and what a
worker did not finish is done again, so that it should not be for very many."""

_TASKS_A_CORE = 8
"""So many tasks for each core, where there are files enough: all cores are busy until shortly before the end."""

_WITNESSES = 8
"""Files, spread over all, that each worker must see: folders may be mounted there one by one."""

_SECONDS_FOR_A_WORKER = 60
_SECONDS_TO_FORGET = 5
_ORDERS = "lesionlens-order"


def classify_on_cluster(
    images: Sequence[Path],
    classifier: Classifier,
    connect: Callable[[], AbstractContextManager[Client]],
    cluster: str,
    *,
    can_come_back: bool = False,
) -> Generator[Sequence[FileAnswer], None, None]:
    """Answer for each file; yield the answers of one task after the other, in any order.

    Each worker must see the files under the same paths. A task whose worker dies, or does not answer for long, is given to
    another one; a file that ends every worker process that it is given to is answered with an error. If the scheduler goes,
    it is waited for; when it is back, its versions and workers are checked again, and it gets the model and all that was not
    yielded again. For Dask's own reconnection all tasks are lost, so that each time a new client is made.

    Args:
        images: the files.
        classifier: the model.
        connect: connects to the scheduler while a block runs.
        cluster: what the user calls it, the scheduler's address if there is one.
        can_come_back: whether a scheduler that has gone is waited for: not one that is a part of this program.

    Raises:
        UsageError: there is no scheduler or no worker, a worker has other versions or does not see the files, or the
            scheduler is gone for longer.
        ModelError: a worker cannot load the model.
    """
    order = _order(classifier, images)
    outage = Outage(cluster, LONGEST_OUTAGE if can_come_back else 0)
    work = _Work(images)
    while not work.is_done():
        try:
            with (
                told_as_gone(),
                connect() as client,
                _order_given(client, order, cluster, outage) as name,
                closing(work.answers(client, name)) as found,
            ):
                for answers in found:
                    outage.end()
                    yield answers
        except NoSchedulerError:
            if not outage.is_on:
                raise
            outage.wait()
        except SchedulerGoneError:
            outage.wait()


class _Work:
    """The parts that have no answers yet, from one connection to the next."""

    def __init__(self, images: Sequence[Path]) -> None:
        self._images = images
        self._parts: Iterator[Sequence[Path]] | None = None

    def is_done(self) -> bool:
        if self._parts is None:
            return False
        part = next(self._parts, None)
        if part is not None:
            self._parts = chain([part], self._parts)
        return part is None

    def answers(self, client: Client, name: str) -> Generator[Sequence[FileAnswer], None, None]:
        """Yield the answers of each part by the order of this name."""
        if self._parts is None:
            self._parts = parts_of(self._images, sum(client.nthreads().values()))
        tasks = Tasks(client, partial(answer_part, name=name), self._parts)
        try:
            yield from tasks.finished(_unanswerable)
        finally:
            self._parts = chain(tasks.unfinished(), self._parts)
            tasks.cancel()


@contextmanager
def _order_given(client: Client, order: Order, cluster: str, outage: Outage) -> Iterator[str]:
    """Give the order to scheduler and workers while the block runs, once they are seen to be able to carry it out."""
    name = f"{_ORDERS} {client.id} {uuid.uuid4().hex}"
    try:
        _check_scheduler(client, cluster)
        _wait_for_a_worker(client, cluster, outage)
        _check_installed(client, cluster)
        client.register_plugin(OrderPlugin(order), name=name)
        _check_workers(client, name)
        yield name
    except ModuleNotFoundError as error:
        raise _lacking(cluster, error) from error
    finally:
        if client.status == "running":
            with suppress(*SIGNS):  # a worker that hangs would not answer, and neither does a scheduler that does
                client.run_on_scheduler(_forget_orders, name, wait=False, callback_timeout=_SECONDS_TO_FORGET)


def _wait_for_a_worker(client: Client, cluster: str, outage: Outage) -> None:
    try:
        if not outage.is_on:
            client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
        elif not client.nthreads():
            say(tr("The scheduler is back. Waiting for a worker."))
            client.wait_for_workers(1, timeout=max(outage.seconds_left(), 1))
    except TimeoutError as error:
        if outage.is_on:
            raise UsageError(
                tr(
                    "The scheduler at {address} came back without workers. What has a row stays: carry on with --resume."
                ),
                address=cluster,
            ) from error
        raise UsageError(
            tr("The scheduler at {address} has no worker. Start some: dask worker {address}"), address=cluster
        ) from error


def parts_of(images: Sequence[Path], cores: int) -> Iterator[Sequence[Path]]:
    """Divide the files into the parts of tasks, all of about the same number.

    They part where batches do, so that each image is answered in the same batch as by one process: some models' last digits
    depend on how many images a batch has.
    """
    size = min(max(len(images) // (_TASKS_A_CORE * max(cores, 1)), _FEWEST_FILES), _MOST_FILES)
    batches = math.ceil(len(images) / BATCH_SIZE)
    count = max(min(round(len(images) / size), batches), 1)
    for begin, end in pairwise(BATCH_SIZE * (batches * number // count) for number in range(count + 1)):
        yield images[begin:end]


def _order(classifier: Classifier, images: Sequence[Path]) -> Order:
    file = ModelFile.read(classifier.path)
    if file.sha256 != classifier.sha256:
        raise UsageError(tr("The model “{name}” has changed since it was loaded. Begin again."), name=file.path.name)
    return Order(
        file.path,
        file.sha256,
        file.content,
        classifier.working_points,
        classifier.seconds_a_run,
        versions(),
        [image for image in images[:: math.ceil(len(images) / _WITNESSES) or 1] if is_there(image)],
    )


def _check_scheduler(client: Client, cluster: str) -> None:
    """See whether the scheduler can take our tasks, and let it forget orders of programs that were killed."""
    client.run_on_scheduler(_forget_orders, wait=False)
    found = differences(versions(), client.run_on_scheduler(versions))
    if found:
        raise UsageError(
            tr("The scheduler at {address} has {found}. Install the same versions everywhere, from the same lock."),
            address=cluster,
            found=found,
        )


def _check_installed(client: Client, cluster: str) -> None:
    """See whether the workers that are there have LesionLens. One that comes later without it ends by itself."""
    for found in client.run(versions, on_error="return").values():
        if isinstance(found, Exception) and "ModuleNotFoundError" in repr(
            found
        ):  # the scheduler passes on the text alone
            raise _lacking(cluster, found)


def _lacking(cluster: str, error: Exception) -> UsageError:
    return UsageError(
        tr(
            "A part of {cluster} has no LesionLens ({detail}). Install it with the extra “cluster” on scheduler and workers."
        ),
        cluster=cluster,
        detail=error,
    )


def _check_workers(client: Client, name: str) -> None:
    """See whether the workers that are there can carry out the order; those that come later see for themselves."""
    for found in client.run(check_worker, name, on_error="return").values():
        if isinstance(found, AppError):  # any other: it has died, and its tasks go to the others
            raise found


async def _forget_orders(ended: str = "", *, dask_scheduler: Scheduler) -> None:
    """Let scheduler and workers forget an order that has ended, and those of programs that are no longer connected."""
    for name in list(dask_scheduler.worker_plugins):
        is_left = name.startswith(_ORDERS) and name.split()[1] not in dask_scheduler.clients
        if name == ended or is_left:
            await dask_scheduler.unregister_worker_plugin(None, name)


def _unanswerable(image: Path) -> FileAnswer:
    return FileAnswer(
        image,
        ImageError(tr("“{name}” ended every worker process that opened it. Save the image anew."), name=image.name),
    )
