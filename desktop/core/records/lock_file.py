"""A lock that one run at a time can hold, and that is free as soon as that run has ended, however it ended.

It is SQLite's lock on an empty file: the one of the standard library that is the same on Linux, Windows, macOS and shared
folders, and that the system itself takes back from a process that was killed. Nothing is ever written into the file.
"""

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file while the block runs; the file is made for it and removed after it.

    A file that a killed run has left is taken over.

    Raises:
        BlockingIOError: another run holds it.
        OSError: the file cannot be made here, or the file system knows no locks.
    """
    with path.open("ab") as file:  # where it cannot be made the system says why, and SQLite does not
        made = os.fstat(file.fileno())
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path)) from error
            raise OSError(errno.ENOLCK, str(error), str(path)) from error
        if not _is_still(path, made):  # who held it until now has removed it: this lock is on a file without a name
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        try:
            yield
        finally:
            if sys.platform != "win32":  # while it is held, so that nobody can have locked what is removed
                _remove(path)
    if sys.platform == "win32":  # which removes no file that is open, be it by us or by the next run
        _remove(path)


def _is_still(path: Path, made: os.stat_result) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), made)
    return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # one that stays is in nobody's way
        if not path.stat().st_size:  # else it is no file of ours
            path.unlink()
