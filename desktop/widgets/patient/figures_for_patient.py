"""The figures for patient and practice beside the answers that are not on the screen: they follow the patient's file too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.session.blinding import Blinding
from desktop.session.file_in_front import FileInFront
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.practice import Practice
from desktop.widgets.answer import alert_context

if TYPE_CHECKING:
    from desktop.core.inference import adjusted, judgement
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.inference.contract import Contract
    from desktop.core.records.patient_file import PatientFile
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.values import Entry
else:
    adjusted = Late("desktop.core.inference.adjusted")
    judgement = Late("desktop.core.inference.judgement")


def context_of(file: PatientFile, image: PlacedImage) -> PatientContext:
    """Return what is known of a patient for an image: their age on its day, and the site of its lesion."""
    lesion = file.lesion_of(image)
    age_band = file.age_band_on(file.date_of(image))
    return alert_context.patient_context(file.patient.sex, age_band, "" if lesion is None else lesion.site)


class FiguresForPatient(QObject):
    """Saves the figures of each answer of the model in use, so that they are the same as if its image were opened.

    Several images of a lesion are one answer: an alert that one of them raises only with age, sex or site is told beside each
    of them, and must be in the record, whichever is opened. Answers of earlier visits keep the figures that stood beside them,
    unless what is known of the patient was corrected since. What blind-first conceals has no figures yet.
    """

    def __init__(
        self,
        open_patient: OpenPatient,
        in_front: FileInFront,
        open_image: OpenImage,
        blinding: Blinding,
        practice: Practice,
        history_service: HistoryService,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._in_front = in_front
        self._open_image = open_image
        self._blinding = blinding
        self._practice = practice
        self._history_service = history_service
        self._noted: dict[int, Adjusted] = {}
        """By entry what was given to be saved last: what could not be is tried again when an image is opened."""
        for changed in (in_front.changed, blinding.changed, practice.changed, open_image.model_changed):
            changed.connect(self._note)
        open_image.opening.connect(lambda _request: self._noted.clear())

    def _note(self) -> None:
        classifier = self._open_image.classifier
        if classifier is None:
            return
        files = {file.patient.id: file for file in (self._in_front.file, self._open_patient.patient_file) if file}
        for patient_id, file in files.items():
            for entry, wanted in self._wanted(file, classifier.contract, classifier.sha256):
                if wanted != entry.adjusted and wanted != self._noted.get(entry.id):
                    self._noted[entry.id] = wanted
                    self._history_service.note_adjusted(entry.id, wanted, patient_id)

    def _wanted(self, file: PatientFile, contract: Contract, model: str) -> Iterator[tuple[Entry, Adjusted]]:
        """Yield each entry of the model with the figures that belong beside its answer."""
        layer, today = contract.context, self._open_patient.date
        for image in file.images:
            given = NOTHING_GIVEN if layer is None else layer.given(context_of(file, image))
            is_todays = file.date_of(image) == today
            for entry in image.entries:
                known = entry.adjusted.patient
                is_corrected = bool(known) and known != given
                if entry.answer.model_sha256 != model or not (is_todays or is_corrected) or self._conceals(entry):
                    continue
                prediction = entry.answer.prediction
                judged = judgement.judge(prediction, contract, entry.answer.working_points)
                shares = self._practice.shares if is_todays else entry.adjusted.prior
                yield entry, adjusted.adjust(prediction, judged, contract, given, shares)

    def _conceals(self, entry: Entry) -> bool:
        return self._blinding.conceals(entry.image.sha256) or self._blinding.conceals_entry(entry)
