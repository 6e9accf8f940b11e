"""Opens files, and moves images, that are dropped on the lesions of the list or of the patient's page."""

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_images import LesionImages
from desktop.widgets.patient.lesion_list import LesionList
from desktop.widgets.patient.patient_page import PatientPage
from desktop.widgets.patient.patient_presenter import PatientPresenter


class LesionDrops(QObject):
    """A drop beside the lesions adds a new one."""

    def __init__(self, images: LesionImages, moves: ImageMoves, patients: PatientPresenter, parent: QObject) -> None:
        super().__init__(parent)
        self._images = images
        self._moves = moves
        self._patients = patients

    def take_from(self, *shown: LesionList | PatientPage) -> None:
        """Take what is dropped on these."""
        for lesions in shown:
            lesions.files_dropped.connect(self._take_files)
            lesions.images_dropped.connect(self._take_images)

    def _take_files(self, lesion_id: int | None, paths: list[Path]) -> None:
        if lesion_id is None:
            self._patients.add_lesion_then(lambda lesion: self._open_for_new(lesion.id, paths))
        else:
            self._images.open_for(lesion_id, paths)

    def _open_for_new(self, lesion_id: int, paths: list[Path]) -> None:
        self._images.open_for(lesion_id, paths)
        self._patients.place_lesion()

    def _take_images(self, lesion_id: int | None, keys: list[str]) -> None:
        if lesion_id is None:
            self._moves.assign_to_new(keys)
        else:
            self._moves.assign(keys, lesion_id)
