"""Encrypts a history and its images, or decrypts them again.

A complete copy is made beside the history, in the other form, and compared with it: every row of every table, every image. It
then takes the history's place by the journal of a restore (`restore_step`), and the history itself is deleted. However the
program ends, there is one whole history: the old one, or the copy. What is left of the other is deleted by the next opening.
"""

# ruff: noqa: S608 - statements are put together from the names of our own tables

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.encryption.file_cipher import FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import make_folder, private
from desktop.core.records.backup_file import DRAFTS, Progress, Stopped, explained
from desktop.core.records.connecting import connect, connect_by_sqlcipher, key_literal
from desktop.core.records.copying import remove_automatic
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.images import IMAGES, THUMBNAILS
from desktop.core.records.key_file import unlock_history, write_key_file
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.remains import remove, unfinished
from desktop.core.records.restore_step import BEFORE, CONVERTED, JOURNAL, finish_restore, place_to_unpack, put_in_place
from desktop.core.records.schema import FILE_NAME
from desktop.core.whole_files import sync_folder

_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
_SEQUENCE = b"sqlite_sequence"
_SEQUENCES = "SELECT name, seq FROM sqlite_sequence ORDER BY name"
"""The last id of each table, in a table of SQLite's own whose row numbers mean nothing."""


def encrypt_history(
    folder: Path,
    key: Key,
    passphrase: str,
    *,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Encrypt the history of a data folder with its images; nothing of it stays readable there without the key.

    The history must be closed. Automatic copies and thumbnails are deleted.

    Args:
        folder: the data folder.
        key: a new key of `MASTER_BYTES`, which the user has on paper as a recovery key.
        passphrase: it will open the history.
        progress: called with the bytes that were converted.
        is_stopped: polled regularly until the copy is about to take the history's place.

    Raises:
        PassphraseError: the passphrase is too short.
        RecordsError: the history cannot be read or written, is in use, or an earlier one lies beside it; it is unchanged.
        Stopped: `is_stopped` said so.
    """
    with _alone(folder):
        set_aside = sorted(path.name for name in (f"{BEFORE}*", "drafts.unreadable") for path in folder.glob(name))
        if set_aside:
            raise RecordsError(
                tr(
                    "Earlier data lie unencrypted in “{folder}”: {names}. Move them elsewhere or delete them, then encrypt "
                    "the history."
                ),
                folder=folder,
                names=", ".join(set_aside),
            )
        with place_to_unpack(folder) as copy:
            write_key_file(copy, key, passphrase)
            convert(folder, copy, None, key, progress, is_stopped)
            if unlock_history(copy, passphrase) != key:
                raise AssertionError
            _replace(folder, copy)


def decrypt_history(
    folder: Path,
    key: Key,
    *,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Decrypt the history of a data folder with its images.

    Args:
        folder: the data folder; its history must be closed.
        key: its key.
        progress: called with the bytes that were converted.
        is_stopped: polled regularly until the copy is about to take the history's place.

    Raises:
        RecordsError: the history cannot be read or written, or is in use; it is unchanged.
        Stopped: `is_stopped` said so.
    """
    with _alone(folder), place_to_unpack(folder) as copy:
        convert(folder, copy, key, None, progress, is_stopped)
        _replace(folder, copy)


def convert(
    folder: Path,
    copy: Path,
    key: Key | None,
    new_key: Key | None,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Write a history with its images into another folder, encrypted by another key or by none, and compare the two.

    Args:
        folder: the folder with the history, which nobody uses.
        copy: the folder for the copy.
        key: the history's key; None if it is plain.
        new_key: the copy's key; None for a plain copy.
        progress: called with the bytes that were converted.
        is_stopped: polled regularly.

    Raises:
        RecordsError: there is too little space, or the copy differs from the history.
        Stopped: `is_stopped` said so.
        OSError: a file cannot be read or written.
        sqlite3.Error: the database is damaged, likewise SQLCipher's error.
    """
    images = [path for path in sorted((folder / IMAGES).glob("*/*")) if path.suffix != ".partial"]
    sizes = {path: path.stat().st_size for path in (folder / FILE_NAME, *images)}
    total = sum(sizes.values())
    if shutil.disk_usage(folder).free < total:
        raise RecordsError(
            tr("“{folder}” has too little space: the conversion takes {size} MB. Free some space, then try again."),
            folder=folder,
            size=total // 1_000_000 + 1,
        )
    _convert_database(folder / FILE_NAME, copy / FILE_NAME, key, new_key)
    _compare(folder / FILE_NAME, copy / FILE_NAME, key, new_key, is_stopped)
    done = sizes[folder / FILE_NAME]
    reader, writer = (None if one is None else FileCipher(one) for one in (key, new_key))
    for path in images:
        if is_stopped():
            raise Stopped
        _convert_file(path, copy / path.relative_to(folder), path.name[:64], reader, writer)
        done += sizes[path]
        progress(done, total)
    if (folder / DRAFTS).exists():
        _convert_file(folder / DRAFTS, copy / DRAFTS, DRAFTS, reader, writer)
    for changed, _folders, _files in os.walk(copy):
        sync_folder(Path(changed))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Have the data folder to this program alone, without what an earlier one left in it."""
    with explained(folder), closing(FolderUse(folder / IN_USE)) as use, use.alone() as is_alone:
        if not is_alone:
            raise RecordsError(
                tr("Another program is using “{folder}”. Close the other window of LesionLens, then try again."),
                folder=folder,
            )
        finish_restore(folder)
        remove(unfinished(folder))
        yield


def _replace(folder: Path, copy: Path) -> None:
    """Put a copy in the history's place, and delete the history with all that was derived from it."""
    remove_automatic(folder)
    if (folder / THUMBNAILS).exists():
        shutil.rmtree(folder / THUMBNAILS)
    before = folder / f"{CONVERTED}{os.urandom(4).hex()}"
    put_in_place(folder, copy, before)
    if not (folder / JOURNAL).exists():  # else it still needs the folder; the next opening ends both
        remove([before])


def _convert_database(source: Path, target: Path, key: Key | None, new_key: Key | None) -> None:
    with closing(connect_by_sqlcipher(source)) as connection:
        if key is not None:
            connection.execute(f'PRAGMA key = "{key_literal(key)}"')
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), key_literal(new_key)))
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


def _convert_file(source: Path, target: Path, name: str, reader: FileCipher | None, writer: FileCipher | None) -> None:
    """Write a file in its other form, and read it back; one that is damaged stays as it is."""
    data = source.read_bytes()
    try:
        content = data if reader is None else reader.decrypt(data, name)
        converted = content if writer is None else writer.encrypt(content, name)
    except DamagedFileError:
        content, converted = data, data
    make_folder(target.parent)
    with open(target, "xb", opener=private) as written:
        written.write(converted)
        written.flush()
        os.fsync(written.fileno())
    found = target.read_bytes()
    if found != converted or (writer is not None and converted is not data and writer.decrypt(found, name) != content):
        raise _differs(source)
