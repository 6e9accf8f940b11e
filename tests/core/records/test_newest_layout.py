"""A new history, which is made of the stored tables, is the same as one that went through all layouts."""

import runpy
import sqlite3
import subprocess
import sys
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


@pytest.mark.parametrize("moment", ["CREATE TABLE seal", "PRAGMA user_version =", "COMMIT"])
def test_a_kill_while_a_history_is_made_leaves_none(moment: str, tmp_path: Path):
    program = (
        "import os, sqlite3, sys\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "from desktop.core.records.database import Database\n"
        "class Killed(sqlite3.Connection):\n"
        "    def execute(self, sql, parameters=(), /):\n"
        "        if sql.startswith(sys.argv[2]) and (sql != 'COMMIT' or self.total_changes):\n"
        "            os._exit(9)\n"
        "        return super().execute(sql, parameters)\n"
        "sqlite3.connect = partial(sqlite3.connect, factory=Killed)\n"
        "Database.open(Path(sys.argv[1]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path), moment], cwd=ROOT, check=False)
    assert killed.returncode == 9
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    Database.open(tmp_path).close()
    assert check_history(tmp_path).is_whole


def test_windows_that_make_a_history_at_once_make_one(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from desktop.core.records.database import Database;"
        "database = Database.open(Path(sys.argv[1])); print(database.origin()); database.close()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    windows = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({window.communicate()[0] for window in windows}) == 1
    assert [window.returncode for window in windows] == [0, 0, 0]
    assert check_history(tmp_path).is_whole
