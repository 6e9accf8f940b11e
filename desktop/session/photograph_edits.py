"""Overview photographs and their pins, as steps for the `UndoStack`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.session.history_service import HistoryService
from desktop.session.patient_edits import PatientEdits
from desktop.session.undo import Step

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Lesion, Patient, Pin


class PhotographEdits:
    """Sets and removes pins, alone or with the lesion, and removes photographs from the overview."""

    def __init__(self, history_service: HistoryService, edits: PatientEdits) -> None:
        self._history_service = history_service
        self._edits = edits

    def pin(self, image_id: int, lesion_id: int, point: Pin | None) -> Step:
        """Set the pin of a lesion on a photograph, or (None) remove it."""
        return self._history_service.step(
            lambda history, by: history.photograph_pins.put(image_id, lesion_id, point, by=by),
            lambda before: self.pin(image_id, lesion_id, before),
        )

    def set_removed(self, image_id: int, *, is_removed: bool) -> Step:
        """Remove a photograph from the overview, or put it back, with its pins."""
        return self._history_service.step(
            lambda history, by: history.people.set_binned("image", image_id, binned=is_removed, by=by),
            lambda has_changed: self.set_removed(image_id, is_removed=not is_removed) if has_changed else None,
        )

    def add_lesion(
        self, patient: Patient, image_id: int, point: Pin, made: Callable[[Lesion], object] = lambda _lesion: None
    ) -> Step:
        """Add a lesion of a patient with its pin on a photograph and call `made`; for undo see `PatientEdits.bin_lesion`."""

        def work(history: History, by: str) -> Lesion:
            with history.together():
                name = history.people.next_lesion_name(patient.id)
                lesion = history.people.add_lesion(patient.id, name, "", by=by)
                history.photograph_pins.put(image_id, lesion.id, point, by=by)
            return lesion

        return self._history_service.step(work, self._edits.bin_lesion, made)
