"""Brings a history's file to the newest layout: an old one from layout to layout, a new one at once."""

import sqlite3

from desktop.core.records.newest_layout import LAYOUT, STATEMENTS
from desktop.core.records.schema import APPLICATION_ID, FIRST_SEALED, NEW_ORIGIN
from desktop.core.records.sealing import begin, sealed_tables
from desktop.core.records.transactions import transaction


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Bring the file of a connection to the newest layout, in one transaction: it waits for the disk once."""
    with transaction(connection, "EXCLUSIVE"):
        version = connection.execute("PRAGMA user_version").fetchone()[0]  # another window may just have done it
        if version == 0:
            _make(connection)
        elif version < LAYOUT:
            migrate(connection, version)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Carry out all migrations from a layout on; 0 begins with an empty file.

    Args:
        connection: within a transaction.
        version: the layout that the file has.
    """
    from desktop.core.records.migrations import MIGRATIONS  # noqa: PLC0415 - a dozen modules that only old files need

    for number, statements in enumerate(MIGRATIONS[version:], version + 1):
        known = sealed_tables(connection) if number > FIRST_SEALED else set()
        for statement in statements:
            connection.execute(statement)
        if number >= FIRST_SEALED:
            begin(connection, sealed_tables(connection) - known, is_first=number == FIRST_SEALED)
        connection.execute(f"PRAGMA user_version = {number}")


def _make(connection: sqlite3.Connection) -> None:
    """Make what `migrate` would make of an empty file, without its detours."""
    for statement in (f"PRAGMA application_id = {APPLICATION_ID}", *STATEMENTS, NEW_ORIGIN):
        connection.execute(statement)
    begin(connection, sealed_tables(connection), is_first=True)
    connection.execute(f"PRAGMA user_version = {LAYOUT}")
