"""Is a database what LesionLens wrote? Its tables are ours word by word, and no name in it leads out of the image store.

Tables, triggers, views and indexes are code that SQLite runs whenever the file is used, and a name of the image store becomes
a path that is read, copied into backups and deleted. A file that comes from elsewhere could bring both.
"""

import sqlite3

from desktop.core.records.images import EXTENSIONS, IMAGES
from desktop.core.records.layout_tables import digest, tables_in, tables_of
from desktop.core.records.newest_layout import LAYOUT, TABLES_SHA256

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
    found = tables_in(connection)
    if layout == LAYOUT and digest(found) == TABLES_SHA256:
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
