"""Classifies files on the workers of a cluster, and yields the answers as tasks are finished."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cluster.asking import asked
from desktop.cluster.connecting import NoSchedulerError
from desktop.cluster.orders import order_for, order_given
from desktop.cluster.outages import LONGEST_OUTAGE, Outage, SchedulerGoneError, told_as_gone
from desktop.cluster.tasks import Tasks
from desktop.cluster.worker import answer_part
from desktop.core.errors import ImageError
from desktop.core.inference.batch import BATCH_SIZE, FileAnswer
from desktop.core.marking import tr

if TYPE_CHECKING:
    from distributed import Client

    from desktop.core.inference.classifier import Classifier

_MOST_FILES, _FEWEST_FILES = 1000, 50
"""Files of a task. Each task takes time of its own (docs/performance.md), so that it should not be for few files; and what a
worker did not finish is done again, so that it should not be for very many."""

_TASKS_A_CORE = 8
"""So many tasks for each core, where there are files enough: all cores are busy until shortly before the end."""


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
    order = order_for(classifier, images)
    outage = Outage(cluster, LONGEST_OUTAGE if can_come_back else 0)
    work = _Work(images)
    while not work.is_done():
        try:
            with (
                told_as_gone(),
                connect() as client,
                order_given(client, order, cluster, outage) as name,
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
            self._parts = parts_of(self._images, sum(asked(client, client.nthreads).values()))
        tasks = Tasks(client, partial(answer_part, name=name), self._parts)
        try:
            yield from tasks.finished(_unanswerable)
        finally:
            self._parts = chain(tasks.unfinished(), self._parts)
            tasks.cancel()


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


def _unanswerable(image: Path) -> FileAnswer:
    return FileAnswer(
        image,
        ImageError(tr("“{name}” ended every worker process that opened it. Save the image anew."), name=image.name),
    )
