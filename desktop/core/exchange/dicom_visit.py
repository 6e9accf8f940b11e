"""The DICOM objects of one visit, as they go to an archive: those of an exported folder that are of that day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.errors import AppError
from desktop.core.exchange.collecting import Collected, Selection
from desktop.core.exchange.contents import ImageContents
from desktop.core.exchange.dicom_objects import DicomObject, DicomObjects, ObjectKind
from desktop.core.exchange.dicom_patients import dicom_day
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage

PART = 100_000_000
"""Bytes of pixels that are made and sent together; the last image of a part may go beyond."""


@dataclass(frozen=True)
class ListedObject:
    """An object that can be sent: its SOP Instance UID, and what it is."""

    uid: str
    kind: ObjectKind


class DicomVisit:
    """A visit of a patient: `objects` are all that can be sent of it."""

    def __init__(self, history: History, pseudonym: str, day: dt.date, *, with_answers: bool) -> None:
        """Collect a visit.

        Args:
            history: the history.
            pseudonym: the patient.
            day: the day of the visit.
            with_answers: whether model answers are sent too, in documents of their own.

        Raises:
            RecordsError: the patient is not in the history.
        """
        self.day = day
        self.found = Collected(history, Selection(patient=pseudonym))
        if not with_answers:
            self.found.answers = []
        self._identifiers = Identifiers.of_history(history.origin())
        made = self.new_objects()
        self.objects = (
            *(ListedObject(made.image_uid(one.file), ObjectKind.IMAGE) for one in self.images),
            *(ListedObject(one.uid, one.kind) for one in self.documents(made)),
        )

    @property
    def images(self) -> list[ImageContents]:
        """The images of that day."""
        day = self.day.isoformat()
        return [one for patient in self.found.contents.patients for one in patient.images if one.seen_on == day]

    def new_objects(self) -> DicomObjects:
        """Return what makes the objects, whose numbers begin anew."""
        return DicomObjects(self.found.contents.patients, self._identifiers, is_deidentified=False)

    def documents(self, objects: DicomObjects) -> list[DicomObject]:
        """Make the documents of that day."""
        made = objects.documents(self.found.answers, self.found.contracts)
        return [one for one in made if one.day == dicom_day(self.day.isoformat())]


class VisitParts:
    """Makes objects of a visit part by part: first the images, then the documents.

    `unreadable` are the images that cannot be read, each with the reason; nothing refers to them.
    """

    def __init__(self, visit: DicomVisit, wanted: frozenset[str]) -> None:
        """Make the objects with these UIDs."""
        self._visit = visit
        self._wanted = wanted
        self._objects = visit.new_objects()
        self._images = visit.images
        self._has_documents = True
        self.unreadable: list[str] = []

    def next(self, read: Callable[[KeptImage], bytes]) -> list[DicomObject]:
        """Return the next part; an empty list after the last.

        Args:
            read: returns the bytes of an image; raises `AppError` if it cannot be read.
        """
        made: list[DicomObject] = []
        size = 0
        while self._images and size < PART:
            file = self._images.pop(0).file
            if self._objects.image_uid(file) not in self._wanted:
                self._objects.pass_over(file)
                continue
            row = self._visit.found.rows[file]
            try:
                data = read(row.image)
                one = self._objects.image(file, data, row, data)
            except AppError as error:
                self.unreadable.append(f"{row.image.name}: {error}")
                self._visit.found.contents.without_images({file})
            else:
                made.append(one)
                size += one.byte_size
        if not self._images and self._has_documents:
            self._has_documents = False
            made += [one for one in self._visit.documents(self._objects) if one.uid in self._wanted]
        return made
