"""Tasks of a real cluster whose worker, or whose connection, fails: each file has one answer, or is still to be done."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import pytest
from distributed.client import ClosedClientError
from distributed.comm import CommClosedError

from desktop.cluster import connecting, tasks
from desktop.cluster.outages import SchedulerGoneError, told_as_gone
from desktop.cluster.tasks import Tasks
from desktop.cluster.worker import answer_part
from desktop.core.errors import ImageError
from desktop.core.inference.batch import FileAnswer
from tests.cluster import deadly
from tests.platforms import hear_ctrl_c, posix

if TYPE_CHECKING:
    from distributed import Client

PARTS = [[Path("a"), Path("b")], [Path("c")], [Path("d")], [Path("e")]]


@pytest.fixture(scope="module")
def client() -> "Iterator[Client]":
    settings = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.deploy.lost-worker-timeout": "1 ms",  # as on a machine that is too busy to start a worker in 15 s
    }
    with dask.config.set(settings), connecting.local_workers(1) as client:
        yield client


def unanswerable(image: Path) -> FileAnswer:
    return FileAnswer(image, ImageError("dead"))


def failing(call: Callable[..., Any], count: int, error: Exception) -> Callable[..., Any]:
    """Return a function that works so many times, and then no more."""
    left = iter(range(count))

    def calling(*given: object, **named: object) -> object:
        if next(left, None) is None:
            raise error
        return call(*given, **named)

    return calling


def names(parts: Sequence[Sequence[Path | FileAnswer]]) -> list[str]:
    return sorted(str(one.path if isinstance(one, FileAnswer) else one) for part in parts for one in part)


def test_a_file_that_ends_worker_processes_costs_itself_alone(client: "Client") -> None:
    images = [Path(name) for name in ("a", "b", "deadly", "d", "e")]
    answers = [answer for part in Tasks(client, deadly.work, iter([images])).finished(unanswerable) for answer in part]
    assert sorted(answer.path for answer in answers) == sorted(images)
    assert [answer.path.name for answer in answers if answer.error] == ["deadly"]


@pytest.mark.parametrize("call", ["submit", "cancel", "nthreads"])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_a_lost_connection_leaves_is_still_to_be_done(
    client: "Client", call: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ClosedClientError("closed") if call == "submit" else CommClosedError("closed")
    monkeypatch.setattr(client, call, failing(getattr(client, call), count, error))
    parts = iter(PARTS)
    tasks = Tasks(client, deadly.work, parts)
    answers = []
    try:
        with told_as_gone():
            answers += tasks.finished(unanswerable)  # those before an exception stay
    except SchedulerGoneError:
        assert call != "cancel"
    assert names([*answers, *tasks.unfinished(), *parts]) == names(PARTS)


class Held(dict[Any, Any]):
    """Dask's tasks by their keys, and the threads that added some: another than the client's may do so while Dask goes through
    all of them, as when the scheduler goes, and Dask fails.
    """

    def __init__(self) -> None:
        super().__init__()
        self.added_by: set[int] = set()

    def __setitem__(self, key: Any, value: Any) -> None:
        self.added_by.add(threading.get_ident())
        super().__setitem__(key, value)


def test_tasks_are_added_on_the_clients_own_thread(client: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    monkeypatch.setattr(client, "futures", held)
    assert names(list(Tasks(client, deadly.work, iter(PARTS)).finished(unanswerable))) == names(PARTS)
    assert held.added_by == {client.sync(own_thread)}


async def own_thread() -> int:
    return threading.get_ident()


def test_a_deadly_file_is_still_to_be_done_where_its_tasks_cannot_be_withdrawn(
    client: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "cancel", failing(client.cancel, 0, CommClosedError("closed")))
    images = [Path("a"), Path("deadly")]
    answers = list(Tasks(client, deadly.work, iter([images])).finished(unanswerable))
    assert names(answers) == names([images])


def test_answers_that_were_fetched_together_with_others_that_do_not_come_are_fetched_again(
    client: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask fetches answers together, and withdraws it for all where one is waited for no longer."""

    async def withdrawn() -> None:
        raise asyncio.CancelledError

    gather, first = client.gather, iter([withdrawn()])
    monkeypatch.setattr(client, "gather", lambda task, **given: next(first, None) or gather(task, **given))
    assert names(list(Tasks(client, deadly.work, iter(PARTS)).finished(unanswerable))) == names(PARTS)


def test_answers_are_fetched_again_however_many_were_withdrawn_at_once(
    client: "Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask lets the sixth wait until others are fetched. Withdrawn in the same moment as they, it keeps all that come later."""
    count = 2 * tasks._FETCHES
    monkeypatch.setattr(tasks, "_TASKS_A_THREAD", count)
    monkeypatch.setattr(tasks, "_PATIENCE", 1.0)
    monkeypatch.setattr(client, "gather", failing(client.gather, 1000, AssertionError("fetched without end")))
    parts = [[tmp_path / str(number)] for number in range(count)]
    begun = Tasks(client, deadly.keep_until_told, iter(parts))

    async def hinder() -> None:
        """Keep the client's thread from its work for longer than answers are waited for, once all are being fetched."""
        while not (tmp_path / "asked").exists() or any(not one.tasks[0].done() for one in begun._running.values()):
            await asyncio.sleep(0.01)
        for _ in range(100):
            await asyncio.sleep(0)
        time.sleep(2 * tasks._PATIENCE)
        monkeypatch.setattr(tasks, "_PATIENCE", 60.0)
        for _ in range(100):
            await asyncio.sleep(0)
        (tmp_path / "go").touch()

    assert client.loop
    client.loop.add_callback(hinder)
    assert names(list(begun.finished(unanswerable))) == names(parts)


def test_a_worker_that_fails_is_not_taken_for_a_scheduler_that_is_gone(client: "Client") -> None:
    with pytest.raises(RuntimeError, match="could not carry out a task") as failed, told_as_gone():
        list(Tasks(client, deadly.refuse, iter(PARTS)).finished(unanswerable))
    assert isinstance(failed.value.__cause__, PermissionError)


def test_a_second_task_whose_workers_have_died_is_done_by_another(client: "Client") -> None:
    begun = Tasks(client, deadly.work, iter([]))
    begun._start(tasks._Part(PARTS[0]), ["tls://127.0.0.1:1"])
    assert names(list(begun.finished(unanswerable))) == names(PARTS[:1])


def test_a_worker_without_the_order_is_of_a_scheduler_that_was_started_anew(client: "Client") -> None:
    with pytest.raises(SchedulerGoneError):
        list(Tasks(client, partial(answer_part, name="of the scheduler before"), iter(PARTS)).finished(unanswerable))


@posix
def test_ctrl_c_does_not_wait_for_answers_that_a_worker_keeps(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    command = [sys.executable, "-m", "tests.cluster.keeping", str(asked)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c) as running:
        while not asked.exists():
            assert running.poll() is None
            time.sleep(0.001)
        running.send_signal(signal.SIGINT)
        assert running.communicate()[0] == "interrupted\n"
    assert running.returncode == 0
