"""A history is encrypted and decrypted whole, and nothing of it stays readable once it is encrypted."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.encryption.file_cipher import MAGIC
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError, RecordsError
from desktop.core.records import converting_database
from desktop.core.records.backup_file import Stopped
from desktop.core.records.connecting import connect
from desktop.core.records.converting import decrypt_history, encrypt_history
from desktop.core.records.data_folder import DRAFTS, IN_USE, KEYS
from desktop.core.records.history import History
from desktop.core.records.images import IMAGES, THUMBNAILS, ImageStore
from desktop.core.records.key_file import Protection, opens, protection, unlock_history, write_key_file
from desktop.core.records.schema import FILE_NAME
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.records.test_backup import a_clinic, keep_real, kept_files

KEY = Key(SecretBytes(range(MASTER_BYTES)))


def contents(folder: Path, key: Key | None) -> tuple[object, ...]:
    """Return what a history holds: entries, patients, images."""
    with History.open(folder, key=key) as history:
        entries = history.entries()
        store = ImageStore(folder, key)
        images = {entry.image.sha256: store.read(entry.image.sha256) for entry in entries if entry.image.stored}
        shown = [
            (entry.id, entry.time, entry.answer, entry.patient, entry.lesion, entry.image.sha256) for entry in entries
        ]
        return shown, history.people.find_patients(), images


def told(folder: Path) -> list[bytes]:
    """Return what must not be readable in the folder of an encrypted history: of its rows, images and drafts.

    Four bytes or fewer would also be found in random data, once in some hundred runs.
    """
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM image")]
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    images = [path.read_bytes() for path in (folder / IMAGES).glob("*/*")]
    pieces = [image[start : start + 64] for image in images for start in (0, len(image) // 2, len(image) - 64)]
    header_of_a_thumbnail = b"\xff\xd8\xff\xe0\x00\x10JFIF"
    return [
        *(text.encode() for text in (*names, *tables, "P-0412", "begun", "SQLite format 3") if len(text) > 4),
        header_of_a_thumbnail,
        *pieces,
    ]


def readable(folder: Path, texts: list[bytes]) -> list[tuple[str, bytes]]:
    """Return which of these is found in a file of a folder, searched byte for byte, or in the name of one."""
    return [(name, text) for name, content in kept_files(folder).items() for text in texts if text in content]


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    data = a_clinic(tmp_path)
    with History.open(data) as history:
        for entry in history.entries()[1:]:
            assert ImageStore(data).thumbnail(entry.image.sha256, entry.image.path)
    (data / "backups").mkdir()
    shutil.copy(data / FILE_NAME, data / "backups" / "history-layout-1-20260101-000000.sqlite3")
    return data


@pytest.fixture
def encrypted(clinic: Path) -> Path:
    encrypt_history(clinic, KEY, PASSPHRASE)
    return clinic


def test_an_encrypted_history_holds_what_it_held(clinic: Path) -> None:
    before = contents(clinic, None)
    steps: list[tuple[int, int]] = []
    encrypt_history(clinic, KEY, PASSPHRASE, progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert protection(clinic) is Protection.ENCRYPTED
    assert unlock_history(clinic, PASSPHRASE) == KEY
    assert contents(clinic, KEY) == before
    with History.open(clinic, key=KEY) as history:
        history.sweep()
    decrypt_history(clinic, KEY)
    assert protection(clinic) is Protection.PLAIN
    assert contents(clinic, None) == before
    assert (clinic / DRAFTS).read_text() == '{"a": "begun"}'


def test_nothing_stays_readable_once_it_is_encrypted(clinic: Path) -> None:
    texts = told(clinic)
    assert {text for _name, text in readable(clinic, texts)} == set(texts), "the search finds what is there"
    encrypt_history(clinic, KEY, PASSPHRASE)
    assert readable(clinic, texts) == []
    assert {path.name for path in clinic.iterdir()} <= {FILE_NAME, KEYS, DRAFTS, IMAGES, IN_USE, "backups"}
    with History.open(clinic, key=KEY) as history:  # and while it is used
        kept = keep_real(clinic.parent, history, 3, ImageStore(clinic, KEY))
        assert ImageStore(clinic, KEY).thumbnail(kept.sha256, kept.path)
        history.people.add_patient("P-0999", "male", by="MK")
        assert readable(clinic, [*texts, b"P-0999", kept.name.encode()]) == []
        assert list((clinic / THUMBNAILS).glob("*/*"))
        assert ImageStore(clinic, KEY).thumbnail(kept.sha256, kept.path)


def test_a_wrong_passphrase_and_another_key_open_nothing(encrypted: Path) -> None:
    before = kept_files(encrypted)
    with pytest.raises(PassphraseError):
        unlock_history(encrypted, Passphrase(TYPED.upper()))
    other = Key.new(MASTER_BYTES)
    assert opens(encrypted, KEY)
    assert not opens(encrypted, other)
    with pytest.raises(RecordsError, match="is no history of LesionLens, or its beginning is damaged"):
        History.open(encrypted, key=other)
    with pytest.raises(RecordsError, match="is encrypted"):
        History.open(encrypted)
    assert kept_files(encrypted) == before


def test_an_image_of_another_key_or_place_is_damaged(encrypted: Path) -> None:
    first, second = sorted((encrypted / IMAGES).glob("*/*"))
    assert first.read_bytes().startswith(MAGIC)
    shutil.copy(first, second)
    with pytest.raises(RecordsError, match="is damaged or was altered"):
        ImageStore(encrypted, KEY).read(second.stem)
    with pytest.raises(RecordsError, match="is damaged or was altered"):
        ImageStore(encrypted, Key.new(MASTER_BYTES)).read(first.stem)


def test_the_passphrase_is_changed_in_the_key_file_alone(encrypted: Path) -> None:
    before = kept_files(encrypted)
    write_key_file(encrypted, KEY, Passphrase(TYPED + " more"))
    assert unlock_history(encrypted, Passphrase(TYPED + " more")) == KEY
    with pytest.raises(PassphraseError):
        unlock_history(encrypted, PASSPHRASE)
    changed = {name for name, content in kept_files(encrypted).items() if before[name] != content}
    assert changed == {KEYS}


def test_a_lost_key_file_leaves_the_recovery_key(encrypted: Path) -> None:
    for spoil in (lambda path: path.write_bytes(b"{}"), lambda path: path.unlink()):
        spoil(encrypted / KEYS)
        assert protection(encrypted) is Protection.KEY_FILE_LOST
        with pytest.raises(RecordsError, match="key file"):
            unlock_history(encrypted, PASSPHRASE)
        assert opens(encrypted, KEY)
        write_key_file(encrypted, KEY, PASSPHRASE)
        assert contents(encrypted, KEY)


def test_earlier_data_beside_it_are_named_and_left(clinic: Path) -> None:
    set_aside = clinic / "before restore 2026-01-01 10.00.00"
    set_aside.mkdir()
    (set_aside / "kept").write_text("P-0412")
    before = kept_files(clinic)
    with pytest.raises(RecordsError, match=r"before restore 2026-01-01 10.00.00. Move them"):
        encrypt_history(clinic, KEY, PASSPHRASE)
    assert kept_files(clinic) == before


def test_a_history_in_use_is_not_converted(clinic: Path, encrypted: Path) -> None:
    with History.open(encrypted, key=KEY), pytest.raises(RecordsError, match="Another program is using"):
        decrypt_history(encrypted, KEY)
    assert protection(encrypted) is Protection.ENCRYPTED


def test_a_damaged_image_stays_as_it_is(clinic: Path) -> None:
    damaged = min((clinic / IMAGES).glob("*/*"))
    damaged.write_bytes(b"not what its name says")
    encrypt_history(clinic, KEY, PASSPHRASE)
    with pytest.raises(RecordsError, match="is damaged or was altered"):
        ImageStore(clinic, KEY).read(damaged.stem)
    decrypt_history(clinic, KEY)
    assert damaged.read_bytes() == b"not what its name says"


def test_a_stop_and_a_short_passphrase_change_nothing(clinic: Path) -> None:
    before = kept_files(clinic)
    with pytest.raises(PassphraseError):
        encrypt_history(clinic, KEY, Passphrase("short"))
    asked = iter((False,) * 30)
    with pytest.raises(Stopped):
        encrypt_history(clinic, KEY, PASSPHRASE, is_stopped=lambda: next(asked, None) is None)
    assert kept_files(clinic) == before


def test_a_copy_that_differs_is_not_taken(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_files(clinic)
    real = converting_database._export

    def add_a_row(source: Path, target: Path, key: Key | None, new_key: Key | None) -> None:
        real(source, target, key, new_key)
        with closing(connect(target, new_key)) as connection:
            connection.execute("INSERT INTO erasing VALUES ('patient', 1)")

    monkeypatch.setattr(converting_database, "_export", add_a_row)
    with pytest.raises(RecordsError, match=r"differs from the original\. Nothing was changed"):
        encrypt_history(clinic, KEY, PASSPHRASE)
    assert kept_files(clinic) == before
