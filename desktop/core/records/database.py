"""The open history's SQLite file: reads and writes, with one sentence for each failure."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from desktop.core.diagnoses import severity
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.connecting import connect, sqlite_errors
from desktop.core.records.copying import remove_automatic
from desktop.core.records.damage import read_text
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.database_errors import explained
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.preparing import prepare_file, prepare_folder
from desktop.core.records.seal import Head
from desktop.core.records.sealing import Sealer, mark_restored, read_head
from desktop.core.records.shares import Partition
from desktop.core.records.transactions import part, transaction


class Database:
    """One connection, used from the thread that opened it and from no other."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, key: Key | None, *, is_used_here: bool = False
    ) -> None:
        """Use `Database.open`."""
        self._connection = connection
        self._key = key
        self.path = path
        self._file = path.stat()
        prepare_file(connection, path, key, is_used_here=is_used_here)
        connection.create_function("severity", 2, severity, deterministic=True)
        self._sealer = Sealer(connection)
        self._use: FolderUse | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        partitions: Sequence[Partition] | None = None,
        patience: float = 5.0,
        key: Key | None = None,
        *,
        is_used_here: bool = False,
    ) -> Self:
        """Open the history's file in a folder; create either if it is missing.

        Args:
            folder: the data folder.
            partitions: the mounted file systems; None asks the system.
            patience: seconds to wait for another program that is writing.
            key: the history's key, if it is encrypted.
            is_used_here: whether this program itself has marked the folder as in use.

        Raises:
            RecordsError: the file cannot be used; it was not changed.
        """
        path = prepare_folder(folder, partitions, is_locked=key is None)
        with explained(path), ExitStack() as unless_ready:
            connection = connect(path, key, timeout=patience)
            unless_ready.callback(connection.close)
            database = cls(connection, path, key, is_used_here=is_used_here)
            unless_ready.pop_all()
        database._use = FolderUse(folder / IN_USE)
        return database

    @property
    def key(self) -> Key | None:
        """The history's key, if it is encrypted."""
        return self._key

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
                if hasattr(error, "sqlite_errorcode"):  # Python's own, that text cannot be decoded, has none
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

    def read_blobs(self, query: str, values: Sequence[Any] = ()) -> list[bytes]:
        """Return the only column of a query's rows, as `read_ids` does."""
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
        if self._connection.in_transaction:
            written = self._sealer.written
            with explained(self.path), ExitStack() as unless_done:
                unless_done.callback(self._sealer.forget, written)
                with part(self._connection):
                    yield self._connection
                unless_done.pop_all()
            return
        self._check_still_there()
        try:
            with explained(self.path), transaction(self._connection, "IMMEDIATE"):
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


def as_list(values: Iterable[object]) -> str:
    """Return values as what `json_each(?)` takes: one parameter, however many they are."""
    return msgspec.json.encode(list(values)).decode()
