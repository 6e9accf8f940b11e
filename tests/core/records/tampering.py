"""Changes a history's file behind the application's back, as another program with the file in its hands would."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.records.connecting import connect
from desktop.core.records.data_folder import KEYS
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from tests.core.records.old_histories import fill

KEY = Key(SecretBytes(range(MASTER_BYTES)))
"""Of the encrypted histories: whoever changes their rows must have it."""


def key_of(folder: Path) -> Key | None:
    """Return the key of a data folder's history; None if it is plain."""
    return KEY if (folder / KEYS).exists() else None


def opened(folder: Path) -> closing[sqlite3.Connection]:
    """Open the database, plain or encrypted."""
    return closing(connect(folder / FILE_NAME, key_of(folder)))


@contextmanager
def by_hand(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database without what protects its rows: no trigger, no constraint, and all triggers back at the end."""
    with opened(folder) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("BEGIN")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _name, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")


def everything(folder: Path) -> Path:
    """Fill a data folder so that each table has a row; return the folder."""
    fill(folder)
    with History.open(folder) as history:
        erased = history.people.add_patient("P-erased", "male", by="AB")
        history.people.add_lesion(erased.id, "L1", "", by="AB")
        history.erasures.erase_patient(erased.id, by="AB")
    return folder


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, with its id."""
    with opened(folder) as connection:
        connection.text_factory = bytes
        names = [name.decode() for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT rowid, * FROM {name}").fetchall() for name in names}  # noqa: S608
