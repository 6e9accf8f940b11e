"""Opens a database file: a plain one with Python's SQLite, an encrypted one with SQLCipher.

SQLCipher's module has the interface of Python's, but classes of its own: its errors are no `sqlite3.Error`, and its rows no
`sqlite3.Row`. Only this module knows. Within a process a file is never open in both at once: each would release the other's
locks (How To Corrupt An SQLite Database File, 2.2).
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import itertools
import os
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any, cast

from desktop.core.encryption.keys import Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.errors import RecordsError
from desktop.core.marking import tr

_LACKING = tr(
    "This installation of LesionLens lacks SQLCipher, which an encrypted history needs. Reinstall LesionLens."
)

_DIGITS = b"0123456789abcdef"

_CACHED_STATEMENTS = 1000
"""SQLCipher's module evicts the newest statement once its cache is full. Opening a history fills the 100 of its default; then
every statement was prepared anew, a third of the cost of a small write. Python's evicts the one that was used longest ago."""


def connect(database: str | Path, key: Key | None = None, **options: Any) -> sqlite3.Connection:
    """Open a database file, in autocommit mode.

    Args:
        database: its path, or a URI with `uri=True`.
        key: a history's key, if the file is encrypted.
        options: further ones of `sqlite3.connect`.

    Raises:
        RecordsError: it is encrypted, and this installation lacks SQLCipher.
    """
    if key is None:
        plain: sqlite3.Connection = sqlite3.connect(database, isolation_level=None, **options)
        return plain
    connection = connect_by_sqlcipher(database, **options)
    use_key(connection, key)
    return connection


def use_key(connection: sqlite3.Connection, key: Key) -> None:
    """Give SQLCipher a history's key. `PRAGMA key` would leave its text in memory, this does not."""
    connection.set_key(key_text(key))  # type: ignore[attr-defined] # of sqlcipher3's class alone


def connect_by_sqlcipher(database: str | Path, **options: Any) -> sqlite3.Connection:
    """Open a database file with SQLCipher, without a key: a plain one, which can then be exported to an encrypted one.

    Raises:
        RecordsError: this installation lacks SQLCipher.
    """
    try:
        _load_with_own_symbols()
        from sqlcipher3 import dbapi2  # noqa: PLC0415 - 8 MB that a plain history does without
    except (ImportError, OSError) as error:
        raise RecordsError(_LACKING) from error
    connect_to = partial(dbapi2.connect, isolation_level=None, cached_statements=_CACHED_STATEMENTS)
    connection = cast("sqlite3.Connection", connect_to(database, **options))
    if connection.execute("PRAGMA cipher_version").fetchone() is None:  # another SQLite, which would ignore every key
        connection.close()
        raise RecordsError(_LACKING)
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
    return connection


def _load_with_own_symbols() -> None:
    """Load SQLCipher's library so that it calls its own functions, not those of the same name in other libraries.

    TensorFlow offers its SQLite to the whole process: SQLCipher's module, loaded after it, would call that one. The import that
    follows finds the library loaded. `sys.setdlopenflags` around the import would also apply to what other threads import
    meanwhile, such as onnxruntime.
    """
    if sys.platform != "linux" or "sqlcipher3" in sys.modules:
        return
    import ctypes  # noqa: PLC0415 - as above

    package = importlib.util.find_spec("sqlcipher3")
    folders = [] if package is None else package.submodule_search_locations or []
    libraries = [Path(folder, f"_sqlite3{end}") for folder in folders for end in importlib.machinery.EXTENSION_SUFFIXES]
    for library in filter(Path.exists, libraries):
        ctypes.CDLL(str(library), os.RTLD_NOW | os.RTLD_LOCAL | os.RTLD_DEEPBIND)


def key_text(key: Key | None) -> SecretBytes:
    """Return a history's key as SQLCipher takes it, `x'...'`, without a derivation of its own; empty for a plain database."""
    if key is None:
        return SecretBytes()
    database = key.derived(b"LesionLens database 1").secret
    digits = (_DIGITS[half] for byte in database for half in (byte >> 4, byte & 0xF))
    text = SecretBytes(len(b"x''") + 2 * len(database))
    for place, character in enumerate(itertools.chain(b"x'", digits, b"'")):
        text[place] = character
    return text


def sqlite_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return the base class of the errors of each SQLite that is loaded, and others, for an `except` clause."""
    sqlcipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, *others) if sqlcipher is None else (sqlite3.Error, sqlcipher.Error, *others)


def use_rows(connection: sqlite3.Connection) -> None:
    """Have a connection return rows whose columns can be read by name."""
    is_plain = isinstance(connection, sqlite3.Connection)
    connection.row_factory = sqlite3.Row if is_plain else sys.modules["sqlcipher3.dbapi2"].Row
