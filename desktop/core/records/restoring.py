"""Restoring a backup: unpacked and checked beside the present data, which are kept when it takes their place."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import make_folder, private
from desktop.core.records.backup_file import (
    BESIDE,
    IMAGE,
    BackupFile,
    Manifest,
    Progress,
    Step,
    altered_backup,
    damaged_backup,
    explained,
    no_backup,
    opened,
    read_manifest,
)
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.erasing_again import erase_again, noted
from desktop.core.records.foreign_database import AlteredError, look
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.restore_step import BEFORE, JOURNAL, UNPACKED, finish_restore, put_in_place
from desktop.core.records.schema import FILE_NAME, FIRST_WITH_ORIGIN
from desktop.core.whole_files import sync_folder


@dataclass(frozen=True)
class Restored:
    """A backup that is the history now; `before` is the folder with what was there until then, None where nothing was."""

    manifest: Manifest
    before: Path | None


def restore_backup(
    path: Path,
    folder: Path,
    *,
    now: datetime,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Restored:
    """Make a backup the history of a data folder; what is there now is kept, in a folder of its own within it.

    The history must be closed. Nothing of it is touched before the whole backup was unpacked and checked, and then it is
    replaced whole or not at all (`restore_step`). Patients who were erased from the present history stay erased.

    Args:
        path: the backup.
        folder: the data folder; it need not exist.
        now: the time, in the user's zone, for the name of the folder in which the present data are kept.
        progress: told how far it is, by the bytes that were unpacked.
        is_stopped: asked now and then, until what is there is about to be replaced.

    Raises:
        RecordsError: the file is no backup, a newer one, damaged or altered, or the data folder cannot be written.
        Stopped: `is_stopped` said so.
    """
    manifest = read_manifest(path)
    with explained(folder), closing(_in_use(folder)):
        finish_restore(folder)
        with _place_to_unpack(folder) as unpacked:
            with opened(path) as backup:
                _unpack(
                    path,
                    backup,
                    unpacked,
                    manifest,
                    Step(_space_for(backup, path, manifest, folder), progress, is_stopped),
                )
            _check(path, unpacked, manifest, is_stopped)
            _bring_up_to_date(path, folder, unpacked, manifest, now)
            before = _unused(folder, f"{BEFORE}{now:%Y-%m-%d %H.%M.%S}")
            put_in_place(folder, unpacked, before)
    return Restored(manifest, before if before.exists() else None)


@contextmanager
def _place_to_unpack(folder: Path) -> Iterator[Path]:
    unpacked = Path(tempfile.mkdtemp(dir=folder, prefix=UNPACKED))
    try:
        yield unpacked
    finally:
        if not (folder / JOURNAL).exists():  # else it is needed still, to go on
            shutil.rmtree(unpacked, ignore_errors=True)


def _space_for(backup: BackupFile, path: Path, manifest: Manifest, folder: Path) -> int:
    """Return the bytes that a backup takes; see that they are there before anything is written.

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
    """Tell whether a name is one that a backup has; what else a zip may hold never becomes a path."""
    return name in {FILE_NAME, *BESIDE} or IMAGE.fullmatch(name) is not None


def _unpack(path: Path, backup: BackupFile, target: Path, manifest: Manifest, step: Step) -> None:
    for name, sha256 in manifest.files.items():
        image = IMAGE.fullmatch(name)
        if image is not None and image[2] != sha256:
            raise altered_backup(path)
        file = target.joinpath(*PurePosixPath(name).parts)
        make_folder(file.parent)
        with open(file, "xb", opener=private) as written:
            found = step.copy(backup.chunks(name), written)
            written.flush()
            os.fsync(written.fileno())
        if found != sha256:
            raise damaged_backup(path)


def _check(path: Path, unpacked: Path, manifest: Manifest, is_stopped: Callable[[], bool]) -> None:
    """See that what was unpacked is a history that LesionLens wrote, with the images that the backup names.

    Raises:
        RecordsError: it is not.
        Stopped: `is_stopped` said so.
    """
    try:
        found = look(unpacked / FILE_NAME, is_stopped)
    except AlteredError as error:
        raise altered_backup(path) from error
    except sqlite3.DatabaseError as error:
        raise damaged_backup(path) from error
    said = (manifest.layout, manifest.entries, manifest.patients)
    images = {name for name in manifest.files if IMAGE.fullmatch(name)}
    if (found.layout, found.entries, found.patients) != said or not images <= set(found.images):
        raise altered_backup(path)


def _bring_up_to_date(path: Path, folder: Path, unpacked: Path, manifest: Manifest, now: datetime) -> None:
    """Open what was unpacked as it is going to be opened, and erase whom the present history has erased.

    Raises:
        RecordsError: it cannot be.
    """
    had_origin = manifest.layout >= FIRST_WITH_ORIGIN
    try:
        erase_again(unpacked, noted(folder), had_origin=had_origin, now=lambda: now)
    except sqlite3.DatabaseError as error:
        raise damaged_backup(path) from error
    for name in (IN_USE, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (unpacked / name).unlink(missing_ok=True)
    for changed, _folders, _files in os.walk(unpacked):
        sync_folder(Path(changed))


def _in_use(folder: Path) -> FolderUse:
    make_folder(folder)
    return FolderUse(folder / IN_USE)


def _unused(folder: Path, name: str) -> Path:
    """Return a folder that is not there yet."""
    number = 1
    path = folder / name
    while path.exists():
        number += 1
        path = folder / f"{name} ({number})"
    return path
