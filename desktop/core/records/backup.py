"""Backup and restore: the history and its images in one file, checked after it was written and before it is used.

The file is a zip that any computer opens: `history.sqlite3` (made by SQLite's own backup), `images/` as in the data folder,
what else belongs to the history (`_BESIDE`), and `backup.json`, which says what there must be. Moving to a new computer is a
backup here and a restore there.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.copying import copy_database
from desktop.core.records.database import FILE_NAME
from desktop.core.records.images import IMAGES
from desktop.core.records.schema import APPLICATION_ID, MIGRATIONS

_MANIFEST = "backup.json"
_BESIDE = ("drafts.json",)
"""Files of the data folder that belong to the history, where they are there."""
_IMAGE = re.compile(rf"{IMAGES}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})(\.[a-z]{{1,5}})?")
_CHUNK = 1 << 20
_VERSION = 1

_UNREADABLE = (zipfile.BadZipFile, EOFError, NotImplementedError, msgspec.DecodeError)

Progress = Callable[[int, int], None]
"""Gets the bytes that are done and those that there are in all."""


class Stopped(Exception):  # noqa: N818 - no error: the user wished it
    """The user stopped a backup or a restore; everything is as it was before."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `files` are the SHA-256 of all others in it, by name."""

    version: int
    layout: int
    app_version: str
    time: datetime
    entries: int
    patients: int
    files: dict[str, str]


@dataclass(frozen=True)
class BackedUp:
    """A backup that was written and checked. `missing` are the images that the image store has lost or that are damaged."""

    path: Path
    manifest: Manifest
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """A backup that is the history now; `before` is the folder with what was there until then, None where nothing was."""

    manifest: Manifest
    before: Path | None


