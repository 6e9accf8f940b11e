"""What a backup is made of, and how its file is opened, read and told from others."""

import hashlib
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.images import IMAGES
from desktop.core.records.schema import APPLICATION_ID, MIGRATIONS

MANIFEST = "backup.json"
BESIDE = ("drafts.json",)
"""Files of the data folder that belong to the history, where they are there."""
IMAGE = re.compile(rf"{IMAGES}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})(\.[a-z]{{1,5}})?")
_CHUNK = 1 << 20
VERSION = 1

UNREADABLE = (zipfile.BadZipFile, EOFError, NotImplementedError, msgspec.DecodeError)

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
class Found:
    """What there is in a history's database; `images` are the names of the stored ones, relative to the data folder."""

    layout: int
    entries: int
    patients: int
    images: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself, to be shown before it is restored.

    Raises:
        RecordsError: the file is no backup, or one of a newer version.
    """
    with explained(path), opened(path) as archive:
        try:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
        except (KeyError, msgspec.DecodeError) as error:
            raise no_backup(path) from error
    if manifest.version > VERSION or manifest.layout > len(MIGRATIONS):
        raise RecordsError(
            tr("The backup “{name}” was made by a newer LesionLens ({version}). Install that version to restore it."),
            name=path.name,
            version=manifest.app_version,
        )
    return manifest


class Step:
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


def look(database: Path) -> Found:
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
        return Found(layout, entries, patients, tuple(sorted(os.fsdecode(path) for (path,) in rows)))


def no_backup(path: Path) -> RecordsError:
    """Return the error that a file is no backup."""
    return RecordsError(tr("“{name}” is no backup of LesionLens. Choose another file."), name=path.name)


def damaged_backup(path: Path) -> RecordsError:
    """Return the error that a backup is not what was written once."""
    return RecordsError(
        tr("The backup “{name}” is damaged: nothing was restored. Choose another backup."), name=path.name
    )


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup's file.

    Raises:
        RecordsError: it is none, or it turns out to be damaged while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except UNREADABLE as error:
        raise (damaged_backup if zipfile.is_zipfile(path) else no_backup)(path) from error


@contextmanager
def explained(place: Path) -> Iterator[None]:
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
