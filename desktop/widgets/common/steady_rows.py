"""Rows of a list that stay where they are while it is on the screen, so that no click or key acts on another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class SteadyRow(Generic[T]):
    """An item, and whether it has left the list since it was listed.

    It has been dealt with, unless what listed it `is_undone` or `is_corrected`.
    """

    item: T
    is_gone: bool = False
    is_undone: bool = False
    is_corrected: bool = False


def renewed(
    rows: Sequence[SteadyRow[T]],
    items: Sequence[T],
    key: Callable[[T], Hashable],
    *,
    anew: bool,
    is_undo: bool = False,
    is_corrected: Callable[[T], bool] = lambda _item: False,
    said: Callable[[T], Hashable] | None = None,
) -> list[SteadyRow[T]]:
    """Return the rows for `items`, in their order if the list begins `anew`.

    Otherwise no row moves: an item that is no longer there stays as gone, one that is new follows at the end. `is_undo` is
    whether a change was undone since the rows were made, `is_corrected` returns whether what listed an item was corrected. What
    is undone and redone comes back under another key: a new item of which `said` returns the same as of an undone one takes its
    row.
    """
    if anew:
        return [SteadyRow(item) for item in items]
    found = {key(item): item for item in items}
    before = {key(row.item) for row in rows}

    def gone(row: SteadyRow[T]) -> SteadyRow[T]:
        if row.is_gone:
            return row
        return SteadyRow(row.item, is_gone=True, is_undone=is_undo, is_corrected=is_corrected(row.item))

    shown = [SteadyRow(found[key(row.item)]) if key(row.item) in found else gone(row) for row in rows]
    undone = {said(row.item): place for place, row in enumerate(shown) if row.is_undone} if said else {}
    for item in items:
        if key(item) in before:
            continue
        place = undone.pop(said(item), None) if said else None
        if place is None:
            shown.append(SteadyRow(item))
        else:
            shown[place] = SteadyRow(item)
    return shown