def write_backup(
    folder: Path,
    target: Path,
    *,
    app_version: str,
    now: datetime,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> BackedUp:
    """Write the history of a data folder with its images into one file, and read all of it back.

    The history may be in use, by this program too; what is kept after this has begun is not in it. Linked images (those
    of whole folders) are not copied: their files lie where they are.

    Args:
        folder: the data folder.
        target: the file, which is there whole when this returns, and as it was before if it raises.
        app_version: the version of this program.
        now: the time.
        progress: told how far it is, by the bytes that were written and read back.
        is_stopped: asked now and then.

    Raises:
        RecordsError: there is no history, too little space, or what was written cannot be read back.
        Stopped: `is_stopped` said so.
    """
    source = folder / FILE_NAME
    if not source.exists():
        raise RecordsError(tr("There is no history in “{folder}” yet: nothing was backed up."), folder=folder)
    partial = target.with_name(f"{target.name}.partial")
    with _explained(target), tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as temporary:
        copy = Path(temporary) / FILE_NAME
        with closing(sqlite3.connect(source, timeout=60)) as connection:
            copy_database(connection, copy)
        found = _look(copy)
        stored = [(name, folder / name) for name in found.images]
        files = [(FILE_NAME, copy), *((name, folder / name) for name in _BESIDE if (folder / name).exists())]
        files += [(name, path) for name, path in stored if path.exists()]
        total = 2 * sum(path.stat().st_size for _name, path in files)
        if shutil.disk_usage(target.parent).free < total // 2:
            raise RecordsError(
                tr("“{folder}” has too little space: the backup takes {size} MB. Choose another place."),
                folder=target.parent,
                size=total // 2_000_000 + 1,
            )
        step = _Step(total, progress, is_stopped)
        try:
            manifest = _write(partial, files, found, step, app_version, now)
            _verify(partial, step)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    missing = [name for name, _path in stored if _is_lost(name, manifest.files)]
    return BackedUp(target, manifest, tuple(missing))


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself, to be shown before it is restored.

    Raises:
        RecordsError: the file is no backup, or one of a newer version.
    """
    with _explained(path), _opened(path) as archive:
        try:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
        except (KeyError, msgspec.DecodeError) as error:
            raise _no_backup(path) from error
    if manifest.version > _VERSION or manifest.layout > len(MIGRATIONS):
        raise RecordsError(
            tr("The backup “{name}” was made by a newer LesionLens ({version}). Install that version to restore it."),
            name=path.name,
            version=manifest.app_version,
        )
    return manifest


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
    with _explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as temporary:
            unpacked = Path(temporary)
            _unpack(path, unpacked, manifest, progress, is_stopped)
            try:
                layout = _look(unpacked / FILE_NAME).layout
            except sqlite3.DatabaseError as error:
                raise _damaged(path) from error
            if layout != manifest.layout:
                raise _damaged(path)
            before = folder / f"before restore {now:%Y-%m-%d %H.%M.%S}"
            _replace(folder, unpacked, before)
    return Restored(manifest, before if before.exists() else None)


@dataclass(frozen=True)
class _Found:
    layout: int
    entries: int
    patients: int
    images: tuple[str, ...]


class _Step:
    """Copies or reads bytes, tells how far it is, and stops when it is told to."""

    def __init__(self, total: int, progress: Progress, is_stopped: Callable[[], bool]) -> None:
        self._done = 0
        self._total = total
        self._progress = progress
        self._is_stopped = is_stopped

    def copy(self, read: IO[bytes], written: IO[bytes] | None) -> str:
        """Read all bytes, write them unless that is None; return their SHA-256."""
        digest = hashlib.sha256()
        while data := read.read(_CHUNK):
            if self._is_stopped():
                raise Stopped
            digest.update(data)
            if written is not None:
                written.write(data)
            self._done += len(data)
            self._progress(self._done, self._total)
        return digest.hexdigest()


def _look(database: Path) -> _Found:
    """Look at a database that nobody uses; it is not changed."""
    with closing(sqlite3.connect(database)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise sqlite3.DatabaseError("no history")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        (entries,) = connection.execute("SELECT count(*) FROM prediction").fetchone()
        (patients,) = connection.execute("SELECT count(*) FROM patient").fetchone()
        rows = connection.execute("SELECT DISTINCT path FROM image_place WHERE stored = 1").fetchall()
        return _Found(layout, entries, patients, tuple(sorted(os.fsdecode(path) for (path,) in rows)))


def _write(
    path: Path, files: list[tuple[str, Path]], found: _Found, step: _Step, app_version: str, now: datetime
) -> Manifest:
    hashes = {}
    with (
        open(path, "wb", opener=_for_the_owner_alone) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,  # images do not get smaller
    ):
        for name, source in files:
            with source.open("rb") as read, archive.open(name, "w", force_zip64=True) as written:
                hashes[name] = step.copy(read, written)
        manifest = Manifest(_VERSION, found.layout, app_version, now, found.entries, found.patients, hashes)
        archive.writestr(_MANIFEST, msgspec.json.encode(manifest))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _verify(path: Path, step: _Step) -> None:
    """Read a backup that was just written back from the disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
            for name, sha256 in manifest.files.items():
                with archive.open(name) as read:
                    if step.copy(read, None) != sha256:
                        raise zipfile.BadZipFile(name)
    except _UNREADABLE as error:
        raise RecordsError(
            tr("“{name}” cannot be read back as it was written: the disk may be faulty. Choose another place."),
            name=path.name.removesuffix(".partial"),
        ) from error


def _is_lost(name: str, hashes: dict[str, str]) -> bool:
    """Tell whether an image of the history is not in a backup, or is another one than it was."""
    image = _IMAGE.fullmatch(name)
    return name not in hashes or (image is not None and image[2] != hashes[name])


def _unpack(path: Path, target: Path, manifest: Manifest, progress: Progress, is_stopped: Callable[[], bool]) -> None:
    with _opened(path) as archive:
        try:
            sizes = {name: archive.getinfo(name).file_size for name in manifest.files}
        except KeyError as error:
            raise _damaged(path) from error
        if FILE_NAME not in sizes or not all(map(_belongs, sizes)):
            raise _no_backup(path)
        step = _Step(sum(sizes.values()), progress, is_stopped)
        for name, sha256 in manifest.files.items():
            file = target.joinpath(*PurePosixPath(name).parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as read, file.open("wb") as written:
                found = step.copy(read, written)
                written.flush()
                os.fsync(written.fileno())
            if found != sha256:
                raise _damaged(path)


def _belongs(name: str) -> bool:
    """Tell whether a name is one that a backup has; what else a zip may hold never becomes a path."""
    return name in {FILE_NAME, *_BESIDE} or _IMAGE.fullmatch(name) is not None


def _replace(folder: Path, unpacked: Path, before: Path) -> None:
    """Put the present data into `before` and the unpacked ones into their place, all or nothing."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)
        moved.append((source, target))

    try:
        for name in (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", FILE_NAME, IMAGES, *_BESIDE):
            if (folder / name).exists():
                move(folder / name, before / name)
        for name in (IMAGES, *_BESIDE, FILE_NAME):
            if (unpacked / name).exists():
                move(unpacked / name, folder / name)
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        if before.exists() and not any(before.iterdir()):
            before.rmdir()
        raise


def _no_backup(path: Path) -> RecordsError:
    return RecordsError(tr("“{name}” is no backup of LesionLens. Choose another file."), name=path.name)


def _damaged(path: Path) -> RecordsError:
    return RecordsError(
        tr("The backup “{name}” is damaged: nothing was restored. Choose another backup."), name=path.name
    )


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _UNREADABLE as error:
        raise (_damaged if zipfile.is_zipfile(path) else _no_backup)(path) from error


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Say what failed while a backup, or the data folder, was read or written."""
    try:
        yield
    except sqlite3.Error as error:
        raise RecordsError(
            tr("The history in “{place}” cannot be copied ({detail}). Nothing was changed."), place=place, detail=error
        ) from error
    except OSError as error:
        raise RecordsError(
            tr("“{place}” cannot be read or written ({detail}). Nothing was changed; choose another place."),
            place=place,
            detail=error.strerror or error,
        ) from error
