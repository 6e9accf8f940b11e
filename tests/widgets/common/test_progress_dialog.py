"""The dialog of a long step: how far its bar goes, and what is said once the step is stopped, has ended or failed."""

import pytest
from PySide6.QtWidgets import QMainWindow, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError
from desktop.core.marking import tr
from desktop.system.tasks import Lane, Task, Tasks
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import STEPS, ProgressDialog, steps_done


@pytest.mark.parametrize(
    ("step", "steps"),
    [((0, 8), 0), ((2, 8), STEPS // 4), ((8, 8), STEPS), ((9, 8), STEPS), ((2**40, 2**41), STEPS // 2), ((0, 0), 0)],
)
def test_what_a_task_reports_is_a_share_of_the_bar(step: tuple[int, int], steps: int) -> None:
    assert steps_done(step) == steps


@pytest.mark.parametrize("is_stopped", [False, True])
def test_bar_is_not_full_before_the_end_and_its_button_stops(qtbot: QtBot, is_stopped: bool) -> None:
    window, tasks = QMainWindow(), Tasks()
    qtbot.addWidget(window)
    messages = MessageBar(window)
    dialog = ProgressDialog("It is being written…", messages, window)
    said: list[str] = []

    def work(task: Task) -> str | None:
        task.report((8, 8))
        task.cancelled.wait()
        return None if is_stopped else "written"

    dialog.follow(
        lambda tell: tasks.run(
            Lane.BACKUP, work, dialog.end(said.append, lambda: said.append("stopped")), pytest.fail, tell
        )
    )
    qtbot.waitUntil(lambda: dialog.value() == STEPS - 1)
    dialog.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["stopped" if is_stopped else "written"]
    assert messages.text() == ("Stopped: nothing was changed." if is_stopped else "")
    qtbot.waitUntil(lambda: not window.findChildren(QProgressDialog))
    tasks.close()


def test_failed_step_is_told(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    messages = MessageBar(window)
    ProgressDialog("It is being written…", messages, window).fail(AppError(tr("The disk is full.")))
    assert "The disk is full." in messages.text()
    qtbot.waitUntil(lambda: not window.findChildren(QProgressDialog))
