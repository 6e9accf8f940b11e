"""Restoring a backup: unpacked and checked beside the present data, which are kept when it takes their place."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from desktop.core.records.backup_file import (
    BESIDE,
    IMAGE,
    Manifest,
    Progress,
    Step,
    damaged_backup,
    explained,
    look,
    no_backup,
    opened,
    read_manifest,
)
from desktop.core.records.database import FILE_NAME
from desktop.core.records.images import IMAGES


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

    The history must be closed. Nothing of it is touched before the whole backup was unpacked and checked.

    Args:
        path: the backup.
        folder: the data folder; it need not exist.
        now: the time, in the user's zone, for the name of the folder in which the present data are kept.
        progress: told how far it is, by the bytes that were unpacked.
        is_stopped: asked now and then, until what is there is about to be replaced.

    Raises:
        RecordsError: the file is no backup, a newer one or damaged, or the data folder cannot be written.
        Stopped: `is_stopped` said so.
    """
    manifest = read_manifest(path)
    with explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as temporary:
            unpacked = Path(temporary)
            _unpack(path, unpacked, manifest, progress, is_stopped)
            try:
                layout = look(unpacked / FILE_NAME).layout
            except sqlite3.DatabaseError as error:
                raise damaged_backup(path) from error
            if layout != manifest.layout:
                raise damaged_backup(path)
            before = folder / f"before restore {now:%Y-%m-%d %H.%M.%S}"
            _replace(folder, unpacked, before)
    return Restored(manifest, before if before.exists() else None)


def _unpack(path: Path, target: Path, manifest: Manifest, progress: Progress, is_stopped: Callable[[], bool]) -> None:
    with opened(path) as archive:
        try:
            sizes = {name: archive.getinfo(name).file_size for name in manifest.files}
        except KeyError as error:
            raise damaged_backup(path) from error
        if FILE_NAME not in sizes or not all(map(_belongs, sizes)):
            raise no_backup(path)
        step = Step(sum(sizes.values()), progress, is_stopped)
        for name, sha256 in manifest.files.items():
            file = target.joinpath(*PurePosixPath(name).parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as read, file.open("wb") as written:
                found = step.copy(read, written)
                written.flush()
                os.fsync(written.fileno())
            if found != sha256:
                raise damaged_backup(path)


def _belongs(name: str) -> bool:
    """Tell whether a name is one that a backup has; what else a zip may hold never becomes a path."""
    return name in {FILE_NAME, *BESIDE} or IMAGE.fullmatch(name) is not None


def _replace(folder: Path, unpacked: Path, before: Path) -> None:
    """Put the present data into `before` and the unpacked ones into their place, all or nothing."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)
        moved.append((source, target))

    try:
        for name in (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", FILE_NAME, IMAGES, *BESIDE):
            if (folder / name).exists():
                move(folder / name, before / name)
        for name in (IMAGES, *BESIDE, FILE_NAME):
            if (unpacked / name).exists():
                move(unpacked / name, folder / name)
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        if before.exists() and not any(before.iterdir()):
            before.rmdir()
        raise
