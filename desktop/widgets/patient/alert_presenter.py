"""The context of the alert box: the lesion's other images, its site, and the clinician's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.practice import Practice
from desktop.widgets.answer import alert_context, alert_words
from desktop.widgets.answer.alert_words import ALONE, AlertContext, LesionImage
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.patient.lesion_summary import images_beside

if TYPE_CHECKING:
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.records import lesion_answers
    from desktop.core.records.people import PlacedImage
else:
    lesion_answers = Late("desktop.core.records.lesion_answers")


class AlertPresenter(QObject):
    """Updates the panel whenever any of this may have changed, and opens an image of the lesion that an alert names."""

    def __init__(
        self,
        open_patient: OpenPatient,
        open_image: OpenImage,
        blinding: Blinding,
        practice: Practice,
        history_service: HistoryService,
        panel: ResultPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._practice = practice
        self._history_service = history_service
        self._noted: tuple[int, Adjusted, int | None] | None = None
        """The entry, the figures beside its answer, and whose they are, as they were given to be saved last."""
        self._open_patient = open_patient
        self._open_image = open_image
        self._blinding = blinding
        self._panel = panel
        for changed in (
            open_patient.lesion_changed,
            open_patient.images_changed,
            open_patient.patient_changed,
            blinding.changed,
            practice.changed,
        ):
            changed.connect(self._tell)
        open_image.opening.connect(self._begin)
        open_image.answered.connect(lambda _answer: self._tell())
        open_image.saved.connect(lambda _saved: self._note(self._context()))
        open_image.closed.connect(lambda: panel.use_context(ALONE))
        panel.image_requested.connect(self._open_image_of_lesion)

    def _begin(self, _request: object) -> None:
        self._noted = None  # what could not be saved then is tried again when its image is opened again
        self._panel.use_context(ALONE)

    def _tell(self) -> None:
        context = self._context()
        self._panel.use_context(context)
        self._note(context)

    def _note(self, context: AlertContext) -> None:
        """Save the figures for patient and practice beside the answer that is shown, once that is saved itself."""
        given = self._open_image.given
        if given is None or given.kept.entry_id is None or given.answer.entry is not None:
            return
        patient = None if self._open_patient.image_of(given.picture.sha256) is None else self._open_patient.patient
        patient_id = None if patient is None else patient.id
        noted = given.kept.entry_id, alert_words.adjusted_of(given.answer, context), patient_id
        if noted != self._noted:
            self._noted = noted
            self._history_service.note_adjusted(*noted)

    def _context(self) -> AlertContext:
        picture, classifier = self._open_image.picture, self._open_image.classifier
        if picture is None or classifier is None or self._open_image.answer is None:
            return ALONE
        own = self._open_patient.image_of(picture.sha256)
        beside = images_beside(self._open_patient, self._open_image, self._blinding)
        patient = NOTHING_GIVEN if own is None else self._patient_context(own)
        given = [None if one.is_concealed else one.answer for one in beside]
        return AlertContext(
            not_tested=self._not_tested(own),
            has_plan=self._has_plan(),
            lesion=lesion_answers.compare_images(given, classifier.contract, patient).lesion if given else None,
            images=tuple(LesionImage(one.image.image.sha256, one.name, one.image is own) for one in beside),
            patient=patient,
            shares=self._practice.shares,
        )

    def _open_image_of_lesion(self, sha256: str) -> None:
        image = self._open_patient.image_of(sha256)
        if image is not None:
            self._open_image.open(self._open_patient.request_for(image))

    def _patient_context(self, image: PlacedImage) -> PatientContext:
        patient = self._open_patient.patient
        lesion = next((one for one in self._open_patient.lesions if one.id == image.lesion_id), None)
        return alert_context.patient_context(
            "" if patient is None else patient.sex,
            self._open_patient.age_band_of(image),
            "" if lesion is None else lesion.site,
        )

    def _not_tested(self, own: PlacedImage | None) -> str:
        """Return on what the alerts were not tested, of the open patient and the lesion of the open image.

        An image that is still on its way to the patient counts as theirs.
        """
        patient, request = self._open_patient.patient, self._open_image.request
        if own is not None:
            lesion_id = own.lesion_id
        elif request is not None and request.is_for(patient):
            lesion_id = request.lesion_id
        else:
            return ""
        lesion = next((one for one in self._open_patient.lesions if one.id == lesion_id), None)
        return alert_context.not_tested_text(
            "" if lesion is None else lesion.site,
            self._open_patient.age_band,
            "" if patient is None else patient.skin_type,
        )

    def _has_plan(self) -> bool:
        status = self._blinding.image_status
        return status is not None and alert_context.has_plan(status.of_this_visit, status.outcomes)
