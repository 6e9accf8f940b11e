"""Runs the core's `write_backup` and `restore_backup` off the GUI thread.

`progress` gets (bytes done, bytes in all); `done` gets None if the task was cancelled, in which case nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.encryption.keys import Key
    from desktop.core.encryption.passphrase import Passphrase
    from desktop.core.records import backup, backup_file, restoring
    from desktop.core.records import history as records
    from desktop.core.records.backup import BackedUp
    from desktop.core.records.restoring import Restored
    from desktop.core.records.unlocking import BackupKeys
else:
    backup, backup_file = Late("desktop.core.records.backup"), Late("desktop.core.records.backup_file")
    restoring, records = Late("desktop.core.records.restoring"), Late("desktop.core.records.history")


def back_up(
    tasks: Tasks,
    folder: Path,
    target: Path,
    done: Callable[[BackedUp | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
    passphrase: Passphrase | None = None,
    key: Key | None = None,
) -> Task:
    """Write the history of a data folder with its images to one file; the history stays in use meanwhile.

    With a passphrase the file is encrypted. `key` is the history's, if it is encrypted.
    """

    def work(task: Task) -> BackedUp | None:
        try:
            return backup.write_backup(
                folder,
                target,
                app_version=__version__,
                now=records.utc_now(),
                passphrase=passphrase,
                key=key,
                progress=lambda now, total: task.report((now, total)),
                is_stopped=task.cancelled.is_set,
            )
        except backup_file.Stopped:
            return None

    return tasks.run(Lane.BACKUP, work, done, failed, progress)


def restore(
    history_service: HistoryService,
    path: Path,
    done: Callable[[Restored | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
    keys: BackupKeys | None = None,
) -> Task:
    """Replace the history with a backup; the present data are moved aside, not deleted.

    `keys` are the backup's, if it is encrypted.
    """
    by = history_service.initials

    def work(task: Task) -> Restored | None:
        try:
            restored = restoring.restore_backup(
                path,
                history_service.folder,
                now=records.utc_now().astimezone(),
                keys=keys or restoring.NO_KEYS,
                present_key=history_service.key,
                by=by,
                progress=lambda now, total: task.report((now, total)),
                is_stopped=task.cancelled.is_set,
            )
        except backup_file.Stopped:
            return None
        if keys is not None and keys.history is not None:
            history_service.use_key(keys.history)
        return restored

    return history_service.replace(work, done, failed, progress)
