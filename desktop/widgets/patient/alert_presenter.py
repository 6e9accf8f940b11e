"""The context of the alert box: the lesion's other images, its site, and the clinician's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.labels import BY_ID, Malignancy
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.patient_context import ARM, HEAD, LEG, NOTHING_GIVEN, SEXES, TRUNK, PatientContext
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.practice import Practice
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.alert_words import ALONE, AlertContext
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.common import body_places
from desktop.widgets.common.wording import translated
from desktop.widgets.patient.lesion_summary import images_beside

if TYPE_CHECKING:
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.records import lesion_answers, people
    from desktop.core.records.people import PlacedImage
else:
    people = Late("desktop.core.records.people")
    lesion_answers = Late("desktop.core.records.lesion_answers")

_PALMS, _SOLES = tr("Not tested on palms."), tr("Not tested on soles.")
_NAILS, _MUCOSA = tr("Not tested on nails."), tr("Not tested on mucosa.")
_YOUNG, _DARK = tr("Not tested under 18 years."), tr("Not tested on dark skin.")

_NOT_TESTED = {
    **dict.fromkeys(("palm", "fingers-front"), _PALMS),
    **dict.fromkeys(("heel", "sole", "sole-front", "toes-under"), _SOLES),
    **dict.fromkeys(("genital", "vulva", "penis", "scrotum", "anal", "mouth", "lips"), _MUCOSA),
}
"""By the id of a place of the body map, without its side. Nails are recognised by the start of their ids."""

_SITES = {body_places.HEAD: HEAD, body_places.TRUNK: TRUNK, body_places.ARM: ARM, body_places.LEG: LEG}
"""The sites of a model's layer, by the groups of the body map; of nails and mucosa it knows nothing."""

_YOUNG_BANDS = ("0-9", "10-19")
"""Age bands that hold ages under 18."""


class AlertPresenter(QObject):
    """Updates the panel whenever any of this may have changed."""

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
        self._noted: tuple[int, Adjusted] | None = None
        """The entry and the figures beside its answer that were saved last."""
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
        if given is None or given.entry_id is None or given.answer.entry is not None:
            return
        noted = given.entry_id, alert_words.adjusted_of(given.answer, context)
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
            patient=patient,
            shares=self._practice.shares,
        )

    def _patient_context(self, image: PlacedImage) -> PatientContext:
        patient = self._open_patient.patient
        lesion = next((one for one in self._open_patient.lesions if one.id == image.lesion_id), None)
        place = body_places.places().get("" if lesion is None else lesion.site)
        return PatientContext(
            age_band=self._open_patient.age_band_of(image),
            sex=patient.sex if patient is not None and patient.sex in SEXES else "",
            site="" if place is None else _SITES.get(place.group, ""),
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
        is_dark = patient is not None and patient.skin_type in people.DARK_SKIN
        said = (
            "" if lesion is None else not_tested_site(lesion.site),
            translated(_YOUNG) if self._open_patient.age_band in _YOUNG_BANDS else "",
            translated(_DARK) if is_dark else "",
        )
        return " ".join(filter(None, said))

    def _has_plan(self) -> bool:
        status = self._blinding.image_status
        assessments = () if status is None else status.of_this_visit
        return any(
            one.plan == people.EXCISION or (one.label in BY_ID and BY_ID[one.label].malignancy is Malignancy.MALIGNANT)
            for one in assessments[-1:]
        )


def not_tested_site(site: str) -> str:
    """Return the sentence for a place of the body map on which the alerts were not tested, empty for any other."""
    place = site.removesuffix("-left").removesuffix("-right")
    return translated(_NAILS if place.startswith("nail-") else _NOT_TESTED.get(place, ""))
