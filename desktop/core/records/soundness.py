"""Is a database what LesionLens wrote? Its tables are ours word by word, and no name in it leads out of the image store.

Tables, triggers, views and indexes are code that SQLite runs whenever the file is used, and a name of the image store becomes
a path that is read, copied into backups and deleted. A file that comes from elsewhere could bring both.
"""

import hashlib
import re
import sqlite3
from contextlib import closing
from functools import cache

from desktop.core.records.images import EXTENSIONS, IMAGES
from desktop.core.records.schema import MIGRATIONS, TABLES_SHA256

Schema = frozenset[tuple[str | None, ...]]
"""The type, name, table and normalised SQL of each row of sqlite_schema."""

_SCHEMA = "SELECT type, name, tbl_name, substr(sql, 1, 10000) FROM sqlite_schema LIMIT 1000"
"""Longer and more than ours are: what a stranger wrote must not take long to compare."""

_PARTS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|(?:--[^\n]*|\s)+""")
"""What is quoted, or else comments and space: SQLite keeps them with the tables, and comments were corrected since."""

_HASHES = (("image", 1), ("batch_row", 1), ("erasure_left", 4), ("batch_shown", 5))
"""Tables whose `sha256` names files of the image store, and the layout that brought each."""

_DELETED_BY_NAME = {"erasure_left"}

# A text may go on behind a NUL, where GLOB and length() stop.
_NO_HASH = "(length(CAST(sha256 AS BLOB)) <> 64 OR sha256 GLOB '*[^0-9a-f]*')"

_STORED = f"CAST('{IMAGES}/' || substr(image.sha256, 1, 2) || '/' || image.sha256 AS BLOB)"
_OUTSIDE = f"""
    SELECT 1 FROM image_place LEFT JOIN image ON image.id = image_place.image
    WHERE stored = 1 AND (substr(path, 1, {len(IMAGES) + 68}) = {_STORED}
        AND substr(path, {len(IMAGES) + 69}) IN ({", ".join(f"x'{end.encode().hex()}'" for end in EXTENSIONS)})) IS NOT TRUE
"""  # noqa: S608 - constants of ours


def has_our_tables(connection: sqlite3.Connection, layout: int) -> bool:
    """Tell whether a database has exactly the tables, triggers, views and indexes of a layout, word by word.

    Those of the newest layout are recognised by their digest: making them to compare takes longer than opening a history.
    """
    found = _schema_of(connection)
    if layout == len(MIGRATIONS) and digest(found) == TABLES_SHA256:
        return True
    return found == tables_of(layout)


def names_outside(connection: sqlite3.Connection, layout: int, *, is_opening: bool = False) -> bool:
    """Tell whether a database with our tables has a name that is none of the image store's.

    With `is_opening` most hashes are not looked at, which takes seconds in a long history: the image store takes no other.
    """
    tables = [
        table for table, since in _HASHES if since <= layout and not (is_opening and table not in _DELETED_BY_NAME)
    ]
    queries = [f"SELECT 1 FROM {table} WHERE {_NO_HASH}" for table in tables]  # noqa: S608 - our tables
    return connection.execute(" UNION ALL ".join((_OUTSIDE, *queries)) + " LIMIT 1").fetchone() is not None


def digest(tables: Schema) -> str:
    """Return the SHA-256 of tables, triggers, views and indexes in hexadecimal digits."""
    return hashlib.sha256(repr(sorted(map(repr, tables))).encode()).hexdigest()


@cache
def tables_of(layout: int) -> Schema:
    """Return the tables, triggers, views and indexes that the migrations to a layout make."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statements in MIGRATIONS[:layout]:
            for statement in statements:
                connection.execute(statement)
        return _schema_of(connection)


def _schema_of(connection: sqlite3.Connection) -> Schema:
    return frozenset(
        (kind, name, table, None if sql is None else _PARTS.sub(lambda part: part[1] or " ", sql))
        for kind, name, table, sql in connection.execute(_SCHEMA)
    )
