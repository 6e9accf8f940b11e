"""Whose the image in front is: the open patient's, another's, or nobody's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.records.patient_file import Whereabouts
from desktop.session.import_item import ImportItem, Placing, names_another
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest
from desktop.session.picture import Picture
from desktop.widgets.patient.mismatch_question import MismatchQuestion

if TYPE_CHECKING:
    from desktop.core.records.people import Patient, PlacedImage


class ImageInFront(QObject):
    """The image that is open, or being opened.

    The history says whose it is; until it was asked, the request and the patient whom the file names do.
    """

    def __init__(
        self,
        open_image: OpenImage,
        open_patient: OpenPatient,
        import_queue: ImportQueue,
        mismatch_question: MismatchQuestion,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_image = open_image
        self._open_patient = open_patient
        self._import_queue = import_queue
        self._mismatch_question = mismatch_question
        self.found: Whereabouts | None = None
        """Where it is in the history, once that was asked."""
        open_image.opening.connect(self._begin)  # before whoever uses this connects to it

    @property
    def placed(self) -> PlacedImage | None:
        """The image as one of the open patient's, None if it is not, or not read yet."""
        picture = self._open_image.picture
        return None if picture is None else self._open_patient.image_of(picture.sha256)

    @property
    def is_theirs(self) -> bool:
        """Whether it is or will be the open patient's."""
        request, picture, patient = self._open_image.request, self._open_image.picture, self._open_patient.patient
        if request is None or patient is None:
            return False
        if self.placed is not None:
            return True
        if not request.is_for(patient) or self.is_of_another(patient):
            return False
        return picture is None or not self._mismatch_question.speaks_against(picture)

    @property
    def is_unclaimed(self) -> bool:
        """Whether it is nobody's in the history, and neither asked about nor being imported for the open patient."""
        picture = self._open_image.picture
        if picture is None or self.found is None or self.found.patient is not None:
            return False
        patient, waiting = self._open_patient.patient, self._import_queue.waiting
        is_coming = any(self.shows(one) and one.is_of(patient) for one in waiting)
        return not is_coming and not self._mismatch_question.asks_of(picture.sha256)

    @property
    def key(self) -> str:
        """Its key in the film strip if it is the open patient's, else empty."""
        request, picture, placed = self._open_image.request, self._open_image.picture, self.placed
        if request is None or not self.is_theirs:
            return ""
        if placed is not None:
            return placed.image.sha256
        return request.key if picture is None or picture.path is None else str(picture.path)

    def is_of_another(self, patient: Patient | None) -> bool:
        """Return whether it is or will be of a patient other than this one."""
        request, picture = self._open_image.request, self._open_image.picture
        if request is None:
            return False
        if self.found is not None and self.found.patient is not None:
            return other_owner(self.found, patient) is not None
        if request.patient is None or request.is_for(patient):
            return False
        return picture is None or not names_another(picture.patient, request.patient)

    def shows(self, item: ImportItem) -> bool:
        """Return whether an image that is being imported, or was, is open."""
        picture = self._open_image.picture
        if picture is None:
            return False
        return item.saved_sha256 == picture.sha256 or (item.path is not None and item.path == picture.path)

    def shows_as_theirs(self, item: ImportItem) -> bool:
        """Return whether an image that was imported is open, or being opened, for the open patient."""
        request = self._open_image.request
        if request is None or not self.is_theirs:
            return False
        return item.picture is self._open_image.picture if item.path is None else item.path == request.path

    def is_part_of(self, placing: Placing) -> bool:
        """Return whether it is one of the images that were placed together."""
        request, picture = self._open_image.request, self._open_image.picture
        if request is None:
            return False
        return request.path in placing.paths or (picture is not None and picture.sha256 in placing.hashes)

    def find(self, done: Callable[[Whereabouts], None]) -> None:
        """Ask the history where the open image is, and tell `done`, unless another is in front by then."""
        picture = self._open_image.picture
        if picture is not None:
            self._open_patient.find_where(picture.sha256, partial(self._take, picture, done))

    def unassign(self) -> None:
        """Note that it is not meant for a patient any more, and that the history has to be asked anew."""
        self._open_image.unassign()
        self.found = None

    def _begin(self, _request: OpeningRequest) -> None:
        self.found = None

    def _take(self, picture: Picture, done: Callable[[Whereabouts], None], where: Whereabouts) -> None:
        if picture is self._open_image.picture:
            self.found = where
            done(where)


def other_owner(where: Whereabouts, patient: Patient | None) -> Patient | None:
    """Return the patient of an image, None if that is this one or nobody; compared by id: the pseudonym may have changed."""
    owner = where.patient
    return None if owner is None or (patient is not None and owner.id == patient.id) else owner
