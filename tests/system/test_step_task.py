"""Work in steps on the GUI thread: the window handles events between them, it can be stopped, and a bug reaches both ends."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError
from desktop.system.step_task import Steps, StepTask
from desktop.system.tasks import UnexpectedError

STEPS = 5


class Followed:
    """A task, and what became of it."""

    def __init__(self, parent: QObject, *, fails: Exception | None = None, stops_after: int = 0) -> None:
        self.ended: list[int | None] = []
        self.errors: list[AppError] = []
        self.told: list[tuple[int, int]] = []
        self.is_closed = False
        self.fails = fails
        self.stops_after = stops_after
        self.task = StepTask(self.work(), self.ended.append, self.errors.append, self.tell, parent)

    def work(self) -> Steps[int]:
        try:
            for number in range(1, STEPS + 1):
                if self.fails is not None and number == 3:
                    raise self.fails
                yield number, STEPS
        except GeneratorExit:
            self.is_closed = True
            raise
        return 42

    def tell(self, step: tuple[int, int]) -> None:
        self.told.append(step)
        if len(self.told) == self.stops_after:
            self.task.cancel()
        QCoreApplication.processEvents()  # as a progress dialog does

    @property
    def is_over(self) -> bool:
        return bool(self.ended or self.errors)


@pytest.fixture
def parent(qapp: QCoreApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def test_steps_follow_each_other_and_events_are_handled_between_them(parent: QObject, qtbot: QtBot) -> None:
    seen: list[int] = []
    followed = Followed(parent)
    beat = QTimer(parent)
    beat.timeout.connect(lambda: seen.append(len(followed.told)))
    beat.start()
    assert followed.told == [], "nothing runs at once"
    qtbot.waitUntil(lambda: followed.is_over)
    assert followed.told == [(number, STEPS) for number in range(1, STEPS + 1)]
    assert followed.ended == [42]
    assert len(set(seen)) > 2
    followed.task.cancel()
    assert followed.ended == [42], "it has ended"


def test_cancelled_work_is_closed_and_ends_without_a_result(parent: QObject, qtbot: QtBot) -> None:
    followed = Followed(parent, stops_after=2)
    qtbot.waitUntil(lambda: followed.is_over)
    assert followed.is_closed
    assert followed.ended == [None]
    qtbot.waitUntil(lambda: not parent.findChildren(StepTask))
    assert len(followed.told) == 2


def test_an_error_is_told(parent: QObject, qtbot: QtBot) -> None:
    followed = Followed(parent, fails=AppError("Nothing came of it."))
    qtbot.waitUntil(lambda: followed.is_over)
    assert [str(error) for error in followed.errors] == ["Nothing came of it."]
    assert followed.ended == []


def test_a_bug_is_told_and_reaches_the_crash_handler(parent: QObject, qtbot: QtBot) -> None:
    followed = Followed(parent, fails=ZeroDivisionError("no such page"))
    with qtbot.capture_exceptions() as raised:
        qtbot.waitUntil(lambda: followed.is_over)
    assert [kind for kind, _error, _trace in raised] == [ZeroDivisionError]
    (error,) = followed.errors
    assert isinstance(error, UnexpectedError)
    assert "no such page" in str(error)
