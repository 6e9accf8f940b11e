import os
import signal
import threading
import weakref
from collections import deque
from contextlib import suppress
from itertools import count, cycle
from pathlib import Path

import pytest

from desktop.commands import classify
from desktop.core.ctrl_c import ctrl_c_later, on_every_core
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from tests.making import write_lesion
from tests.platforms import posix

pytestmark = pytest.mark.usefixtures("hearing")


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_is_heard_at_the_end_of_the_block() -> None:
    seen = []

    def work() -> None:
        with ctrl_c_later() as ctrl_c:
            seen.append(ctrl_c.is_pressed)
            press()
            seen.append(ctrl_c.is_pressed)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert seen == [False, True]
    with pytest.raises(KeyboardInterrupt):  # after the block at once, as before it
        press()


def test_blocks_in_a_block_hear_ctrl_c_too() -> None:
    ended = []

    def work() -> None:
        with ctrl_c_later() as ctrl_c:
            press()
            for _ in range(2):
                with suppress(KeyboardInterrupt), ctrl_c_later() as inner:
                    ended.append(inner.is_pressed)
            press()  # noted alone: the outer block goes on
            ended.append(ctrl_c.is_pressed)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert ended == [True, True, True]
    with pytest.raises(KeyboardInterrupt):
        press()


@posix
def test_ctrl_c_ends_a_wait() -> None:
    def wait() -> None:
        with ctrl_c_later() as ctrl_c:
            assert not ctrl_c.wait(0)
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            assert ctrl_c.wait(3600)
            assert ctrl_c.wait(3600)  # it stays pressed

    with pytest.raises(KeyboardInterrupt):
        wait()


class Forgotten:
    """Something that a weak reference is to."""


def test_ctrl_c_in_the_callback_of_a_weak_reference_is_heard() -> None:
    """Raised there, Python would print it and go on."""
    forgotten = [Forgotten()]
    kept = weakref.ref(forgotten[0], lambda _: press())

    def work() -> None:
        with ctrl_c_later():
            forgotten.clear()

    with pytest.raises(KeyboardInterrupt):
        work()
    assert kept() is None


def test_a_watch_ends_at_ctrl_c_while_threads_are_forgotten(
    tmp_path: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start, threads, forgotten = threading.Thread.start, [], []

    def forget(thread: object) -> None:
        forgotten.append(thread)
        if len(forgotten) == 1:
            press()

    def started(thread: threading.Thread) -> None:
        if thread.name.startswith("answer"):
            threads.append(weakref.ref(thread, forget))
        start(thread)

    write_lesion(tmp_path / "in" / "a.png")
    given = [str(tmp_path / "in"), "--model", str(model_file), "--csv", str(tmp_path / "log.csv")]
    assert classify.main(given) == 0
    write_lesion(tmp_path / "in" / "b.png", 1)
    monkeypatch.setattr(threading.Thread, "start", started)
    assert classify.main(["--watch", *given, "--resume"]) == 0
    assert forgotten
    assert capsys.readouterr().err.endswith("New images classified: 1, failed: 0.\n")


def test_an_error_of_the_block_is_told_rather_than_ctrl_c() -> None:
    def work() -> None:
        with ctrl_c_later():
            press()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        work()
    with pytest.raises(KeyboardInterrupt):
        press()


def test_ctrl_c_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with ctrl_c_later() as ctrl_c:
        press()
        assert not ctrl_c.is_pressed
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_another_thread_leaves_ctrl_c_alone() -> None:
    seen = []

    def work() -> None:
        with ctrl_c_later() as ctrl_c:
            seen.append((signal.getsignal(signal.SIGINT), ctrl_c.is_pressed))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(signal.default_int_handler, False)]


def test_work_on_every_core_comes_in_order_and_ends_with_ctrl_c() -> None:
    assert list(on_every_core(lambda number: number * number, range(100))) == [number * number for number in range(100)]
    seen = []

    def see(result: int) -> None:
        seen.append(result)
        if result == 5:
            press()

    with pytest.raises(KeyboardInterrupt):
        deque(map(see, on_every_core(abs, range(100_000))), maxlen=0)
    assert seen == list(range(6))


@pytest.mark.parametrize("locks", range(0, 200, 10))
def test_no_thread_waits_for_ever_after_ctrl_c(
    tmp_path: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch, locks: int
) -> None:
    """Ctrl-C comes when the main thread has just taken a lock, so many after the first: raised there, it would keep it."""
    classifier = Classifier(model_file)
    paths = cycle([write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(4)])
    enter, left = threading.Condition.__enter__, count(-locks)

    def entered(condition: threading.Condition) -> bool:
        is_taken = enter(condition)
        if threading.get_ident() == threading.main_thread().ident and next(left) == 0:
            press()
        return is_taken

    before = set(threading.enumerate())
    monkeypatch.setattr(threading.Condition, "__enter__", entered)
    with pytest.raises(KeyboardInterrupt):
        deque(classify_files(paths, classifier), maxlen=0)
    monkeypatch.undo()
    working = set(threading.enumerate()) - before
    for thread in working:
        thread.join(60)
    assert not [thread for thread in working if thread.is_alive()]
