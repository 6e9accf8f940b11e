"""Patient data are accessible to their owner alone from the start, even if an earlier version left them open."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.draft import Draft
from desktop.core.records.backup import write_backup
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.restoring import restore_backup
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.system.settings import INITIALS, Settings
from tests.core.records.old_histories import STORED, restore
from tests.core.records.test_backup import NOW, a_clinic, keep_real
from tests.platforms import posix

pytestmark = posix

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Set an empty umask, so that only our own code makes files private."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return the files and folders, including the folder itself, that others may read, write or enter."""
    found = [folder, *folder.rglob("*")]
    return [str(path.relative_to(folder)) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def make_open(folder: Path) -> None:
    """Leave a folder as an earlier version did."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_all_files_of_a_history_are_private(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    (data / "drafts.json").unlink()
    drafts = AssessmentDrafts(data)
    drafts.put("a" * 64, Draft(diagnosis="nevus"))
    assert drafts.save()
    settings = Settings.open(data)
    settings.put(INITIALS, "MK")
    settings.sync()
    with History.open(data) as history:
        image = keep_real(tmp_path, history, 3)
        assert ImageStore(data).thumbnail(image.sha256, image.path)
        assert {path.suffix for path in data.iterdir()} >= {".sqlite3-wal", ".sqlite3-shm", ".ini", ".json"}
        assert open_to_others(data) == []
        write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW)
        assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600
    restore_backup(tmp_path / "backup.zip", data, now=NOW)
    restore_backup(tmp_path / "backup.zip", tmp_path / "new" / "data", now=NOW)
    assert open_to_others(data) == open_to_others(tmp_path / "new") == []


def test_copy_before_a_migration_is_private(tmp_path: Path) -> None:
    restore(STORED / "history-1.sql", tmp_path / "data")
    with History.open(tmp_path / "data"):
        assert list((tmp_path / "data" / "backups").iterdir())
        assert open_to_others(tmp_path / "data") == []


def test_settings_stay_private_when_they_are_written_again(tmp_path: Path) -> None:
    for initials in ("MK", "AB"):
        settings = Settings.open(tmp_path / "data")
        settings.put(INITIALS, initials)
        settings.sync()
        assert open_to_others(tmp_path / "data") == []
    assert Settings.open(tmp_path / "data").get(INITIALS) == "AB"


LOGGED = """
import logging, os, sys
from pathlib import Path
from desktop.system import crash

os.umask(0)
crash._LOG_BYTES = 300
folder = Path(sys.argv[1])
crash.start_log(folder)
crash.watch_for_faults(folder)
for _ in range(10):
    logging.info("a line of some length")
crash.write_report(folder, "trace")
os._exit(0)
"""


def test_log_and_reports_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "log"
    subprocess.run([sys.executable, "-c", LOGGED, folder], cwd=ROOT, check=True)
    assert {path.name.split("-")[0] for path in folder.iterdir()} >= {
        "lesionlens.log",
        "lesionlens.log.1",
        "fault.txt",
        "crash",
    }
    assert open_to_others(tmp_path / "state") == []
    make_open(folder)
    subprocess.run([sys.executable, "-c", LOGGED, folder], cwd=ROOT, check=True)
    assert open_to_others(tmp_path / "state") == []


def test_permissions_left_open_by_an_earlier_version_are_tightened_at_the_next_start(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW)
    restore_backup(tmp_path / "backup.zip", data, now=NOW)
    Settings.open(data)
    make_open(data)
    with History.open(data) as history:
        assert history.count() == 3
        assert open_to_others(data) == []


def test_permissions_of_other_files_stay_unchanged(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    (data / "letters").mkdir()
    (data / "letters" / "letter.txt").write_text("for everybody")
    outside = tmp_path / "outside.txt"
    outside.write_text("for everybody")
    (data / "drafts.json").unlink()
    (data / "drafts.json").symlink_to(outside)
    make_open(data)
    outside.chmod(0o644)
    with History.open(data):
        assert set(open_to_others(data)) == {".", "letters", "letters/letter.txt", "drafts.json"}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_copies_of_the_database_are_private_while_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []
    connect = sqlite3.connect

    def look(path: object, *arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(path, *arguments, **options)  # type: ignore[call-overload]
        if isinstance(path, Path):
            seen.append(path)
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077
        return connection

    data = a_clinic(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", look)
        with closing(sqlite3.connect(data / "history.sqlite3")):
            write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW)
    assert any(path.name.endswith(".partial") for path in seen)
