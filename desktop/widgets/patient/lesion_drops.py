"""Opens files, and moves images, that are dropped on the lesions of the list or of the patient's page."""

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.session.opening_request import of_file
from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_list import LesionList
from desktop.widgets.patient.new_images import NewImages
from desktop.widgets.patient.patient_page import PatientPage


class LesionDrops(QObject):
    """A drop beside the lesions adds a new one."""

    def __init__(self, new_images: NewImages, moves: ImageMoves, parent: QObject) -> None:
        super().__init__(parent)
        self._new_images = new_images
        self._moves = moves

    def take_from(self, *shown: LesionList | PatientPage) -> None:
        """Take what is dropped on these."""
        for lesions in shown:
            lesions.files_dropped.connect(self._take_files)
            lesions.images_dropped.connect(self._take_images)

    def _take_files(self, lesion_id: int | None, paths: list[Path]) -> None:
        if lesion_id is None:
            self._new_images.bring_for_new([of_file(path) for path in paths])
        else:
            self._new_images.bring_for(lesion_id, [of_file(path) for path in paths])

    def _take_images(self, lesion_id: int | None, keys: list[str]) -> None:
        if lesion_id is None:
            self._moves.assign_to_new(keys)
        else:
            self._moves.assign(keys, lesion_id)
