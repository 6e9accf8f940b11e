"""The history's SQLite file: checked, opened and migrated, with one sentence for each failure."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from desktop.core.encryption.keys import Key
from desktop.core.encryption.start_check import is_plain
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import make_file, make_folder, take_from_others
from desktop.core.records.backup_file import KEYS, is_full
from desktop.core.records.connecting import connect, sqlite_errors, use_rows
from desktop.core.records.copying import back_up_automatically, remove_automatic
from desktop.core.records.damage import read_text
from desktop.core.records.data_folder import IN_USE, OURS
from desktop.core.records.database_errors import (
    ALTERED,
    DAMAGED,
    ENCRYPTED,
    FOREIGN,
    FULL,
    LOST,
    NOT_WRITABLE,
    explained,
)
from desktop.core.records.images import IMAGES
from desktop.core.records.layout_1 import APPLICATION_ID
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.restore_step import finish_restore
from desktop.core.records.schema import FILE_NAME, FIRST_SEALED, MIGRATIONS
from desktop.core.records.seal import Head
from desktop.core.records.sealing import Sealer, begin, forms, mark_restored, read_head
from desktop.core.records.shares import Partition, is_on_network
from desktop.core.records.soundness import has_our_tables, names_outside


class Database:
    """One connection, used from the thread that opened it and from no other."""

    def __init__(self, connection: sqlite3.Connection, path: Path, key: Key | None) -> None:
        """Use `Database.open`."""
        self._connection = connection
        self._key = key
        self.path = path
        self._file = path.stat()
        self._use: FolderUse | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        partitions: Sequence[Partition] | None = None,
        patience: float = 5.0,
        key: Key | None = None,
    ) -> Self:
        """Open the history's file in a folder; create either if it is missing.

        Args:
            folder: the data folder.
            partitions: the mounted file systems; None asks the system.
            patience: seconds to wait for another program that is writing.
            key: the history's key, if it is encrypted.

        Raises:
            RecordsError: the file cannot be used; it was not changed.
        """
        if is_on_network(folder, partitions):
            raise RecordsError(
                tr(
                    "“{folder}” is on a network share, where a history cannot be kept safely. "
                    "Choose a folder on this computer with --data-dir."
                ),
                folder=folder,
            )
        path = folder / FILE_NAME
        try:
            make_folder(folder)
            finish_restore(folder)
            take_from_others(folder, OURS)
            is_there = path.exists()
            # SQLite would make a new history, though images were kept with one.
            is_lost = not (is_there and path.stat().st_size) and any((folder / IMAGES).glob("*/*"))
            if not is_lost:
                make_file(path)  # SQLite would let the umask decide who may read it
        except OSError as error:
            if is_full(error):
                raise RecordsError(FULL, file=path) from error
            raise RecordsError(
                tr("The data folder “{folder}” cannot be used ({detail}). Choose another one with --data-dir."),
                folder=folder,
                detail=error.strerror or error,
            ) from error
        if is_lost:
            raise RecordsError(DAMAGED if is_there else LOST, file=path)
        if key is None and (folder / KEYS).exists() and not is_plain(path):
            raise RecordsError(ENCRYPTED, file=path)
        with explained(path), ExitStack() as unless_ready:
            connection = connect(path, key, timeout=patience)
            unless_ready.callback(connection.close)
            database = cls(connection, path, key)
            database._prepare()
            unless_ready.pop_all()
        database._use = FolderUse(folder / IN_USE)
        return database

    @property
    def is_encrypted(self) -> bool:
        """Whether the history is encrypted."""
        return self._key is not None

    def close(self) -> None:
        """Close the connection; the last one moves the write-ahead log into the file."""
        with explained(self.path):
            self._connection.close()
        if self._use is not None:
            self._use.close()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other program uses the data folder; none can start to while the block runs."""
        if self._use is None:
            yield False
            return
        with self._use.alone() as is_alone:
            yield is_alone

    def read(self, query: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query; text that is not UTF-8 is read as far as it can be (`damage.read_text`)."""
        with explained(self.path):
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite_errors() as error:
                if hasattr(
                    error, "sqlite_errorcode"
                ):  # of SQLite itself; Python's, that text cannot be decoded, has none
                    raise
            self._connection.text_factory = read_text
            try:
                return self._connection.execute(query, values).fetchall()
            finally:
                self._connection.text_factory = str

    def read_ids(self, query: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[int]:
        """Return the only column of a query's rows, which may be tens of thousands: without a row object for each."""
        with explained(self.path):
            cursor = self._connection.cursor()
            cursor.row_factory = None
            return [value for (value,) in cursor.execute(query, values)]

    def forget_what_was_deleted(self) -> None:
        """Purge deleted rows from every file: SQLite leaves traces in free space, in its log and in the copies.

        Raises:
            RecordsError: a file could not be written anew or deleted; the rows themselves are gone.
        """
        try:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            remove_automatic(self.path.parent)
        except sqlite_errors(OSError) as error:
            raise RecordsError(
                tr(
                    "The patient was erased from the history, but remains may be left in the files of “{folder}” ({detail}). "
                    "Close other programs that use these files and start LesionLens again, which goes on with it."
                ),
                folder=self.path.parent,
                detail=error,
            ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: durable when the block ends, rolled back if it raises.

        Within another such block it is a savepoint: rolled back if it raises, durable when the outer block ends.
        """
        is_part = self._connection.in_transaction
        if not is_part:
            self._check_still_there()
        if is_part:
            written = self._sealer.written
            with explained(self.path), ExitStack() as unless_done:
                unless_done.callback(self._sealer.forget, written)
                with self._part():
                    yield self._connection
                unless_done.pop_all()
            return
        try:
            with explained(self.path), self._transaction("IMMEDIATE"):
                yield self._connection
                self._sealer.seal_written()
        finally:
            self._sealer.forget()

    def origin(self) -> str:
        """Return the random id by which a copy is known to be of this history."""
        return str(self.read("SELECT id FROM origin")[0]["id"])

    def mark_restored(self, replaced: Head | None) -> None:
        """Append to the seal that this history was restored; `replaced` is the head of the one before, if it can be read."""
        with self.writing() as connection:
            mark_restored(connection, replaced)

    def seal_head(self) -> Head:
        """Return the end of the seal's chain."""
        with explained(self.path):
            return read_head(self._connection)

    def _check_still_there(self) -> None:
        """Check that the open file is still the one in the data folder: writes to a deleted file are lost.

        Raises:
            RecordsError: it was deleted, moved or replaced.
        """
        with suppress(OSError):
            if os.path.samestat(self.path.stat(), self._file):
                return
        raise RecordsError(
            tr(
                "The history “{file}” was deleted, moved or replaced while LesionLens was open: nothing was saved. Put it "
                "back, or start LesionLens again."
            ),
            file=self.path,
        )

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # SQLite rolls some failures back by itself
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _part(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT part")
        with ExitStack() as unless_done:
            unless_done.callback(self._undo_part)
            yield
            unless_done.pop_all()
        self._connection.execute("RELEASE part")

    def _undo_part(self) -> None:
        if self._connection.in_transaction:  # SQLite rolls some failures back by itself, and the whole with its parts
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")

    def _prepare(self) -> None:
        """Inspect the file with reads alone; change it only once it is known to be ours and sound."""
        use_rows(self._connection)
        self._connection.execute("PRAGMA trusted_schema = OFF")
        self._connection.execute("PRAGMA cell_size_check = ON")
        try:
            # In one transaction: another window may be migrating, and the layout and the tables must match.
            with self._transaction("DEFERRED"):
                version = self._checked_version()
        except UnicodeDecodeError as error:  # of SQLite's own message, which repeats what it found
            raise RecordsError(DAMAGED, file=self.path) from error
        # 64 MB of pages stay in memory: a long history's indexes, gone through at each key of a search.
        for pragma in (
            "cache_size = -65536",
            "synchronous = FULL",
            "fullfsync = ON",
            "temp_store = MEMORY",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        if 0 < version < len(MIGRATIONS):
            back_up_automatically(self._connection, self.path.parent, version, self._key)
        if version < len(MIGRATIONS):
            self._migrate()
        self._sealer = Sealer(self._connection)
        self._connection.execute("PRAGMA foreign_keys = ON")  # a migration makes tables anew that others refer to
        if self._value("PRAGMA journal_mode = WAL") != "wal":
            raise RecordsError(NOT_WRITABLE, file=self.path)
        # A file that may only be read opens like any other: find out now, not when the first entry is lost.
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        finally:
            self._connection.execute("ROLLBACK")

    def _checked_version(self) -> int:
        version = int(self._value("PRAGMA user_version"))
        application = int(self._value("PRAGMA application_id"))
        is_new = not (application or version or self._value("SELECT count(*) FROM sqlite_schema"))
        if not is_new and (application != APPLICATION_ID or version < 1):
            raise RecordsError(FOREIGN, file=self.path)
        if version > len(MIGRATIONS):
            raise RecordsError(
                tr(
                    "The history “{file}” was made by a newer LesionLens (layout {found}; this one knows {own}). "
                    "It was left as it is: install the newer version."
                ),
                file=self.path,
                found=version,
                own=len(MIGRATIONS),
            )
        # The tables first: what is in them is looked at by what the file says of itself.
        if not has_our_tables(self._connection, version):
            raise RecordsError(ALTERED, file=self.path)
        if self._value("PRAGMA quick_check(1)") != "ok":
            raise RecordsError(DAMAGED, file=self.path)
        if version and names_outside(self._connection, version, is_opening=True):
            raise RecordsError(ALTERED, file=self.path)
        return version

    def _migrate(self) -> None:
        # In one transaction: each waits for the disk, a dozen times when a history is created.
        with self._transaction("EXCLUSIVE"):
            version = self._value("PRAGMA user_version")  # another window may just have migrated it
            for number, statements in enumerate(MIGRATIONS[version:], version + 1):
                known = set(forms(self._connection)) if number > FIRST_SEALED else set()
                for statement in statements:
                    self._connection.execute(statement)
                if number >= FIRST_SEALED:
                    begin(self._connection, forms(self._connection).keys() - known, is_first=number == FIRST_SEALED)
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _value(self, query: str) -> Any:
        return self._connection.execute(query).fetchone()[0]


def as_list(values: Iterable[object]) -> str:
    """Return values as what `json_each(?)` takes: one parameter, however many they are."""
    return msgspec.json.encode(list(values)).decode()
