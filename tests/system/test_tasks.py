"""Work off the GUI thread: exactly one callback, on the GUI thread, and no swallowed bug."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError
from desktop.system.tasks import Lane, Task, Tasks, _left_running
from tests.platforms import linux


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()
    assert not [
        thread for thread in threading.enumerate() if thread.name.split("_")[0] in {lane.value[0] for lane in Lane}
    ]


def test_callbacks_run_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    outcomes: list[tuple[str, str]] = []

    def work(_task: Task) -> str:
        return threading.current_thread().name

    tasks.run(Lane.IMAGES, work, lambda name: outcomes.append((name, threading.current_thread().name)), pytest.fail)
    qtbot.waitUntil(lambda: bool(outcomes))
    ((worker, gui),) = outcomes
    assert worker.startswith("images")
    assert gui == threading.main_thread().name


@linux
def test_workers_have_a_lower_priority_than_the_window(tasks: Tasks, qtbot: QtBot) -> None:
    found: list[int] = []

    def niceness(_task: Task) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for lane in (Lane.IMAGES, Lane.RECORDS):
        tasks.run(lane, niceness, found.append, pytest.fail)
    qtbot.waitUntil(lambda: len(found) == 2)
    window = os.getpriority(os.PRIO_PROCESS, os.getpid())
    assert found == [min(window + 5, 19)] * 2


def test_expected_error_is_reported(tasks: Tasks, qtbot: QtBot) -> None:
    errors: list[AppError] = []

    def work(_task: Task) -> None:
        raise AppError("“{name}” is empty.", name="a.jpg")

    tasks.run(Lane.IMAGES, work, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert str(errors[0]) == "“a.jpg” is empty."


def test_bug_reaches_the_crash_handler_and_the_caller(tasks: Tasks, qtbot: QtBot) -> None:
    errors: list[AppError] = []

    def work(_task: Task) -> None:
        raise ZeroDivisionError("a bug")

    with qtbot.captureExceptions() as raised:
        tasks.run(Lane.IMAGES, work, pytest.fail, errors.append)
        qtbot.waitUntil(lambda: bool(errors) and bool(raised))
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert "Something unexpected went wrong (a bug)" in str(errors[0])


def test_what_a_library_raises_beside_exceptions_reaches_both_too(tasks: Tasks, qtbot: QtBot) -> None:
    class PanicError(BaseException):
        """As cryptography's Rust raises it."""

    errors: list[AppError] = []

    def work(_task: Task) -> None:
        raise PanicError("a panic")

    with qtbot.captureExceptions() as raised:
        tasks.run(Lane.IMAGES, work, pytest.fail, errors.append)
        qtbot.waitUntil(lambda: bool(errors) and bool(raised))
    assert [type(error.__cause__) for _, error, _ in raised] == [PanicError]
    assert "Something unexpected went wrong (a panic)" in str(errors[0])


def test_abandoned_work_calls_nobody_back(tasks: Tasks, qtbot: QtBot) -> None:
    may_end = threading.Event()
    outcomes: list[str] = []

    def slow(_task: Task) -> str:
        may_end.wait(5)
        return "slow"

    task = tasks.run(Lane.RECORDS, slow, outcomes.append, pytest.fail)
    task.abandon()
    may_end.set()
    tasks.run(Lane.RECORDS, lambda _task: "next", outcomes.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(outcomes))
    assert outcomes == ["next"]


