"""Copies of the database file, made by SQLite's backup so that they are consistent while others write."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import make_folder
from desktop.core.records.connecting import connect, sqlite_errors
from desktop.core.records.data_folder import AUTOMATIC
from desktop.core.whole_files import whole_file


def copy_database(connection: sqlite3.Connection, target: Path, key: Key | None = None) -> None:
    """Copy a database into a new file, whole or not at all, and check the copy; that of an encrypted one has the same key.

    Raises:
        OSError: the file cannot be written.
        sqlite3.Error: the copy failed, or is damaged.
    """
    with whole_file(target) as written, closing(connect(written, key)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        _check(copy)


def back_up_automatically(
    connection: sqlite3.Connection, folder: Path, version: int, key: Key | None = None
) -> Path | None:
    """Copy a history that a migration is about to change; return the copy, or None if the history is empty.

    Args:
        connection: the history's.
        folder: the data folder.
        version: the layout that the history has.
        key: the history's key, if it is encrypted.

    Raises:
        RecordsError: the copy failed, so the migration must not run.
    """
    kept = "SELECT 1 FROM image UNION ALL SELECT 1 FROM patient UNION ALL SELECT 1 FROM batch_run LIMIT 1"
    if connection.execute(kept).fetchone() is None:
        return None
    target = folder / AUTOMATIC / f"history-layout-{version}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.sqlite3"
    try:
        make_folder(target.parent)
        copy_database(connection, target, key)
    except sqlite_errors(OSError) as error:
        raise RecordsError(
            tr(
                "The history has to be brought up to date, and no backup of it could be made in “{folder}” ({detail}). "
                "It was left as it is: free some space and check the permissions of the folder, then start again."
            ),
            folder=target.parent,
            detail=error,
        ) from error
    return target


def remove_automatic(folder: Path) -> None:
    """Delete the automatic backups of a data folder.

    Raises:
        OSError: one cannot be deleted.
    """
    for path in (folder / AUTOMATIC).glob("history-layout-*"):
        path.unlink()


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
