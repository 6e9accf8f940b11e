"""The context of the alert box: the lesion's other images, its site, and the clinician's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.session.blinding import Blinding
from desktop.session.file_in_front import FileInFront
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import of_placed
from desktop.session.practice import Practice
from desktop.widgets.answer import alert_context, alert_words
from desktop.widgets.answer.alert_words import ALONE, AlertContext, LesionImage
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.patient.figures_for_patient import context_of
from desktop.widgets.patient.lesion_summary import images_beside

if TYPE_CHECKING:
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.records import lesion_answers
else:
    lesion_answers = Late("desktop.core.records.lesion_answers")


class AlertPresenter(QObject):
    """Updates the panel whenever any of this may have changed, and opens an image of the lesion that an alert names."""

    def __init__(
        self,
        open_patient: OpenPatient,
        in_front: FileInFront,
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
        self._in_front = in_front
        self._open_image = open_image
        self._blinding = blinding
        self._panel = panel
        for changed in (in_front.changed, blinding.changed, practice.changed):
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
        file = self._in_front.file
        patient_id = None if file is None else file.patient.id
        noted = given.kept.entry_id, alert_words.adjusted_of(given.answer, context), patient_id
        if noted != self._noted:
            self._noted = noted
            self._history_service.note_adjusted(*noted)

    def _context(self) -> AlertContext:
        picture, classifier = self._open_image.picture, self._open_image.classifier
        if picture is None or classifier is None or self._open_image.answer is None:
            return ALONE
        own = self._in_front.image
        beside = images_beside(self._in_front, self._open_image, self._blinding)
        patient = self._patient_context()
        given = [None if one.is_concealed else one.answer for one in beside]
        return AlertContext(
            not_tested=self._not_tested(),
            has_plan=self._has_plan(),
            lesion=lesion_answers.compare_images(given, classifier.contract, patient).lesion if given else None,
            images=tuple(LesionImage(one.image.image.sha256, one.name, one.image is own) for one in beside),
            hidden=sum(one.is_concealed for one in beside),
            patient=patient,
            shares=self._practice.shares,
        )

    def _open_image_of_lesion(self, sha256: str) -> None:
        own, file = self._open_patient.image_of(sha256), self._in_front.file
        if own is not None:
            self._open_image.open(self._open_patient.request_for(own))
        elif file is not None and (image := file.image_of(sha256)) is not None:
            self._open_image.open(of_placed(image, None))

    def _patient_context(self) -> PatientContext:
        file, image = self._in_front.file, self._in_front.image
        return NOTHING_GIVEN if file is None or image is None else context_of(file, image)

    def _not_tested(self) -> str:
        """Return on what the alerts were not tested, of the patient and the lesion of the open image.

        An image that is still on its way to the open patient counts as theirs.
        """
        file, image, request = self._in_front.file, self._in_front.image, self._open_image.request
        if file is not None and image is not None:
            lesion = file.lesion_of(image)
        elif request is not None and request.is_for(self._open_patient.patient):
            file = self._open_patient.patient_file
            lesion = next((one for one in self._open_patient.lesions if one.id == request.lesion_id), None)
        if file is None:
            return ""
        site, today = "" if lesion is None else lesion.site, self._open_patient.date
        return alert_context.not_tested_text(site, file.age_band_on(today), file.patient.skin_type)

    def _has_plan(self) -> bool:
        status = self._blinding.image_status
        return status is not None and alert_context.has_plan(status.of_this_visit, status.outcomes)
