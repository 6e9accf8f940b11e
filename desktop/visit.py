"""The visit: which patient is open, their lesions and images, and what is changed about them.

None of it is needed to open an image and have it classified.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.bookkeeping import Bookkeeping
from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.dossier import Dossier, LesionState, Whereabouts, age_band_on, read_dossier, visit_on, whereabouts

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Lesion, Patient, PlacedImage, Placement, Sex, Visit
else:
    people = Late("desktop.core.records.people")

T = TypeVar("T")


class VisitState(QObject):
    """The open patient with this day's visit, or nobody; reads anew whenever something was written."""

    patient_changed = Signal()
    """Another patient is open, or none, or what is known of this one is different."""
    lesion_changed = Signal()
    """Another lesion is chosen, or none, or the list of them is different."""
    images_changed = Signal()
    reloaded = Signal()
    """The open patient was read anew, whether anything is different or not."""
    erasing = Signal(object)
    """A Patient is about to be erased for good: nothing more is to be kept of them."""
    failed = Signal(object)  # AppError

    def __init__(
        self,
        bookkeeping: Bookkeeping,
        parent: QObject | None = None,
        *,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        super().__init__(parent)
        self._bookkeeping = bookkeeping
        self._today = today
        self._dossier: Dossier | None = None
        self._lesion_id: int | None = None
        self._wanted: int | None = None  # the patient who is open, or about to be
        self._reads = 0
        bookkeeping.changed.connect(self.reload)

    # What is open

    @property
    def patient(self) -> Patient | None:
        """The open patient."""
        return None if self._dossier is None else self._dossier.patient

    @property
    def dossier(self) -> Dossier | None:
        """All that is known of the open patient."""
        return self._dossier

    @property
    def date(self) -> dt.date:
        """The day of the visit."""
        return self._today()

    @property
    def visit(self) -> Visit | None:
        """This day's visit; None until something belongs to it: to look a patient up is no visit."""
        visits = () if self._dossier is None else self._dossier.visits
        return next((visit for visit in visits if visit.date == self._today()), None)

    @property
    def age_band(self) -> str:
        """The age band at this visit, taken over from one not longer than a year ago; empty where none is known."""
        return "" if self._dossier is None else age_band_on(self._dossier.visits, self._today())

    @property
    def lesions(self) -> tuple[Lesion, ...]:
        """The lesions of the open patient, in the order in which they were made."""
        return () if self._dossier is None else self._dossier.lesions

    @property
    def lesion(self) -> Lesion | None:
        """The chosen lesion."""
        return next((lesion for lesion in self.lesions if lesion.id == self._lesion_id), None)

    @property
    def images(self) -> tuple[PlacedImage, ...]:
        """All images of the open patient, oldest first."""
        return () if self._dossier is None else self._dossier.images

    def image_of(self, sha256: str) -> PlacedImage | None:
        """Return an image of the open patient by its bytes' SHA-256, None where it is not theirs."""
        return next((image for image in self.images if image.image.sha256 == sha256), None)

    def images_of(self, lesion_id: int | None) -> list[PlacedImage]:
        """Return the images of a lesion, or those of the patient that have none."""
        return [image for image in self.images if image.lesion_id == lesion_id]

    def state_of(self, lesion: Lesion) -> LesionState:
        """Return how far a lesion has come at this visit."""
        return LesionState.OPEN if self._dossier is None else self._dossier.states.get(lesion.id, LesionState.OPEN)

    def date_of(self, image: PlacedImage) -> dt.date:
        """Return the day of an image's visit, or that on which it came."""
        visits = () if self._dossier is None else self._dossier.visits
        found = next((visit.date for visit in visits if visit.id == image.visit_id), None)
        return found or image.kept.astimezone().date()

    # Which one is open

    def open(self, patient: Patient) -> None:
        """Open a patient; the lesion that was chosen is no longer."""
        if self._dossier is None or self._dossier.patient.id != patient.id:
            self._lesion_id = None
        self._wanted = patient.id
        self._read(patient.id)

    def close(self) -> None:
        """Nobody is open any more."""
        self._reads += 1  # what is on its way comes too late
        self._wanted = None
        had_one, self._dossier, self._lesion_id = self._dossier is not None, None, None
        if had_one:
            self._tell_all()

    def reload(self) -> None:
        """Read the open patient anew."""
        if self._wanted is not None:
            self._read(self._wanted)

    def choose(self, lesion_id: int | None) -> None:
        """Choose a lesion: to it go the images that come."""
        if lesion_id != self._lesion_id:
            self._lesion_id = lesion_id
            self.lesion_changed.emit()

    # What is changed

    def add_patient(
        self,
        pseudonym: str,
        sex: Sex,
        age_band: str,
        failed: Callable[[AppError], None],
        done: Callable[[Patient], None] = lambda _patient: None,
    ) -> None:
        """Keep a new patient and open them."""
        today = self._today()

        def work(history: History, by: str) -> Patient:
            patient = history.people.add_patient(pseudonym, sex, by=by)
            if age_band:
                history.people.begin_visit(patient.id, today, age_band, by=by)
            return patient

        def take(patient: Patient) -> None:
            self.open(patient)
            done(patient)

        self._bookkeeping.write(work, take, failed)

    def bin_patient(self, patient: Patient) -> None:
        """Put a patient into the bin; what belongs to them stays as it is."""
        self.write(
            lambda history, by: history.people.set_binned("patient", patient.id, binned=True, by=by),
            lambda _changed: None,
        )

    def restore_patient(self, patient: Patient) -> None:
        """Take a patient out of the bin and open them."""
        self.write(
            lambda history, by: history.people.set_binned("patient", patient.id, binned=False, by=by),
            lambda _changed: self.open(patient),
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

    def begin_visit(self, done: Callable[[Visit], None] = lambda _visit: None) -> None:
        """Begin this day's visit of the open patient."""
        if self._dossier is not None:
            patient_id, today = self._dossier.patient.id, self._today()
            self.write(lambda history, by: visit_on(history, patient_id, today, by), done)

    def add_lesion(self, site: str = "", done: Callable[[Lesion], None] = lambda _lesion: None) -> None:
        """Keep one more lesion of the open patient, and choose it."""
        if self._dossier is None:
            return
        patient_id = self._dossier.patient.id

        def work(history: History, by: str) -> Lesion:
            name = history.people.next_lesion_name(patient_id)
            return history.people.add_lesion(patient_id, name, site, by=by)

        def take(lesion: Lesion) -> None:
            if self._dossier is not None and self._dossier.patient.id == lesion.patient_id:
                self._dossier = replace(self._dossier, lesions=(*self._dossier.lesions, lesion))
                self.choose(lesion.id)
                done(lesion)

        self.write(work, take)

    def correct_lesion(self, lesion: Lesion, *, name: str, site: str, done: Callable[[], None]) -> None:
        """Correct a lesion's name and site."""
        self.write(
            lambda history, by: history.people.correct_lesion(lesion.id, name=name, site=site, by=by),
            lambda _lesion: done(),
        )

    def place(
        self, images: Iterable[PlacedImage], lesion_id: int | None, done: Callable[[list[Placement]], None]
    ) -> None:
        """Give images of the open patient to one of their lesions; each stays with its visit. `done` gets what undoes it."""
        if self._dossier is None:
            return
        patient_id, today = self._dossier.patient.id, self._today()
        wanted = [people.Placement(image.image_id, image.kind, lesion_id, image.visit_id) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            visit_id = None
            if any(placement.visit_id is None for placement in wanted):
                visit_id = visit_on(history, patient_id, today, by).id
            placements = [replace(one, visit_id=one.visit_id or visit_id) for one in wanted]
            return history.people.put_back(placements, by=by)

        self.write(work, done)

    def declare(self, images: Iterable[PlacedImage], kind: ImageKind, done: Callable[[list[Placement]], None]) -> None:
        """Say that images are dermoscopy or clinical photographs. `done` gets what undoes it."""
        wanted = [people.Placement(one.image_id, kind, one.lesion_id, one.visit_id) for one in images]
        self.write(lambda history, by: history.people.put_back(wanted, by=by), done)

    def adopt(self, sha256: str, lesion_id: int | None, done: Callable[[list[Placement]], None]) -> None:
        """Place a kept image that belongs to nobody with the open patient, at this visit. `done` gets what undoes it."""
        if self._dossier is None:
            return
        patient_id, today = self._dossier.patient.id, self._today()

        def work(history: History, by: str) -> list[Placement]:
            image_id = history.people.image_id_of(sha256)
            if image_id is None:
                return []
            visit = visit_on(history, patient_id, today, by)
            return history.people.move([image_id], lesion_id, visit.id, by=by)

        self.write(work, done)

    def move(
        self,
        images: Iterable[PlacedImage],
        patient: Patient,
        lesion_id: int | None,
        done: Callable[[list[Placement]], None],
    ) -> None:
        """Move images to another patient, each to that patient's visit of the same day. `done` gets what undoes it."""
        days = [(image.image_id, self.date_of(image)) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            before: list[Placement] = []
            for image_id, day in days:
                visit = visit_on(history, patient.id, day, by)
                before += history.people.move([image_id], lesion_id, visit.id, by=by)
            return before

        self.write(work, done)

    def put_back(self, placements: list[Placement], done: Callable[[list[Placement]], None]) -> None:
        """Put images where they were; `done` gets what undoes that."""
        self.write(lambda history, by: history.people.put_back(placements, by=by), done)

    def erase(self, done: Callable[[], None]) -> None:
        """Erase the open patient for good, with all images, answers and views."""
        if self._dossier is None:
            return
        patient = self._dossier.patient
        self.erasing.emit(patient)
        self.close()
        self._bookkeeping.erase_patient(patient.id, lambda _nothing: done(), self.failed.emit)

    def find_where(self, sha256: str, done: Callable[[Whereabouts], None]) -> None:
        """Find whose an image is."""
        self._bookkeeping.ask(lambda history: whereabouts(history, sha256), done, self.failed.emit)

    def write(self, work: Callable[[History, str], T], done: Callable[[T], None]) -> None:
        """Write to the history; a failure is told by `failed`."""
        self._bookkeeping.write(work, done, self.failed.emit)

    def _read(self, patient_id: int) -> None:
        self._reads += 1
        number, today = self._reads, self._today()
        self._bookkeeping.ask(
            lambda history: read_dossier(history, patient_id, today),
            lambda dossier: self._take(number, dossier),
            self.failed.emit,
        )

    def _take(self, number: int, dossier: Dossier | None) -> None:
        if number != self._reads:  # another was asked for since
            return
        if dossier is None:
            self.close()
            return
        before, self._dossier = self._dossier, dossier
        if before is None or before.patient.id != dossier.patient.id:
            self._tell_all()
            self.reloaded.emit()
            return
        if (before.patient, before.visits, before.moved) != (dossier.patient, dossier.visits, dossier.moved):
            self.patient_changed.emit()
        if (before.lesions, before.states) != (dossier.lesions, dossier.states):
            self.lesion_changed.emit()
        if before.images != dossier.images:
            self.images_changed.emit()
        self.reloaded.emit()

    def _tell_all(self) -> None:
        self.patient_changed.emit()
        self.lesion_changed.emit()
        self.images_changed.emit()
