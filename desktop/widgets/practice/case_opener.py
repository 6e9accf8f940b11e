"""Finds the lesion or image of a case in the history, to be shown in its film or at its visit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.practice.cases import Case
    from desktop.core.records.history import History
    from desktop.core.records.people import Patient
    from desktop.core.records.values import Entry


class CaseOpener(QObject):
    """One of its signals follows each `open`."""

    lesion_requested = Signal(object, int)
    """The Patient, and the id of the lesion whose film is to be shown."""
    image_requested = Signal(object, object)
    """The Patient, or None, and the newest Entry of an image without a lesion."""
    gone = Signal()
    """The lesion is no longer in the history."""
    failed = Signal(object)  # AppError

    def __init__(self, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service

    def open(self, case: Case) -> None:
        """Find a case."""
        self._history_service.ask(partial(_place_of, case), partial(self._show, case), self.failed.emit)

    def _show(self, case: Case, found: tuple[Patient | None, Entry | None]) -> None:
        patient, entry = found
        if patient is not None and case.at.subject.lesion_id is not None:
            self.lesion_requested.emit(patient, case.at.subject.lesion_id)
        elif entry is not None:
            self.image_requested.emit(patient, entry)
        else:
            self.gone.emit()


def _place_of(case: Case, history: History) -> tuple[Patient | None, Entry | None]:
    """Return the patient of a case, and of an image without a lesion its newest entry; None for what is gone."""
    patient_id, image_id = case.at.owner.patient_id, case.at.subject.image_id
    try:
        patient = None if patient_id is None else history.people.patient(patient_id)
    except KeyError:  # erased since it was counted
        return None, None
    return patient, None if image_id is None else next(reversed(history.entries_of(image_id)), None)
