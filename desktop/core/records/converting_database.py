"""Writes a history's database in its other form, encrypted or plain, into another folder, and compares the two."""

# ruff: noqa: S608 - statements are put together from the names of our own tables

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.encryption.file_cipher import FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import private
from desktop.core.records.backup_file import Stopped
from desktop.core.records.connecting import connect, connect_by_sqlcipher, key_text, use_key
from desktop.core.records.data_folder import DRAFTS
from desktop.core.records.schema import FILE_NAME
from desktop.core.whole_files import sync_folder

_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
_SEQUENCE = b"sqlite_sequence"
_SEQUENCES = "SELECT name, seq FROM sqlite_sequence ORDER BY name"
"""The last id of each table, in a table of SQLite's own whose row numbers mean nothing."""


def convert_database(
    folder: Path, copy: Path, key: Key | None, new_key: Key | None, is_stopped: Callable[[], bool] = lambda: False
) -> None:
    """Write a history's database and drafts into another folder, encrypted by another key or by none, and compare them.

    Args:
        folder: the folder with the history, which nobody uses.
        copy: the folder for the copy.
        key: the history's key; None if it is plain.
        new_key: the copy's key; None for a plain copy.
        is_stopped: polled between the tables.

    Raises:
        RecordsError: the copy differs from the history.
        Stopped: `is_stopped` said so.
        OSError: a file cannot be read or written.
        sqlite3.Error: the database is damaged, likewise SQLCipher's error.
    """
    _export(folder / FILE_NAME, copy / FILE_NAME, key, new_key)
    _compare(folder / FILE_NAME, copy / FILE_NAME, key, new_key, is_stopped)
    if (folder / DRAFTS).exists():
        _convert_drafts(folder / DRAFTS, copy / DRAFTS, key, new_key)
    sync_folder(copy)


def _export(source: Path, target: Path, key: Key | None, new_key: Key | None) -> None:
    with closing(connect_by_sqlcipher(source)) as connection:
        if key is not None:
            use_key(connection, key)
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), key_text(new_key)))
        connection.execute("SELECT sqlcipher_export('copy')").fetchall()
        connection.execute(f"PRAGMA copy.user_version = {layout:d}")  # the export copies neither
        connection.execute(f"PRAGMA copy.application_id = {application:d}")
        connection.execute("DETACH DATABASE copy")
    target.chmod(0o600)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _compare(source: Path, target: Path, key: Key | None, new_key: Key | None, is_stopped: Callable[[], bool]) -> None:
    """Check that a copy has the tables and every row of the history, and is sound; it is opened anew for that."""
    with closing(_opened(source, key)) as before, closing(_opened(target, new_key)) as after:
        if after.execute("PRAGMA integrity_check(1)").fetchone()[0] != b"ok":
            raise _differs(source)
        queries = [
            "PRAGMA user_version",
            "PRAGMA application_id",
            _SCHEMA,
            _SEQUENCES,
        ]
        tables = before.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        queries += [f'SELECT rowid, * FROM "{name.decode()}" ORDER BY rowid' for (name,) in tables if name != _SEQUENCE]
        for query in queries:
            if is_stopped():
                raise Stopped
            rows = zip(before.execute(query), after.execute(query), strict=True)
            try:
                is_same = all(one == other for one, other in rows)
            except ValueError:  # more rows in one of them
                is_same = False
            if not is_same:
                raise _differs(source)


def _opened(path: Path, key: Key | None) -> sqlite3.Connection:
    connection = connect_by_sqlcipher(path) if key is None else connect(path, key)
    connection.text_factory = bytes  # damaged text is compared as well
    return connection


def _differs(path: Path) -> RecordsError:
    return RecordsError(
        tr("The copy of the history “{file}” differs from the original. Nothing was changed. The disk may be faulty."),
        file=path,
    )


def _convert_drafts(source: Path, target: Path, key: Key | None, new_key: Key | None) -> None:
    """Write the drafts in their other form, and read them back; damaged ones stay as they are."""
    data = source.read_bytes()
    reader, writer = (None if one is None else FileCipher(one) for one in (key, new_key))
    try:
        content = data if reader is None else reader.decrypt(data, DRAFTS)
        converted = content if writer is None else writer.encrypt(content, DRAFTS)
    except DamagedFileError:
        content, converted = data, data
    with open(target, "xb", opener=private) as written:
        written.write(converted)
        written.flush()
        os.fsync(written.fileno())
    found = target.read_bytes()
    if found != converted or (
        writer is not None and converted is not data and writer.decrypt(found, DRAFTS) != content
    ):
        raise _differs(source)
