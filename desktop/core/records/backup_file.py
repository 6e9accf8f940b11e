"""The contents of a backup, and how its file is read without trusting it.

Reading takes bounded time and memory whoever made the file: the sizes in the zip are limited, and only a name that a backup
can contain becomes a path.
"""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated

import msgspec

from desktop.core.encryption.encrypted_file import EncryptedReader
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.records.connecting import sqlite_errors
from desktop.core.records.data_folder import BESIDE, KEYS
from desktop.core.records.database_errors import is_full
from desktop.core.records.images import IMAGES
from desktop.core.records.newest_layout import LAYOUT

MANIFEST = "backup.json"
IMAGE = re.compile(rf"{IMAGES}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})(\.[a-z]{{1,5}})?")
VERSION = 1

_CHUNK = 1 << 20
_MOST_OF_A_LIST = 64 << 20
"""Bytes of a zip's list of files, of a manifest, and of what lies beside a history: of 400,000 images and more."""
_MOST_PACKED = 64
"""How many times larger than its file a backup may be that was packed anew: images stay, a database gets ten times smaller."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Python's other decompressors unpack much at once, however little is requested."""
_ENCRYPTED = 0x1

# What reading a zip raises that is broken or made to be: zipfile checks little of what it finds.
_BROKEN = (
    *(zipfile.BadZipFile, EOFError, RuntimeError, ValueError, KeyError, IndexError),
    *(OverflowError, struct.error, zlib.error, msgspec.DecodeError),
)

Progress = Callable[[int, int], None]
"""Gets the bytes that are done and those that there are in all."""

_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 40)]


class Stopped(Exception):  # noqa: N818 - no error: the user wished it
    """The user stopped a backup or a restore; everything is as it was before."""


@frozen
class Manifest:
    """A backup's description of itself.

    `files` are the SHA-256 of all its other files, by name. `head` is that of the history's seal, empty if it had none.
    """

    version: _Count
    layout: _Count
    app_version: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z.+-]{1,40}$")]
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    entries: _Count
    patients: _Count
    files: dict[str, str]
    head: Annotated[str, msgspec.Meta(pattern="^([0-9]{1,18}:[0-9a-f]{64})?$")] = ""


class BackupFile:
    """A backup's file, opened; see `opened`. Each method may raise a RecordsError: it is none, damaged or packed anew."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, size: int) -> None:
        """Use `opened`."""
        self._path = path
        self._archive = archive
        self._size = size

    def manifest(self) -> Manifest:
        """Return the backup's manifest, which may be of a newer version."""
        with broken(self._path):
            try:
                info = self._archive.getinfo(MANIFEST)
            except KeyError as error:
                raise no_backup(self._path) from error
            self._check([info])
            if info.file_size > _MOST_OF_A_LIST:
                raise zipfile.BadZipFile
            content = self._archive.read(info)
        try:
            return msgspec.json.decode(content, type=Manifest)
        except (ValueError, RecursionError) as error:  # DecodeError, and text that is not UTF-8
            raise no_backup(self._path) from error

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the bytes of each of some files; all of them are no larger than they can be."""
        with broken(self._path):
            infos = [self._archive.getinfo(name) for name in names]
            self._check(infos)
            if any(info.filename in BESIDE and info.file_size > _MOST_OF_A_LIST for info in infos):
                raise zipfile.BadZipFile
            return {info.filename: info.file_size for info in infos}

    def key_file(self) -> bytes | None:
        """Return the key file of the history, if that is encrypted."""
        if KEYS not in self.manifest().files:
            return None
        self.sizes([KEYS])
        return b"".join(self.chunks(KEYS))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Read a file."""
        with broken(self._path), self._archive.open(name) as read:
            yield from chunks(read)

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        is_readable = all(info.compress_type in _METHODS and not info.flag_bits & _ENCRYPTED for info in infos)
        if not is_readable or sum(info.file_size for info in infos) > _MOST_PACKED * self._size:
            raise RecordsError(
                tr("“{name}” was packed or encrypted by another program. Choose the file as LesionLens wrote it."),
                name=self._path.name,
            )


