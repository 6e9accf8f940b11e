"""The tables, triggers, views and indexes of a database as text that can be compared: as found, and as migrations make them."""

import hashlib
import re
import sqlite3
from contextlib import closing
from functools import cache

Tables = frozenset[tuple[str | None, ...]]
"""The type, name, table and normalised SQL of each row of sqlite_schema."""

_SCHEMA = "SELECT type, name, tbl_name, substr(sql, 1, 10000) FROM sqlite_schema LIMIT 1000"
"""Longer and more than ours are: what a stranger wrote must not take long to compare."""

_PARTS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|(?:--[^\n]*|\s)+""")
"""What is quoted, or else comments and space: SQLite keeps them with the tables, and comments were corrected since."""


def tables_in(connection: sqlite3.Connection) -> Tables:
    """Return the tables, triggers, views and indexes of a database."""
    return frozenset(
        (kind, name, table, None if sql is None else _PARTS.sub(lambda part: part[1] or " ", sql))
        for kind, name, table, sql in connection.execute(_SCHEMA)
    )


@cache
def tables_of(layout: int) -> Tables:
    """Return the tables, triggers, views and indexes that the migrations to a layout make."""
    from desktop.core.records.migrations import MIGRATIONS  # noqa: PLC0415 - a dozen modules that only old files need

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statements in MIGRATIONS[:layout]:
            for statement in statements:
                connection.execute(statement)
        return tables_in(connection)


def digest(tables: Tables) -> str:
    """Return the SHA-256 of tables, triggers, views and indexes in hexadecimal digits."""
    return hashlib.sha256(repr(sorted(map(repr, tables))).encode()).hexdigest()
