"""The sentences for the failures of the history's SQLite file."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.connecting import sqlite_errors

DAMAGED = tr(
    "The history “{file}” is damaged. It was left as it is: restore a backup, or choose another folder with --data-dir."
)
FOREIGN = tr(
    "“{file}” is no history of LesionLens, or its beginning is damaged. It was left as it is: "
    "choose another folder with --data-dir."
)
ALTERED = tr(
    "The history “{file}” was altered by another program. It was left as it is: restore a backup, or choose another folder "
    "with --data-dir."
)
LOST = tr(
    "The history “{file}” is missing, though images of it are there. No new one was made: restore a backup, or choose another "
    "folder with --data-dir."
)
ENCRYPTED = tr("The history “{file}” is encrypted. Open it with LesionLens, which asks for its passphrase.")
NOT_WRITABLE = tr("The history “{file}” cannot be written. Check the permissions of the file and of its folder.")
LOCKED = tr("The history “{file}” is locked by another program. Close the other window of LesionLens, then try again.")

FULL = tr("The disk is full: nothing was saved in “{file}”. Free some space, then try again.")

# By SQLite's primary result code. Any other code is a bug of ours and stays an sqlite3.Error.
_SENTENCES = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PERM: NOT_WRITABLE,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: NOT_WRITABLE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: FOREIGN,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: tr("The disk failed while “{file}” was used ({detail}). Check the disk, then try again."),
}


_PERHAPS_FULL = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
"""What SQLite says where there is no room for a file that it has to make beside the database."""
_LITTLE = 1 << 16
"""Bytes; less than that file takes."""


def is_full(error: BaseException) -> bool:
    """Tell whether a failure means that the disk or the user's quota is full."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Explain a failure of SQLite with the history's file; one that can only be a bug of ours stays an sqlite3.Error."""
    try:
        yield
    except sqlite_errors() as error:
        code = getattr(error, "sqlite_errorcode", None)
        sentence = None if code is None else _SENTENCES.get(code & 0xFF)
        if code is not None and code & 0xFF in _PERHAPS_FULL and shutil.disk_usage(path.parent).free < _LITTLE:
            sentence = FULL
        if sentence is None:
            raise
        raise RecordsError(sentence, file=path, detail=error) from error
