"""What the check of a history finds."""

from dataclasses import dataclass, field
from enum import Enum

from desktop.core.marking import tr
from desktop.core.records.seal import NO_HEAD, Head


class FaultKind(Enum):
    """What can be wrong; each value says it of the rows named before it."""

    CHANGED = tr("changed after it was written")
    MISSING = tr("deleted, though no erasure says so")
    ADDED = tr("added by another program, or by an older version of LesionLens")
    TWICE = tr("sealed a second time, as if it had been written again")
    UNSEALED = tr("cannot be checked: its salt was changed or removed")
    LINK = tr("altered: the chain of the seal is broken here")
    TABLES = tr("the tables were altered by another program")
    DAMAGED = tr("damaged")
    HEAD = tr("is not in the chain of this history")
    IMAGE = tr("stored image missing or changed")


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: rows `first` to `last` of a table, where there are any."""

    kind: FaultKind
    subject: str = ""
    first: int = 0
    last: int = 0
    detail: str = ""

    @property
    def rows(self) -> str:
        """The table and the ids."""
        return _named(self.subject, self.first, self.last) if self.first else self.subject


@dataclass(frozen=True)
class ErasedRows:
    """Rows that were erased, as the seal says: `first` to `last` of a table."""

    subject: str
    first: int
    last: int
    time: str

    @property
    def rows(self) -> str:
        """The table and the ids."""
        return _named(self.subject, self.first, self.last)


@dataclass
class Checked:
    """What the check of a history found; it is whole if there is no fault.

    `since` is the time from which the seal speaks, `restored` the times at which backups were restored, and `rows` how
    many rows were checked.
    """

    head: Head = NO_HEAD
    origin: str = ""
    since: str = ""
    rows: int = 0
    images: int | None = None
    faults: list[Fault] = field(default_factory=list)
    erased: list[ErasedRows] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults


def _named(subject: str, first: int, last: int) -> str:
    return f"{subject} {first}" if first == last else f"{subject} {first}-{last}"
