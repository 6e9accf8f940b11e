"""Runs the core's `check_history` off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.encryption.keys import Key
    from desktop.core.records import backup_file, verifying
    from desktop.core.records.check_results import Checked
else:
    backup_file, verifying = Late("desktop.core.records.backup_file"), Late("desktop.core.records.verifying")


def check_history(
    tasks: Tasks,
    folder: Path,
    done: Callable[[Checked | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
    *,
    with_images: bool,
    key: Key | None,
) -> Task:
    """Check the history of a data folder against its seal; the history stays in use meanwhile.

    `key` is the history's, if it is encrypted.
    `progress` gets (what is checked, how much there is); `done` gets None if the task was cancelled.
    """

    def work(task: Task) -> Checked | None:
        try:
            return verifying.check_history(
                folder,
                with_images=with_images,
                key=key,
                progress=lambda now, total: task.report((now, total)),
                is_stopped=task.cancelled.is_set,
            )
        except backup_file.Stopped:
            return None

    return tasks.run(Lane.BACKUP, work, done, failed, progress)
