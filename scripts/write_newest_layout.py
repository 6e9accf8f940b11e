"""Write the tables that all migrations of the history make: `make layout`, after each new one.

A new history is made of them (`desktop/core/records/migrating.py`), and the file of a history is known by them.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop.core.records.layout_tables import digest, tables_of
from desktop.core.records.migrations import MIGRATIONS

FILE = Path(__file__).parents[1] / "desktop" / "core" / "records" / "newest_layout.py"

_TEXT = '''"""All tables of the history as they are now, written by `make layout` from the migrations: not to be edited."""

# ruff: noqa: E501, W293 - word for word as SQLite keeps them, with what migrations have added at the end of a line

LAYOUT = {layout}
"""The newest layout."""

TABLES_SHA256 = "{digest}"
"""The digest of its tables, see `soundness.has_our_tables`. It is not to be relied on alone: another SQLite may write the
text of a table that was renamed in another way."""

STATEMENTS = (
{statements}
)
"""What makes its tables, indexes and triggers in an empty file."""
'''


def text() -> str:
    """Return the module as it has to be."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statements in MIGRATIONS:
            for statement in statements:
                connection.execute(statement)
        made = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        ).fetchall()
    return _TEXT.format(
        layout=len(MIGRATIONS),
        digest=digest(tables_of(len(MIGRATIONS))),
        statements="\n".join(f'    """{statement}""",' for (statement,) in made),
    )


def main() -> None:
    """Write desktop/core/records/newest_layout.py."""
    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
