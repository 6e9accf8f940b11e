"""Whose the images are that a change acts on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.picture import Picture

if TYPE_CHECKING:
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.history import History
    from desktop.core.records.patient_file import Whereabouts
    from desktop.core.records.people import Lesion, Patient
else:
    patient_files = Late("desktop.core.records.patient_file")


class ImageOwner:
    """The patient and lesion of each of some images, read from the history: known before a write that is asked for later."""

    def __init__(
        self,
        history_service: HistoryService,
        pictures: Sequence[Picture],
        patient: Patient | None = None,
    ) -> None:
        """Ask for the owners.

        Args:
            history_service: reads them.
            pictures: the images.
            patient: for whom they were opened; counts for those that the history does not know yet.
        """
        self.places: list[tuple[Patient | None, Lesion | None, str]] = [(patient, None, one.name) for one in pictures]
        """Patient, lesion and name of each image."""
        self.patient_ids: set[int] = set() if patient is None else {patient.id}
        """Is filled in; see `UndoStack.carry_out`."""
        hashes = [one.sha256 for one in pictures]

        def read(history: History) -> list[Whereabouts]:
            return [patient_files.whereabouts(history, sha256) for sha256 in hashes]

        def take(found: list[Whereabouts]) -> None:
            self.places = [
                place if where.patient is None else (where.patient, where.lesion, place[2])
                for place, where in zip(self.places, found, strict=True)
            ]
            self.patient_ids.clear()
            self.patient_ids.update(one.id for one, _lesion, _name in self.places if one is not None)

        history_service.ask(read, take, lambda _error: None)  # the write that follows tells it
