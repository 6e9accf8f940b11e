"""A first look at a data folder before the window is made, without the imports that opening a history needs."""

from pathlib import Path

HISTORY, KEYS, JOURNAL = "history.sqlite3", "keys.json", "restore.json"
"""The names of the history, its key file, and the journal of a restore; a test holds them against those that are used."""

PLAIN = b"SQLite format 3\0"
"""How a plain database begins; an encrypted one begins with random bytes."""


def may_be_encrypted(folder: Path) -> bool:
    """Tell whether a data folder's history could need a passphrase; `key_file.protection` knows."""
    if (folder / KEYS).exists() or (folder / JOURNAL).exists():
        return True
    beginning = _beginning(folder / HISTORY)
    return bool(beginning) and beginning != PLAIN


def is_encrypted_with_key_file(folder: Path) -> bool:
    """Tell whether a data folder has a key file, and a history that is not plain: a passphrase opens it."""
    return (folder / KEYS).exists() and not is_plain(folder / HISTORY)


def is_plain(database: Path) -> bool:
    """Tell whether a database begins like one that is not encrypted."""
    return _beginning(database) == PLAIN


def _beginning(database: Path) -> bytes:
    try:
        with database.open("rb") as file:
            return file.read(len(PLAIN))
    except OSError:  # there is none yet, or the opening says what is wrong
        return b""
