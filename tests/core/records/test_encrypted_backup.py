"""Encrypted backups: nothing of a patient in them, read with the passphrase alone, and restored like any other."""

import zipfile
from pathlib import Path

import pytest

from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError, RecordsError
from desktop.core.records.backup import write_backup
from desktop.core.records.backup_file import read_manifest
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.restoring import restore_backup
from desktop.core.records.unlocking import BackupKeys, needs_passphrase, unlock_backup
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.records.test_backup import NOW, a_clinic, back_up, kept_files


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_clinic(tmp_path_factory.mktemp("clinic"))


pytestmark = pytest.mark.real_keys


@pytest.fixture(scope="module")
def encrypted(clinic: Path) -> Path:
    path = clinic.parent / "stick.llbackup"
    written = write_backup(clinic, path, app_version="0.2.0", now=NOW, passphrase=PASSPHRASE)
    assert (written.manifest.entries, written.manifest.patients, written.missing) == (3, 1, ())
    return path


@pytest.fixture(scope="module")
def keys(encrypted: Path) -> BackupKeys:
    return unlock_backup(encrypted, PASSPHRASE)


def test_it_is_restored_with_its_passphrase(clinic: Path, encrypted: Path, keys: BackupKeys, tmp_path: Path) -> None:
    restored = restore_backup(encrypted, tmp_path / "new", now=NOW, keys=keys)
    assert restored.manifest == read_manifest(encrypted, keys.file)
    with History.open(clinic) as before, History.open(tmp_path / "new") as after:
        assert [entry.answer for entry in after.entries()] == [entry.answer for entry in before.entries()]
        assert [patient.pseudonym for patient in after.people.find_patients()] == ["P-0412"]
        for entry in after.entries()[1:]:
            assert ImageStore(tmp_path / "new").read(entry.image.sha256)
    assert (tmp_path / "new" / "drafts.json").read_text() == '{"a": "begun"}'


def test_nothing_of_the_history_is_in_it(clinic: Path, encrypted: Path) -> None:
    content = encrypted.read_bytes()
    with History.open(clinic) as history:
        told = [
            *(entry.image.sha256 for entry in history.entries()),
            "P-0412",
            "melanoma",
            "backup.json",
            "SQLite format",
        ]
    assert not [text for text in told if text.encode() in content]
    for image in (clinic / "images").rglob("*.png"):
        assert image.read_bytes()[:64] not in content
    assert [path for path in clinic.parent.iterdir() if zipfile.is_zipfile(path)] == []


def test_a_wrong_passphrase_opens_nothing(encrypted: Path) -> None:
    assert needs_passphrase(encrypted)
    with pytest.raises(PassphraseError, match="The passphrase is wrong"):
        unlock_backup(encrypted, Passphrase(TYPED + "s"))


def test_a_short_passphrase_writes_nothing(clinic: Path, tmp_path: Path) -> None:
    with pytest.raises(PassphraseError, match="too short"):
        write_backup(clinic, tmp_path / "b.llbackup", app_version="1", now=NOW, passphrase=Passphrase(TYPED[:14]))
    assert list(tmp_path.iterdir()) == []
    assert not list(clinic.glob(".backup-*"))


def test_a_plain_backup_needs_none(clinic: Path, tmp_path: Path) -> None:
    back_up(clinic, tmp_path / "plain.zip")
    assert not needs_passphrase(tmp_path / "plain.zip")


def test_a_damaged_one_is_refused_and_changes_nothing(encrypted: Path, keys: BackupKeys, tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    before = kept_files(data)
    whole = encrypted.read_bytes()
    for place in (300, len(whole) // 3, len(whole) // 2, len(whole) - 10):
        damaged = tmp_path / "damaged.llbackup"
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(RecordsError, match=r"“damaged.llbackup” is damaged: nothing was restored"):
            restore_backup(damaged, data, now=NOW, keys=keys)
        damaged.write_bytes(whole[:place])
        with pytest.raises(RecordsError, match=r"“damaged.llbackup” is damaged: nothing was restored"):
            restore_backup(damaged, data, now=NOW, keys=keys)
    assert kept_files(data) == before


def test_its_damaged_header_is_told(encrypted: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.llbackup"
    damaged.write_bytes(encrypted.read_bytes()[:100])
    with pytest.raises(RecordsError, match=r"“damaged.llbackup” is damaged"):
        unlock_backup(damaged, PASSPHRASE)
    with pytest.raises(RecordsError, match="cannot be read or written"):
        unlock_backup(tmp_path / "missing", PASSPHRASE)
