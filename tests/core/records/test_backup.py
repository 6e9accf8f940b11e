"""Backup, restore, moving to a new computer, and the automatic backup before a migration."""

import hashlib
import shutil
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import decode, read_header
from desktop.core.records.backup import BackedUp, write_backup
from desktop.core.records.backup_file import Stopped, read_manifest
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.restoring import Restored, restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import EntryFilter, KeptImage
from tests.core.records.history_contents import an_answer, keep
from tests.core.records.old_histories import STORED, restore
from tests.making import contract, write_lesion

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)


def keep_real(folder: Path, history: History, seed: int, store: ImageStore | None = None) -> KeptImage:
    source = write_lesion(folder / f"source-{seed}.png", seed)
    data = source.read_bytes()
    header = read_header(data, source.name)
    path = (store or ImageStore(folder / "data")).add(data, header.format)
    image = KeptImage.of(path.stem, len(data), header, path, name=source.name, stored=True)
    history.save(image, an_answer(), contract(), by="MK")
    return image


def a_clinic(folder: Path) -> Path:
    """Make a data folder with two stored images, a linked one and a patient; return it."""
    with History.open(folder / "data") as history:
        first, _second = (keep_real(folder, history, seed) for seed in (1, 2))
        keep(history, "linked.jpg")
        patient = history.people.add_patient("P-0412", "female", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        image_id = history.people.image_id_of(first.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=None, by="MK")
    (folder / "data" / "drafts.json").write_text('{"a": "begun"}')
    return folder / "data"


def back_up(data: Path, target: Path) -> BackedUp:
    return write_backup(data, target, app_version="0.2.0", now=NOW)


def bring_back(path: Path, data: Path) -> Restored:
    return restore_backup(path, data, now=NOW)


def kept_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_bin_is_backed_up_but_not_counted(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with History.open(data) as history:
        history.bin([history.entries()[0].id], by="MK")
        (patient,) = history.people.find_patients()
        history.people.set_binned("patient", patient.id, binned=True, by="MK")
        count = history.count()
    backup = back_up(data, tmp_path / "stick.zip")
    assert (backup.manifest.entries, backup.manifest.patients) == (count, 0)
    bring_back(tmp_path / "stick.zip", tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert len(history.entries(EntryFilter(binned=True))) == 1


def test_moving_to_a_new_computer(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with History.open(data) as history:
        before = history.entries()
    backup = back_up(data, tmp_path / "stick.zip")
    assert (backup.manifest.entries, backup.manifest.patients, backup.missing) == (3, 1, ())
    shutil.rmtree(data)  # the old computer is gone

    new = tmp_path / "new computer" / "LesionLens"
    assert bring_back(tmp_path / "stick.zip", new) == Restored(backup.manifest, None)
    with History.open(new) as history:
        after = history.entries()
        assert [entry.answer for entry in after] == [entry.answer for entry in before]
        assert [(entry.patient, entry.lesion) for entry in after] == [("", ""), ("", ""), ("P-0412", "L1")]
        for entry in after[1:]:
            assert entry.image.path.is_relative_to(new)
            opened = decode(ImageStore(new).read(entry.image.sha256), entry.image.name)
            assert opened.size == (entry.image.width, entry.image.height)
        keep(history, "another.jpg")
    assert (new / "drafts.json").read_text() == '{"a": "begun"}'
    assert {path.name for path in new.iterdir()} == {FILE_NAME, IN_USE, "images", "drafts.json"}


def test_backup_can_be_made_while_the_history_is_in_use(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with History.open(data) as history:
        keep(history, "in the log of writes.jpg")
        assert back_up(data, tmp_path / "backup.zip").manifest.entries == 4
        keep(history, "afterwards.jpg")
    bring_back(tmp_path / "backup.zip", tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert history.count() == 4


def test_restore_keeps_what_was_there(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    back_up(data, tmp_path / "backup.zip")
    with History.open(data) as history:
        newer = keep_real(tmp_path, history, 3)
    restored = bring_back(tmp_path / "backup.zip", data)
    assert restored.before == data / "before restore 2026-11-23 10.42.00"
    with History.open(data) as history:
        assert history.count() == 3
    with History.open(restored.before) as history:
        assert history.count() == 4
        assert ImageStore(restored.before).read(newer.sha256)


def test_backup_is_private_and_progress_reaches_its_end(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    told: list[tuple[int, int]] = []
    write_backup(
        data, tmp_path / "b.zip", app_version="1", now=NOW, progress=lambda done, total: told.append((done, total))
    )
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.testzip() is None
        names = {name.split("/")[0] for name in archive.namelist()}
    assert names == {FILE_NAME, "images", "drafts.json", "backup.json"}
    manifest = read_manifest(tmp_path / "b.zip")
    assert (manifest.time, manifest.layout, manifest.app_version) == (NOW, LAYOUT, "1")


def test_lost_image_is_reported_and_the_rest_is_backed_up(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    first, second = sorted(path for path in (data / "images").rglob("*.png"))
    first.unlink()
    second.write_bytes(b"altered")
    backup = back_up(data, tmp_path / "backup.zip")
    assert set(backup.missing) == {path.relative_to(data).as_posix() for path in (first, second)}
    bring_back(tmp_path / "backup.zip", tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert history.count() == 3


def test_stopping_leaves_everything_as_it_was(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    target = tmp_path / "backup.zip"
    with pytest.raises(Stopped):
        write_backup(data, target, app_version="1", now=NOW, is_stopped=lambda: True)
    assert not any(path.name.startswith("backup.zip") for path in tmp_path.iterdir())
    back_up(data, target)
    before = kept_files(data)
    with pytest.raises(Stopped):
        restore_backup(target, data, now=NOW, is_stopped=lambda: True)
    assert kept_files(data) == before


def test_missing_space_is_reported_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_clinic(tmp_path)
    (tmp_path / "backup.zip").write_bytes(b"last week's")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
    with pytest.raises(RecordsError, match=r"has too little space: the backup takes \d+ MB"):
        back_up(data, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_bytes() == b"last week's"


def test_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="There is no history in"):
        back_up(tmp_path, tmp_path / "backup.zip")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="cannot be read or written"):
        back_up(a_clinic(tmp_path), tmp_path / "unplugged" / "backup.zip")


# What is refused; nothing is changed by it


def refusal(path: Path, data: Path) -> str:
    before = kept_files(data)
    with pytest.raises(RecordsError) as refused:
        bring_back(path, data)
    assert kept_files(data) == before
    return str(refused.value)


def rewritten(path: Path, **changes: object) -> Path:
    """Change a backup's manifest."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "backup.json":
                content = msgspec.json.encode(msgspec.json.decode(content) | changes)
            new.writestr(name, content)
    return target


def test_backup_of_a_newer_version(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    back_up(data, tmp_path / "backup.zip")
    for changes in ({"layout": LAYOUT + 1}, {"version": 2}):
        sentence = refusal(rewritten(tmp_path / "backup.zip", app_version="9.0.0", **changes), data)
        assert "was made by a newer LesionLens (9.0.0). Install that version" in sentence


@pytest.mark.parametrize("content", [b"", b"just notes", b"PK\x03\x04 cut short"])
def test_file_that_is_not_a_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    data = a_clinic(tmp_path)
    (tmp_path / "notes.zip").write_bytes(content)
    assert "is no backup of LesionLens" in refusal(tmp_path / "notes.zip", data)


def test_other_zip_file_is_refused(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert "is no backup of LesionLens" in refusal(tmp_path / "other.zip", data)


def test_damaged_backup_is_refused(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    path = tmp_path / "backup.zip"
    back_up(data, path)
    content = bytearray(path.read_bytes())
    middle = content.index(b"IHDR")
    content[middle + 40] ^= 0xFF
    path.write_bytes(content)
    assert "is damaged: nothing was restored" in refusal(path, data)


def test_backup_with_paths_outside_is_refused(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    back_up(data, tmp_path / "backup.zip")
    files = read_manifest(tmp_path / "backup.zip").files
    for name in ("../outside.txt", "/outside.txt", "images/../../outside.txt", "images/aa/notes.txt"):
        path = rewritten(tmp_path / "backup.zip", files=files | {name: "0" * 64})
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, "x")
        assert "is no backup of LesionLens" in refusal(path, data)


def test_backup_without_a_valid_database_is_refused(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    back_up(data, tmp_path / "backup.zip")
    other = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    files = {FILE_NAME: hashlib.sha256(other.read_bytes()).hexdigest()}
    with zipfile.ZipFile(tmp_path / "fake.zip", "w") as archive:
        archive.write(other, FILE_NAME)
        manifest = msgspec.json.decode(zipfile.ZipFile(tmp_path / "backup.zip").read("backup.json"))
        archive.writestr("backup.json", msgspec.json.encode(manifest | {"files": files}))
    assert "was altered by another program: nothing was restored" in refusal(tmp_path / "fake.zip", data)


def test_failed_restore_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_clinic(tmp_path)
    back_up(data, tmp_path / "backup.zip")
    rename = Path.rename

    def fail_at_last(source: Path, target: Path) -> Path:
        if ".restoring-" in str(source) and source.name == FILE_NAME:
            raise PermissionError(13, "Permission denied")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fail_at_last)  # as Windows refuses it while another program reads the file
    assert "cannot be read or written (Permission denied)" in refusal(tmp_path / "backup.zip", data)


# Before a migration


def test_history_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    restore(STORED / "history-1.sql", tmp_path)
    with History.open(tmp_path) as history:
        count = history.count() + history.count(EntryFilter(binned=True))
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name.startswith("history-layout-1-")
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert connection.execute("SELECT count(*) FROM prediction").fetchone()[0] == count
    connection.close()
    with History.open(tmp_path):
        assert len(list((tmp_path / "backups").iterdir())) == 1  # once, not at each start
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(copy, old / FILE_NAME)  # put in its place, it opens like any history
    with History.open(old) as history:
        assert history.count(EntryFilter()) + history.count(EntryFilter(binned=True)) == count


def test_new_history_and_an_empty_one_are_not_copied(tmp_path: Path) -> None:
    with History.open(tmp_path / "new"):
        pass
    assert not (tmp_path / "new" / "backups").exists()


def test_no_migration_without_a_backup(tmp_path: Path) -> None:
    restore(STORED / "history-1.sql", tmp_path)
    (tmp_path / "backups").write_text("a file where the folder should be")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(RecordsError, match=r"no backup of it could be made in “.*backups”.*It was left as it is"):
        History.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before
