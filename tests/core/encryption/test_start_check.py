"""The first look at a data folder: quick, and never blind to an encrypted history."""

from pathlib import Path

import pytest

from desktop.core.encryption import start_check
from desktop.core.encryption.start_check import may_be_encrypted
from desktop.core.records import backup_file, restore_step, schema
from desktop.core.records.history import History


def test_its_names_are_those_of_the_history() -> None:
    assert (start_check.HISTORY, start_check.KEYS, start_check.JOURNAL) == (
        schema.FILE_NAME,
        backup_file.KEYS,
        restore_step.JOURNAL,
    )


def test_a_plain_history_is_not_asked_about(tmp_path: Path) -> None:
    assert not may_be_encrypted(tmp_path / "missing")
    assert not may_be_encrypted(tmp_path)
    (tmp_path / schema.FILE_NAME).touch()
    assert not may_be_encrypted(tmp_path)
    with History.open(tmp_path):
        assert not may_be_encrypted(tmp_path)


@pytest.mark.parametrize("name", [schema.FILE_NAME, backup_file.KEYS, restore_step.JOURNAL])
def test_whatever_could_be_encrypted_is_looked_at(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"random bytes")
    assert may_be_encrypted(tmp_path)
