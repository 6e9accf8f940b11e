"""Classifies files on the workers of a cluster, and yields the answers as tasks are finished."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import CancelledError

from desktop.cluster.tasks import Tasks
from desktop.cluster.versions import differences, versions
from desktop.cluster.worker import Order, OrderPlugin, answer_part, check_worker
from desktop.core.errors import AppError, ImageError, UsageError
from desktop.core.inference.batch import BATCH_SIZE, FileAnswer
from desktop.core.inference.model_file import ModelFile
from desktop.core.marking import tr
from desktop.core.paths import reachable

if TYPE_CHECKING:
    from distributed import Client, Scheduler

    from desktop.core.inference.classifier import Classifier

_MOST_FILES, _FEWEST_FILES = 1000, 50
"""Files of a task. Each task takes time of its own (docs/performance.md), so that it should not be for few files; and what a
worker did not finish is done again, so that it should not be for very many."""

_TASKS_A_CORE = 8
"""So many tasks for each core, where there are files enough: all cores are busy until shortly before the end."""

_SECONDS_FOR_A_WORKER = 60
_ORDERS = "lesionlens-order"


def classify_on_cluster(
    images: Sequence[Path], classifier: Classifier, client: Client, cluster: str
) -> Generator[Sequence[FileAnswer], None, None]:
    """Answer for each file; yield the answers of one task after the other, in any order.

    Each worker must see the files under the same paths. A task whose worker dies, or does not answer for long, is given to
    another one; a file that ends every worker process it is given to is answered with an error. `cluster` is what the user
    calls it.

    Raises:
        UsageError: there is no worker, a worker has other versions or does not see the files, or the scheduler is gone.
        ModelError: a worker cannot load the model.
    """
    order = _order(classifier, images)
    name = f"{_ORDERS} {client.id} {uuid.uuid4().hex}"
    with _explained(cluster):
        _check_scheduler(client, cluster)
        try:
            client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
        except TimeoutError as error:
            raise UsageError(
                tr("The scheduler at {address} has no worker. Start some: dask worker {address}"),
                address=cluster,
            ) from error
        _check_installed(client, cluster)
        client.register_plugin(OrderPlugin(order), name=name)
        try:
            _check_workers(client, name)
            tasks = Tasks(client, partial(answer_part, name=name), parts_of(images, sum(client.nthreads().values())))
            try:
                yield from tasks.finished(_unanswerable)
            finally:
                tasks.cancel()
        finally:
            if client.status == "running":
                client.run_on_scheduler(_forget_orders, name, wait=False)  # a worker that hangs would not answer


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
        next((image for image in images if reachable(image).exists()), None),
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


@contextmanager
def _explained(cluster: str) -> Iterator[None]:
    """Say what is wrong with the cluster in a sentence."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise _lacking(cluster, error) from error
    except (CancelledError, asyncio.CancelledError, OSError) as error:  # the second: of a call that is under way
        raise UsageError(
            tr("The scheduler at {address} is gone. What has a row stays: carry on with --resume."), address=cluster
        ) from error
