"""What a benchmark waits for, and for how long."""

import time

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from pytestqt.qtbot import QtBot

from benchmarks import window


class Sender(QObject):
    """Something that is waited for."""

    sent = Signal()


@pytest.fixture
def sender(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Something for which three ticks of a tenth of a second are waited."""
    monkeypatch.setattr(window, "_TICK", 100)
    monkeypatch.setattr(window, "_PATIENCE", 3)
    return Sender()


def test_time_in_which_the_machine_stands_still_does_not_count(sender: Sender) -> None:
    QTimer.singleShot(0, sender, lambda: time.sleep(0.6))
    QTimer.singleShot(650, sender, sender.sent.emit)
    window.wait(sender.sent)


def test_what_never_comes_is_told_with_where_each_thread_is(sender: Sender, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TimeoutError, match="was not emitted"):
        window.wait(sender.sent)
    assert "benchmarks/window.py" in capfd.readouterr().err
