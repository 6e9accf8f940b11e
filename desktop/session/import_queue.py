"""Imports images in the background: each is classified, saved, and placed with the intended lesion.

While a patient is open, every image goes through this queue. Otherwise `OpenImage` classifies and saves the image on the
screen, and the queue takes the others that were opened with it, and that image too if it is left before its answer.

The queue imports one image at a time, so that the answer to the image on the screen waits for at most one of them. It shows
no answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.records.patient_file import whereabouts
from desktop.session.answers import Answer, LastAnswer
from desktop.session.history_service import HistoryService
from desktop.session.import_item import Elsewhere, ImportItem, PatientMismatch, doubt_of, load, place, stays, visit_of
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest
from desktop.session.patient_edits import PatientEdits
from desktop.session.picture import Picture
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Patient


class ImportQueue(QObject):
    """Imports images for the open patient, or unassigned."""

    changed = Signal()
    """Different images are waiting."""
    belongs_elsewhere = Signal(object, object)
    """The ImportItem, and its Whereabouts: the image stays with the other patient or lesion to which it belongs."""
    doubted = Signal(object, object)
    """The ImportItem, and the DicomPatient that its file names instead: it is not placed, see `place_all_the_same`."""
    failed = Signal(object, object)
    """The ImportItem, and the AppError."""

    def __init__(
        self,
        tasks: Tasks,
        bookkeeping: HistoryService,
        model: ModelChoice,
        visit: OpenPatient,
        changes: PatientEdits,
        consultation: OpenImage,
        last_answer: LastAnswer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bookkeeping = bookkeeping
        self._model = model
        self._visit = visit
        self._last_answer = last_answer
        self._waiting: deque[ImportItem] = deque()
        self._current: ImportItem | None = None
        model.loaded.connect(lambda _classifier: self._go_on())
        changes.erasing.connect(self._drop)
        consultation.opened.connect(self._take_opened)
        consultation.given_up.connect(self._take_given_up)

    @property
    def waiting(self) -> list[ImportItem]:
        """The images that are being imported, in order of arrival."""
        current = [] if self._current is None else [self._current]
        return [*current, *self._waiting]

    def take(self, requests: Sequence[OpeningRequest], kind: ImageKind = "dermoscopy") -> None:
        """Import files that were opened together; clinical photographs are never classified.

        The first of the unassigned files is left out: it is on the screen, where `OpenImage` classifies and saves it.
        """
        files = [(one.path, one) for one in requests if one.path is not None]
        self._waiting += [
            ImportItem(one.name, path, None, kind, one.patient, one.lesion_id, self._visit.date)
            for path, one in files
            if one.patient is not None
        ]
        self._take_nobodys([path for path, one in files[1:] if one.patient is None])

    def place_all_the_same(self, arrivals: Iterable[ImportItem]) -> None:
        """Place images with their intended patients, as confirmed by the user, whatever their files say."""
        self._waiting += [replace(one, is_confirmed=True) for one in arrivals]
        self._go_on()
        self.changed.emit()

    def _take_opened(self, picture: Picture, request: OpeningRequest) -> None:
        """Import a pasted image for its patient, and the other frames of an unassigned file."""
        if request.pasted is not None and request.patient is not None:
            arrival = ImportItem(
                picture.name, None, picture, "dermoscopy", request.patient, request.lesion_id, self._visit.date
            )
            self._waiting.append(arrival)
        self._take_nobodys(picture.frames[1:] if request.patient is None and request.entry is None else ())

    def _take_given_up(self, image: Path | Picture, request: OpeningRequest) -> None:
        if request.patient is None:
            self._take_nobodys([image])

    def _take_nobodys(self, images: Iterable[Path | Picture]) -> None:
        known = {one.path for one in self.waiting if one.path is not None}
        for image in images:
            path, picture = (image.path, image) if isinstance(image, Picture) else (image, None)
            if path is None or path not in known:
                self._waiting.append(ImportItem(image.name, path, picture, "dermoscopy", None, None, self._visit.date))
        self._go_on()
        self.changed.emit()

    def reassign(self, paths: Iterable[Path], lesion_id: int | None) -> None:
        """Assign images that still wait to another lesion of the same patient."""
        chosen = set(paths)
        self._waiting = deque(replace(one, lesion_id=lesion_id) if one.path in chosen else one for one in self._waiting)
        self.changed.emit()

    def _go_on(self) -> None:
        """Start on the next image that can be imported: clinical photographs and saved images need no model."""
        if self._current is not None:
            return
        classifier = self._model.classifier
        for arrival in self._waiting:
            if classifier is not None or arrival.kind == "clinical" or arrival.kept:
                self._waiting.remove(arrival)
                self._current = arrival
                self._begin(arrival, classifier)
                return

    def _begin(self, arrival: ImportItem, classifier: Classifier | None) -> None:
        if arrival.kept:
            self._write(arrival, lambda history, by: place(history, arrival, arrival.kept, by))
            return
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: load(arrival),
            partial(self._take_loaded, arrival, classifier),
            partial(self._fail, arrival),
        )

    def _take_loaded(self, arrival: ImportItem, classifier: Classifier | None, picture: Picture) -> None:
        if picture.is_sample:  # a sample is never kept
            self._end(arrival)
        elif picture.frames and arrival.path not in picture.frames:  # each frame of a DICOM file is an image of its own
            if arrival is self._current:
                frames = [replace(arrival, name=path.name, path=path) for path in picture.frames]
                self._waiting.extendleft(reversed(frames))
            self._end(arrival)
        elif arrival.kind == "clinical" or classifier is None:
            self._write(arrival, lambda history, by: self._keep_clinical(history, arrival, picture, by))
        else:
            self._tasks.run(
                Lane.MODEL,
                lambda _task: self._last_answer.answer(picture, classifier),
                partial(self._keep, arrival, picture),
                partial(self._fail, arrival),
            )

    def _keep(self, arrival: ImportItem, picture: Picture, answer: Answer) -> None:
        def work(history: History, by: str) -> Elsewhere:
            self._bookkeeping.keep_in(history, picture, answer.prediction, answer.judgement, answer.contract, by=by)
            doubt = doubt_of(history, arrival, picture)
            return doubt if doubt is not None else place(history, arrival, picture.sha256, by)

        self._write(arrival, work)

    def _keep_clinical(self, history: History, arrival: ImportItem, picture: Picture, by: str) -> Elsewhere:
        if arrival.patient is None:
            raise ValueError("a clinical photograph is nobody's")
        where = whereabouts(history, picture.sha256)
        if stays(where, arrival, arrival.patient):
            return where
        doubt = doubt_of(history, arrival, picture)
        if doubt is not None:
            return doubt
        visit_id = visit_of(history, where, arrival, arrival.patient, by)
        image = self._bookkeeping.store(picture)
        history.people.keep_clinical(image, lesion_id=arrival.lesion_id, visit_id=visit_id, by=by)
        return None

    def _write(self, arrival: ImportItem, work: Callable[[History, str], Elsewhere]) -> None:
        if arrival is self._current:
            self._bookkeeping.write(work, partial(self._settle, arrival), partial(self._fail, arrival))

    def _drop(self, patient: Patient) -> None:
        """Drop the waiting images of a patient; one that is being written is erased with the rest."""
        self._waiting = deque(one for one in self._waiting if not one.is_of(patient))
        if self._current is not None and self._current.is_of(patient):
            self._current = None
        self._go_on()
        self.changed.emit()

    def _settle(self, arrival: ImportItem, elsewhere: Elsewhere) -> None:
        self._end(arrival)
        if isinstance(elsewhere, PatientMismatch):
            self.doubted.emit(replace(arrival, kept=elsewhere.kept), elsewhere.named)
        elif elsewhere is not None:
            self.belongs_elsewhere.emit(arrival, elsewhere)

    def _fail(self, arrival: ImportItem, error: AppError) -> None:
        self._end(arrival)
        self.failed.emit(arrival, error)

    def _end(self, arrival: ImportItem) -> None:
        if self._current is arrival:
            self._current = None
            self._go_on()
            self.changed.emit()
