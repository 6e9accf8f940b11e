import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.migrations import MIGRATIONS
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.schema import APPLICATION_ID
from desktop.core.records.shares import MOUNTS, is_on_network, read_mounts
from tests.core.records.history_contents import keep
from tests.platforms import common_folder, linux, posix, unprivileged

ROOT = Path(__file__).parents[3]


class Mount(NamedTuple):
    mountpoint: str
    fstype: str
    opts: str = "rw"


def filled(folder: Path, entries: int = 30) -> Path:
    """Make a history of some entries and close it; return its file."""
    with History.open(folder) as history:
        for number in range(entries):
            keep(history, f"{number}.jpg")
    return folder / "history.sqlite3"


def refusal(folder: Path) -> str:
    """Try to open; return the sentence. The file must be unchanged."""
    path = folder / "history.sqlite3"
    before = path.read_bytes()
    with pytest.raises(RecordsError) as refused:
        History.open(folder, patience=0.05)
    assert path.read_bytes() == before
    return str(refused.value)


def test_each_write_is_synced_to_disk(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert history._database.read(f"PRAGMA {pragma}")[0][0] == value
    header = (tmp_path / "history.sqlite3").read_bytes()[:100]
    assert int.from_bytes(header[60:64], "big") == LAYOUT
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID


def test_a_kill_at_any_moment_loses_nothing_saved(tmp_path: Path) -> None:
    program = (
        "import itertools, sys\n"
        "from pathlib import Path\n"
        "from desktop.core.records.history import History\n"
        "from tests.core.records.history_contents import keep\n"
        "history = History.open(Path(sys.argv[1]))\n"
        "for number in itertools.count():\n"
        "    print(keep(history, f'{sys.argv[2]}-{number}.jpg').entry_id, flush=True)\n"
    )
    kept = 0
    for round_number in range(3):
        command = [sys.executable, "-c", program, str(tmp_path), str(round_number)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
            assert killed.stdout is not None
            for _ in range(10 + round_number):
                assert killed.stdout.readline()
                kept += 1
            killed.kill()
            kept += len(killed.stdout.read().split())
        with History.open(tmp_path) as history:
            # What was written but not yet told of may be there as well.
            assert kept <= history.count() <= kept + round_number + 1


def test_two_windows_can_use_one_history(tmp_path: Path) -> None:
    with History.open(tmp_path) as one, History.open(tmp_path) as other:
        keep(one, "a.jpg")
        keep(other, "b.jpg")
        assert one.entries() == other.entries()
        assert one.count() == 2


def test_a_history_that_another_window_is_migrating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    *earlier, last = MIGRATIONS
    path = tmp_path / "history.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, timeout=0)

    def migrate(statements: Iterable[str], layout: int) -> None:
        for statement in ("BEGIN EXCLUSIVE", *statements, f"PRAGMA user_version = {layout}", "COMMIT"):
            other.execute(statement)

    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if "sqlite_schema" in sql:  # after the layout was read, before the tables are
                with suppress(sqlite3.OperationalError):  # locked
                    migrate(last, LAYOUT)
                if other.in_transaction:  # it was migrated already
                    other.execute("ROLLBACK")
            return super().execute(sql, parameters)

    with closing(other):
        migrate((statement for statements in earlier for statement in statements), len(earlier))
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Interrupted))
        History.open(tmp_path).close()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        keep(history, "a.jpg")
        with pytest.raises(sqlite3.IntegrityError):  # a mistake of ours, no sentence for the user
            keep(history, "b.jpg", app_version=None)
        assert history.count() == 1
        keep(history, "c.jpg")
        assert len(history._database.read("SELECT * FROM image")) == 2


# What is refused


