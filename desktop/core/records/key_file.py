"""The file beside an encrypted history that holds its key, wrapped by the passphrase. Whoever has it alone has nothing."""

from enum import Enum
from pathlib import Path
from typing import Literal

import msgspec

from desktop.core.encryption.file_cipher import MAGIC
from desktop.core.encryption.keys import Key, WrappedKey, unwrap, wrap
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.start_check import is_plain
from desktop.core.errors import PassphraseError, RecordsError
from desktop.core.marking import tr
from desktop.core.records.backup_file import file_errors_explained
from desktop.core.records.connecting import connect, sqlite_errors
from desktop.core.records.data_folder import KEYS
from desktop.core.records.images import IMAGES
from desktop.core.records.restore_step import finish_restore
from desktop.core.records.schema import FILE_NAME
from desktop.core.whole_files import whole_file

_CONTEXT = b"LesionLens history 1"


class Protection(Enum):
    """Whether a history is encrypted."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    KEY_FILE_LOST = "key file lost"
    """It is encrypted, and its key file is missing or damaged: only the recovery key opens it."""


class _KeyFile(msgspec.Struct, frozen=True):
    version: Literal[1]
    passphrase: WrappedKey


def protection(folder: Path) -> Protection:
    """Tell whether the history of a data folder is encrypted; a restore that was interrupted is finished first.

    Raises:
        RecordsError: that failed, or the folder cannot be read.
    """
    finish_restore(folder)
    with file_errors_explained(folder):
        if is_plain(folder / FILE_NAME):  # whatever key file lies beside it
            return Protection.PLAIN
        if (folder / KEYS).exists():
            return Protection.KEY_FILE_LOST if _read(folder / KEYS) is None else Protection.ENCRYPTED
        if any(_begins_encrypted(path) for path in (folder / IMAGES).glob("*/*")):
            return Protection.KEY_FILE_LOST
    return Protection.PLAIN


def unlock_history(folder: Path, passphrase: Passphrase) -> Key:
    """Return the key of an encrypted history. Takes a second or more.

    Raises:
        PassphraseError: the passphrase is wrong.
        RecordsError: the key file is missing or damaged.
    """
    with file_errors_explained(folder):
        content = (folder / KEYS).read_bytes() if (folder / KEYS).exists() else b""
    return unlock_key_file(content, passphrase)


def unlock_key_file(content: bytes, passphrase: Passphrase) -> Key:
    """Return the key in a key file. Takes a second or more.

    Raises:
        PassphraseError: the passphrase is wrong.
        RecordsError: the key file is damaged.
    """
    file = _decoded(content)
    if file is None:
        raise RecordsError(
            tr("The key file of the history is missing or damaged. Use the recovery key, or restore a backup.")
        )
    return unwrap(file.passphrase, passphrase, _CONTEXT)


def write_key_file(folder: Path, key: Key, passphrase: Passphrase) -> None:
    """Write a history's key file, or write it anew for another passphrase. Takes seconds.

    Raises:
        PassphraseError: the passphrase is too short.
        RecordsError: it cannot be written; an existing one is unchanged.
    """
    content = msgspec.json.encode(_KeyFile(1, wrap(key, passphrase, _CONTEXT)))
    if unlock_key_file(content, passphrase) != key:
        raise AssertionError
    with file_errors_explained(folder), whole_file(folder / KEYS) as written:
        written.write_bytes(content)


def opens(folder: Path, key: Key) -> bool:
    """Tell whether a key is that of a data folder's history.

    Raises:
        RecordsError: this installation lacks SQLCipher.
    """
    try:
        connection = connect(f"{(folder / FILE_NAME).absolute().as_uri()}?mode=rw", key, uri=True)  # never makes one
        try:
            return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        finally:
            connection.close()
    except sqlite_errors():
        return False


def wrong_recovery_key() -> PassphraseError:
    """Return the error that a recovery key is another history's."""
    return PassphraseError(tr("This recovery key belongs to another history. Use the key of this history."))


def _read(path: Path) -> _KeyFile | None:
    return _decoded(path.read_bytes())


def _decoded(content: bytes) -> _KeyFile | None:
    try:
        return msgspec.json.decode(content, type=_KeyFile)
    except (ValueError, RecursionError):  # DecodeError, and text that is not UTF-8
        return None


def _begins_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
