"""Garbage is collected only on the GUI thread; `conftest.py` ensures that for every test."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError
from desktop.system import garbage
from desktop.system.tasks import Lane, Task, Tasks


class Circle(QObject):
    """A Qt object with a running timer that only a garbage collection destroys."""

    def __init__(self, ended: list[str]) -> None:
        super().__init__()
        self._ended = ended
        self._itself = self
        self._timer = QTimer(self)
        self._timer.start(1)

    def __del__(self) -> None:
        self._ended.append(threading.current_thread().name)


def litter(_task: Task) -> int:
    """Allocate far more than the threshold of automatic collection."""
    return len([[number] for number in range(200_000)])


def test_a_busy_worker_does_not_collect_the_windows_objects(qtbot: QtBot) -> None:
    tasks, ended, done = Tasks(), list[str](), list[int]()
    Circle(ended)
    tasks.run(Lane.BATCH, litter, done.append, lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: bool(done))
    assert done == [200_000]
    junk = [[number] for number in range(2_000)]  # enough for a collection to be due, if none has been since
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread().name]
    tasks.close()
    del junk


def test_only_generations_that_are_due_are_collected() -> None:
    gc.collect()
    collected: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            collected.append(info["generation"])

    gc.callbacks.append(note)
    try:
        garbage.collect_due()
        assert collected == []
        kept: list[list[list[int]]] = []
        for _ in range(150):
            kept.append([[number] for number in range(1_000)])
            garbage.collect_due()
    finally:
        gc.callbacks.remove(note)
    assert len(collected) == 150
    assert (collected.count(1), collected.count(2)) == (12, 1)


def test_arguments_are_released_on_the_gui_thread_without_a_collection(qtbot: QtBot) -> None:
    tasks, ended, errors = Tasks(), list[str](), list[str]()

    class Held:
        def __del__(self) -> None:
            ended.append(threading.current_thread().name)

        def work(self, _task: Task) -> None:
            raise AppError("It failed.")

        def fail(self, error: AppError) -> None:
            errors.append(str(error))

    held = Held()
    tasks.run(Lane.MODEL, held.work, lambda _nothing: pytest.fail("it did not fail"), held.fail)
    del held
    qtbot.waitUntil(lambda: bool(errors))
    tasks.close()
    assert errors == ["It failed."]
    assert ended == [threading.main_thread().name]
