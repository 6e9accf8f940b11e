"""Where the open image is in the history, as it is put elsewhere while it is open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage

if TYPE_CHECKING:
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.patient_file import Whereabouts
    from desktop.session.opening_request import OpeningRequest
    from desktop.session.picture import Picture
else:
    patient_files = Late("desktop.core.records.patient_file")


class ImagePlace(QObject):
    """Reads the place after every write: an undo or redo moves the image of whoever is open, or of nobody who is."""

    moved = Signal(object, object)
    """The Picture that is open, and the Whereabouts to which it was moved."""

    def __init__(self, open_image: OpenImage, history_service: HistoryService, parent: QObject) -> None:
        super().__init__(parent)
        self._open_image = open_image
        self._history_service = history_service
        self._where: Whereabouts | None = None
        """Where the open image was when that was read last."""
        open_image.opened.connect(self._begin)
        history_service.changed.connect(self._read)

    def _begin(self, _picture: Picture, _request: OpeningRequest) -> None:
        self._where = None
        self._read()

    def _read(self) -> None:
        picture = self._open_image.picture
        if picture is not None and not picture.is_sample:
            self._history_service.ask(
                lambda history: patient_files.whereabouts(history, picture.sha256),
                partial(self._take, picture),
                lambda _error: None,  # the open patient cannot be read then either, and says so
            )

    def _take(self, picture: Picture, where: Whereabouts) -> None:
        if picture is self._open_image.picture:
            before, self._where = self._where, where
            if before is not None and _ids(before) != _ids(where):
                self.moved.emit(picture, where)


def _ids(where: Whereabouts) -> tuple[int | None, int | None]:
    return (
        None if where.patient is None else where.patient.id,
        None if where.lesion is None else where.lesion.id,
    )
