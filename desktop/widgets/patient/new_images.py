"""New images of the open patient: brought to the chosen lesion, to another, or to a new one where the user says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.session.blinding import Blinding
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest, of_file
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.patient.lesion_images import LesionImages
from desktop.widgets.patient.mismatch_question import MismatchQuestion
from desktop.widgets.patient.patient_presenter import PatientPresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient


class NewImages(QObject):
    """Asks for the lesion where the chosen one is finished at this visit: the next image is often of another."""

    def __init__(
        self,
        open_patient: OpenPatient,
        blinding: Blinding,
        import_queue: ImportQueue,
        open_image: OpenImage,
        page: VisitPage,
        images: LesionImages,
        mismatch_question: MismatchQuestion,
        patients: PatientPresenter,
        files: FileDialogs,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._blinding = blinding
        self._import_queue = import_queue
        self._open_image = open_image
        self._page = page
        self._images = images
        self._mismatch_question = mismatch_question
        self._patients = patients
        self._files = files
        self._window = window
        images.todays_requested.connect(self.open_todays)
        page.assessment_panel.todays_requested.connect(self.open_todays)

    def bring(self, requests: Sequence[OpeningRequest]) -> None:
        """Open images, placed with the lesion for which they were requested, or first ask for it."""
        from desktop.widgets.patient.lesion_question import LesionQuestion  # noqa: PLC0415 - not needed at the start

        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        if patient is None or lesion is None or not self._is_finished(lesion):
            self._take(requests)
            return
        question = LesionQuestion(patient.pseudonym, lesion_name(lesion), len(requests), self._window)
        question.same_chosen.connect(partial(self.bring_for, lesion.id, requests))
        question.new_chosen.connect(partial(self.bring_for_new, requests))
        question.open()

    def bring_for(self, lesion_id: int, requests: Sequence[OpeningRequest]) -> None:
        """Choose a lesion of the open patient, and open images to be placed with it, unless they come late."""
        if self._come_late(None, lesion_id):
            return
        self._images.choose(lesion_id)  # its newest image is among these
        patient = self._open_patient.patient
        self._take([replace(one, patient=patient, lesion_id=lesion_id) for one in requests])

    def bring_for_new(self, requests: Sequence[OpeningRequest]) -> None:
        """Add a lesion, open images for it, and ask for its site; but not if the images come late."""
        if self._come_late(requests[0].patient):
            return

        def go_on(lesion_id: int) -> None:
            self.bring_for(lesion_id, requests)
            self._patients.place_lesion()

        self._patients.add_lesion_then(lambda lesion: go_on(lesion.id))

    def add_clinical(self) -> None:
        """Ask for clinical photographs of the chosen lesion, which are saved but never classified."""
        patient, lesion, paths = self._open_patient.patient, self._open_patient.lesion, self._files.choose_images()
        if paths and patient is not None and not self._come_late(patient):
            lesion_id = None if lesion is None else lesion.id
            self._mismatch_question.begin()
            self._import_queue.take([of_file(path, patient, lesion_id) for path in paths], "clinical")

    def open_todays(self) -> None:
        """Open today's image of the chosen lesion, or ask for one if there is none."""
        lesion = self._open_patient.lesion
        if lesion is None:
            return
        image = self._open_patient.todays_image()
        if image is not None:
            self._open_image.open(self._open_patient.request_for(image))
        elif paths := self._files.choose_images():
            self.bring_for(lesion.id, [of_file(path) for path in paths])

    def _take(self, requests: Sequence[OpeningRequest]) -> None:
        """Import images, and open the first: those for a patient are saved and placed, the others only saved."""
        self._mismatch_question.begin()
        self._import_queue.take(requests)
        self._page.open_images(requests)

    def _come_late(self, patient: Patient | None, lesion_id: int | None = None) -> bool:
        """Return whether images that were meant for `patient`, or for this lesion, must not be added any more; then say why.

        They come late if another patient is open by now, or about to be.
        """
        present, lesions = self._open_patient.patient, [one.id for one in self._open_patient.lesions]
        are_late = (
            self._open_patient.is_changing
            or (patient is not None and (present is None or present.id != patient.id))
            or (lesion_id is not None and lesion_id not in lesions)
        )
        if are_late:
            text = self.tr("Another patient is being opened, so no image was added. Open the images again.")
            self._page.messages.say(text, error=False)
        return are_late

    def _is_finished(self, lesion: Lesion) -> bool:
        return self._blinding.is_committed or self._open_patient.is_finished(lesion, is_blind=self._blinding.is_on)
