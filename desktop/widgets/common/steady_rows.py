"""Rows of a list that stay where they are while it is on the screen, so that no click or key acts on another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class SteadyRow(Generic[T]):
    """An item, and whether it has been dealt with since it was listed."""

    item: T
    is_done: bool = False


def renewed(
    rows: Sequence[SteadyRow[T]], items: Sequence[T], key: Callable[[T], Hashable], *, anew: bool
) -> list[SteadyRow[T]]:
    """Return the rows for `items`, in their order if the list begins `anew`.

    Otherwise no row moves: an item that is no longer there stays as done, one that is new follows at the end.
    """
    if anew:
        return [SteadyRow(item) for item in items]
    found = {key(item): item for item in items}
    before = {key(row.item) for row in rows}
    stay = [
        SteadyRow(found[key(row.item)]) if key(row.item) in found else SteadyRow(row.item, is_done=True) for row in rows
    ]
    return stay + [SteadyRow(item) for item in items if key(item) not in before]
