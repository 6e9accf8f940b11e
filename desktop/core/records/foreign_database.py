"""Inspects a history's database from a backup without trusting it, in bounded time and memory.

The database is only read. The first query lists its tables, and nothing else is run until they are known to be ours: a view, a
trigger or an index could run for ever. Then SQLite checks that the file is sound; only then are the rows counted.
"""

# ruff: noqa: S608 - statements are put together from constants of ours

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop.core.encryption.keys import Key
from desktop.core.records.backup_file import Stopped
from desktop.core.records.connecting import connect, sqlite_errors
from desktop.core.records.damage import count_damaged
from desktop.core.records.newest import IN_BIN, is_binned
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.schema import APPLICATION_ID, FIRST_SEALED
from desktop.core.records.sealing import read_head
from desktop.core.records.soundness import has_our_tables, names_outside

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 << 20,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""The longest value that we write is a model's contract, of some kilobytes."""

_ALLOWED = frozenset(
    (
        *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_FUNCTION),
        sqlite3.SQLITE_TRANSACTION,
    )
)

_STEP = 1000
"""Instructions of SQLite's virtual machine between two checks for a stop."""
_STEPS_TO_READ_TABLES = 100
"""Reading the list of our tables takes a hundredth of it; one that goes on is none of ours."""
_SECONDS = 60
_BYTES_PER_SECOND = 2_000_000
"""A tenth of what a slow disk gives: a database for which SQLite takes longer is made to take long."""


class AlteredError(Exception):
    """A database is no history that LesionLens wrote: it has other tables, or names that lead out of the image store."""


@dataclass(frozen=True)
class DatabaseContents:
    """What there is in a history's database.

    `images` are the names of the stored ones, relative to the data folder; `damaged` is how many rows cannot be read whole;
    `head` is the end of the seal, empty before there was one.
    """

    layout: int
    entries: int
    patients: int
    images: tuple[str, ...]
    damaged: int
    head: str


def look(database: Path, is_stopped: Callable[[], bool] = lambda: False, key: Key | None = None) -> DatabaseContents:
    """Inspect the database of a backup, which nobody uses; it is not changed.

    Args:
        database: the file.
        is_stopped: polled regularly.
        key: the history's key, if it is encrypted.

    Raises:
        AlteredError: it is sound, but not what LesionLens wrote.
        Stopped: `is_stopped` said so.
        sqlite3.DatabaseError: it is damaged.
    """
    with opened_to_read(database, is_stopped, key=key) as connection:
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID or not 1 <= layout <= LAYOUT or not has_our_tables(connection, layout):
            raise AlteredError
        connection.set_progress_handler(_watch(database, is_stopped), _STEP)
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
        if names_outside(connection, layout):
            raise AlteredError
        # What is in the bin is in the backup too, but not among what is counted: the window's history counts likewise.
        (entries,) = connection.execute(f"SELECT count(*) FROM prediction WHERE id NOT IN ({IN_BIN})").fetchone()
        (patients,) = connection.execute(f"SELECT count(*) FROM patient WHERE NOT {is_binned('patient')}").fetchone()
        rows = connection.execute("SELECT DISTINCT path FROM image_place WHERE stored = 1").fetchall()
        images = tuple(sorted(os.fsdecode(path) for (path,) in rows))
        head = str(read_head(connection)) if layout >= FIRST_SEALED else ""
        return DatabaseContents(layout, entries, patients, images, count_damaged(connection), head)


@contextmanager
def opened_to_read(
    database: Path, is_stopped: Callable[[], bool], *, is_immutable: bool = True, key: Key | None = None
) -> Iterator[sqlite3.Connection]:
    """Open a database that is only read, with what SQLite runs for it limited.

    Args:
        database: its file.
        is_stopped: polled where a query takes long.
        is_immutable: whether nobody writes it: no journal that lies beside it is played back, and none is made.
        key: the history's key, if it is encrypted.

    Raises:
        AlteredError: a query took longer than it can in a history.
        Stopped: `is_stopped` said so.
        sqlite3.DatabaseError: it is damaged.
    """
    uri = f"{database.absolute().as_uri()}?mode=ro{'&immutable=1' if is_immutable else ''}"
    with closing(connect(uri, key, uri=True)) as connection:
        if key is None:  # SQLCipher's module sets no limits; but only who has the key can have made an encrypted one
            for limit, value in _LIMITS.items():
                connection.setlimit(limit, value)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
        steps = iter(range(_STEPS_TO_READ_TABLES))
        connection.set_progress_handler(lambda: next(steps, None) is None, _STEP)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        try:
            yield connection
        except UnicodeDecodeError as error:  # of SQLite's own message, which repeats what it found
            raise sqlite3.DatabaseError("damaged") from error
        except sqlite_errors() as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise (Stopped if is_stopped() else AlteredError) from error
            if isinstance(error, sqlite3.Error):
                raise
            known = sqlite3.DatabaseError(str(error))  # of SQLCipher: callers know one kind
            known.sqlite_errorcode = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            raise known from error


def _watch(database: Path, is_stopped: Callable[[], bool]) -> Callable[[], bool]:
    end = time.monotonic() + _SECONDS + database.stat().st_size / _BYTES_PER_SECOND
    return lambda: is_stopped() or time.monotonic() > end
