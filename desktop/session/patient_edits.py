"""What is changed about the open patient, their visits, lesions and images: written to the history, one call for each.

`done` is called once it is written. What may be undone gives it what the undo needs; the undo is another such call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.patient_file import visit_on
from desktop.session.history_service import Bookkeeping
from desktop.session.open_patient import VisitState

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Lesion, Patient, PlacedImage, Placement, Sex
else:
    people = Late("desktop.core.records.people")

T = TypeVar("T")


class VisitChanges(QObject):
    """The visit reads anew what was written here, as it does after every write."""

    erasing = Signal(object)
    """A Patient is about to be erased for good: nothing more is to be kept of them."""
    failed = Signal(object)  # AppError

    def __init__(self, visit: VisitState, bookkeeping: Bookkeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._bookkeeping = bookkeeping

    def add_patient(
        self,
        pseudonym: str,
        sex: Sex,
        age_band: str,
        failed: Callable[[AppError], None],
        done: Callable[[Patient], None] = lambda _patient: None,
    ) -> None:
        """Keep a new patient and open them."""
        today = self._visit.date

        def work(history: History, by: str) -> Patient:
            patient = history.people.add_patient(pseudonym, sex, by=by)
            if age_band:
                history.people.begin_visit(patient.id, today, age_band, by=by)
            return patient

        def take(patient: Patient) -> None:
            self._visit.open(patient)
            done(patient)

        self._bookkeeping.write(work, take, failed)

    def bin_patient(self, patient: Patient) -> None:
        """Put a patient into the bin; what belongs to them stays as it is."""
        self._write(
            lambda history, by: history.people.set_binned("patient", patient.id, binned=True, by=by),
            lambda _changed: None,
        )

    def restore_patient(self, patient: Patient) -> None:
        """Take a patient out of the bin and open them."""
        self._write(
            lambda history, by: history.people.set_binned("patient", patient.id, binned=False, by=by),
            lambda _changed: self._visit.open(patient),
        )

    def correct_patient(
        self,
        patient: Patient,
        pseudonym: str,
        sex: Sex,
        age_band: tuple[dt.date, str] | None,
        failed: Callable[[AppError], None],
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Correct what is known of a patient, and the age band at the visit of a day; None leaves that as it is."""

        def work(history: History, by: str) -> None:
            history.people.correct_patient(patient.id, pseudonym, sex, by=by)
            if age_band is not None:
                history.people.begin_visit(patient.id, *age_band, by=by)

        self._bookkeeping.write(work, lambda _nothing: done(), failed)

    def begin_visit(self) -> None:
        """Begin this day's visit of the open patient."""
        if self._visit.patient is not None:
            patient_id, today = self._visit.patient.id, self._visit.date
            self._write(lambda history, by: visit_on(history, patient_id, today, by), lambda _visit: None)

    def add_lesion(self, site: str = "", done: Callable[[Lesion], None] = lambda _lesion: None) -> None:
        """Keep one more lesion of the open patient, and choose it."""
        if self._visit.patient is None:
            return
        patient_id = self._visit.patient.id

        def work(history: History, by: str) -> Lesion:
            name = history.people.next_lesion_name(patient_id)
            return history.people.add_lesion(patient_id, name, site, by=by)

        def take(lesion: Lesion) -> None:
            if self._visit.take_lesion(lesion):
                done(lesion)

        self._write(work, take)

    def correct_lesion(self, lesion: Lesion, *, name: str, site: str, done: Callable[[], None]) -> None:
        """Correct a lesion's name and site."""
        self._write(
            lambda history, by: history.people.correct_lesion(lesion.id, name=name, site=site, by=by),
            lambda _lesion: done(),
        )

    def bin_lesion(self, lesion: Lesion, *, binned: bool) -> None:
        """Put a lesion into the bin or take it out; its images stay as they are."""
        self._write(
            lambda history, by: history.people.set_binned("lesion", lesion.id, binned=binned, by=by),
            lambda _changed: None,
        )

    def place(
        self, images: Iterable[PlacedImage], lesion_id: int | None, done: Callable[[list[Placement]], None]
    ) -> None:
        """Give images of the open patient to one of their lesions; each stays with its visit. `done` gets what undoes it."""
        if self._visit.patient is None:
            return
        patient_id, today = self._visit.patient.id, self._visit.date
        wanted = [people.Placement(image.image_id, image.kind, lesion_id, image.visit_id) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            visit_id = None
            if any(placement.visit_id is None for placement in wanted):
                visit_id = visit_on(history, patient_id, today, by).id
            placements = [replace(one, visit_id=one.visit_id or visit_id) for one in wanted]
            return history.people.put_back(placements, by=by)

        self._write(work, done)

    def declare(self, images: Iterable[PlacedImage], kind: ImageKind, done: Callable[[list[Placement]], None]) -> None:
        """Say that images are dermoscopy or clinical photographs. `done` gets what undoes it."""
        wanted = [people.Placement(one.image_id, kind, one.lesion_id, one.visit_id) for one in images]
        self._write(lambda history, by: history.people.put_back(wanted, by=by), done)

    def adopt(self, sha256: str, lesion_id: int | None, done: Callable[[list[Placement]], None]) -> None:
        """Place a kept image that belongs to nobody with the open patient, at this visit. `done` gets what undoes it."""
        if self._visit.patient is None:
            return
        patient_id, today = self._visit.patient.id, self._visit.date

        def work(history: History, by: str) -> list[Placement]:
            image_id = history.people.image_id_of(sha256)
            if image_id is None:
                return []
            visit = visit_on(history, patient_id, today, by)
            return history.people.move([image_id], lesion_id, visit.id, by=by)

        self._write(work, done)

    def move(
        self,
        images: Iterable[PlacedImage],
        patient: Patient,
        lesion_id: int | None,
        done: Callable[[list[Placement]], None],
    ) -> None:
        """Move images to another patient, each to that patient's visit of the same day. `done` gets what undoes it."""
        wanted = [(image, self._visit.date_of(image)) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            visits = {day: visit_on(history, patient.id, day, by).id for _image, day in wanted}
            placements = [people.Placement(one.image_id, one.kind, lesion_id, visits[day]) for one, day in wanted]
            return history.people.put_back(placements, by=by)

        self._write(work, done)

    def put_back(self, placements: list[Placement], done: Callable[[list[Placement]], None]) -> None:
        """Put images where they were; `done` gets what undoes that."""
        self._write(lambda history, by: history.people.put_back(placements, by=by), done)

    def erase(self, done: Callable[[], None]) -> None:
        """Erase the open patient for good, with all images, answers and views."""
        if self._visit.patient is None:
            return
        patient = self._visit.patient
        self.erasing.emit(patient)
        self._visit.close()
        self._bookkeeping.erase_patient(patient.id, lambda _nothing: done(), self.failed.emit)

    def _write(self, work: Callable[[History, str], T], done: Callable[[T], None]) -> None:
        self._bookkeeping.write(work, done, self.failed.emit)
