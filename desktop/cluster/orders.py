"""Gives an order to a scheduler and its workers, once they are seen to be able to carry it out."""

from __future__ import annotations

import asyncio
import math
import pickle
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed.exceptions import WorkerStartTimeoutError

from desktop.cluster.asking import SECONDS_TO_ANSWER, asked
from desktop.cluster.outages import SIGNS, Outage
from desktop.cluster.versions import differences, versions
from desktop.cluster.worker import Order, OrderPlugin, check_worker
from desktop.core.errors import AppError, UsageError
from desktop.core.inference.model_file import ModelFile
from desktop.core.marking import tr
from desktop.core.progress import say
from desktop.remote.reading import is_there

if TYPE_CHECKING:
    from distributed import Client, Scheduler

    from desktop.core.inference.classifier import Classifier

_WITNESSES = 8
"""Files, spread over all, that each worker must see: folders may be mounted there one by one."""

_SECONDS_FOR_A_WORKER = 60.0
_SECONDS_FOR_WORKERS = 600.0
"""Each gets the model, of 15 MB and more. One that is not reached at all costs 30 s, by Dask's own limit."""

_SECONDS_TO_FORGET = 5
_ORDERS = "lesionlens-order"


def order_for(classifier: Classifier, images: Sequence[Path]) -> Order:
    """Return what a worker must know to answer for these files as this program would.

    Raises:
        UsageError: the model's file is another one by now.
    """
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


@contextmanager
def order_given(client: Client, order: Order, cluster: str, outage: Outage) -> Iterator[str]:
    """Give the order to scheduler and workers while the block runs, once they are seen to be able to carry it out.

    Yields its name. A worker that hangs is not waited for.

    Raises:
        UsageError: there is no worker, or scheduler or workers cannot carry it out.
        OSError: the scheduler does not answer; one of `outages.SIGNS`.
    """
    name = f"{_ORDERS} {client.id} {uuid.uuid4().hex}"
    try:
        _check_scheduler(client, cluster)
        _wait_for_a_worker(client, cluster, outage)
        there = _check_installed(client, cluster)
        _give_order(client, cluster, OrderPlugin(order), name, there)
        _check_workers(client, cluster, name, there)
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
            _wait_until_one_is_there(client, _SECONDS_FOR_A_WORKER)
        elif not asked(client, client.nthreads):
            say(tr("The scheduler is back. Waiting for a worker."))
            _wait_until_one_is_there(client, max(outage.seconds_left(), 1))
    except WorkerStartTimeoutError as error:
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


def _wait_until_one_is_there(client: Client, seconds: float) -> None:
    asked(client, client.wait_for_workers, 1, seconds, seconds=seconds + SECONDS_TO_ANSWER)


def _check_scheduler(client: Client, cluster: str) -> None:
    """See whether the scheduler can take our tasks, and let it forget orders of programs that were killed."""
    asked(client, client.run_on_scheduler, _forget_orders, wait=False)
    found = differences(versions(), asked(client, client.run_on_scheduler, versions))
    if found:
        raise UsageError(
            tr("The scheduler at {address} has {found}. Install the same versions everywhere, from the same lock."),
            address=cluster,
            found=found,
        )


def _asked_workers(client: Client, cluster: str, call: Callable[..., Any], *given: object, **named: object) -> Any:
    """Ask what each worker must answer, see `asked`.

    Raises:
        UsageError: the scheduler answers, and workers do not.
    """
    try:
        return asked(client, call, *given, seconds=_SECONDS_FOR_WORKERS, **named)
    except TimeoutError as error:
        asked(client, client.nthreads)  # it raises where the scheduler does not answer: that is waited for
        raise UsageError(
            tr(
                "A worker of {address} hangs. End those that do not answer. What has a row stays: carry on with --resume."
            ),
            address=cluster,
        ) from error


def _check_installed(client: Client, cluster: str) -> list[str]:
    """See whether the workers that are there have LesionLens; return the addresses of those that do not hang.

    One that comes later without it ends by itself.
    """
    told = _asked_workers(client, cluster, client.run, versions, on_error="return")
    for found in told.values():  # the scheduler passes on the text of an error alone
        if isinstance(found, Exception) and "ModuleNotFoundError" in repr(found):
            raise _lacking(cluster, found)
    return [address for address, found in told.items() if not isinstance(found, Exception)]


def _lacking(cluster: str, error: Exception) -> UsageError:
    return UsageError(
        tr(
            "A part of {cluster} has no LesionLens ({detail}). Install it with the extra “cluster” on scheduler and workers."
        ),
        cluster=cluster,
        detail=error,
    )


def _give_order(client: Client, cluster: str, plugin: OrderPlugin, name: str, there: Collection[str]) -> None:
    """Give the order to the workers; those that are not `there` hang, and are not waited for.

    Dask's own way waits for each, and fails where one is not reached, as if it were the scheduler.
    """
    packed = pickle.dumps(plugin)
    for address, told in _asked_workers(
        client, cluster, client.run_on_scheduler, _hand_out, name, packed, there
    ).items():
        if told["status"] != "OK":
            raise RuntimeError(f"the worker {address} cannot take an order: {told.get('exception_text', '')}")


_handing_out: set[asyncio.Task[Any]] = set()
"""On the scheduler: what nobody waits for. Without a reference Python may drop it."""


async def _hand_out(name: str, plugin: bytes, there: Collection[str], *, dask_scheduler: Scheduler) -> dict[str, Any]:
    """Have Dask give a plugin to the workers, and to those that come later; return what those that are `there` say."""
    dask_scheduler.worker_plugins[name] = plugin

    async def give(workers: Sequence[str]) -> dict[str, Any]:
        message = {"op": "plugin-add", "plugin": plugin, "name": name}
        return await dask_scheduler.broadcast(msg=message, workers=workers, on_error="ignore")

    rest = asyncio.create_task(give([address for address in dask_scheduler.workers if address not in there]))
    _handing_out.add(rest)
    rest.add_done_callback(_handing_out.discard)
    return await give([address for address in there if address in dask_scheduler.workers])


def _check_workers(client: Client, cluster: str, name: str, there: Sequence[str]) -> None:
    """See whether the workers that are `there` can carry out the order; the others see for themselves."""
    told = _asked_workers(client, cluster, client.run, check_worker, name, workers=there, on_error="return")
    for found in told.values():
        if isinstance(found, AppError):  # any other: it has died, and its tasks go to the others
            raise found


async def _forget_orders(ended: str = "", *, dask_scheduler: Scheduler) -> None:
    """Let scheduler and workers forget an order that has ended, and those of programs that are no longer connected."""
    for name in list(dask_scheduler.worker_plugins):
        is_left = name.startswith(_ORDERS) and name.split()[1] not in dask_scheduler.clients
        if name == ended or is_left:
            await dask_scheduler.unregister_worker_plugin(None, name)
