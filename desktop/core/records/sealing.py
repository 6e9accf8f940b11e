"""Seals what is written: each transaction appends a link with the digests of the rows that it wrote, as a part of it.

Triggers of the connection note the rows, so that a table needs nothing to join the seal. They are temporary: the file itself
has none of them.
"""

# ruff: noqa: S608 - statements are put together from names of our tables; every value is a parameter

import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from desktop.core.records.seal import (
    BEFORE_FIRST,
    BEGIN,
    LINK,
    MOST_ROWS,
    NO_HEAD,
    NO_SALT,
    NOT_SEALED,
    RESTORE,
    SALT_SIZE,
    Head,
    RowForm,
    Span,
    Text,
    runs,
)

_NOTE = """
    CREATE TEMP TRIGGER note_{number}_{event} AFTER {event} ON main."{subject}"
    BEGIN SELECT note_written({number}, {row}.rowid); END"""
_EVENTS = {"insert": "NEW", "delete": "OLD"}
"""Rows are never changed, so that there is nothing else to note."""
_LAST_LINK = "SELECT id, hash FROM seal ORDER BY id DESC LIMIT 1"


class Sealer:
    """Appends to the chain of one open history."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin to note what is written."""
        self._raw = _Raw(connection)
        self._forms = list(forms(connection).values())
        self._written: list[tuple[int, int]] = []
        connection.create_function("note_written", 2, self._note)
        for number, form in enumerate(self._forms):
            for event, row in _EVENTS.items():
                connection.execute(_NOTE.format(event=event, row=row, subject=form.subject, number=number))

    def seal_written(self) -> None:
        """Append the links of what the current transaction has written; to be called before it is committed."""
        if len(self._written) == 1:
            ((subject, row_id),) = self._written
            with self._raw as cursor:
                if _seal_one(_Chain(cursor), self._forms[subject], row_id):
                    return
        noted: dict[int, dict[int, int]] = {}
        for subject, row_id in self._written:
            times = noted.setdefault(subject, {})
            times[row_id] = times.get(row_id, 0) + 1
        if noted:
            with self._raw as cursor:
                chain = _Chain(cursor)
                for subject, times in noted.items():
                    _seal_rows(chain, self._forms[subject], times)
                chain.close()

    @property
    def written(self) -> int:
        """How much was noted in the current transaction."""
        return len(self._written)

    def forget(self, after: int = 0) -> None:
        """Forget what was noted, or what came after that much of it: it was rolled back, or the transaction has ended."""
        del self._written[after:]

    def _note(self, subject: int, row_id: int) -> None:
        self._written.append((subject, row_id))


def begin(connection: sqlite3.Connection, subjects: Iterable[str], *, is_first: bool) -> None:
    """Seal all rows of some tables as they are; with `is_first`, begin the chain with a mark that says since when.

    Args:
        connection: within a transaction.
        subjects: the tables.
        is_first: whether there is no chain yet.
    """
    # In a new history all tables are empty: making their forms takes longer than making the tables.
    filled = [
        table
        for table in sorted(sealed_tables(connection) & set(subjects))
        if connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone()
    ]
    filled_forms = [_form_of(connection, table) for table in filled]
    with _Raw(connection) as cursor:
        chain = _Chain(cursor)
        if is_first:
            chain.append(BEGIN)
        for form in filled_forms:
            ids = cursor.execute(f'SELECT rowid FROM "{form.subject}" ORDER BY rowid').fetchall()
            for first, last in runs(row_id for (row_id,) in ids):
                chain.add_rows("begin", form, first, last)
        chain.close()


def mark_restored(connection: sqlite3.Connection, replaced: Head | None) -> None:
    """Append the link that says that this history came out of a backup; `replaced` is the end of the one before it.

    Args:
        connection: within a transaction.
        replaced: None if there was no other history, or it could not be read.
    """
    with _Raw(connection) as cursor:
        head = NO_HEAD if replaced is None else replaced
        _Chain(cursor).append(f"{RESTORE} {head}")


def read_head(connection: sqlite3.Connection) -> Head:
    """Return the end of the chain."""
    row = connection.execute(_LAST_LINK).fetchone()
    return NO_HEAD if row is None else Head(row[0], row[1].hex())


