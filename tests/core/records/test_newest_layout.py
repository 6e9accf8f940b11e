"""A new history, which is made of the stored tables, is the same as one that went through all layouts."""

import runpy
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.encryption.keys import Key
from desktop.core.records.connecting import connect
from desktop.core.records.database import Database
from desktop.core.records.layout_tables import digest, tables_of
from desktop.core.records.migrating import migrate
from desktop.core.records.migrations import MIGRATIONS
from desktop.core.records.newest_layout import LAYOUT, TABLES_SHA256
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.verifying import check_history
from tests.core.records.tampering import KEY

ROOT = Path(__file__).parents[3]
PRAGMAS = ("application_id", "user_version", "encoding", "page_size", "auto_vacuum", "journal_mode")


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def key(request: pytest.FixtureRequest) -> Key | None:
    return request.param


@pytest.fixture
def new(tmp_path: Path, key: Key | None) -> Path:
    """Return the folder of a history that was just made."""
    Database.open(tmp_path / "new", key=key).close()
    return tmp_path / "new"


@pytest.fixture
def migrated(tmp_path: Path, key: Key | None) -> Path:
    """Return the folder of a history that went from layout to layout."""
    folder = tmp_path / "migrated"
    folder.mkdir()
    with closing(connect(folder / FILE_NAME, key)) as connection:
        connection.execute("BEGIN")
        migrate(connection, 0)
        connection.execute("COMMIT")
    Database.open(folder, key=key).close()
    return folder


def both(new: Path, migrated: Path, key: Key | None) -> Iterator[sqlite3.Connection]:
    for folder in (new, migrated):
        with closing(connect(folder / FILE_NAME, key)) as connection:
            yield connection


def test_the_stored_tables_are_those_that_the_migrations_make():
    writer = runpy.run_path(str(ROOT / "scripts" / "write_newest_layout.py"))
    assert writer["FILE"].read_text(encoding="utf-8") == writer["text"](), "run `make layout`"
    assert len(MIGRATIONS) == LAYOUT
    assert digest(tables_of(LAYOUT)) == TABLES_SHA256


def test_a_new_history_has_the_tables_of_a_migrated_one_word_by_word(new: Path, migrated: Path, key: Key | None):
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid"
    ours, theirs = (connection.execute(query).fetchall() for connection in both(new, migrated, key))
    assert ours == theirs


def test_a_new_history_has_the_pragmas_of_a_migrated_one(new: Path, migrated: Path, key: Key | None):
    ours, theirs = (
        {name: connection.execute(f"PRAGMA {name}").fetchone() for name in PRAGMAS}
        for connection in both(new, migrated, key)
    )
    assert ours == theirs
    assert ours["user_version"] == (LAYOUT,)


def test_a_new_history_has_the_rows_of_a_migrated_one(new: Path, migrated: Path, key: Key | None):
    ours, theirs = (rows(connection) for connection in both(new, migrated, key))
    assert ours == theirs
    assert sorted(name for name, found in ours.items() if found) == ["origin", "seal", "sqlite_sequence"]


def rows(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables, of what is random or tells the time the length alone."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 - our names
    found["origin"] = [(len(bytes.fromhex(origin)), by, len(time)) for origin, by, time in found["origin"]]
    found["seal"] = [(number, what, *map(len, others)) for number, what, *others in found["seal"]]
    # Where a migration copied no rows SQLite counts from 0; of a table that nothing was written to it has no number.
    found["sqlite_sequence"] = [(table, number) for table, number in found["sqlite_sequence"] if number]
    return found


def test_a_new_history_is_whole_by_its_seal(new: Path, key: Key | None):
    assert check_history(new, key=key).is_whole
