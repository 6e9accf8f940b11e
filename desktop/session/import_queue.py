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
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.last_answer import LastAnswer
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records import patient_file, people
    from desktop.core.records.history import History
    from desktop.core.records.people import ImageKind, Patient
    from desktop.session import import_item
    from desktop.session.answers import Answer
    from desktop.session.import_item import Elsewhere, ImportItem, Placing
    from desktop.session.opening_request import OpeningRequest
    from desktop.session.picture import Picture
else:
    patient_file = Late("desktop.core.records.patient_file")
    people = Late("desktop.core.records.people")
    import_item = Late("desktop.session.import_item")


class ImportQueue(QObject):
    """Imports images for the open patient, or unassigned."""

    changed = Signal()
    """Different images are waiting."""
    belongs_elsewhere = Signal(object, object)
    """The ImportItem, and its Whereabouts: the image stays with the other patient or lesion to which it belongs."""
    mismatched = Signal(object, object)
    """The ImportItem, and the DicomPatient that its file names instead: it is not placed, see `place_all_the_same`."""
    failed = Signal(object, object)
    """The ImportItem, and the AppError."""
    placing_begun = Signal(object)
    """A Placing: images that were opened together are about to be placed with a patient."""
    placing_progressed = Signal(object)
    """The Placing of an image that has been imported."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        model: ModelChoice,
        open_patient: OpenPatient,
        edits: PatientEdits,
        open_image: OpenImage,
        last_answer: LastAnswer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._model = model
        self._open_patient = open_patient
        self._last_answer = last_answer
        self._waiting: deque[ImportItem] = deque()
        self._current: ImportItem | None = None
        model.loaded.connect(lambda _classifier: self._go_on())
        edits.erasing.connect(self._drop)
        open_image.opened.connect(self._take_opened)
        open_image.given_up.connect(self._take_given_up)

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
        items = [
            import_item.ImportItem(one.name, path, None, kind, one.patient, one.lesion_id, self._open_patient.date)
            for path, one in files
            if one.patient is not None
        ]
        self._waiting += self._in_one_placing(items)
        self._take_nobodys([path for path, one in files[1:] if one.patient is None])

    def place_all_the_same(self, items: Iterable[ImportItem]) -> None:
        """Place images with their intended patients, as confirmed by the user, whatever their files say."""
        self._waiting += self._in_one_placing([replace(one, is_confirmed=True) for one in items])
        self._go_on()
        self.changed.emit()

    def is_coming(self, placing: Placing) -> bool:
        """Return whether an image of a placing is still being imported."""
        return any(one.placing is placing for one in self.waiting)

    def withdraw(self, placing: Placing) -> None:
        """Place no image of a placing that is still being imported."""
        placing.is_withdrawn = True
        self.changed.emit()

    def resume(self, placing: Placing) -> None:
        """Reverse `withdraw`."""
        placing.is_withdrawn = False
        self.changed.emit()

    def _in_one_placing(self, items: list[ImportItem]) -> list[ImportItem]:
        """Make the placing of images of one patient one change."""
        patient = items[0].patient if items else None
        if patient is None:
            return items
        lesion_ids = {one.lesion_id for one in items}
        lesion_id = items[0].lesion_id if len(lesion_ids) == 1 else None
        paths = frozenset(one.path for one in items if one.path is not None)
        names = tuple(one.name for one in items)
        placing = import_item.Placing(patient, lesion_id, items[0].kind, paths, names)
        self.placing_begun.emit(placing)
        return [replace(one, placing=placing) for one in items]

    def _take_opened(self, picture: Picture, request: OpeningRequest) -> None:
        """Import a pasted image for its patient, and the other frames of an unassigned file."""
        if request.pasted is not None and request.patient is not None:
            item = import_item.ImportItem(
                picture.name, None, picture, "dermoscopy", request.patient, request.lesion_id, self._open_patient.date
            )
            self._waiting += self._in_one_placing([item])
        self._take_nobodys(picture.frames[1:] if request.patient is None and request.entry is None else ())

    def _take_given_up(self, image: Path | Picture, request: OpeningRequest) -> None:
        if request.patient is None:
            self._take_nobodys([image])

    def _take_nobodys(self, images: Iterable[Path | Picture]) -> None:
        known = {one.path for one in self.waiting if one.path is not None}
        for image in images:
            path, picture = (image, None) if isinstance(image, Path) else (image.path, image)
            if path is None or path not in known:
                self._waiting.append(
                    import_item.ImportItem(image.name, path, picture, "dermoscopy", None, None, self._open_patient.date)
                )
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
        for item in self._waiting:
            if classifier is not None or item.kind == "clinical" or item.saved_sha256:
                self._waiting.remove(item)
                self._current = item
                self._begin(item, classifier)
                return

    def _begin(self, item: ImportItem, classifier: Classifier | None) -> None:
        if item.saved_sha256:
            self._write(item, lambda history, by: import_item.place(history, item, item.saved_sha256, by))
            return
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: import_item.load(item),
            partial(self._take_loaded, item, classifier),
            partial(self._fail, item),
        )

    def _take_loaded(self, item: ImportItem, classifier: Classifier | None, picture: Picture) -> None:
        if picture.is_sample:  # a sample is never kept
            self._end(item)
        elif picture.frames and item.path not in picture.frames:  # each frame of a DICOM file is an image of its own
            if item is self._current:
                frames = [replace(item, name=path.name, path=path) for path in picture.frames]
                self._waiting.extendleft(reversed(frames))
            self._end(item)
        elif item.kind == "clinical" or classifier is None:
            self._write(item, lambda history, by: self._keep_clinical(history, item, picture, by))
        else:
            self._tasks.run(
                Lane.MODEL,
                lambda _task: self._last_answer.answer(picture, classifier),
                partial(self._keep, item, picture),
                partial(self._fail, item),
            )

    def _keep(self, item: ImportItem, picture: Picture, answer: Answer) -> None:
        def work(history: History, by: str) -> Elsewhere:
            image = self._history_service.store(picture)  # slow, and meanwhile others may write
            with history.together():
                self._history_service.save_in(history, picture, image, answer, by=by)
                mismatch = import_item.mismatch_of(history, item, picture)
                return mismatch if mismatch is not None else import_item.place(history, item, picture.sha256, by)

        self._write(item, work, is_whole=False)

    def _keep_clinical(self, history: History, item: ImportItem, picture: Picture, by: str) -> Elsewhere:
        if item.patient is None:
            raise ValueError("a clinical photograph is nobody's")
        where = patient_file.whereabouts(history, picture.sha256)
        if import_item.stays(where, item, item.patient):
            return where
        mismatch = import_item.mismatch_of(history, item, picture)
        if mismatch is not None:
            return mismatch
        visit_id = import_item.visit_of(history, where, item, item.patient, by)
        is_new = where.image_id is None or history.people.is_removed(where.image_id)
        image = self._history_service.store(picture)
        lesion_id = None if item.is_withdrawn else import_item.lesion_of(history, item)
        image_id = history.people.save_clinical(image, lesion_id=lesion_id, visit_id=visit_id, by=by)
        if item.is_overview and item.is_withdrawn and is_new:  # undone before it was saved
            history.people.set_binned("image", image_id, binned=True, by=by)
        if item.placing is not None and (is_new or not item.is_overview):  # an overview that was there before stays
            item.placing.note(item, picture.sha256, people.Placement(image_id, "clinical", None, visit_id))
        return None

    def _write(self, item: ImportItem, work: Callable[[History, str], Elsewhere], *, is_whole: bool = True) -> None:
        if item is self._current:
            settle, fail = partial(self._settle, item), partial(self._fail, item)
            self._history_service.write(work, settle, fail, is_whole=is_whole)

    def _drop(self, patient: Patient) -> None:
        """Drop the waiting images of a patient; one that is being written is erased with the rest."""
        self._waiting = deque(one for one in self._waiting if not one.is_of(patient))
        if self._current is not None and self._current.is_of(patient):
            self._current = None
        self._go_on()
        self.changed.emit()

    def _settle(self, item: ImportItem, elsewhere: Elsewhere) -> None:
        self._end(item)
        if isinstance(elsewhere, import_item.PatientMismatch):
            self.mismatched.emit(replace(item, saved_sha256=elsewhere.saved_sha256), elsewhere.named)
        elif isinstance(elsewhere, import_item.PatientTakenBack):
            self.failed.emit(replace(item, saved_sha256=elsewhere.saved_sha256), elsewhere.error)
        elif elsewhere is not None:
            self.belongs_elsewhere.emit(item, elsewhere)

    def _fail(self, item: ImportItem, error: AppError) -> None:
        self._end(item)
        self.failed.emit(item, error)

    def _end(self, item: ImportItem) -> None:
        if self._current is item:
            self._current = None
            self._go_on()
            self.changed.emit()
            if item.placing is not None:
                self.placing_progressed.emit(item.placing)
