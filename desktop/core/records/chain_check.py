"""Checks the chain of a history's seal, and each row against the newest link that covers it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desktop.core.records.backup_file import Stopped
from desktop.core.records.check_results import Checked, ErasedRows, Fault, FaultKind
from desktop.core.records.connecting import sqlite_errors
from desktop.core.records.seal import (
    BEFORE_FIRST,
    BEGIN,
    DIGEST_SIZE,
    LINK,
    NO_SALT,
    RESTORE,
    SALT_SIZE,
    SEAL,
    Head,
    RowForm,
    Span,
    Text,
    runs,
)
from desktop.core.records.sealing import forms

Progress = Callable[[int, int], None]
"""Gets the links, rows and images that are checked, and how many there are."""

_STEP = 1000
"""Rows between two reports of the progress, and a hundredth of SQLite's instructions between two checks for a stop."""
_MOST_MESSAGES = 100
"""Of SQLite's own check."""
_ANY = 1 << 63
"""Rows that one fault may name."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class CheckCount:
    """Counts what was checked, and says whether to go on."""

    def __init__(self, progress: Progress, is_stopped: Callable[[], bool]) -> None:
        self.is_stopped = is_stopped
        self.total = 0
        self._progress = progress
        self._done = 0

    def step(self) -> None:
        """Count one more.

        Raises:
            Stopped: the check is to end.
        """
        self._done += 1
        if self._done % _STEP == 0 or self._done == self.total:
            self._progress(min(self._done, self.total), self.total)
            self.go_on()

    def go_on(self) -> None:
        """Do nothing, unless the check is to end.

        Raises:
            Stopped: it is.
        """
        if self.is_stopped():
            raise Stopped


def is_damage(error: Exception) -> bool:
    """Tell whether an error of SQLite says that a file is damaged, rather than that it cannot be read now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _DAMAGED


