"""The lesion's name before the image's name, or what can be done while no image is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.blinding import Blinding
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import PlacedImage


class LesionTitle(QObject):
    """Titles the chosen lesion, or the open patient."""

    def __init__(self, open_patient: OpenPatient, blinding: Blinding, page: VisitPage, parent: QObject) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._blinding = blinding
        self._page = page

    def name(self, placed: PlacedImage | None, *, is_elsewhere: bool) -> None:
        """Show the lesion before the image's name, but nothing if the image has no patient or another one.

        The day of an image of an earlier visit (`placed` with the open patient) stands with it.
        """
        lesion = self._open_patient.lesion
        is_own = self._open_patient.patient is not None and not is_elsewhere
        if lesion is None or not is_own:
            self._page.head.name_subject("")
            return
        day = self._open_patient.date if placed is None else self._open_patient.date_of(placed)
        earlier = local_day(day) if day < self._open_patient.date else ""
        self._page.head.name_subject(" · ".join(filter(None, (lesion_name(lesion), earlier))))

    def say_at_rest(self, *, has_images: bool) -> None:
        """Show the patient's page, or say what can be done for a lesion: choose one of its images, or add the first."""
        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        if patient is None:
            self._page.say_at_rest("", "")
            return
        if lesion is None and self._open_patient.lesions:
            self._page.show_overview_at_rest()
            return
        name = lesion_name(lesion) if lesion is not None else patient.pseudonym
        title = self.tr("{name}: choose an image below") if has_images else self.tr("No image of {name} yet")
        how = self.tr("Drop dermatoscope images here, paste, or open: they are placed with {name}.")
        if lesion is not None and self._open_patient.is_finished(lesion, is_blind=self._blinding.is_on):
            how = self.tr("Drop dermatoscope images here, paste, or open: you are asked which lesion they belong to.")
        self._page.say_at_rest(title.format(name=name), how.format(name=name))
