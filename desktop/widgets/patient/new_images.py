"""New images of the open patient: brought to the chosen lesion, or to a new one where the user says so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.session.blinding import Blinding
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.patient.lesion_images import LesionImages
from desktop.widgets.patient.patient_presenter import PatientPresenter


class NewImages(QObject):
    """Asks for the lesion where the chosen one is finished at this visit: the next image is often of another."""

    def __init__(
        self,
        open_patient: OpenPatient,
        blinding: Blinding,
        images: LesionImages,
        patients: PatientPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._blinding = blinding
        self._images = images
        self._patients = patients
        self._window = window

    def bring(self, requests: Sequence[OpeningRequest]) -> None:
        """Open images, placed with the lesion for which they were requested, or first ask for it."""
        from desktop.widgets.patient.lesion_question import LesionQuestion  # noqa: PLC0415 - not needed at the start

        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        if patient is None or lesion is None or not self._is_finished():
            self._images.bring(requests)
            return
        question = LesionQuestion(patient.pseudonym, lesion_name(lesion), len(requests), self._window)
        question.same_chosen.connect(partial(self._images.bring_for, lesion.id, requests))
        question.new_chosen.connect(partial(self.bring_for_new, requests))
        question.open()

    def bring_for_new(self, requests: Sequence[OpeningRequest]) -> None:
        """Add a lesion, open images for it, and ask for its site; but not if the images come late."""
        if self._images.come_late(requests[0].patient):
            return

        def go_on(lesion_id: int) -> None:
            self._images.bring_for(lesion_id, requests)
            self._patients.place_lesion()

        self._patients.add_lesion_then(lambda lesion: go_on(lesion.id))

    def _is_finished(self) -> bool:
        lesion = self._open_patient.lesion
        if lesion is None:
            return False
        return self._blinding.is_committed or self._open_patient.is_finished(lesion, is_blind=self._blinding.is_on)
