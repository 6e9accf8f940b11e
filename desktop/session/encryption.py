"""Encrypts and decrypts the history off the GUI thread, with its drafts.

`progress` gets (bytes done, bytes in all); `done` gets True, or None if the task was cancelled: then nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.encryption.keys import Key
    from desktop.core.encryption.passphrase import Passphrase
    from desktop.core.records import backup_file, converting, key_file
else:
    backup_file, converting = Late("desktop.core.records.backup_file"), Late("desktop.core.records.converting")
    key_file = Late("desktop.core.records.key_file")


def encrypt(
    history_service: HistoryService,
    key: Key,
    passphrase: Passphrase,
    done: Callable[[bool | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    """Encrypt the history with a new key."""
    return _convert(
        history_service,
        key,
        lambda task: converting.encrypt_history(
            history_service.folder,
            key,
            passphrase,
            progress=lambda now, total: task.report((now, total)),
            is_stopped=task.cancelled.is_set,
        ),
        done,
        failed,
        progress,
    )


def decrypt(
    history_service: HistoryService,
    done: Callable[[bool | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    """Decrypt the history.

    Raises:
        ValueError: it is not encrypted.
    """
    key = history_service.key
    if key is None:
        raise ValueError("the history is not encrypted")
    return _convert(
        history_service,
        None,
        lambda task: converting.decrypt_history(
            history_service.folder,
            key,
            progress=lambda now, total: task.report((now, total)),
            is_stopped=task.cancelled.is_set,
        ),
        done,
        failed,
        progress,
    )


def change_passphrase(
    tasks: Tasks,
    history_service: HistoryService,
    old: Passphrase,
    new: Passphrase,
    done: Callable[[None], None],
    failed: Callable[[AppError], None],
) -> None:
    """Have a new passphrase open the history; `failed` gets a PassphraseError if the old one is wrong."""

    def work(_task: Task) -> None:
        key = key_file.unlock_history(history_service.folder, old)
        key_file.write_key_file(history_service.folder, key, new)

    tasks.run(Lane.BACKUP, work, done, failed)


def _convert(
    history_service: HistoryService,
    new_key: Key | None,
    convert: Callable[[Task], None],
    done: Callable[[bool | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    def work(task: Task) -> bool | None:
        try:
            convert(task)
        except backup_file.Stopped:
            return None
        history_service.use_key(new_key)
        return True

    return history_service.replace(work, done, failed, progress)
