"""Goes from one lesion of the open patient to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion


class LesionSteps(QObject):
    """Chooses lesions. `LesionImages` opens the image when the choice changes."""

    def __init__(self, open_patient: OpenPatient, open_image: OpenImage, parent: QObject) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._open_image = open_image

    def open_lesion(self, lesion_id: int) -> None:
        """Choose a lesion and open its newest image, also where it is chosen already."""
        lesion = self._open_patient.lesion
        if lesion is None or lesion.id != lesion_id:
            self._open_patient.choose(lesion_id)
        else:
            self._open_newest(lesion)

    def open_unplaced(self) -> None:
        """Open the newest image that has no lesion."""
        before = self._open_image.request
        self._open_patient.choose(None)
        if self._open_image.request is before:  # no lesion was chosen, or an image without one is in front
            self._open_newest(None)

    def step_lesion(self, steps: int) -> None:
        """Go forward (or, if negative, back) by a number of lesions, not past the ends; to the first if none is chosen."""
        lesions, chosen = self._open_patient.lesions, self._open_patient.lesion
        ids = [lesion.id for lesion in lesions]
        place = (0 if steps > 0 else len(ids) - 1) if chosen is None else ids.index(chosen.id) + steps
        if 0 <= place < len(ids):
            self._open_patient.choose(ids[place])

    def _open_newest(self, lesion: Lesion | None) -> None:
        image = self._open_patient.image_to_open(None if lesion is None else lesion.id)
        if image is not None:
            self._open_image.open(self._open_patient.request_for(image))
