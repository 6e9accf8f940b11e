"""The context of the alert box: the lesion's other images, its site, and the clinician's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.labels import BY_ID, Malignancy
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.blinding import Blinding
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.widgets.answer.alert_words import ALONE, AlertContext
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.common.wording import translated
from desktop.widgets.patient.lesion_summary import entries_beside

if TYPE_CHECKING:
    from desktop.core.records import lesion_answers, people
    from desktop.core.records.people import PlacedImage
else:
    people = Late("desktop.core.records.people")
    lesion_answers = Late("desktop.core.records.lesion_answers")

_PALMS, _SOLES = tr("Not tested on palms."), tr("Not tested on soles.")
_NAILS, _MUCOSA = tr("Not tested on nails."), tr("Not tested on mucosa.")
_YOUNG = tr("Not tested under 18 years.")

_NOT_TESTED = {
    **dict.fromkeys(("palm", "fingers-front"), _PALMS),
    **dict.fromkeys(("heel", "sole", "sole-front", "toes-under"), _SOLES),
    **dict.fromkeys(("genital", "vulva", "penis", "anal", "mouth", "lips"), _MUCOSA),
}
"""By the id of a place of the body map, without its side. Nails are recognised by the start of their ids."""

_YOUNG_BANDS = ("0-9", "10-19")
"""Age bands that hold ages under 18."""


class AlertPresenter(QObject):
    """Updates the panel whenever any of this may have changed."""

    def __init__(
        self, open_patient: OpenPatient, open_image: OpenImage, blinding: Blinding, panel: ResultPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._open_image = open_image
        self._blinding = blinding
        self._panel = panel
        for changed in (
            open_patient.lesion_changed,
            open_patient.images_changed,
            open_patient.patient_changed,
            blinding.changed,
        ):
            changed.connect(self._tell)
        open_image.opening.connect(lambda _name: panel.use_context(ALONE))
        open_image.answered.connect(lambda _answer: self._tell())
        open_image.closed.connect(lambda: panel.use_context(ALONE))

    def _tell(self) -> None:
        self._panel.use_context(self._context())

    def _context(self) -> AlertContext:
        picture, classifier = self._open_image.picture, self._open_image.classifier
        if picture is None or classifier is None or self._open_image.answer is None:
            return ALONE
        own = self._open_patient.image_of(picture.sha256)
        entries = [entry for _number, entry in entries_beside(self._open_patient, self._open_image, self._blinding)]
        found = lesion_answers.compare_images(entries, classifier.contract)
        return AlertContext(
            not_tested="" if own is None else self._not_tested(own),
            has_plan=self._has_plan(),
            images=max(len(entries), 1),
            alerted=sum(bool(one.flags) for one in found.judgements),
            of_lesion=found.flags if classifier.contract.alerts else (),
        )

    def _not_tested(self, image: PlacedImage) -> str:
        lesion = next((one for one in self._open_patient.lesions if one.id == image.lesion_id), None)
        site = "" if lesion is None else lesion.site.removesuffix("-left").removesuffix("-right")
        if site.startswith("nail-"):
            return translated(_NAILS)
        if site in _NOT_TESTED:
            return translated(_NOT_TESTED[site])
        return translated(_YOUNG) if self._open_patient.age_band in _YOUNG_BANDS else ""

    def _has_plan(self) -> bool:
        status = self._blinding.image_status
        assessments = () if status is None else status.of_this_visit
        return any(
            one.plan == people.EXCISION or (one.label in BY_ID and BY_ID[one.label].malignancy is Malignancy.MALIGNANT)
            for one in assessments[-1:]
        )
