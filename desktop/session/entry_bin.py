"""Puts entries of the history into the bin and takes them out again, as steps for the `UndoStack`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop.core.errors import UndoRefusedError
from desktop.core.marking import tr
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step

if TYPE_CHECKING:
    from desktop.core.records.history import History


def bin_entries(history_service: HistoryService, entry_ids: Iterable[int]) -> Step:
    """Return the step that puts entries into the bin; those that are in it already are left out."""
    ids = list(entry_ids)
    return history_service.step(
        lambda history, by: history.bin(ids, by=by),
        lambda changed: restore_entries(history_service, changed) if changed else None,
    )


def restore_entries(history_service: HistoryService, entry_ids: Iterable[int]) -> Step:
    """Return the step that takes entries out of the bin; those that are not in it are left out."""
    ids = list(entry_ids)
    return history_service.step(
        lambda history, by: history.restore(ids, by=by),
        lambda changed: bin_entries(history_service, changed) if changed else None,
    )


def take_back_entries(history_service: HistoryService, entry_ids: Iterable[int]) -> Step:
    """Return the step that puts new entries into the bin, unless one of their images was placed with a patient since."""
    ids = list(entry_ids)

    def work(history: History, by: str) -> list[int]:
        owner = history.people.owner_of_any(ids)
        if owner is not None:
            raise UndoRefusedError(
                tr(
                    "An image of these rows has since been filed under {patient}. Put the entries into the bin one by one."
                ),
                patient=history.people.patient(owner).pseudonym,
            )
        return history.bin(ids, by=by)

    def reverse(changed: list[int]) -> Step | None:
        if not changed:
            return None
        return history_service.step(
            lambda history, by: history.restore(changed, by=by),
            lambda restored: take_back_entries(history_service, restored),
        )

    return history_service.step(work, reverse)
