"""Exclusive and shared locks that the system releases when their process ends, however it ends.

They are SQLite's locks on an empty file, the only ones of the standard library that work alike on Linux, Windows, macOS and
shared folders. Nothing is ever written into the file.
"""

import errno
import logging
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from desktop.core.private_files import make_file

logger = logging.getLogger(__name__)

_PATIENCE = 30
"""Seconds to wait for another program that has a folder to itself: as long as its cleaning up may take."""


_held: set[tuple[int, int]] = set()
"""Device and number of each lock file that this process has open."""
_changes_held = Lock()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file while the block runs; it is created before and removed afterwards.

    A file left by a killed run is taken over.

    Raises:
        BlockingIOError: another run holds it.
        OSError: the file cannot be made here, or the file system knows no locks.
    """
    with _opened(path) as made, closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise _taken(path) from error
            raise OSError(errno.ENOLCK, str(error), str(path)) from error
        if not _is_still(path, made):  # who held it until now has removed it: this lock is on a file without a name
            raise _taken(path)
        try:
            yield
        finally:
            if sys.platform != "win32":  # while it is held, so that nobody can have locked what is removed
                _remove(path)
    if sys.platform == "win32":  # which removes no file that is open, be it by us or by the next run
        _remove(path)


@contextmanager
def _opened(path: Path) -> Iterator[os.stat_result]:
    """Keep the file open, so that no other file can get its number, by which it is known again.

    Closing a file ends every POSIX lock of the process on it, so one that is open already is not opened a second time.
    """
    with _changes_held:
        with suppress(FileNotFoundError):
            if _number(path.stat()) in _held:
                raise _taken(path)
        file = path.open("ab")  # where it cannot be made the system says why, and SQLite does not
        made = os.fstat(file.fileno())
        _held.add(_number(made))
    try:
        yield made
    finally:
        with _changes_held:
            file.close()
            _held.discard(_number(made))


def _number(file: os.stat_result) -> tuple[int, int]:
    return file.st_dev, file.st_ino


def _taken(path: Path) -> BlockingIOError:
    return BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))


class FolderUse:
    """Marks a folder as in use until closed; any number of programs may use it at the same time."""

    def __init__(self, file: Path) -> None:
        """Begin to use a folder.

        Args:
            file: the lock's file in the folder; it is made, and stays.
        """
        self._connection: sqlite3.Connection | None = None
        try:
            make_file(file)
            self._connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._share()
        except (
            OSError,
            sqlite3.Error,
        ) as error:  # where there are no locks nobody can be alone, and nothing is tidied up
            logger.warning("a folder's lock cannot be had: %s", error)
            self.close()

    @property
    def is_held(self) -> bool:
        """Whether the lock is held; it cannot be where the file system knows no locks."""
        return self._connection is not None

    def close(self) -> None:
        """Use the folder no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether nobody else uses the folder; nobody can start to while the block runs."""
        connection = self._connection
        if connection is None:
            yield False
            return
        connection.execute("ROLLBACK")
        try:
            try:
                connection.execute("PRAGMA busy_timeout = 0")
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
                return
            try:
                yield True
            finally:
                connection.execute("ROLLBACK")
        finally:
            connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
            self._share()

    def _share(self) -> None:
        if self._connection is not None:
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _is_still(path: Path, made: os.stat_result) -> bool:
    with suppress(FileNotFoundError):
        return _number(path.stat()) == _number(made)
    return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # a leftover lock file does no harm
        if not path.stat().st_size:  # else it is no file of ours
            path.unlink()