class ByteCopy:
    """Copies or reads bytes, tells how far it is, and stops when it is told to."""

    def __init__(self, total: int, progress: Progress, is_stopped: Callable[[], bool]) -> None:
        self._done = 0
        self._total = total
        self._progress = progress
        self._is_stopped = is_stopped

    def copy(self, read: Iterable[bytes], written: IO[bytes] | None) -> str:
        """Take all bytes, write them unless that is None; return their SHA-256."""
        digest = hashlib.sha256()
        for data in read:
            if self._is_stopped():
                raise Stopped
            digest.update(data)
            if written is not None:
                written.write(data)
            self._done += len(data)
            self._progress(self._done, self._total)
        return digest.hexdigest()


def chunks(read: IO[bytes]) -> Iterator[bytes]:
    """Read a file piece by piece."""
    while data := read.read(_CHUNK):
        yield data


def read_manifest(path: Path, key: Key | None = None) -> Manifest:
    """Return a backup's manifest, to be shown before it is restored.

    Args:
        path: the backup.
        key: its key, if it is encrypted.

    Raises:
        RecordsError: the file is no backup, or one of a newer version.
    """
    with file_errors_explained(path), opened(path, key) as backup:
        manifest = backup.manifest()
    if manifest.version > VERSION or manifest.layout > LAYOUT:
        raise RecordsError(
            tr("The backup “{name}” was made by a newer LesionLens ({version}). Install that version to restore it."),
            name=path.name,
            version=manifest.app_version,
        )
    return manifest


def no_backup(path: Path) -> RecordsError:
    """Return the error that a file is no backup."""
    return RecordsError(tr("“{name}” is no backup of LesionLens. Choose another file."), name=path.name)


def damaged_backup(path: Path) -> RecordsError:
    """Return the error that a backup is not as it was written."""
    return RecordsError(
        tr("The backup “{name}” is damaged: nothing was restored. Choose another backup."), name=path.name
    )


def altered_backup(path: Path) -> RecordsError:
    """Return the error that a backup's contents are not what LesionLens writes."""
    return RecordsError(
        tr("The backup “{name}” was altered by another program: nothing was restored. Choose another backup."),
        name=path.name,
    )


@contextmanager
def opened(path: Path, key: Key | None = None) -> Iterator[BackupFile]:
    """Open a backup's file.

    Args:
        path: the file.
        key: its key, if it is encrypted.

    Raises:
        RecordsError: it is no backup, or it is encrypted and damaged.
        OSError: it cannot be read.
    """
    with broken(path):
        read = _ZipReader(path, key)
    with read as file:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise (damaged_backup if key else no_backup)(path) from error
        with archive:
            yield BackupFile(path, archive, file.size)


@contextmanager
def broken(path: Path) -> Iterator[None]:
    """Report a backup as damaged if reading its zip fails."""
    try:
        yield
    except _BROKEN as error:
        raise damaged_backup(path) from error


@contextmanager
def file_errors_explained(place: Path) -> Iterator[None]:
    """Explain a failure to read or write a backup or the data folder."""
    try:
        yield
    except sqlite_errors(OSError) as error:
        if is_full(error):
            raise RecordsError(
                tr("The disk of “{place}” is full. Nothing was changed; free some space, or choose another place."),
                place=place,
            ) from error
        if isinstance(error, OSError):
            raise RecordsError(
                tr("“{place}” cannot be read or written ({detail}). Nothing was changed; choose another place."),
                place=place,
                detail=error.strerror or error,
            ) from error
        raise RecordsError(
            tr("The history in “{place}” cannot be copied ({detail}). Nothing was changed."), place=place, detail=error
        ) from error


class _ZipReader(io.BufferedReader):
    """A zip's file, of which no more is read at once than a list of files can take: zipfile believes what the file says."""

    def __init__(self, path: Path, key: Key | None) -> None:
        super().__init__(io.FileIO(path) if key is None else EncryptedReader(path, key))
        self.size = self.seek(0, io.SEEK_END)

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.size - self.tell() if size is None or size < 0 else size
        if wanted > _MOST_OF_A_LIST:
            raise zipfile.BadZipFile
        return super().read(wanted)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        try:
            return super().seek(offset, whence)
        except OSError as error:  # before the beginning of the file
            raise zipfile.BadZipFile from error
