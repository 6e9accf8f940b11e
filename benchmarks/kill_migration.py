"""Kill the program while it brings a history of 50,000 rows from the layout before the seal up to date.

    python benchmarks/kill_migration.py [--kills 60] [--rows 50000] [--seed 1]

Each kill comes at a random moment from a seed, within the time that an undisturbed opening takes. Then the history is opened
again: it must be whole by its seal, and every row of every table must be what it was.
"""

import argparse
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import ROOT
from desktop.core.records.history import History
from desktop.core.records.migrations import MIGRATIONS
from desktop.core.records.schema import FILE_NAME, FIRST_SEALED
from desktop.core.records.verifying import check_history

_OPEN = (
    "import sys\n"
    "from pathlib import Path\n"
    "from desktop.core.records.history import History\n"
    "print('opening', flush=True)\n"
    "History.open(Path(sys.argv[1]))\n"
    "print('open', flush=True)\n"
    "sys.stdin.read()\n"
)
_BY = "'MK', '2026-11-23T09:00:00.000000+00:00'"
_ROWS = f"""
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
    INSERT INTO image (sha256, name, searched_name, format, width, height, byte_size, initials, time)
    SELECT printf('%064x', n), n || '.jpg', n || '.jpg', 'JPEG', 1920, 1440, 1500000 + n, {_BY} FROM number"""  # noqa: S608


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill and compare; return 0 if nothing was ever lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)  # noqa: S311 - when to kill, no secrets
    with tempfile.TemporaryDirectory() as temporary:
        old = Path(temporary) / "old"
        _write_old(old, options.rows)
        before = _contents(old)
        seconds = _open(Path(shutil.copytree(old, Path(temporary) / "undisturbed")), None)
        print(f"{options.rows} rows, an undisturbed opening takes {seconds:.1f} s")
        early = lost = 0
        for kill in range(options.kills):
            folder = Path(shutil.copytree(old, Path(temporary) / "killed"))
            early += _open(folder, chance.random() * seconds) == 0
            History.open(folder).close()
            after = _contents(folder)
            if check_history(folder).faults or {name: after.get(name) for name in before} != before:
                lost += 1
                print(f"kill {kill}: the history is not what it was")
            shutil.rmtree(folder)
    print(f"{options.kills} kills, {early} of them before the history was open: {lost} histories not what they were")
    return 1 if lost else 0


def _write_old(folder: Path, rows: int) -> None:
    """Write a history of the layout before the seal, with this many images."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statements in MIGRATIONS[: FIRST_SEALED - 1]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(_ROWS, (rows,))
        connection.execute(f"PRAGMA user_version = {FIRST_SEALED - 1}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _open(folder: Path, kill_after: float | None) -> float:
    """Open a history in another process; return the seconds until it was open, 0 if it was killed before."""
    command = [sys.executable, "-c", _OPEN, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdout.readline()
        began = time.monotonic()
        if kill_after is None:
            process.stdout.readline()
            seconds = time.monotonic() - began
            process.kill()
            return seconds
        time.sleep(kill_after)
        process.kill()
        return time.monotonic() - began if process.stdout.read() else 0


def _contents(folder: Path) -> dict[str, str]:
    """Return a hash of all rows of each table, except those in which SQLite counts."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: hashlib.sha256(repr(connection.execute(f"SELECT * FROM {name}").fetchall()).encode()).hexdigest()  # noqa: S608
            for name in names
            if name != "sqlite_sequence"
        }


if __name__ == "__main__":
    sys.exit(main())
