"""Patients made and corrected so that it can be undone: pushed onto the undo stack once it is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from desktop.core.errors import AppError
from desktop.session.open_patient import VisitState
from desktop.session.patient_edits import VisitChanges
from desktop.widgets.common.undo import Change

if TYPE_CHECKING:
    from desktop.core.records.people import Patient, Sex

Failed = Callable[[AppError], None]


class PatientChanges(QObject):
    """The only way in which the window makes and corrects patients."""

    def __init__(self, visit: VisitState, changes: VisitChanges, undo: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._visit = visit
        self._changes = changes
        self._undo = undo

    def add(
        self, pseudonym: str, sex: Sex, age_band: str, failed: Failed, done: Callable[[], None] = lambda: None
    ) -> None:
        """Make a patient and open them. Taken back, they go into the bin."""

        def offer(patient: Patient) -> None:
            text = self.tr("new patient {pseudonym}").format(pseudonym=patient.pseudonym)
            again, take_back = (
                partial(act, patient) for act in (self._changes.restore_patient, self._changes.bin_patient)
            )
            self._undo.push(Change(text, again, take_back))
            done()

        self._changes.add_patient(pseudonym, sex, age_band, failed, offer)

    def correct(self, pseudonym: str, sex: Sex, age_band: str, failed: Failed, done: Callable[[], None]) -> None:
        """Correct what is known of the open patient, and the age band at this visit."""
        patient, day, before = self._visit.patient, self._visit.date, self._visit.age_band
        if patient is None:
            done()
            return
        bands = (None, None) if age_band == before else ((day, age_band), (day, before))
        write = partial(self._changes.correct_patient, patient)

        def offer() -> None:
            again = partial(write, pseudonym, sex, bands[0], self._changes.failed.emit)
            take_back = partial(write, patient.pseudonym, patient.sex, bands[1], self._changes.failed.emit)
            self._undo.push(Change(self._name(patient, pseudonym), again, take_back))
            done()

        if (pseudonym, sex, age_band) == (patient.pseudonym, patient.sex, before):
            done()
        else:
            write(pseudonym, sex, bands[0], failed, offer)

    def _name(self, patient: Patient, pseudonym: str) -> str:
        if pseudonym == patient.pseudonym:
            return self.tr("sex or age of {pseudonym}").format(pseudonym=patient.pseudonym)
        return self.tr("{before} renamed to {after}").format(before=patient.pseudonym, after=pseudonym)