def test_a_group_of_writes_is_atomic(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:

        def twice() -> None:
            with history.together():
                history.people.add_patient("P-0412", "female", by="MK")
                keep(history, "a.jpg")
                history.people.add_patient("P-0412", "female", by="MK")

        with pytest.raises(RecordsError, match="There is a patient"):
            twice()
        assert (history.count(), history.people.find_patients()) == (0, [])
        with history.together():
            history.people.add_patient("P-0412", "female", by="MK")
            with pytest.raises(RecordsError):  # a part that fails takes nothing of the others with it
                history.people.add_patient("P-0412", "female", by="MK")
            keep(history, "a.jpg")
            with closing(sqlite3.connect(history._database.path)) as beside:
                assert beside.execute("SELECT count(*) FROM image").fetchone() == (0,)
        assert (history.count(), len(history.people.find_patients())) == (1, 1)


def test_a_history_locked_by_another_program(tmp_path: Path) -> None:
    path = filled(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordsError, match=r"is locked by another program\. Close the other window"):
            History.open(tmp_path, patience=0.05)
    finally:
        other.close()
    with History.open(tmp_path) as history:
        assert history.count() == 30


def test_a_write_while_another_program_writes(tmp_path: Path) -> None:
    path = filled(tmp_path, 1)
    with History.open(tmp_path, patience=0.05) as history:
        other = sqlite3.connect(path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RecordsError, match="is locked by another program"):
                keep(history, "late.jpg")
            assert history.count() == 1  # reading goes on
            other.execute("ROLLBACK")
        finally:
            other.close()
        keep(history, "late.jpg")
        assert history.count() == 2


@posix
def test_a_read_only_file() -> None:
    with common_folder() as folder, unprivileged():
        filled(folder).chmod(0o444)
        assert "cannot be written. Check the permissions" in refusal(folder)


@posix
def test_a_folder_that_may_only_be_read() -> None:
    with common_folder() as folder:
        with unprivileged():
            filled(folder)
        folder.chmod(0o555)
        with unprivileged():
            assert "cannot be written. Check the permissions" in refusal(folder)
            with pytest.raises(RecordsError, match=r"The data folder “.*new” cannot be used \(Permission denied\)"):
                History.open(folder / "new")


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.touch()
    with pytest.raises(RecordsError, match=r"The data folder “.*data” cannot be used"):
        History.open(path)


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def cut_short(content: bytes) -> bytes:
    return content[:3000]


def zeroes_inside(content: bytes) -> bytes:
    return content[:8192] + bytes(3 * 4096) + content[5 * 4096 :]


def noise_inside(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + b"\xa5" * 4096 + content[middle + 4096 :]


@pytest.mark.parametrize("harm", [cut_in_half, cut_short, zeroes_inside, noise_inside])
def test_a_damaged_history(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    path = filled(tmp_path)
    path.write_bytes(harm(path.read_bytes()))
    assert "is damaged. It was left as it is: restore a backup" in refusal(tmp_path)


def test_an_emptied_history_with_stored_images(tmp_path: Path) -> None:
    path = filled(tmp_path)
    ImageStore(tmp_path).add(b"an image", "PNG")
    path.write_bytes(b"")
    assert "is damaged" in refusal(tmp_path)


def test_a_missing_history_with_stored_images(tmp_path: Path) -> None:
    filled(tmp_path).unlink()
    ImageStore(tmp_path).add(b"an image", "PNG")
    with pytest.raises(RecordsError, match=r"is missing, though images of it are there\. No new one was made"):
        History.open(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"images", "in-use.lock"}


@pytest.mark.parametrize("content", [b"just notes", b"\x89PNG\r\n\x1a\n" + bytes(9000), b"\xff" * 100_000])
def test_a_file_that_is_not_a_history(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "history.sqlite3").write_bytes(content)
    assert "is no history of LesionLens" in refusal(tmp_path)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE notes (text)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"]
)
def test_the_database_of_another_program(tmp_path: Path, statement: str) -> None:
    other = sqlite3.connect(tmp_path / "history.sqlite3")
    other.execute(statement)
    other.close()
    assert "is no history of LesionLens" in refusal(tmp_path)


def test_a_history_of_a_newer_version(tmp_path: Path) -> None:
    path = filled(tmp_path)
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    sentence = refusal(tmp_path)
    assert f"was made by a newer LesionLens (layout 99; this one knows {LAYOUT})" in sentence
    assert "install the newer version" in sentence


def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with History.open(tmp_path) as history:
        pages = history._database.read("PRAGMA page_count")[0][0]
        history._database.read(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(RecordsError, match="The disk is full: nothing was saved"):
            all(keep(history, f"more-{number}.jpg") for number in range(1000))
        kept = history.count()
        history._database.read(f"PRAGMA max_page_count = {pages * 100}")
        keep(history, "after.jpg")
        assert history.count() == kept + 1
    with History.open(tmp_path) as history:
        assert history.count() == kept + 1


@posix
@pytest.mark.parametrize("harm", ["deleted", "moved", "replaced"])
def test_a_vanished_data_folder_is_noticed_at_the_next_write(tmp_path: Path, harm: str) -> None:
    with History.open(tmp_path / "data") as history:
        keep(history, "a.jpg")
        if harm == "deleted":
            shutil.rmtree(tmp_path / "data")
        else:
            (tmp_path / "data").rename(tmp_path / "elsewhere")
        if harm == "replaced":
            filled(tmp_path / "data", 1)
        with pytest.raises(
            RecordsError, match="was deleted, moved or replaced while LesionLens was open: nothing was saved"
        ):
            keep(history, "b.jpg")
        assert history.count() == 1
    assert (tmp_path / "data").exists() == (harm == "replaced")


def test_full_disk_while_a_history_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(RecordsError, match="The disk is full"):
        History.open(tmp_path)


# Network shares


@posix
@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ([Mount("/", "ext4"), Mount("/mnt/clinic", "cifs")], True),
        ([Mount("/", "ext4"), Mount("/mnt", "nfs4")], True),
        ([Mount("/", "apfs"), Mount("/mnt/clinic", "smbfs")], True),
        ([Mount("/", "ext4"), Mount("/mnt/clinic", "fuse.sshfs")], True),
        ([Mount("/", "ext4"), Mount("/mnt", "autofs"), Mount("/mnt", "nfs")], True),
        ([Mount("/", "nfs"), Mount("/mnt", "ext4")], False),
        ([Mount("/mnt/clinic", "nfs"), Mount("/mnt/clinic", "ext4")], False),
        ([Mount("/", "ext4"), Mount("/mnt/clinic-backup", "nfs"), Mount("/mnt/clinic/data/deeper", "nfs")], False),
        ([Mount("/", "NTFS", "rw,remote")], True),
        ([Mount("/", "NTFS", "rw,fixed")], False),
        ([], False),
    ],
)
def test_network_shares_are_recognised_by_the_innermost_mount(mounts: list[Mount], *, expected: bool) -> None:
    assert is_on_network(Path("/mnt/clinic/data"), mounts) is expected


@posix
def test_a_link_does_not_hide_a_network_share(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "share")
    assert is_on_network(tmp_path / "link" / "data", [Mount("/", "ext4"), Mount(str(tmp_path / "share"), "nfs")])


@linux
def test_the_table_of_mounts_is_read_as_psutil_reads_it() -> None:
    read = [(one.mountpoint, one.fstype, one.opts) for one in psutil.disk_partitions(all=True)]
    assert read_mounts(MOUNTS) == read
    assert read


@linux
def test_a_mount_with_odd_characters_is_read(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_bytes(b"//host/share /mnt/our\\040clinic\\134\xff cifs rw,relatime 0 0\n/dev/sda1 / ext4 rw 0 0\n")
    assert read_mounts(table) == [Mount("/mnt/our clinic\\\udcff", "cifs", "rw,relatime"), Mount("/", "ext4")]


def test_a_history_on_a_network_share_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"is on a network share.*Choose a folder on this computer"):
        History.open(tmp_path / "data", partitions=[Mount("/", "ext4"), Mount(str(tmp_path), "cifs")])
    assert not any(tmp_path.iterdir())
