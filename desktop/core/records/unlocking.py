"""Unlocks backups: one encrypted by a passphrase of its own, and one of an encrypted history."""

from dataclasses import dataclass
from pathlib import Path

from desktop.core.encryption.encrypted_file import is_encrypted, unlock
from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.records.backup_file import broken, file_errors_explained, opened
from desktop.core.records.key_file import unlock_key_file


@dataclass(frozen=True)
class BackupKeys:
    """The key of a backup's file, and that of the history in it; None where there is no encryption."""

    file: Key | None = None
    history: Key | None = None


def needs_passphrase(path: Path) -> bool:
    """Tell whether a backup is encrypted, or the history in it.

    Raises:
        RecordsError: it cannot be read, or is no backup.
    """
    with file_errors_explained(path):
        if is_encrypted(path):
            return True
        with opened(path) as backup:
            return backup.key_file() is not None


def unlock_backup(path: Path, passphrase: Passphrase) -> BackupKeys:
    """Return the keys of a backup that needs a passphrase. Takes a second or more.

    Raises:
        PassphraseError: the passphrase is wrong.
        RecordsError: the file is damaged or cannot be read.
    """
    with file_errors_explained(path):
        if is_encrypted(path):
            with broken(path):
                return BackupKeys(file=unlock(path, passphrase))
        with opened(path) as backup:
            return BackupKeys(history=unlock_key_file(backup.key_file() or b"", passphrase))