def sealed_tables(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables that are sealed."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return {row[0] for row in connection.execute(query)} - NOT_SEALED


def forms(connection: sqlite3.Connection) -> Mapping[str, RowForm]:
    """Return the forms of the tables that are sealed, sorted by name."""
    return {name: _form_of(connection, name) for name in sorted(sealed_tables(connection))}


def _form_of(connection: sqlite3.Connection, table: str) -> RowForm:
    return RowForm(table, [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')])


class _Chain:
    """The chain's end, within one transaction, and the link that is being made."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.cursor = cursor
        row = cursor.execute(_LAST_LINK).fetchone()
        self._links: int = row[0] if row else 0
        self._hash: bytes = row[1] if row else BEFORE_FIRST
        self._time = datetime.now(UTC).isoformat(timespec="microseconds")
        self._spans: list[Span] = []
        self._rows = 0
        self._digests: list[bytes] = []
        self._salts: list[bytes] = []

    def add(self, span: Span) -> None:
        """Add some rows to the link; begin another if it has enough."""
        if self._rows + span.last - span.first >= MOST_ROWS:
            self.close()
        self._spans.append(span)
        self._rows += span.last - span.first + 1

    def add_rows(self, kind: str, form: RowForm, first: int, last: int) -> set[int]:
        """Add those rows to the link that there are between two ids; return their ids."""
        rows = self.cursor.execute(f"{form.query} WHERE rowid BETWEEN ? AND ? ORDER BY rowid", (first, last)).fetchall()
        ids = [row[0] for row in rows]
        at = 0
        for begin, end in runs(ids):
            span = Span(kind, form.subject, begin, end)
            self.add(span)
            salts = os.urandom(SALT_SIZE * span.size)
            self._salts.append(salts)
            for start in range(0, len(salts), SALT_SIZE):
                self._digests.append(form.digest(salts[start : start + SALT_SIZE], rows[at]))
                at += 1
        return set(ids)

    def close(self) -> None:
        """Append the link with what was added to it, if there is anything."""
        if not self._spans:
            return
        self.append("\n".join(map(str, self._spans)), b"".join(self._digests), b"".join(self._salts))
        self._rows = 0
        self._spans.clear()
        self._digests.clear()
        self._salts.clear()

    def append(self, what: str, digests: bytes = b"", salts: bytes = b"") -> None:
        """Append a link."""
        self._links += 1
        row = (self._links, digests, Text(self._time.encode()), Text(what.encode()))
        self._hash = LINK.digest(self._hash, row)
        self.cursor.execute(
            "INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?)", (self._links, what, digests, self._time, self._hash, salts)
        )


def _seal_one(chain: _Chain, form: RowForm, row_id: int) -> bool:
    """Append the link of one row, if it is there: faster than `_seal_rows`, and most transactions write no other row."""
    row = chain.cursor.execute(form.query_one, (row_id,)).fetchone()
    if row is None:
        return False
    salt = os.urandom(SALT_SIZE)
    chain.append(str(Span("insert", form.subject, row_id, row_id)), form.digest(salt, row), salt)
    return True


def _seal_rows(chain: _Chain, form: RowForm, times: Mapping[int, int]) -> None:
    """Add the rows of one table that were written to the chain.

    `times` tells how often each id was noted: one that is not there was erased if it was noted once, and was new and deleted
    again if it was noted twice.
    """
    there: set[int] = set()
    for first, last in runs(sorted(times)):
        there |= chain.add_rows("insert", form, first, last)
    erased = sorted(row_id for row_id, number in times.items() if row_id not in there and number % 2)
    for first, last in runs(erased):
        chain.add(Span("erase", form.subject, first, last))
    if erased:
        _delete_salts(chain.cursor, form.subject, set(erased))


def _delete_salts(cursor: sqlite3.Cursor, subject: str, erased: set[int]) -> None:
    """Delete the salts of erased rows from every link, so that nobody can guess from a digest what the row was."""
    cursor.execute("INSERT INTO erasing VALUES ('seal', 0)")  # permits it
    links = cursor.execute("SELECT id, what FROM seal WHERE instr(what, ?) ORDER BY id", (f" {subject} ",)).fetchall()
    for link, what in links:
        places = []
        at = 0
        for span in Span.parse(what.decode()):
            if span.subject == subject and span.size:
                places += [at + row_id - span.first for row_id in erased.intersection(range(span.first, span.last + 1))]
            at += span.size
        if not places:
            continue
        salts = bytearray(cursor.execute("SELECT salts FROM seal WHERE id = ?", (link,)).fetchone()[0])
        for place in places:
            salts[SALT_SIZE * place : SALT_SIZE * (place + 1)] = NO_SALT
        cursor.execute("UPDATE seal SET salts = ? WHERE id = ?", (bytes(salts), link))
    cursor.execute("DELETE FROM erasing WHERE subject = 'seal'")


class _Raw:
    """Yields a cursor that returns tuples, with texts as their bytes, while the block runs; may be entered again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._factory: Any = connection.text_factory

    def __enter__(self) -> sqlite3.Cursor:
        self._factory, self._connection.text_factory = self._connection.text_factory, Text
        return self._cursor

    def __exit__(self, *_: object) -> None:
        self._connection.text_factory = self._factory
