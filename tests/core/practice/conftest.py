import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.history import History
from tests.core.practice.clinic import Clinic
from tests.core.records.history_contents import START


class Clock:
    """Stands at the time it was set to, and goes on by a microsecond at each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(microseconds=1)
        return self.now


@pytest.fixture
def set_clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, set_clock: Clock) -> Iterator[History]:
    with History.open(tmp_path, now=set_clock) as opened:
        yield opened


@pytest.fixture
def clinic(history: History, set_clock: Clock) -> Clinic:
    def put(now: dt.datetime) -> None:
        set_clock.now = now

    return Clinic(history, put)
