"""Rows of a list that stay where they are while it is on the screen, so that no click or key acts on another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class SteadyRow(Generic[T]):
    """An item, and whether it has left the list since it was listed: it has been dealt with, or what listed it `is_undone`."""

    item: T
    is_gone: bool = False
    is_undone: bool = False


def renewed(
    rows: Sequence[SteadyRow[T]],
    items: Sequence[T],
    key: Callable[[T], Hashable],
    *,
    anew: bool,
    is_undo: bool = False,
) -> list[SteadyRow[T]]:
    """Return the rows for `items`, in their order if the list begins `anew`.

    Otherwise no row moves: an item that is no longer there stays as gone, one that is new follows at the end. `is_undo` is
    whether a change was undone since the rows were made.
    """
    if anew:
        return [SteadyRow(item) for item in items]
    found = {key(item): item for item in items}
    before = {key(row.item) for row in rows}

    def gone(row: SteadyRow[T]) -> SteadyRow[T]:
        return row if row.is_gone else SteadyRow(row.item, is_gone=True, is_undone=is_undo)

    stay = [SteadyRow(found[key(row.item)]) if key(row.item) in found else gone(row) for row in rows]
    return stay + [SteadyRow(item) for item in items if key(item) not in before]