def test_progress_arrives_in_order_and_cancel_is_seen(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    outcomes: list[int] = []

    def work(task: Task) -> int:
        number = 0
        while not task.cancelled.wait(0.001):
            number += 1
            task.report(number)
        return number

    task = tasks.run(Lane.BATCH, work, outcomes.append, pytest.fail, seen.append)
    qtbot.waitUntil(lambda: len(seen) >= 3)
    task.cancel()
    qtbot.waitUntil(lambda: bool(outcomes))
    assert seen == list(range(1, outcomes[0] + 1))


@pytest.mark.parametrize("lane", [Lane.IMAGES, Lane.MODEL])
def test_background_work_pauses_while_the_user_waits(tasks: Tasks, qtbot: QtBot, lane: Lane) -> None:
    release = threading.Event()
    outcomes: list[bool] = []
    tasks.run(Lane.RECORDS, lambda _task: release.wait(), outcomes.append, pytest.fail)
    assert tasks.calm.is_set()
    first, second = (tasks.run(lane, lambda _task: release.wait(), outcomes.append, pytest.fail) for _ in range(2))
    assert not tasks.calm.is_set()
    second.abandon()  # before it was begun
    release.set()
    qtbot.waitUntil(lambda: len(outcomes) == 2)
    qtbot.waitUntil(tasks.calm.is_set)
    assert not first.cancelled.is_set()


def test_failed_work_restores_the_calm(tasks: Tasks, qtbot: QtBot) -> None:
    def work(_task: Task) -> None:
        raise AppError("It failed.")

    tasks.run(Lane.MODEL, work, pytest.fail, lambda _error: None)
    assert not tasks.calm.is_set()
    qtbot.waitUntil(tasks.calm.is_set)


def test_held_lanes_wait_in_order_while_others_go_on(tasks: Tasks, qtbot: QtBot) -> None:
    begun, may_end = threading.Event(), threading.Event()
    outcomes: list[str] = []

    def slow(_task: Task) -> str:
        begun.set()
        may_end.wait()
        return "begun before"

    tasks.run(Lane.RECORDS, slow, outcomes.append, pytest.fail)
    begun.wait()
    tasks.hold(frozenset({Lane.RECORDS, Lane.IMAGES}), lambda: outcomes.append("idle"))
    waiting = [
        tasks.run(lane, lambda _task, name=name: name, outcomes.append, pytest.fail)
        for lane, name in ((Lane.RECORDS, "first"), (Lane.IMAGES, "picture"), (Lane.RECORDS, "second"))
    ]
    batch = tasks.run(Lane.BATCH, lambda _task: "batch", outcomes.append, pytest.fail)
    qtbot.waitUntil(lambda: outcomes == ["batch"])
    assert tasks.calm.is_set(), "nobody waits for an image that is held"
    may_end.set()
    qtbot.waitUntil(lambda: outcomes == ["batch", "begun before", "idle"])
    assert [tasks.is_waiting(task) for task in (*waiting, batch)] == [True, True, True, False]
    tasks.release()
    qtbot.waitUntil(lambda: len(outcomes) == 6)
    assert [name for name in outcomes if name in {"first", "second"}] == ["first", "second"]
    assert not any(tasks.is_waiting(task) for task in waiting)


def test_lanes_at_rest_are_idle_at_once_and_a_released_one_is_never_told(tasks: Tasks, qtbot: QtBot) -> None:
    outcomes: list[str] = []
    tasks.hold(frozenset({Lane.RECORDS}), lambda: outcomes.append("idle"))
    assert outcomes == ["idle"]
    tasks.release()
    may_end = threading.Event()
    tasks.run(Lane.RECORDS, lambda _task: may_end.wait(), lambda _done: outcomes.append("done"), pytest.fail)
    tasks.hold(frozenset({Lane.RECORDS}), lambda: outcomes.append("idle again"))
    tasks.release()
    may_end.set()
    qtbot.waitUntil(lambda: outcomes == ["idle", "done"])


def test_held_work_is_dropped_at_the_end(tasks: Tasks, qtbot: QtBot) -> None:
    tasks.hold(frozenset({Lane.RECORDS}), lambda: None)
    task = tasks.run(Lane.RECORDS, lambda _task: None, pytest.fail, pytest.fail)
    tasks.close()
    assert not tasks.is_waiting(task)


def test_writes_finish_before_the_program_ends(qtbot: QtBot) -> None:
    tasks = Tasks()
    written: list[int] = []
    for number in range(50):
        tasks.run(Lane.RECORDS, lambda _task, n=number: written.append(n), lambda _nothing: None, pytest.fail)
    tasks.close()
    assert written == list(range(50))


def test_work_that_does_not_end_does_not_delay_closing(qtbot: QtBot) -> None:
    tasks = Tasks()
    begun, released, written = threading.Event(), threading.Event(), []

    def hang(_task: Task) -> None:
        begun.set()
        released.wait()

    tasks.run(Lane.IMAGES, hang, pytest.fail, pytest.fail)
    begun.wait()
    tasks.run(Lane.RECORDS, lambda _task: written.append(1), pytest.fail, pytest.fail)
    tasks.close(patience=0.1)
    assert written == [1]
    assert not released.is_set()
    released.set()
    tasks.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("images")]


