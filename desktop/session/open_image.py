"""The open image: it is read, classified and saved here; the widgets show the results."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.answer_saving import AnswerSaving
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.last_answer import LastAnswer
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import opening, regions
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.contract import Contract
    from desktop.core.records.values import Entry
    from desktop.session import answers, image_owner
    from desktop.session import picture as pictures
    from desktop.session.answers import Answer, GivenAnswer
    from desktop.session.image_owner import ImageOwner
    from desktop.session.opening_request import OpeningRequest
    from desktop.session.picture import Picture
else:
    opening = Late("desktop.core.imaging.opening")
    regions = Late("desktop.core.imaging.regions")
    answers = Late("desktop.session.answers")
    image_owner = Late("desktop.session.image_owner")
    pictures = Late("desktop.session.picture")


class OpenImage(QObject):
    """Opens one image at a time, classifies it and saves the answer; every slow step runs off the GUI thread.

    An answer that blind-first conceals is saved, but neither emitted (`answered`) nor returned (`answer`, `given`) until it
    may be seen.
    """

    opening = Signal(object)  # OpeningRequest
    opened = Signal(object, object)  # Picture, OpeningRequest
    closed = Signal()
    model_changed = Signal()
    left_unclassified = Signal()
    """The open image is a clinical photograph."""
    left_unanswered = Signal()
    """The open image is of an earlier visit, and no model has answered it: none does until `retry`."""
    answering = Signal()
    answered = Signal(object)  # Answer
    viewed = Signal(str)
    """An answer is on the screen: the SHA-256 of its image, which is no sample. Its saving was asked for before."""
    held_back = Signal()
    """There is an answer, which must not be seen before the clinician's assessment."""
    saved = Signal(object)  # SavedAnswer
    open_failed = Signal(str, object)  # name, AppError
    original_missing = Signal(object, object)
    """The Entry whose image can no longer be read, and the AppError."""
    answer_failed = Signal(object)  # AppError
    save_failed = Signal(object)  # AppError
    given_up = Signal(object, object)
    """A new image (Path or Picture) that was left before its answer came and is not in the history, and its request."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        blinding: Blinding,
        last_answer: LastAnswer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._blinding = blinding
        self._last_answer = last_answer
        self._classifier: Classifier | None = None
        self._under_way: Task | None = None
        self._given: GivenAnswer | None = None
        self._held_back: tuple[str, Answer] | None = None
        self._entry: Entry | None = None
        self._unanswered: Path | Picture | None = None
        """The new image that is open, until its answer comes or fails."""
        self.picture: Picture | None = None
        self.request: OpeningRequest | None = None
        """The request of the image that is open or being opened."""
        self.has_failed = False
        """Whether the image of the request could not be opened."""
        self._is_asked = False
        """Whether `retry` has asked the model in use about the open image."""
        self._answer_saving = AnswerSaving(history_service, blinding, self)
        self._answer_saving.saved.connect(self.saved)
        self._answer_saving.failed.connect(self.save_failed)
        blinding.changed.connect(self._tell_held_back)

    def use(self, classifier: Classifier) -> None:
        """Classify with this model from now on, beginning with the open picture unless it shows an answer of the history.

        A picture of an earlier visit shows what the history has, as if it were opened now, or the answer that was asked for.
        """
        self._classifier = classifier
        self.model_changed.emit()
        if self.picture is None or self.request is None or self._is_clinical:
            return
        if not self.request.is_earlier:
            if not self._shows_kept_answer():
                self._classify()
        elif not self._is_asked:
            self._abandon()
            self._given = None
            self._held_back = None
            self._answer(self.picture, self.request)
        elif self._given is None:
            self._classify()

    def open(self, request: OpeningRequest) -> None:
        """Open an image. An answer of another model is shown as it was given; an image without an answer is classified.

        One of an earlier visit is not, whenever it is opened and however long it stays open (`left_unanswered`). A pasted image
        is encoded as a PNG file, which is classified and saved.
        """
        self._leave()
        entry = request.answered_by(self._classifier)
        self._unanswered = request.path
        self.picture = None
        self._given = None
        self._held_back = None
        self._entry = entry
        self._is_asked = False
        self.request = request
        self.has_failed = False
        self._blinding.look_away()
        self.opening.emit(request)
        open_picture = pictures.open_picture  # imported here: Qt's classes are first used on the GUI thread
        self._under_way = self._tasks.run(
            Lane.IMAGES,
            lambda _task: open_picture(request.name, request.path, lambda: self._read(request, entry)),
            lambda picture: self._show(picture, request),
            lambda error: self._report_failure(request.name, error, entry),
        )

    def read(self, request: OpeningRequest) -> bytes:
        """Read the bytes of an image without opening it. Slow: run off the GUI thread.

        Raises:
            AppError: the image is missing or has changed.
        """
        return self._read(request, request.entry)

    def _read(self, request: OpeningRequest, entry: Entry | None) -> bytes:
        """Read the bytes of an image. Slow: run off the GUI thread."""
        if request.pasted is not None:
            return pictures.png_bytes(request.pasted)
        if request.path is not None:
            return opening.read_file(request.path)
        if entry is not None:
            return self._history_service.read_image(entry.image)
        if request.placed is not None:
            return self._history_service.read_image(request.placed.image)
        raise ValueError("a request names no image")

    def unassign(self) -> None:
        """Note that the open image, or the one being opened, is not meant for a patient any more."""
        if self.request is not None:
            self.request = replace(self.request, patient=None, lesion_id=None)

    def close(self) -> None:
        """Close the open image."""
        self._leave()
        self.picture = None
        self.request = None
        self.has_failed = False
        self._given = None
        self._held_back = None
        self._entry = None
        self._blinding.look_away()
        self.closed.emit()

    def owner(self) -> ImageOwner:
        """Return whose the open image is, as soon as it has been read."""
        shown = [] if self.picture is None else [self.picture]
        patient = None if self.request is None else self.request.patient
        return image_owner.ImageOwner(self._history_service, shown, patient)

    @property
    def answer(self) -> Answer | None:
        """The answer that is shown, None if there is none."""
        return None if self.given is None else self.given.answer

    @property
    def given(self) -> GivenAnswer | None:
        """The answer that is shown, with its picture and entry, None if there is none."""
        return None if self.is_held_back else self._given

    @property
    def is_held_back(self) -> bool:
        """Whether there is an answer that is not shown before the clinician's assessment."""
        return self._held_back is not None

    @property
    def classifier(self) -> Classifier | None:
        """The model in use, None until it is loaded."""
        return self._classifier

    def show(self, given: GivenAnswer) -> None:
        """Show another answer for the open picture: that of a region, or that of the whole again."""
        self._given = given
        self._tell(given.picture.sha256, given.answer)

    @property
    def unsaved(self) -> int:
        """How many answers are not saved yet."""
        return self._answer_saving.unsaved

    def save_again(self) -> None:
        """Retry every answer that could not be saved."""
        self._answer_saving.save_again()

    def disclose(self) -> None:
        """Record that the answer is shown although the model abstained: now, or once it is saved."""
        if self._given is not None:
            self._answer_saving.disclose(self._given)

    def retry(self) -> None:
        """Classify the open picture with the model in use."""
        if self.picture is not None and not self._is_clinical:
            self._is_asked = True
            self._classify()

    def renew(self, request: OpeningRequest) -> None:
        """Show the answer that the open picture of an earlier visit was given elsewhere; it had none when it was opened."""
        picture, shown = self.picture, self.request
        if picture is None or shown is None or self._is_asked or shown.answered_by(self._classifier) is not None:
            return
        if shown.is_earlier and request.is_earlier and request.key == picture.sha256:
            self.request = request
            if request.answered_by(self._classifier) is not None:
                self._answer(picture, request)

    def _report_failure(self, name: str, error: AppError, entry: Entry | None) -> None:
        """Report that an image cannot be opened. If it is of an entry, still show the answer that was saved."""
        self._unanswered = None
        self.has_failed = True
        self.open_failed.emit(name, error)
        if entry is not None:
            self.original_missing.emit(entry, error)
            self._under_way = self._history_service.contract_of(
                entry, lambda contract: self._show_without_picture(entry, contract), self.answer_failed.emit
            )

    def _show_without_picture(self, entry: Entry, contract: Contract) -> None:
        self._blinding.look_at(entry.image.sha256)
        self._blinding.note_saved(entry.image.sha256, entry.id)
        self._tell(entry.image.sha256, answers.answer_of(entry, contract))

    @property
    def _is_clinical(self) -> bool:
        return self.request is not None and self.request.is_clinical

    def _shows_kept_answer(self) -> bool:
        """Return whether the open picture shows an answer of the history that stays until `retry`.

        That is an answer of another model, or of this one at other working points.
        """
        if self._entry is None:
            return False
        return self._classifier is None or not self._entry.answer.is_of(
            self._classifier.sha256, self._classifier.working_points
        )

    def _show(self, picture: Picture, request: OpeningRequest) -> None:
        self.picture = picture
        self._blinding.look_at(picture.sha256, is_sample=picture.is_sample)
        self.opened.emit(picture, request)
        if request.is_clinical:
            self.left_unclassified.emit()
            return
        self._answer(picture, request)

    def _answer(self, picture: Picture, request: OpeningRequest) -> None:
        """Show the answer of the history, or have the picture answered; one of an earlier visit is not answered unasked."""
        if request.is_earlier:
            self._entry = request.answered_by(self._classifier)  # the model may be another one than when it was opened
        if self._entry is None and request.is_earlier:
            self.left_unanswered.emit()
            return
        if self._entry is None and not picture.is_sample:
            self._unanswered = picture
        if self._entry is None or not self._shows_kept_answer():
            self._classify()
            return
        self.answering.emit()
        entry = self._entry
        self._under_way = self._history_service.contract_of(
            entry, lambda contract: self._show_saved(picture, entry, contract), self.answer_failed.emit
        )

    def _show_saved(self, picture: Picture, entry: Entry, contract: Contract) -> None:
        answer = answers.answer_of(entry, contract)
        self._given = answers.GivenAnswer(picture, answer, answers.KeptAs(entry.id))
        self._blinding.note_saved(picture.sha256, entry.id)
        self._tell(picture.sha256, answer)

    def _classify(self) -> None:
        picture, classifier = self.picture, self._classifier
        region = None if self._entry is None else regions.parse_region(self._entry.region)
        self._abandon()
        self._entry = None
        self._given = None
        self._held_back = None
        if picture is not None and classifier is not None:
            self._under_way = self._tasks.run(
                Lane.MODEL,
                lambda _task: (
                    self._last_answer.answer(picture, classifier)
                    if region is None
                    else answers.answer_picture(picture, classifier, region)
                ),
                lambda answer: self._take_answer(picture, answer),
                self._report_no_answer,
            )
        self.answering.emit()  # last: the panel is laid out while the model is at work

    def _report_no_answer(self, error: AppError) -> None:
        self._unanswered = None
        self.answer_failed.emit(error)

    def _take_answer(self, picture: Picture, answer: Answer) -> None:
        self._given = answers.GivenAnswer(picture, answer)
        self._unanswered = None
        if not picture.is_sample:
            self.save(self._given)
        self._tell(picture.sha256, answer)

    def _tell(self, sha256: str, answer: Answer) -> None:
        """Emit an answer, or hold it back while it is concealed."""
        if self._blinding.conceals(sha256) or self._blinding.is_earlier:
            self._held_back = (sha256, answer)
            self.held_back.emit()
        else:
            self._held_back = None
            self._blinding.note_shown(sha256)
            self.answered.emit(answer)
            if self.picture is None or not self.picture.is_sample:
                self.viewed.emit(sha256)

    def _tell_held_back(self) -> None:
        if self._held_back is not None:
            self._tell(*self._held_back)

    def save(self, given: GivenAnswer) -> None:
        """Save an answer to the history; one that cannot be saved waits for `save_again`."""
        self._answer_saving.save(given)

    def _leave(self) -> None:
        """Leave the open image, for another one or for none."""
        self._abandon()
        left, self._unanswered, request = self._unanswered, None, self.request
        if left is not None:
            self.given_up.emit(left, request)

    def _abandon(self) -> None:
        if self._under_way is not None:
            self._under_way.abandon()
