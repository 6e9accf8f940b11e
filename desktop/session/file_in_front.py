"""The patient file that the open image is in: that of the open patient, or of another whose image is looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient

if TYPE_CHECKING:
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.history import History
    from desktop.core.records.patient_file import PatientFile
    from desktop.core.records.people import PlacedImage
else:
    patient_files = Late("desktop.core.records.patient_file")


class FileInFront(QObject):
    """What is said of an image is said of its lesion and its patient, whoever is open."""

    changed = Signal()
    """The file is another one, or has other contents."""

    def __init__(
        self, open_patient: OpenPatient, open_image: OpenImage, history_service: HistoryService, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._open_image = open_image
        self._history_service = history_service
        self._other: PatientFile | None = None
        for changed in (open_patient.lesion_changed, open_patient.images_changed, open_patient.patient_changed):
            changed.connect(self.changed)
        open_image.opening.connect(lambda _request: self._forget())
        open_image.closed.connect(self._forget)
        open_image.opened.connect(lambda _picture: self._find())
        history_service.changed.connect(self._find)

    @property
    def file(self) -> PatientFile | None:
        """The file of the patient whom the history has the open image of; None if it is nobody's, or not read yet."""
        picture, files = self._open_image.picture, (self._open_patient.patient_file, self._other)
        if picture is None:
            return None
        return next((one for one in files if one is not None and one.image_of(picture.sha256) is not None), None)

    @property
    def image(self) -> PlacedImage | None:
        """The open image as one of that file."""
        picture, file = self._open_image.picture, self.file
        return None if picture is None or file is None else file.image_of(picture.sha256)

    @property
    def is_todays(self) -> bool:
        """Whether it is an image of the open patient and of today."""
        image, file, own = self.image, self.file, self._open_patient
        return image is not None and file is own.patient_file and own.date_of(image) == own.date

    def _forget(self) -> None:
        self._other = None

    def _find(self) -> None:
        picture, today = self._open_image.picture, self._open_patient.date
        if picture is None or picture.is_sample or self._open_patient.image_of(picture.sha256) is not None:
            return

        def read(history: History) -> PatientFile | None:
            patient = patient_files.whereabouts(history, picture.sha256).patient
            return None if patient is None else patient_files.read_patient_file(history, patient.id, today)

        self._history_service.ask(read, partial(self._take, picture), self._history_service.failed.emit)

    def _take(self, picture: object, file: PatientFile | None) -> None:
        if picture is self._open_image.picture and file != self._other:
            self._other = file
            self.changed.emit()