def test_work_that_ends_later_destroys_nothing_on_its_thread(qtbot: QtBot) -> None:
    tasks = Tasks()
    begun, released, destroyed = threading.Event(), threading.Event(), []
    weakref.finalize(tasks, lambda: destroyed.append(threading.current_thread()))

    def hang(_task: Task) -> None:
        begun.set()
        released.wait()

    tasks.run(Lane.IMAGES, hang, pytest.fail, pytest.fail)
    begun.wait()
    (worker,) = (thread for thread in threading.enumerate() if thread.name.startswith("images"))
    tasks.close(patience=0)
    del tasks
    released.set()
    worker.join()
    assert destroyed == []
    (left,) = _left_running
    left.close()
    del left
    gc.collect()
    assert destroyed == [threading.current_thread()]


class SlowToEnd(ThreadPoolExecutor):
    """Lets its thread hold what it was given until it is told, as a busy machine may."""

    def __init__(self) -> None:
        super().__init__(1)
        self.may_end = threading.Event()

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        def carry_out(*held: Any) -> None:
            work(*held, **named)
            self.may_end.wait()

        return super().submit(carry_out, *given)


def test_a_task_whose_thread_is_slow_to_end_ends_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    """A signal may be connected to its `cancel`; PySide aborts where such an object ends on another thread."""
    pool = tasks._pools[Lane.IMAGES] = SlowToEnd()
    ended: list[threading.Thread] = []
    outcomes: list[object] = []
    task = tasks.run(Lane.IMAGES, lambda task: task.report(1), outcomes.append, pytest.fail, outcomes.append)
    weakref.finalize(task, lambda: ended.append(threading.current_thread()))
    del task
    qtbot.waitUntil(lambda: outcomes == [1, None])
    pool.may_end.set()
    pool.shutdown()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]


def test_running_work_is_asked_to_stop_when_the_window_closes(qtbot: QtBot) -> None:
    tasks = Tasks()
    begun = threading.Event()

    def wait_for_the_end(task: Task) -> bool:
        begun.set()
        return task.cancelled.wait(600)

    tasks.run(Lane.MODEL, wait_for_the_end, pytest.fail, pytest.fail)
    begun.wait()
    tasks.close(patience=600)


@pytest.mark.parametrize(("work", "line"), [("released.wait()", "True 7"), ("released.wait(0.1)", "False 7")])
def test_a_thread_that_does_not_end_does_not_keep_the_process_alive(work: str, line: str) -> None:
    code = (
        "import atexit, sys, threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from desktop.system.tasks import leave\n"
        "released = threading.Event()\n"
        "atexit.register(print, 'in order')\n"
        f"ThreadPoolExecutor(1, thread_name_prefix='prepare').submit(lambda: {work})\n"
        "sys.exit(leave(7, 1.0))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"{'in order' not in done.stdout} {done.returncode}" == line
    assert ("prepare_0 is at work" in done.stderr) == (line == "True 7")


def test_signals_do_not_change_reference_counts(qtbot: QtBot) -> None:
    """PySide6 6.12.0 dropped a reference to True at each emit, which makes Python before 3.12 abort."""

    class Sender(QObject):
        sent = Signal(int)

    sender = Sender()
    before = sys.getrefcount(True)
    for number in range(200):
        sender.sent.emit(number)
    assert abs(sys.getrefcount(True) - before) < 100
