"""An encrypted history is backed up, restored, migrated and erased from like a plain one."""

import builtins
import hashlib
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError, RecordsError
from desktop.core.records.backup import write_backup
from desktop.core.records.connecting import connect
from desktop.core.records.converting import encrypt_history
from desktop.core.records.data_folder import KEYS
from desktop.core.records.history import History
from desktop.core.records.images import IMAGES, ImageStore
from desktop.core.records.key_file import Protection, protection, unlock_history, write_key_file
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.unlocking import BackupKeys, needs_passphrase, unlock_backup
from desktop.core.records.verifying import check_history
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.records.old_histories import STORED, restore
from tests.core.records.test_backup import NOW, a_clinic, back_up, keep_real, kept_files
from tests.core.records.test_converting import KEY, contents, readable, told


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return a_clinic(tmp_path)


@pytest.fixture
def encrypted(plain: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "encrypted"
    shutil.copytree(plain, folder)
    encrypt_history(folder, KEY, PASSPHRASE)
    return folder


def back_up_encrypted(folder: Path, target: Path, key: Key = KEY) -> None:
    assert write_backup(folder, target, app_version="1", now=NOW, key=key).missing == ()


def test_its_backup_opens_with_the_passphrase_of_its_time(plain: Path, encrypted: Path, tmp_path: Path) -> None:
    held, texts = contents(plain, None), told(plain)
    backup = tmp_path / "backup.zip"
    back_up_encrypted(encrypted, backup)
    write_key_file(encrypted, KEY, Passphrase(TYPED + " of later"))
    assert needs_passphrase(backup)
    with pytest.raises(PassphraseError):
        unlock_backup(backup, Passphrase(TYPED + " of later"))
    keys = unlock_backup(backup, PASSPHRASE)
    assert keys == BackupKeys(history=KEY)
    listed = {b"patient", b"image"}  # words of the backup's own list, which counts patients and names files
    assert {text for text in texts if text in backup.read_bytes()} <= listed
    restore_backup(backup, tmp_path / "new", now=NOW, keys=keys)
    assert unlock_history(tmp_path / "new", PASSPHRASE) == KEY
    assert contents(tmp_path / "new", KEY) == held
    assert readable(tmp_path / "new", texts) == []


def test_a_plain_backup_restored_over_it_is_encrypted_too(plain: Path, encrypted: Path, tmp_path: Path) -> None:
    held, texts = contents(plain, None), told(plain)
    back_up(plain, tmp_path / "plain.zip")
    with History.open(encrypted, key=KEY) as history:
        keep_real(tmp_path, history, 3, ImageStore(encrypted, KEY))
    restored = restore_backup(tmp_path / "plain.zip", encrypted, now=NOW, present_key=KEY)
    assert contents(encrypted, KEY) == held
    assert restored.before is not None
    assert len(contents(restored.before, KEY)[0]) == 4
    assert readable(encrypted, texts) == []


def test_who_was_erased_stays_erased(encrypted: Path, plain: Path, tmp_path: Path) -> None:
    back_up(plain, tmp_path / "plain.zip")
    back_up_encrypted(encrypted, tmp_path / "encrypted.zip")
    with History.open(encrypted, key=KEY) as history:
        (patient,) = history.people.find_patients()
        history.erasures.erase_patient(patient.id, by="MK")
        history.erasures.finish()
        assert history.count() == 2
    for name, keys in (("plain.zip", BackupKeys()), ("encrypted.zip", BackupKeys(history=KEY))):
        restore_backup(tmp_path / name, encrypted, now=NOW, keys=keys, present_key=KEY)
        with History.open(encrypted, key=KEY) as history:
            assert history.people.find_patients() == []
            assert history.count() == 2
        assert len(list((encrypted / IMAGES).glob("*/*"))) == 1


@pytest.mark.parametrize("spoiled", [FILE_NAME, KEYS, IMAGES])
def test_an_altered_backup_is_refused_and_changes_nothing(encrypted: Path, tmp_path: Path, spoiled: str) -> None:
    other = tmp_path / "other"
    shutil.copytree(encrypted, other)
    path = next(
        path for path in sorted(other.rglob("*")) if path.is_file() and str(path.relative_to(other)).startswith(spoiled)
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    backup = tmp_path / "backup.zip"
    back_up_encrypted(encrypted, backup)
    keys = unlock_backup(backup, PASSPHRASE)
    name = path.relative_to(other).as_posix()
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(backup) as read, zipfile.ZipFile(altered, "w") as written:
        for info in read.infolist():
            data = read.read(info)
            if info.filename == "backup.json":  # an attacker who knows the format names the hash of what was put in
                data = data.replace(_sha256(read.read(name)), _sha256(bytes(content)))
            written.writestr(info.filename, bytes(content) if info.filename == name else data)
    before = kept_files(encrypted)
    if spoiled == KEYS:
        with pytest.raises((PassphraseError, RecordsError)):
            unlock_backup(altered, PASSPHRASE)
    else:
        with pytest.raises(RecordsError, match=r"is damaged|was altered"):
            restore_backup(altered, encrypted, now=NOW, keys=keys, present_key=KEY)
    assert kept_files(encrypted) == before


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def test_a_backup_of_another_key_is_refused(encrypted: Path, tmp_path: Path) -> None:
    back_up_encrypted(encrypted, tmp_path / "backup.zip")
    with pytest.raises(RecordsError, match="is damaged"):
        restore_backup(
            tmp_path / "backup.zip", tmp_path / "new", now=NOW, keys=BackupKeys(history=Key.new(MASTER_BYTES))
        )


def test_an_old_layout_is_migrated_with_an_encrypted_copy(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    restore(STORED / "history-9.sql", folder)
    encrypt_history(folder, KEY, PASSPHRASE)
    with History.open(folder, key=KEY) as history:
        assert history.count()
        assert history._database.read("PRAGMA user_version")[0][0] == LAYOUT
    (copy,) = (folder / "backups").iterdir()
    assert not copy.read_bytes().startswith(b"SQLite format 3")


def test_without_the_library_a_sentence_says_so(encrypted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def lacking(name: str, *arguments: object, **options: object) -> object:
        if name.startswith("sqlcipher3"):
            raise ImportError(name)
        return real(name, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(RecordsError, match="lacks SQLCipher"):
        History.open(encrypted, key=KEY)


def test_another_sqlite_is_not_taken_for_sqlcipher(encrypted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlcipher3.dbapi2.connect", sqlite3.connect)
    with pytest.raises(RecordsError, match="lacks SQLCipher"):
        History.open(encrypted, key=KEY)


def test_damaged_text_is_read_as_far_as_it_can_be(encrypted: Path) -> None:
    with History.open(encrypted, key=KEY) as history:
        (row,) = history._database.read("SELECT CAST(x'61ff' AS TEXT) AS text")
        assert row["text"].startswith("a\\xff")
        assert not isinstance(history._database._connection, sqlite3.Connection)


def test_statements_stay_prepared(encrypted: Path) -> None:
    with History.open(encrypted, key=KEY) as history:
        prepared: list[object] = []

        def note(*action: object) -> int:
            prepared.append(action)
            return sqlite3.SQLITE_OK

        history._database._connection.set_authorizer(note)
        history.people.add_patient("P-1", "female", by="MK")
        assert prepared
        prepared.clear()
        history.people.add_patient("P-2", "female", by="MK")
        assert prepared == []


def test_a_history_that_is_locked_says_so(encrypted: Path) -> None:
    with (
        History.open(encrypted, key=KEY) as history,
        History.open(encrypted, key=KEY, patience=0.1) as other,
        history.together(),
        pytest.raises(RecordsError, match="is locked by another program"),
    ):
        other.people.add_patient("P-1", "female", by="MK")


def test_its_seal_is_whole_and_what_is_altered_is_found(plain: Path, encrypted: Path) -> None:
    with pytest.raises(RecordsError, match="is encrypted"):
        check_history(encrypted)
    checked = check_history(encrypted, with_images=True, key=KEY)
    assert checked.is_whole
    assert (checked.images, checked.head) == (2, check_history(plain).head)
    with closing(connect(encrypted / FILE_NAME, KEY)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'patient'"
        ).fetchall()
        without = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        for statement in (*without, "UPDATE patient SET initials = 'XX'", *(sql for _name, sql in triggers)):
            connection.execute(statement)
    min((encrypted / IMAGES).glob("*/*")).write_bytes(b"another image")
    faults = check_history(encrypted, with_images=True, key=KEY).faults
    assert {fault.subject for fault in faults} == {"patient", "image"}


def test_protection_is_told_apart(plain: Path, encrypted: Path) -> None:
    assert protection(plain) is Protection.PLAIN
    assert protection(encrypted) is Protection.ENCRYPTED
    (plain / KEYS).write_bytes(b"\xff")
    assert protection(plain) is Protection.PLAIN, "a stray key file locks nobody out of a plain history"
    assert contents(plain, None)
