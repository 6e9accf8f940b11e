"""The seal's format: what is hashed, byte for byte. docs/seal.md describes it for other programs.

Each row of the history is covered by a link of the chain. The link contains the SHA-256 of the row's canonical form behind a
random salt, and the hash of the link before. So no row and no link can be changed, removed, added or exchanged without all
later links being made anew.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from struct import Struct
from typing import Any, NamedTuple, Self

from desktop.core.frozen import frozen

SEAL = "seal"
"""The table of the links."""
NOT_SEALED = frozenset({SEAL, "erasing"})
"""Tables whose rows no link covers; `erasing` is empty between transactions."""

SALT_SIZE, DIGEST_SIZE = 16, hashlib.sha256().digest_size
NO_SALT = bytes(SALT_SIZE)
BEFORE_FIRST = bytes(DIGEST_SIZE)
"""What stands in place of the hash before, for the first link."""
MOST_ROWS = 1000
"""Rows that one link covers at most: a damaged link concerns no more."""
BEGIN, RESTORE = "begin", "restore"
"""What a link says that covers no rows: the chain begins; this history came out of a backup."""

_LENGTH, _INTEGER, _REAL = Struct(">I"), Struct(">q"), Struct(">d")
_LINE = re.compile(r"(begin|insert|erase) ([a-z_0-9]+) (-?[0-9]{1,18})-([0-9]{1,18})")


class Text(bytes):
    """The bytes of a text, to tell it from a blob: a connection's `text_factory`. It need not be UTF-8."""

    __slots__ = ()


class Span(NamedTuple):
    """A line of a link: what was done to the rows `first` to `last` of a table."""

    kind: str
    subject: str
    first: int
    last: int

    @classmethod
    def parse(cls, what: str) -> Iterator[Self]:
        """Return the lines of a link that name rows; of an altered link, those that can be read."""
        for line in what.split("\n"):
            match = _LINE.fullmatch(line)
            if match and 0 <= int(match[4]) - int(match[3]) < MOST_ROWS:
                yield cls(match[1], match[2], int(match[3]), int(match[4]))

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.first}-{self.last}"

    @property
    def size(self) -> int:
        """How many digests and salts the link has for it."""
        return 0 if self.kind == "erase" else self.last - self.first + 1


def _sized(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value


class RowForm:
    """The canonical form of the rows of one table.

    It is the table's name and the row's id, then name and value of each column that is not NULL, sorted by name. So a column
    that is added later, with NULL in the rows that exist, leaves the form as it was.
    """

    def __init__(self, subject: str, columns: Iterable[str]) -> None:
        """Describe the rows of a table with these columns."""
        names = sorted(name.encode() for name in columns)
        quoted = ", ".join(f'"{name.decode()}"' for name in names)
        self.subject = subject
        self.query = f'SELECT rowid, {quoted} FROM "{subject}"'  # noqa: S608 - names of our tables
        """Reads the rows, with `Text` as text factory and no row factory."""
        self.query_one = f"{self.query} WHERE rowid = ?"
        self._beginning = _sized(subject.encode())
        self._names = tuple(_sized(name) for name in names)

    def digest(self, salt: bytes, row: Sequence[Any]) -> bytes:
        """Return the SHA-256 of a salt and a row of `query`."""
        return hashlib.sha256(salt + self.canonical(row)).digest()

    def canonical(self, row: Sequence[Any]) -> bytes:
        """Return the canonical form of a row of `query`."""
        parts = [self._beginning, _INTEGER.pack(row[0])]
        for name, value in zip(self._names, row[1:], strict=True):
            if value is None:
                continue
            kind = type(value)
            if kind is Text:
                parts += name, b"t", _LENGTH.pack(len(value)), value
            elif kind is int:
                parts += name, b"i", _INTEGER.pack(value)
            elif kind is float:
                parts += name, b"f", _REAL.pack(value)
            else:
                parts += name, b"b", _LENGTH.pack(len(value)), value
        return b"".join(parts)


LINK = RowForm(SEAL, ("what", "digests", "time"))
"""A link's hash is the digest of its row without hash and salts, with the hash of the link before in place of a salt."""


@frozen
class Head:
    """The end of a chain: how many links it has, and the hash of the last one, or at least the beginning of it.

    Whoever keeps it elsewhere can tell later whether the chain up to there is still the same.
    """

    links: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a head as `str` writes it, with at least 32 digits of the hash.

        Raises:
            ValueError: it is none.
        """
        match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{32,64})", text.strip().lower())
        if match is None:
            raise ValueError(text)
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.links}:{self.hash}"

    @property
    def short(self) -> str:
        """The head for a printed page: half of the hash is enough to tell chains apart."""
        return f"{self.links}:{self.hash[:32]}"


NO_HEAD = Head(0, BEFORE_FIRST.hex())
"""Of a chain without a link."""


def runs(ids: Iterable[int], most: int = MOST_ROWS) -> list[tuple[int, int]]:
    """Return ascending ids as first and last of each unbroken run of at most `most`."""
    found: list[tuple[int, int]] = []
    for number in ids:
        if found and found[-1][1] == number - 1 and number - found[-1][0] < most:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found