class ChainCheck:
    """The check of one database with the tables of a sealed history."""

    def __init__(self, connection: sqlite3.Connection, checked: Checked, count: CheckCount, kept: Head | None) -> None:
        """Check a database with the tables of a sealed history; `kept` is a head that must be in the chain."""
        self._connection = connection
        self._checked = checked
        self._count = count
        self._forms = forms(connection)
        self._kept = kept
        self._kept_hash = ""
        self._sealed: dict[str, dict[int, bytes | str]] = {name: {} for name in self._forms}
        """Of each row that a link covers: salt and digest, or the time when it was erased."""
        self._newest: dict[str, int] = {}
        """The greatest id that a link names, by table."""

    def run(self) -> None:
        """Do it."""
        connection = self._connection
        connection.set_progress_handler(self._count.is_stopped, 100 * _STEP)
        for (message,) in connection.execute(f"PRAGMA integrity_check({_MOST_MESSAGES})").fetchall():
            if message != "ok":
                self._fault(FaultKind.DAMAGED, detail=message)
        connection.text_factory = Text
        tables = (SEAL, *self._forms)
        self._count.total = sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608
        with self._reading(SEAL):
            self._read_chain()
        for form in self._forms.values():
            self._count.go_on()
            with self._reading(form.subject):
                self._check_rows(form)
        self._check_beside()
        if self._kept is not None and not self._kept_hash.startswith(self._kept.hash):
            self._fault(FaultKind.HEAD, "head", detail=str(self._kept))

    @contextmanager
    def _reading(self, subject: str) -> Iterator[None]:
        """Report a table as damaged if SQLite cannot read it."""
        try:
            yield
        except sqlite_errors() as error:
            if not is_damage(error):
                raise
            self._fault(FaultKind.DAMAGED, subject, detail=str(error))

    def _read_chain(self) -> None:
        """Compute each link anew, and note what it says of the rows."""
        query = "SELECT id, digests, time, what, hash, salts FROM seal ORDER BY id"
        links, before = 0, BEFORE_FIRST
        for link, digests, time, what, hash_, salts in self._connection.execute(query):
            if link != links + 1:
                self._fault(FaultKind.MISSING, SEAL, links + 1, link - 1)
            if LINK.digest(before, (link, digests, time, what)) != hash_:
                self._fault(FaultKind.LINK, SEAL, link, link)
            links, before = link, _as_bytes(hash_)
            if self._kept is not None and link == self._kept.links:
                self._kept_hash = before.hex()
            self._note(_as_text(what), _as_text(time), _as_bytes(digests), _as_bytes(salts))
            self._count.step()
        self._checked.head = Head(links, before.hex())

    def _note(self, what: str, time: str, digests: bytes, salts: bytes) -> None:
        """Note what a link says of its rows; an altered one is believed as far as it can be read."""
        if what == BEGIN:
            self._checked.since = time
        elif what.startswith(RESTORE):
            self._checked.restored.append(time)
        size = len(digests) // DIGEST_SIZE
        if len(salts) != size * SALT_SIZE:
            salts = NO_SALT * size
        at = 0
        for span in Span.parse(what):
            rows = self._sealed.setdefault(span.subject, {})
            self._newest[span.subject] = max(span.last, self._newest.get(span.subject, 0))
            if span.kind == "erase":
                rows.update(dict.fromkeys(range(span.first, span.last + 1), time))
                continue
            for row_id in range(span.first, span.last + 1):
                if isinstance(rows.get(row_id), bytes):
                    self._fault(FaultKind.TWICE, span.subject, row_id, row_id)
                salt, digest = (
                    part[size * at : size * (at + 1)] for part, size in ((salts, SALT_SIZE), (digests, DIGEST_SIZE))
                )
                rows[row_id] = salt + digest
                at += 1

    def _check_rows(self, form: RowForm) -> None:
        """Compare each row of a table with the newest link that covers it."""
        sealed = self._sealed[form.subject]
        wrong: dict[FaultKind, list[int]] = {kind: [] for kind in FaultKind}
        for row in self._connection.execute(form.query):
            entry = sealed.pop(row[0], None)
            if entry is None or isinstance(entry, str):
                wrong[FaultKind.ADDED].append(row[0])
            elif entry.startswith(NO_SALT):
                wrong[FaultKind.UNSEALED].append(row[0])
            elif form.digest(entry[:SALT_SIZE], row) != entry[SALT_SIZE:]:
                wrong[FaultKind.CHANGED].append(row[0])
            self._checked.rows += 1
            self._count.step()
        erased: dict[str, list[int]] = {}
        for row_id, entry in sealed.items():
            if isinstance(entry, str):
                erased.setdefault(entry, []).append(row_id)
            else:
                wrong[FaultKind.MISSING].append(row_id)
        for kind, ids in wrong.items():
            for first, last in runs(sorted(ids), _ANY):
                self._fault(kind, form.subject, first, last)
        if form.subject != "erasure_left":  # a list of what is still to be done
            self._checked.erased += (
                ErasedRows(form.subject, first, last, time)
                for time, ids in erased.items()
                for first, last in runs(sorted(ids), _ANY)
            )

    def _check_beside(self) -> None:
        """Check what belongs to the seal and is in no link."""
        with self._reading("erasing"):
            if self._connection.execute("SELECT 1 FROM erasing LIMIT 1").fetchone():
                self._fault(FaultKind.ADDED, "erasing")
        with self._reading("sqlite_sequence"):
            self._check_numbering()
        with self._reading("origin"):
            for (origin,) in self._connection.execute("SELECT id FROM origin"):
                self._checked.origin = _as_text(origin)

    def _check_numbering(self) -> None:
        """Check that no id can be given again, and that the chain ends with the last link that was ever written."""
        sequence = self._connection.execute("SELECT name, seq FROM sqlite_sequence")
        numbers = {_as_bytes(name): seq if isinstance(seq, int) else 0 for name, seq in sequence}
        links = self._checked.head.links
        newest = numbers.pop(SEAL.encode(), 0)
        if newest > links:
            self._fault(FaultKind.MISSING, SEAL, links + 1, newest)
        elif newest < links:
            self._fault(FaultKind.CHANGED, "sqlite_sequence", detail=SEAL)
        numbered = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        for (name,) in self._connection.execute(numbered):
            table = _as_text(name)
            if numbers.get(_as_bytes(name), 0) < self._newest.get(table, 0):
                self._fault(FaultKind.CHANGED, "sqlite_sequence", detail=table)

    def _fault(self, kind: FaultKind, subject: str = "", first: int = 0, last: int = 0, *, detail: str = "") -> None:
        self._checked.faults.append(Fault(kind, subject, first, last, detail))


def _as_bytes(value: object) -> bytes:
    """Return a text or a blob of a row, empty if damage has made something else of it."""
    return value if isinstance(value, bytes) else b""


def _as_text(value: object) -> str:
    return _as_bytes(value).decode(errors="replace")
