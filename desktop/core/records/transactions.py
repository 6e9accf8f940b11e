"""Transactions of SQLite, and savepoints within them, that are rolled back if their block raises."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    """Run the block as one transaction: `DEFERRED`, `IMMEDIATE` or `EXCLUSIVE`."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:  # SQLite rolls some failures back by itself
            connection.execute("ROLLBACK")


@contextmanager
def part(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as a part of the open transaction, which can go on if the part is rolled back."""
    connection.execute("SAVEPOINT part")
    with ExitStack() as unless_done:
        unless_done.callback(_undo_part, connection)
        yield
        unless_done.pop_all()
    connection.execute("RELEASE part")


def _undo_part(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # SQLite rolls some failures back by itself, and the whole with its parts
        connection.execute("ROLLBACK TO part")
        connection.execute("RELEASE part")
