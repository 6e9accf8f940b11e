"""The lesion's name before the image's name, or what can be done while no image is open."""

from PySide6.QtCore import QObject

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.visit.visit_page import VisitPage


class LesionTitle(QObject):
    """Titles the chosen lesion, or the open patient."""

    def __init__(self, open_patient: OpenPatient, page: VisitPage, parent: QObject) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._page = page

    def name(self, *, is_elsewhere: bool) -> None:
        """Show the lesion before the image's name, but nothing if the image has no patient or another one."""
        lesion = self._open_patient.lesion
        is_own = self._open_patient.patient is not None and not is_elsewhere
        self._page.head.name_subject(lesion_name(lesion) if lesion is not None and is_own else "")

    def say_at_rest(self, *, has_images: bool) -> None:
        """Say what can be done while no image is open: choose one of the lesion's images, or add the first."""
        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        if patient is None:
            self._page.say_at_rest("", "")
            return
        name = lesion_name(lesion) if lesion is not None else patient.pseudonym
        if has_images:
            title = self.tr("{name}: choose an image below")
        elif lesion is None and self._open_patient.lesions:
            title = self.tr("{name}: choose a lesion at the left")
        else:
            title = self.tr("No image of {name} yet")
        self._page.say_at_rest(
            title.format(name=name),
            self.tr("Drop dermatoscope images here, paste, or open: they are placed with {name}.").format(name=name),
        )
