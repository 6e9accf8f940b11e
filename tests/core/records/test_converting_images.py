"""Images are converted one by one in their places: what is stopped is taken back, what is interrupted is finished."""

import errno
import os
import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.core.encryption.file_cipher import MAGIC
from desktop.core.errors import RecordsError
from desktop.core.records import converting
from desktop.core.records.backup import write_backup
from desktop.core.records.backup_file import Stopped
from desktop.core.records.converting import decrypt_history, encrypt_history
from desktop.core.records.converting_images import begin_conversion, finish_conversion, is_under_way
from desktop.core.records.history import History
from desktop.core.records.images import IMAGES, ImageStore
from desktop.core.records.key_file import Protection, protection
from desktop.core.records.schema import FILE_NAME
from tests.core.encryption.test_keys import PASSPHRASE
from tests.core.records.test_backup import NOW, a_clinic, kept_files
from tests.core.records.test_converting import KEY, contents, readable, told


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    return a_clinic(tmp_path)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_stop_between_two_images_takes_the_first_back(clinic: Path, is_on: bool) -> None:
    held, texts = contents(clinic, None), told(clinic)
    if not is_on:
        encrypt_history(clinic, KEY, PASSPHRASE)
    before = protection(clinic)
    images: list[tuple[int, int]] = []

    def convert() -> None:
        if is_on:
            encrypt_history(clinic, KEY, PASSPHRASE, progress=lambda *step: images.append(step), is_stopped=is_stopped)
        else:
            decrypt_history(clinic, KEY, progress=lambda *step: images.append(step), is_stopped=is_stopped)

    def is_stopped() -> bool:
        return len(images) == 1

    with pytest.raises(Stopped):
        convert()
    assert len(images) == 1
    assert protection(clinic) is before
    assert not is_under_way(clinic)
    assert [path.name for path in clinic.iterdir() if path.name.startswith(".")] == []
    if not is_on:
        assert readable(clinic, texts) == []
    assert contents(clinic, None if is_on else KEY) == held


@pytest.mark.parametrize("is_on", [True, False])
def test_the_disk_needs_room_for_the_database_and_one_image(
    clinic: Path, is_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_on:
        encrypt_history(clinic, KEY, PASSPHRASE)
    convert = partial(encrypt_history, passphrase=PASSPHRASE) if is_on else decrypt_history
    largest = max(path.stat().st_size for path in (clinic / IMAGES).glob("*/*"))
    needed = int(1.05 * (clinic / FILE_NAME).stat().st_size) + largest
    before = kept_files(clinic)
    free = needed - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    with pytest.raises(RecordsError, match=r"has too little space: the conversion takes 1 MB\. Free some space"):
        convert(clinic, key=KEY)
    assert kept_files(clinic) == before
    free = needed
    convert(clinic, key=KEY)
    assert protection(clinic) is (Protection.ENCRYPTED if is_on else Protection.PLAIN)


def test_images_in_both_forms_are_read_and_encrypted_at_the_next_start(clinic: Path, tmp_path: Path) -> None:
    held, texts = contents(clinic, None), told(clinic)
    plain = {path.relative_to(clinic): path.read_bytes() for path in (clinic / IMAGES).glob("*/*")}
    encrypt_history(clinic, KEY, PASSPHRASE)
    begin_conversion(clinic)  # as a kill leaves it, after the database and the last of the images
    first, *_others = sorted(plain)
    (clinic / first).write_bytes(plain[first])
    assert contents(clinic, KEY) == held
    assert ImageStore(clinic, KEY).add(plain[first], "PNG") == clinic / first
    with pytest.raises(RecordsError, match=r"Some images in .* are not encrypted yet"):
        write_backup(clinic, tmp_path / "backup.zip", app_version="1", now=NOW, key=KEY)
    assert not (tmp_path / "backup.zip").exists()
    with History.open(clinic, key=KEY) as history:
        with History.open(clinic, key=KEY):
            history.sweep()
            assert is_under_way(clinic), "another program may be reading it"
        history.sweep()
    assert not is_under_way(clinic)
    assert contents(clinic, KEY) == held
    assert readable(clinic, texts) == []


def test_an_image_that_cannot_be_encrypted_yet_is_tried_again(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {path: path.read_bytes() for path in (clinic / IMAGES).glob("*/*")}
    encrypt_history(clinic, KEY, PASSPHRASE)
    begin_conversion(clinic)
    for path, content in plain.items():
        path.write_bytes(content)

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        finish_conversion(clinic, KEY)
    assert is_under_way(clinic)
    assert {path: path.read_bytes() for path in (clinic / IMAGES).glob("*/*")} == plain
    finish_conversion(clinic, KEY)
    assert not is_under_way(clinic)
    assert all(path.read_bytes().startswith(MAGIC) for path in plain)


def test_what_cannot_be_taken_back_is_said_and_finished_by_the_next_start(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, texts = contents(clinic, None), told(clinic)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(converting, "convert_images", refuse)
        with pytest.raises(RecordsError, match=r"is encrypted, but not yet all of its images \(Permission denied\)"):
            encrypt_history(clinic, KEY, PASSPHRASE)
    assert contents(clinic, KEY) == held
    with History.open(clinic, key=KEY) as history:
        history.sweep()
    assert readable(clinic, texts) == []
    assert contents(clinic, KEY) == held
