"""Restores a backup: it is unpacked and checked beside the present data, which are set aside when it replaces them."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from desktop.core.encryption.file_cipher import FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import make_folder, private
from desktop.core.records.audit_acts import Action
from desktop.core.records.backup_file import (
    IMAGE,
    BackupFile,
    ByteCopy,
    Manifest,
    Progress,
    Stopped,
    altered_backup,
    damaged_backup,
    file_errors_explained,
    no_backup,
    opened,
    read_manifest,
)
from desktop.core.records.connecting import sqlite_errors
from desktop.core.records.converting_database import convert_database
from desktop.core.records.converting_images import convert_images
from desktop.core.records.data_folder import BEFORE, BESIDE, IN_USE, KEYS
from desktop.core.records.entries import time_text
from desktop.core.records.erasing_again import PresentHistory, erase_again, read_present
from desktop.core.records.foreign_database import AlteredError, look
from desktop.core.records.history import History
from desktop.core.records.images import IMAGES, holds_image
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.restore_step import finish_restore, place_to_unpack, put_in_place
from desktop.core.records.schema import FILE_NAME, FIRST_WITH_ORIGIN
from desktop.core.records.unlocking import BackupKeys
from desktop.core.whole_files import sync_folder

NO_KEYS = BackupKeys()


@dataclass(frozen=True)
class Restored:
    """A restored backup.

    `before` is the folder with the earlier data, or None if there were none; `is_other` tells whether they were of another
    history than the backup.
    """

    manifest: Manifest
    before: Path | None
    is_other: bool = False


def restore_backup(
    path: Path,
    folder: Path,
    *,
    now: datetime,
    keys: BackupKeys = NO_KEYS,
    present_key: Key | None = None,
    by: str = "",
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Restored:
    """Make a backup the history of a data folder; the present data are set aside in a folder within it.

    The history must be closed. It is untouched until the whole backup has been unpacked and checked, and is then replaced
    completely or not at all (`restore_step`). Patients erased from the present history stay erased. The restored history's
    audit log says that it was restored.

    Args:
        path: the backup.
        folder: the data folder; it need not exist.
        now: the time, in the user's zone, for the name of the folder in which the present data are kept.
        keys: the backup's keys, if it is encrypted.
        present_key: the present history's key, if it is encrypted: then the restored one is too, by the same key unless it
            was encrypted before.
        by: the initials of whoever restores, for the audit log.
        progress: called with the bytes that were unpacked.
        is_stopped: polled regularly until the present data are about to be replaced.

    Raises:
        RecordsError: the file is no backup, a newer one, damaged or altered, or the data folder cannot be written.
        Stopped: `is_stopped` said so.
    """
    manifest = read_manifest(path, keys.file)
    with file_errors_explained(folder), closing(_in_use(folder)):
        finish_restore(folder)
        with place_to_unpack(folder) as unpacked:
            with opened(path, keys.file) as backup:
                _unpack(
                    path,
                    backup,
                    unpacked,
                    manifest,
                    ByteCopy(_space_for(backup, path, manifest, folder), progress, is_stopped),
                )
            _check(path, unpacked, manifest, keys.history, is_stopped)
            present = read_present(folder, present_key)
            is_other = _bring_up_to_date(path, unpacked, manifest, keys.history, present, now, by)
            before = _unused(folder, f"{BEFORE}{now:%Y-%m-%d %H.%M.%S}")
            if present_key is None or keys.history is not None:
                put_in_place(folder, unpacked, before)
            else:
                with place_to_unpack(folder) as encrypted:
                    shutil.copyfile(folder / KEYS, encrypted / KEYS)
                    _encrypt(unpacked, encrypted, present_key, is_stopped)
                    put_in_place(folder, encrypted, before)
    return Restored(manifest, before if before.exists() else None, is_other)


def _space_for(backup: BackupFile, path: Path, manifest: Manifest, folder: Path) -> int:
    """Return the bytes that a backup takes; check before anything is written that they are free.

    Raises:
        RecordsError: there is too little space, or the backup has other files than one may have.
    """
    if FILE_NAME not in manifest.files or not all(map(_belongs, manifest.files)):
        raise no_backup(path)
    size = sum(backup.sizes(manifest.files).values())
    if shutil.disk_usage(folder).free < size:
        raise RecordsError(
            tr("“{folder}” has too little space: the backup takes {size} MB. Free some space, then try again."),
            folder=folder,
            size=size // 1_000_000 + 1,
        )
    return size


def _belongs(name: str) -> bool:
    """Tell whether a name belongs in a backup; any other name in the zip never becomes a path."""
    return name in {FILE_NAME, *BESIDE} or IMAGE.fullmatch(name) is not None


def _unpack(path: Path, backup: BackupFile, target: Path, manifest: Manifest, step: ByteCopy) -> None:
    for name, sha256 in manifest.files.items():
        image = IMAGE.fullmatch(name)
        if image is not None and image[2] != sha256 and KEYS not in manifest.files:
            raise altered_backup(path)
        file = target.joinpath(*PurePosixPath(name).parts)
        make_folder(file.parent)
        with open(file, "xb", opener=private) as written:
            found = step.copy(backup.chunks(name), written)
            written.flush()
            os.fsync(written.fileno())
        if found != sha256:
            raise damaged_backup(path)


def _check(path: Path, unpacked: Path, manifest: Manifest, key: Key | None, is_stopped: Callable[[], bool]) -> None:
    """Check that the unpacked files are a history that LesionLens wrote, with the images that the backup names.

    Raises:
        RecordsError: it is not.
        Stopped: `is_stopped` said so.
    """
    try:
        found = look(unpacked / FILE_NAME, is_stopped, key)
    except AlteredError as error:
        raise altered_backup(path) from error
    except sqlite3.DatabaseError as error:
        raise damaged_backup(path) from error
    stated = (manifest.layout, manifest.entries, manifest.patients, manifest.head)
    images = {name for name in manifest.files if IMAGE.fullmatch(name)}
    if (found.layout, found.entries, found.patients, found.head) != stated or not images <= set(found.images):
        raise altered_backup(path)
    if key is not None:
        cipher = FileCipher(key)
        for name in images:
            if is_stopped():
                raise Stopped
            if not holds_image(unpacked.joinpath(*PurePosixPath(name).parts), cipher):
                raise altered_backup(path)


def _bring_up_to_date(
    path: Path,
    unpacked: Path,
    manifest: Manifest,
    key: Key | None,
    present: PresentHistory | None,
    now: datetime,
    by: str,
) -> bool:
    """Open and migrate the unpacked history, log the restore in it, and erase from it whom the present history has erased.

    Returns:
        Whether the present history is another one.

    Raises:
        RecordsError: it cannot be.
    """
    had_origin = manifest.layout >= FIRST_WITH_ORIGIN
    try:
        erase_again(unpacked, present, had_origin=had_origin, now=lambda: now, key=key)
        with History.open(unpacked, now=lambda: now, key=key) as history:
            is_other = had_origin and present is not None and history.origin() != present.origin
            history.mark_restored(None if present is None else present.head)
            history.audit.note(Action.RESTORED, {"backup of": time_text(manifest.time)}, by=by)
    except sqlite_errors() as error:
        raise damaged_backup(path) from error
    for name in (IN_USE, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (unpacked / name).unlink(missing_ok=True)
    for changed, _folders, _files in os.walk(unpacked):
        sync_folder(Path(changed))
    return is_other


def _encrypt(unpacked: Path, encrypted: Path, key: Key, is_stopped: Callable[[], bool]) -> None:
    """Encrypt an unpacked history into another folder, which has the key file; its images move there."""

    def step(_path: Path) -> None:
        if is_stopped():
            raise Stopped

    convert_database(unpacked, encrypted, None, key, is_stopped)
    convert_images(unpacked, key, step, is_encrypted=True)
    if (unpacked / IMAGES).exists():
        (unpacked / IMAGES).rename(encrypted / IMAGES)
    sync_folder(encrypted)


def _in_use(folder: Path) -> FolderUse:
    make_folder(folder)
    return FolderUse(folder / IN_USE)


def _unused(folder: Path, name: str) -> Path:
    """Return a folder that does not exist yet."""
    number = 1
    path = folder / name
    while path.exists():
        number += 1
        path = folder / f"{name} ({number})"
    return path
