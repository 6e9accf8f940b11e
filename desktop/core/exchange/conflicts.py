"""Where a history and a folder contradict each other, and what to do then."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.entries import Authorship

_Value = TypeVar("_Value", bound=str)


class OnConflict(StrEnum):
    """What an import does where the history and the folder contradict each other."""

    KEEP = "keep"
    """What the history has stays, and what contradicts it is not imported."""
    BOTH = "both"
    """Both stand: the later one counts, and what cannot be of one patient or lesion becomes another."""


class ConflictError(RecordsError):
    """The history and the folder contradict each other, and nobody said what to do; nothing was imported."""

    def __init__(self, conflicts: list[str]) -> None:
        super().__init__(
            tr(
                "Nothing was imported: this history and the folder contradict each other (conflicts: {count}). Import with "
                "--on-conflict keep or both."
            ),
            count=len(conflicts),
        )
        self.conflicts = conflicts


@dataclass
class Conflicts:
    """The conflicts of an import, and what to do with each; with `on_conflict` None they are only collected."""

    on_conflict: OnConflict | None
    found: list[str] = field(default_factory=list)

    def meet(self, sentence: str) -> bool:
        """Note a conflict; return whether both are to stand."""
        self.found.append(sentence)
        return self.on_conflict is OnConflict.BOTH

    def settle(
        self,
        name: str,
        ours: tuple[_Value, Authorship],
        theirs: tuple[_Value, Authorship],
        empty: _Value,
    ) -> _Value:
        """Return the value to have: what only one has, what both have, or what is decided."""
        (own, own_written), (other, other_written) = ours, theirs
        if other in {own, empty}:
            return own
        if own == empty:
            return other
        sentence = tr("{name}: “{own}” here, “{other}” in the folder").format(name=name, own=own, other=other)
        return other if self.meet(sentence) and other_written.time > own_written.time else own

    def check(self) -> None:
        """Raise if there are conflicts and nothing says what to do.

        Raises:
            ConflictError: so it is.
        """
        if self.found and self.on_conflict is None:
            raise ConflictError(self.found)
