"""A newer version opens histories of older ones without changing them; an older one refuses those of a newer one."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.history import History
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import EntryFilter
from desktop.core.records.verifying import check_history
from tests.core.records.history_contents import keep
from tests.core.records.old_histories import STORED, fill, restore

ROOT = Path(__file__).parents[3]
_OPEN = (
    "import sys\n"
    "from pathlib import Path\n"
    "from desktop.core.records.history import History\n"
    "with History.open(Path(sys.argv[1])):\n"
    "    print('open', flush=True)\n"
    "    sys.stdin.read()\n"
)
HISTORIES = sorted(STORED.glob("history-*.sql"), key=lambda file: int(file.stem.partition("-")[2]))


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    connection = sqlite3.connect(folder / FILE_NAME)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 - our names
    # A table that is made anew is counted on in another place; these two are written to where no row is added. A number of 0
    # is left of a table in which a migration copied no rows.
    if "sqlite_sequence" in found:
        found["sqlite_sequence"] = sorted(
            row for row in found["sqlite_sequence"] if row[1] and row[0] not in {"seal", "erasure_left"}
        )
    connection.close()
    return found


def assert_kept(before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]) -> None:
    """Check that every row is still there, whatever tables and columns were added."""
    for name, rows in before.items():
        assert [row[: len(old)] for row, old in zip(after[name], rows, strict=True)] == rows, name


def test_a_history_of_every_layout_is_stored():
    assert [file.stem for file in HISTORIES] == [f"history-{number + 1}" for number in range(LAYOUT)]


@pytest.mark.parametrize("stored", HISTORIES, ids=lambda file: file.stem)
def test_an_old_history_opens_and_can_be_extended(stored: Path, tmp_path: Path):
    restore(stored, tmp_path)
    before = tables(tmp_path)
    with History.open(tmp_path) as history:
        shown = history.entries()
        assert {entry.image.name for entry in shown} == {"disclosed.jpg", "plain.jpg"}
        assert [entry.image.name for entry in history.entries(EntryFilter(binned=True))] == ["binned.jpg"]
        plain = next(entry for entry in shown if entry.image.name == "plain.jpg")
        assert plain.answer.top == "dermatofibroma"
        assert sum(plain.answer.probabilities.values()) == pytest.approx(1)
        assert history.contract_of(plain.answer.model_sha256).label_ids
        (run,) = history.runs.all()
        assert (run.folder, run.state, run.ok) == (Path("/batch"), "finished", 1)
        assert [row.path.name for row in history.runs.rows(run.id)] == ["good.png"]
        patients = history.people.find_patients()
        assert [patient.pseudonym for patient in patients] == ([] if stored.stem == "history-1" else ["P-0412"])
        assert plain.patient == ("" if stored.stem == "history-1" else "P-0412")
        assert plain.assessment == ("" if stored.stem == "history-1" else "nevus")
    assert_kept(before, tables(tmp_path))
    with History.open(tmp_path) as history:
        history.restore([entry.id for entry in history.entries(EntryFilter(binned=True))], by="MK")
        keep(history, "new.jpg")
        assert history.count() == 4


def test_a_history_that_an_older_window_uses_is_not_migrated(tmp_path: Path):
    restore(STORED / "history-10.sql", tmp_path)
    before = tables(tmp_path)
    with closing(FolderUse(tmp_path / IN_USE)):
        with pytest.raises(
            RecordsError, match=r"has to be brought up to date, and another window .* Close that window"
        ):
            History.open(tmp_path)
        assert tables(tmp_path) == before
        assert not (tmp_path / "backups").exists()
    with History.open(tmp_path), History.open(tmp_path) as other:  # two windows of this version use it together
        keep(other, "new.jpg")
    assert check_history(tmp_path).is_whole


def test_two_windows_that_open_an_old_history_at_once_both_open_it(tmp_path: Path):
    restore(STORED / "history-10.sql", tmp_path)
    command = [sys.executable, "-c", _OPEN, str(tmp_path)]
    windows = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for window in windows:
            assert window.stdout is not None
            assert window.stdout.readline() == b"open\n"
    finally:
        for window in windows:
            window.communicate()
    assert check_history(tmp_path).is_whole
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_window_that_waited_while_another_migrated_leaves_the_backup_of_the_old_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    restore(STORED / "history-10.sql", tmp_path)

    class Waited(FolderUse):
        """Comes to its turn after another window has migrated the history."""

        def __init__(self, file: Path) -> None:
            monkeypatch.undo()
            History.open(tmp_path).close()
            super().__init__(file)

    monkeypatch.setattr("desktop.core.records.preparing.FolderUse", Waited)
    History.open(tmp_path).close()
    for backup in (tmp_path / "backups").iterdir():
        with closing(sqlite3.connect(backup)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone()[0] == 10


@pytest.mark.parametrize(
    "moment", ["CREATE TABLE seal", "DROP TABLE old_erasure_left", "PRAGMA user_version = 11", "COMMIT"]
)
def test_a_kill_while_a_history_is_sealed_loses_nothing(moment: str, tmp_path: Path):
    restore(STORED / "history-10.sql", tmp_path)
    before = tables(tmp_path)
    program = (
        "import os, sqlite3, sys\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "class Killed(sqlite3.Connection):\n"
        "    def execute(self, sql, parameters=(), /):\n"
        "        is_moment = sql.strip().startswith(sys.argv[2])\n"
        "        if is_moment and (self.total_changes or sql != 'COMMIT'):\n"
        "            os._exit(9)\n"
        "        return super().execute(sql, parameters)\n"
        "sqlite3.connect = partial(sqlite3.connect, factory=Killed)\n"
        "from desktop.core.records.history import History\n"
        "History.open(Path(sys.argv[1]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path), moment], cwd=ROOT, check=False)
    assert killed.returncode == 9
    History.open(tmp_path).close()
    assert check_history(tmp_path).faults == []
    assert_kept(before, tables(tmp_path))


def test_the_stored_history_of_the_newest_layout_is_what_this_version_writes(tmp_path: Path):
    fill(tmp_path / "new")
    restore(HISTORIES[-1], tmp_path / "stored")
    stored, new = tables(tmp_path / "stored"), tables(tmp_path / "new")
    assert [len(one.pop("origin")) for one in (stored, new)] == [1, 1]  # another history is another origin
    links = [[row[1] for row in one.pop("seal")] for one in (stored, new)]  # the rest is random, or of the time
    assert links[0] == links[1]
    del stored["model"], new["model"]  # a model file's contract grows on its own, and is kept as the file has it
    assert stored == new


def test_a_history_of_a_newer_version_is_refused_and_unchanged(tmp_path: Path):
    restore(HISTORIES[-1], tmp_path)
    newer = sqlite3.connect(tmp_path / FILE_NAME)
    newer.execute("ALTER TABLE image ADD COLUMN of_the_future TEXT")
    newer.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    newer.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(RecordsError, match=r"was made by a newer LesionLens.*install the newer version"):
        History.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before
