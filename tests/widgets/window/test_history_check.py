"""Help > Check the history: what it says of a whole history and of one that was changed by hand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.core.records.history import History
from desktop.system.tasks import Lane, Task
from desktop.widgets.window.history_check import HistoryCheckDialog
from tests.core.records.history_contents import keep
from tests.core.records.tampering import by_hand
from tests.widgets.conftest import Desk


@pytest.fixture
def dialog(desk: Desk) -> HistoryCheckDialog:
    """The dialog as the menu entry opens it, over a history with two entries."""
    with History.open(desk.folder) as history:
        keep(history, "a.jpg")
        keep(history, "b.jpg")
    desk.rest()  # the window has logged its start: the seal's head stands still
    desk.parts.window.menus.actions["check history"].trigger()
    (shown,) = desk.parts.window.findChildren(HistoryCheckDialog)
    return shown


def check(desk: Desk, dialog: HistoryCheckDialog) -> list[str]:
    dialog.check_button.click()
    desk.wait(dialog.verdict.text)
    return dialog.found.toPlainText().splitlines()


def test_a_whole_history(desk: Desk, dialog: HistoryCheckDialog) -> None:
    dialog.with_images.setChecked(True)
    lines = check(desk, dialog)
    assert "The history is whole" in dialog.verdict.text()
    assert "Stored images read: 0." in lines
    with History.open(desk.folder) as history:
        assert f"Head of the seal: {history.seal_head()}" in lines


def test_changed_rows_are_named_and_can_be_copied(desk: Desk, dialog: HistoryCheckDialog) -> None:
    with by_hand(desk.folder) as connection:
        connection.execute("UPDATE prediction SET top_probability = 0.01 WHERE id = 2")
    lines = check(desk, dialog)
    assert "not as LesionLens wrote it" in dialog.verdict.text()
    assert lines[0] == "prediction 2: changed after it was written"
    dialog.copy_button.click()
    assert "prediction 2: changed after it was written\n" in QGuiApplication.clipboard().text()


def test_a_history_that_cannot_be_checked_is_said_to_be_so(desk: Desk, dialog: HistoryCheckDialog) -> None:
    desk.parts.history_service.folder = desk.folder / "nowhere"
    assert check(desk, dialog) == []
    assert "There is no history" in dialog.verdict.text()
    assert not dialog.copy_button.isEnabled()


@contextmanager
def check_under_way(desk: Desk, dialog: HistoryCheckDialog) -> Iterator[Task]:
    """Begin a check that gets no further meanwhile."""
    go_on = threading.Event()
    desk.parts.tasks.run(Lane.BACKUP, lambda _task: go_on.wait(), lambda _done: None, pytest.fail)
    try:
        dialog.check_button.click()
        assert dialog._task is not None
        yield dialog._task
    finally:
        go_on.set()


def test_a_check_can_be_stopped(desk: Desk, dialog: HistoryCheckDialog) -> None:
    with check_under_way(desk, dialog):
        assert dialog.check_button.text() == "Stop"
        dialog.check_button.click()
    desk.wait(dialog.verdict.text)
    assert dialog.verdict.text() == "Stopped."
    assert dialog.check_button.text() == "Check"


def test_a_dialog_that_is_closed_stops_its_check(desk: Desk, dialog: HistoryCheckDialog) -> None:
    with check_under_way(desk, dialog) as task:
        dialog.close()
        assert task.cancelled.is_set()
    desk.settle()
    desk.wait(lambda: not desk.parts.window.findChildren(HistoryCheckDialog))
