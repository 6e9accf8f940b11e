"""The open patient with their lesions and images.

No patient is needed to open and classify an image. `patient_edits` writes the changes to a patient.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.records import lesion_facts
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.lesion_facts import LesionFacts
    from desktop.core.records.patient_file import LesionState, PatientFile, Whereabouts
    from desktop.core.records.people import Lesion, Patient, PlacedImage, Visit
    from desktop.session import opening_request as opening_requests
    from desktop.session.opening_request import OpeningRequest
else:
    lesion_facts = Late("desktop.core.records.lesion_facts")
    patient_files = Late("desktop.core.records.patient_file")
    opening_requests = Late("desktop.session.opening_request")

T = TypeVar("T")


class OpenPatient(QObject):
    """The open patient with today's visit, or nobody; reloaded after every write."""

    leaving = Signal(object)
    """Another patient is about to be open, or none (None): what is shown of the one who still is has to go."""
    patient_changed = Signal()
    """Another patient is open, or none, or this one's data have changed."""
    lesion_changed = Signal()
    """Another lesion is chosen, or none, or the list of lesions has changed."""
    images_changed = Signal()
    reloaded = Signal()
    """The open patient was reloaded, whether or not anything has changed."""
    failed = Signal(object)  # AppError

    def __init__(
        self,
        history_service: HistoryService,
        parent: QObject | None = None,
        *,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._today = today
        self._patient_file: PatientFile | None = None
        self._lesion_id: int | None = None
        self._wanted: int | None = None  # the patient who is open, or about to be
        self._reads = 0
        self._changes: set[object] = set()
        """A token for each change of the patient that is under way elsewhere, see `begin_change`."""
        self._waiting: list[tuple[int | None, Callable[[], None], Callable[[], None]]] = []
        """What waits for another patient: the id of the one who was open, and what is called then, see `when_settled`."""
        history_service.changed.connect(self.reload)

    # What is open

    @property
    def patient(self) -> Patient | None:
        """The open patient."""
        return None if self._patient_file is None else self._patient_file.patient

    @property
    def patient_file(self) -> PatientFile | None:
        """All data of the open patient."""
        return self._patient_file

    @property
    def date(self) -> dt.date:
        """The day of the visit."""
        return self._today()

    @property
    def visit(self) -> Visit | None:
        """Today's visit; None until something belongs to it, because looking a patient up is no visit."""
        visits = () if self._patient_file is None else self._patient_file.visits
        return next((visit for visit in visits if visit.date == self._today()), None)

    @property
    def age_band(self) -> str:
        """The age band today: by the birth year, else as recorded at a visit within a year; empty if unknown."""
        return "" if self._patient_file is None else self._patient_file.age_band_on(self._today())

    @property
    def recorded_age_band(self) -> str:
        """The age band that was recorded at this visit, or at the last one within a year; empty if none was."""
        return (
            "" if self._patient_file is None else patient_files.recorded_age(self._patient_file.visits, self._today())
        )

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits of the open patient, newest first."""
        return () if self._patient_file is None else self._patient_file.visits

    @property
    def last_age(self) -> tuple[str, dt.date] | None:
        """The age band that was entered last and its day, however long ago; None where none ever was."""
        return None if self._patient_file is None else patient_files.last_age(self._patient_file.visits)

    @property
    def lesions(self) -> tuple[Lesion, ...]:
        """The lesions of the open patient, in order of creation."""
        return () if self._patient_file is None else self._patient_file.lesions

    @property
    def lesion(self) -> Lesion | None:
        """The chosen lesion."""
        return next((lesion for lesion in self.lesions if lesion.id == self._lesion_id), None)

    @property
    def images(self) -> tuple[PlacedImage, ...]:
        """All images of the open patient, oldest first."""
        return () if self._patient_file is None else self._patient_file.images

    @property
    def earlier(self) -> frozenset[str]:
        """The SHA-256 of the images of earlier visits whose answers wait for today's assessment of their lesion."""
        return frozenset() if self._patient_file is None else self._patient_file.earlier

    @property
    def unanswered(self) -> frozenset[str]:
        """The SHA-256 of the images of earlier visits without an answer whose lesions wait for today's assessment."""
        return frozenset() if self._patient_file is None else self._patient_file.unanswered

    def is_finished(self, lesion: Lesion, *, is_blind: bool) -> bool:
        """Return whether a lesion was assessed at this visit, or (under blind-first) its answers were looked at."""
        file = self._patient_file
        return file is not None and (lesion.id in file.assessed or (is_blind and lesion.id in file.seen))

    def image_of(self, sha256: str) -> PlacedImage | None:
        """Return the image of the open patient with this SHA-256, None if there is none."""
        return None if self._patient_file is None else self._patient_file.image_of(sha256)

    def images_of(self, lesion_id: int | None) -> list[PlacedImage]:
        """Return the images of a lesion, or (None) the patient's images without a lesion."""
        return [image for image in self.images if image.lesion_id == lesion_id]

    def state_of(self, lesion: Lesion) -> LesionState:
        """Return the state of a lesion at this visit."""
        return (
            patient_files.LesionState.OPEN
            if self._patient_file is None
            else self._patient_file.states.get(lesion.id, patient_files.LesionState.OPEN)
        )

    def facts_of(self, lesion: Lesion) -> LesionFacts:
        """Return what people say of a lesion."""
        facts = {} if self._patient_file is None else self._patient_file.facts
        return facts.get(lesion.id, lesion_facts.LesionFacts())

    def facts_of_image(self, image: PlacedImage) -> LesionFacts | None:
        """Return what people say of an image without a lesion, None if nothing was entered of it."""
        return None if self._patient_file is None else self._patient_file.image_facts.get(image.image_id)

    @property
    def overviews(self) -> list[PlacedImage]:
        """The clinical photographs that have no lesion, on which lesions are pinned; the newest first."""
        found = [image for image in self.images_of(None) if image.kind == "clinical"]
        return sorted(found, key=lambda image: (self.date_of(image), image.image_id), reverse=True)

    @property
    def removed_overviews(self) -> list[PlacedImage]:
        """The photographs that were removed from the overview, the newest first."""
        found = () if self._patient_file is None else self._patient_file.removed
        return sorted(found, key=lambda image: (self.date_of(image), image.image_id), reverse=True)

    @property
    def waiting(self) -> list[PlacedImage]:
        """The images that wait for a lesion, oldest first."""
        return [image for image in self.images_of(None) if image.kind != "clinical"]

    def image_to_open(self, lesion_id: int | None) -> PlacedImage | None:
        """Return a lesion's image that is opened with it, or (None) one that waits for a lesion; None if there is none.

        It is the newest of today, else the newest.
        """
        images = self.waiting if lesion_id is None else self.images_of(lesion_id)
        today = [image for image in images if self.date_of(image) == self.date]
        return next(reversed(today or images), None)

    def request_for(self, image: PlacedImage) -> OpeningRequest:
        """Return the request to open an image of the open patient."""
        return opening_requests.of_placed(image, self.patient, is_earlier=self.date_of(image) < self.date)

    def todays_image(self) -> PlacedImage | None:
        """Return the chosen lesion's newest image of today that is not a clinical photograph, None if there is none."""
        return next(reversed(self._todays()), None)

    def is_todays(self, sha256: str) -> bool:
        """Return whether an image is one of the chosen lesion and of today, and no clinical photograph."""
        return any(image.image.sha256 == sha256 for image in self._todays())

    def _todays(self) -> list[PlacedImage]:
        images = [] if self.lesion is None else self.images_of(self.lesion.id)
        return [image for image in images if self.date_of(image) == self.date and image.kind != "clinical"]

    def date_of(self, image: PlacedImage) -> dt.date:
        """Return the day of an image's visit, or the day on which it was saved if it has none."""
        if self._patient_file is None:
            return image.saved_at.astimezone().date()
        return self._patient_file.date_of(image)

    # Which one is open

    def open(self, patient: Patient) -> None:
        """Open a patient; no lesion is chosen unless the same patient was open."""
        if self._patient_file is None or self._patient_file.patient.id != patient.id:
            self._lesion_id = None
        self._wanted = patient.id
        self._read(patient.id)

    @property
    def is_changing(self) -> bool:
        """Whether another patient is chosen, or about to be, and is not open yet: who is shown is not who is meant."""
        return bool(self._changes) or (self._wanted is not None and self._wanted != self._open_id())

    def begin_change(self) -> Callable[[], None]:
        """Note that another patient is being chosen or written; return what ends that, once they were opened or will not be."""
        change = object()
        self._changes.add(change)

        def end() -> None:
            self._changes.discard(change)
            self._settle()

        return end

    def when_settled(self, act: Callable[[], None], refuse: Callable[[], None]) -> None:
        """Call `act` once no other patient is about to be opened: now, or when that is done.

        If it ends with the same patient, `refuse` is called instead: what waited was meant for another.
        """
        if self.is_changing:
            self._waiting.append((self._open_id(), act, refuse))
        else:
            act()

    def close(self) -> None:
        """Close the open patient."""
        self._reads += 1  # ignore the reads under way
        self._wanted = None
        if self._patient_file is not None:
            self.leaving.emit(None)
            self._patient_file, self._lesion_id = None, None
            self._tell_all()
        self._settle()

    def reload(self) -> None:
        """Read the open patient again."""
        if self._wanted is not None:
            self._read(self._wanted)

    def choose(self, lesion_id: int | None) -> None:
        """Choose the lesion for the images that are imported."""
        if lesion_id != self._lesion_id:
            self._lesion_id = lesion_id
            self.lesion_changed.emit()

    def take_lesion(self, lesion: Lesion) -> bool:
        """Choose a lesion that was just created; return whether its patient is still open."""
        if self._patient_file is None or self._patient_file.patient.id != lesion.patient_id:
            return False
        self._patient_file = replace(self._patient_file, lesions=(*self._patient_file.lesions, lesion))
        self.choose(lesion.id)
        return True

    def find_where(self, sha256: str, done: Callable[[Whereabouts], None]) -> None:
        """Find the patient and lesion of an image."""
        self._history_service.ask(lambda history: patient_files.whereabouts(history, sha256), done, self.failed.emit)

    def _read(self, patient_id: int) -> None:
        self._reads += 1
        number, today = self._reads, self._today()
        self._history_service.ask(
            lambda history: patient_files.read_patient_file(history, patient_id, today),
            lambda patient_file: self._take(number, patient_file),
            lambda error: self._fail(number, error),
        )

    def _fail(self, number: int, error: AppError) -> None:
        """Stay with the patient who is open: no later write must bring the other one by surprise."""
        if number == self._reads:
            self._wanted = self._open_id()
        self.failed.emit(error)
        self._settle()

    def _take(self, number: int, patient_file: PatientFile | None) -> None:
        if number != self._reads:  # a later read is under way
            return
        if patient_file is None:
            self.close()
            return
        if self._open_id() != patient_file.patient.id:
            self.leaving.emit(patient_file.patient)
        before, self._patient_file = self._patient_file, patient_file
        if before is None or before.patient.id != patient_file.patient.id:
            self._tell_all()
            self.reloaded.emit()
            self._settle()
            return
        if (before.patient, before.visits, before.moved) != (
            patient_file.patient,
            patient_file.visits,
            patient_file.moved,
        ):
            self.patient_changed.emit()
        if (before.lesions, before.states, before.facts) != (
            patient_file.lesions,
            patient_file.states,
            patient_file.facts,
        ):
            self.lesion_changed.emit()
        if (before.images, before.image_facts) != (patient_file.images, patient_file.image_facts):
            self.images_changed.emit()
        self.reloaded.emit()
        self._settle()  # the one who is open may have been chosen again while another was being read

    def _open_id(self) -> int | None:
        return None if self._patient_file is None else self._patient_file.patient.id

    def _settle(self) -> None:
        while self._waiting and not self.is_changing:
            before, act, refuse = self._waiting.pop(0)
            (refuse if before == self._open_id() else act)()

    def _tell_all(self) -> None:
        self.patient_changed.emit()
        self.lesion_changed.emit()
        self.images_changed.emit()
