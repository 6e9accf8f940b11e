"""Offers the patient named in a DICOM file, who is used only if the user accepts.

While a patient is open, `mismatch_question` asks about images that name another one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from desktop.core.errors import AppError
from desktop.core.patient_context import age_band
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import sex_name
from desktop.widgets.patient.patient_changes import PatientChanges

if TYPE_CHECKING:
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.records.history import History
    from desktop.core.records.people import Patient
    from desktop.session.picture import Picture


class DicomOffer(QObject):
    """Makes the offer when an image is opened from a DICOM file that names a patient."""

    def __init__(
        self,
        open_image: OpenImage,
        history_service: HistoryService,
        open_patient: OpenPatient,
        changes: PatientChanges,
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._open_patient = open_patient
        self._changes = changes
        self._messages = messages
        open_image.opened.connect(self._offer)

    def _offer(self, picture: Picture) -> None:
        named = picture.patient
        if named is None or not named.id or picture.path is None:
            return  # the history knows whose its images are
        if self._open_patient.patient is None:
            self._messages.say(
                self.tr("The file names a patient: {who}.").format(who=who_is_named(named)),
                error=False,
                action=(self.tr("Use patient {id} from the file").format(id=named.id), partial(self.use, named)),
            )

    def use(self, named: DicomPatient) -> None:
        """Open the patient with this pseudonym, or add one from the file's data."""
        end = self._open_patient.begin_change()

        def take(known: Patient | None) -> None:
            self._open(named, known)
            end()

        def tell(error: AppError) -> None:
            self._messages.tell(error)
            end()

        self._history_service.ask(partial(_find, named.id), take, tell)

    def _open(self, named: DicomPatient, known: Patient | None) -> None:
        if known is not None:
            self._open_patient.open(known)
        else:
            band = age_band(named.age) if named.birth_year is None else ""  # the age is that of the image's day
            self._changes.add(named.id, named.sex, band, self._messages.tell, birth_year=named.birth_year)


def who_is_named(named: DicomPatient) -> str:
    """Return a file's patient data in one line."""
    words = [f"“{named.id}”"]
    if named.sex != "unknown":
        words.append(sex_name(named.sex).casefold())
    if named.age is not None:
        words.append(QCoreApplication.translate("DicomOffer", "{age} years").format(age=named.age))
    if named.birth_year is not None:
        words.append(QCoreApplication.translate("DicomOffer", "born {year}").format(year=named.birth_year))
    return ", ".join(words)


def _find(pseudonym: str, history: History) -> Patient | None:
    return history.people.patient_called(pseudonym)
