"""After a restore is killed or fails at any step, the next start finds the old or the new history, complete."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.backup import write_backup
from desktop.core.records.data_folder import JOURNAL
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.restore_step import finish_restore
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from tests.core.records.test_backup import NOW, a_clinic, keep_real

CALLS = ("rename", "replace", "unlink", "mkdir", "fsync", "rmdir")


class Killed(BaseException):
    """Ends a restore as a kill does: no error handling runs."""


class Steps:
    """Counts the steps on files and folders, and kills or fails one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int | None, error: BaseException, *, is_done: bool) -> None:
        self.count = 0
        for name in CALLS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name), at, error, is_done))

    def _counted(
        self, call: Callable[..., object], at: int | None, error: BaseException, is_done: bool
    ) -> Callable[..., object]:
        def counted(*arguments: object, **options: object) -> object:
            self.count += 1
            if self.count != at:
                return call(*arguments, **options)
            if is_done:
                with suppress(OSError):
                    call(*arguments, **options)
            raise error

        return counted


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a history of four entries; that of `backup.zip` beside it has three."""
    data = a_clinic(tmp_path)
    write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW)
    with History.open(data) as history:
        keep_real(tmp_path, history, 3)
    (data / "drafts.json").write_text('{"b": "begun"}')
    return data


def copy(data: Path, target: Path) -> Path:
    for path in data.rglob("*"):
        if path.is_file():
            (target / path.relative_to(data)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(data)).write_bytes(path.read_bytes())
    return target


def bring_back(folder: Path) -> None:
    restore_backup(folder.parent / "backup.zip", folder, now=NOW)


def ended(work: Callable[[Path], object], folder: Path, at: int | None, error: BaseException, *, is_done: bool) -> int:
    """Run something that is killed before or after one of its steps; return the number of steps."""
    with pytest.MonkeyPatch.context() as patch:
        steps = Steps(patch, at, error, is_done=is_done)
        try:
            work(folder)
        except type(error):
            assert steps.count >= (at or 0)
    return steps.count


def number_of_steps(data: Path, tmp_path: Path) -> int:
    return ended(bring_back, copy(data, tmp_path / "counted"), None, Killed(), is_done=False)


def is_whole(data: Path) -> int:
    """Return the number of entries; all images and the drafts must be there."""
    with History.open(data) as history:
        entries = history.entries()
    for entry in entries:
        if entry.image.stored:
            assert ImageStore(data).read(entry.image.sha256)
    assert (data / "drafts.json").read_text() == ('{"a": "begun"}' if len(entries) == 3 else '{"b": "begun"}')
    assert not (data / JOURNAL).exists()
    return len(entries)


@pytest.mark.parametrize("is_done", [False, True])
def test_kill_at_every_step(data: Path, tmp_path: Path, is_done: bool) -> None:
    found = []
    for at in range(1, number_of_steps(data, tmp_path) + 1):
        folder = copy(data, tmp_path / f"killed-{at}")
        assert ended(bring_back, folder, at, Killed(), is_done=is_done) >= at
        found.append(is_whole(folder))
        befores = list(folder.glob("before restore*"))
        assert len(befores) == (found[-1] == 3)
        assert all(is_whole(before) == 4 for before in befores)
    assert found == sorted(found, reverse=True)  # the old one until the journal is written, from then on the new one
    assert set(found) == {3, 4}


def test_second_kill_during_recovery_from_the_first(data: Path, tmp_path: Path) -> None:
    for first in range(1, number_of_steps(data, tmp_path) + 1):
        folder = copy(data, tmp_path / f"first-{first}")
        ended(bring_back, folder, first, Killed(), is_done=True)
        if not (folder / JOURNAL).exists():
            continue
        for second in (1, 4, 7):
            again = copy(folder, tmp_path / f"second-{first}-{second}")
            ended(finish_restore, again, second, Killed(), is_done=False)
            assert is_whole(again) == 3


def test_failure_at_every_step_leaves_the_present_history(data: Path, tmp_path: Path) -> None:
    refused = PermissionError(13, "Permission denied")
    for at in range(1, number_of_steps(data, tmp_path) + 1):
        folder = copy(data, tmp_path / f"failed-{at}")
        with pytest.MonkeyPatch.context() as patch:
            Steps(patch, at, refused, is_done=False)
            failed = ""
            try:
                bring_back(folder)
            except RecordsError as error:
                failed = str(error)
        assert is_whole(folder) == (4 if failed else 3)
        assert "Permission denied" in failed or not failed


def test_killed_restore_into_an_empty_folder(data: Path, tmp_path: Path) -> None:
    for at in range(1, number_of_steps(data, tmp_path) + 1):
        folder = tmp_path / f"new-{at}"
        ended(bring_back, folder, at, Killed(), is_done=False)
        if (folder / JOURNAL).exists() or (folder / FILE_NAME).exists():
            assert is_whole(folder) == 3


def test_restore_that_cannot_be_finished_is_reported_and_creates_no_history(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def kill(source: Path, target: Path) -> Path:
        if source == data / FILE_NAME:
            raise Killed
        return rename(source, target)

    def refused(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", kill)
    with pytest.raises(Killed):
        bring_back(data)
    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(RecordsError, match=r"cannot be finished \(Permission denied\)\. Nothing is lost"):
        History.open(data)
    monkeypatch.setattr(Path, "rename", rename)
    assert is_whole(data) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b'{"unpacked": "../x", "before": "before restore 2026", "present": [], "new": ["history.sqlite3"]}',
        b'{"unpacked": ".restoring-x", "before": "../x", "present": [], "new": ["history.sqlite3"]}',
    ],
)
def test_foreign_journal_moves_nothing(data: Path, content: bytes) -> None:
    (data / JOURNAL).write_bytes(content)
    with pytest.raises(RecordsError, match="cannot be finished"):
        History.open(data)
    (data / JOURNAL).unlink()
    assert is_whole(data) == 4


def test_unpacked_folder_has_been_deleted(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / ".restoring-gone").mkdir()
    before = data / "before restore 2026-11-23 10.42.00"
    before.mkdir()
    (data / FILE_NAME).rename(before / FILE_NAME)
    (data / JOURNAL).write_bytes(
        b'{"unpacked": ".restoring-gone", "before": "before restore 2026-11-23 10.42.00",'
        b' "present": ["history.sqlite3"], "new": ["history.sqlite3"]}'
    )
    assert is_whole(data) == 4


def test_two_restores_within_a_second_keep_both_histories(data: Path, tmp_path: Path) -> None:
    first = restore_backup(tmp_path / "backup.zip", data, now=NOW).before
    second = restore_backup(tmp_path / "backup.zip", data, now=NOW).before
    assert first is not None
    assert second is not None
    assert (is_whole(first), is_whole(second), is_whole(data)) == (4, 3, 3)
