"""Prepares a data folder and its history's file for use: checks both, and brings the file up to date."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.core.encryption.keys import Key
from desktop.core.encryption.start_check import is_encrypted_with_key_file
from desktop.core.errors import RecordsError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.private_files import make_file, make_folder, take_from_others
from desktop.core.records.connecting import use_rows
from desktop.core.records.copying import back_up_automatically
from desktop.core.records.data_folder import IN_USE, JOURNAL, OURS
from desktop.core.records.database_errors import ALTERED, DAMAGED, ENCRYPTED, FOREIGN, FULL, LOST, NOT_WRITABLE, is_full
from desktop.core.records.images import IMAGES
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.migrating import bring_up_to_date
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.schema import APPLICATION_ID, FILE_NAME
from desktop.core.records.shares import Partition, is_on_network
from desktop.core.records.soundness import has_our_tables, names_outside
from desktop.core.records.transactions import transaction

if TYPE_CHECKING:
    from desktop.core.records import restore_step
else:
    restore_step = Late("desktop.core.records.restore_step")

_PATIENCE, _PAUSE = 2.0, 0.05
"""Seconds to wait for another program that uses a history which has to be migrated, and between two looks."""


def prepare_folder(folder: Path, partitions: Sequence[Partition] | None, *, is_locked: bool) -> Path:
    """Make a data folder ready; return its history's file, which is created if there is none.

    Args:
        folder: the data folder.
        partitions: the mounted file systems; None asks the system.
        is_locked: whether the history's key is not known, so that an encrypted one is refused.

    Raises:
        RecordsError: the folder cannot be used, or its history is lost or encrypted.
    """
    if is_on_network(folder, partitions):
        raise RecordsError(
            tr(
                "“{folder}” is on a network share, where a history cannot be kept safely. "
                "Choose a folder on this computer with --data-dir."
            ),
            folder=folder,
        )
    path = folder / FILE_NAME
    try:
        make_folder(folder)
        if (folder / JOURNAL).exists():
            restore_step.finish_restore(folder)
        take_from_others(folder, OURS)
        is_there = path.exists()
        # SQLite would make a new history, though images were kept with one.
        is_lost = not (is_there and path.stat().st_size) and any((folder / IMAGES).glob("*/*"))
        if not is_lost:
            make_file(path)  # SQLite would let the umask decide who may read it
    except OSError as error:
        if is_full(error):
            raise RecordsError(FULL, file=path) from error
        raise RecordsError(
            tr("The data folder “{folder}” cannot be used ({detail}). Choose another one with --data-dir."),
            folder=folder,
            detail=error.strerror or error,
        ) from error
    if is_lost:
        raise RecordsError(DAMAGED if is_there else LOST, file=path)
    if is_locked and is_encrypted_with_key_file(folder):
        raise RecordsError(ENCRYPTED, file=path)
    return path


def prepare_file(connection: sqlite3.Connection, path: Path, key: Key | None, *, is_used_here: bool = False) -> None:
    """Inspect a history's file and migrate it; it is changed only once reads alone have shown that it is ours and sound.

    Args:
        connection: just opened.
        path: the file.
        key: the history's key, if it is encrypted.
        is_used_here: whether this program itself uses the folder already, so that it cannot have it to itself.

    Raises:
        RecordsError: the file cannot be used; it was not changed.
    """
    use_rows(connection)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    try:
        # In one transaction: another window may be migrating, and the layout and the tables must match.
        with transaction(connection, "DEFERRED"):
            version = _checked_version(connection, path)
    except UnicodeDecodeError as error:  # of SQLite's own message, which repeats what it found
        raise RecordsError(DAMAGED, file=path) from error
    # 64 MB of pages stay in memory: a long history's indexes, gone through at each key of a search.
    for pragma in ("cache_size = -65536", "synchronous = FULL", "fullfsync = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    if 0 < version < LAYOUT:
        _migrate_alone(connection, path.parent, key, is_used_here=is_used_here)
    elif version < LAYOUT:
        bring_up_to_date(connection)
    connection.execute("PRAGMA foreign_keys = ON")  # a migration makes tables anew that others refer to
    if _value(connection, "PRAGMA journal_mode = WAL") != "wal":
        raise RecordsError(NOT_WRITABLE, file=path)
    # A file that may only be read opens like any other: find out now, not when the first entry is lost.
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
    finally:
        connection.execute("ROLLBACK")


def _checked_version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(_value(connection, "PRAGMA user_version"))
    application = int(_value(connection, "PRAGMA application_id"))
    is_new = not (application or version or _value(connection, "SELECT count(*) FROM sqlite_schema"))
    if not is_new and (application != APPLICATION_ID or version < 1):
        raise RecordsError(FOREIGN, file=path)
    if version > LAYOUT:
        raise RecordsError(
            tr(
                "The history “{file}” was made by a newer LesionLens (layout {found}; this one knows {own}). "
                "It was left as it is: install the newer version."
            ),
            file=path,
            found=version,
            own=LAYOUT,
        )
    # The tables first: what is in them is looked at by what the file says of itself.
    if version and not has_our_tables(connection, version):
        raise RecordsError(ALTERED, file=path)
    if _value(connection, "PRAGMA quick_check(1)") != "ok":
        raise RecordsError(DAMAGED, file=path)
    if version and names_outside(connection, version, is_opening=True):
        raise RecordsError(ALTERED, file=path)
    return version


def _migrate_alone(connection: sqlite3.Connection, folder: Path, key: Key | None, *, is_used_here: bool) -> None:
    """Migrate a history that nobody else uses: a window of an older version would go on writing, and seal nothing.

    Raises:
        RecordsError: another program uses it, or there is no room for a copy.
    """
    end = time.monotonic() + _PATIENCE
    while _value(connection, "PRAGMA user_version") < LAYOUT:
        with closing(FolderUse(folder / IN_USE)) as use, use.alone() as is_alone:
            if is_alone or is_used_here or not use.is_held:
                version = _value(connection, "PRAGMA user_version")
                if version < LAYOUT:  # another window may have migrated it before this one was alone
                    back_up_automatically(connection, folder, version, key)
                    bring_up_to_date(connection)
                return
        # A second window of this version may be doing the same, or may have just done it.
        if time.monotonic() > end:
            raise RecordsError(
                tr(
                    "The history in “{folder}” has to be brought up to date, and another window of LesionLens uses it. Close "
                    "that window, then start LesionLens again."
                ),
                folder=folder,
            )
        time.sleep(_PAUSE)


def _value(connection: sqlite3.Connection, query: str) -> Any:
    return connection.execute(query).fetchone()[0]
