"""Lays the ruler on the open image, whose scale stands in its view."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import UndoStack
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.ruler import Ruler


class RulerPresenter(QObject):
    """Switched off at each new image, which keeps its scale."""

    def __init__(
        self,
        view: ImageView,
        action: QAction,
        scales: PixelScales,
        open_image: OpenImage,
        undo_stack: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._scales = scales
        self._open_image = open_image
        self._ruler = Ruler(view, scales, undo_stack, lambda _picture: open_image.owner(), self)
        self.bar, self.item = self._ruler.bar, self._ruler.item
        self._ruler.left.connect(lambda: action.setChecked(False))
        action.toggled.connect(self._toggle)
        open_image.opening.connect(lambda _name: action.setChecked(False))
        open_image.closed.connect(lambda: action.setChecked(False))
        open_image.opened.connect(self._open)
        scales.changed.connect(self._take_scale)

    def _open(self, picture: Picture) -> None:
        self._take_scale(picture.sha256)
        self._scales.look_up(picture.sha256)

    def _take_scale(self, sha256: str) -> None:
        picture = self._open_image.picture
        if picture is not None and picture.sha256 == sha256:
            self._view.show_scale(self._scales.mm_per_pixel(sha256))

    def _toggle(self, wanted: bool) -> None:
        picture = self._open_image.picture
        if wanted and picture is not None:
            self._ruler.begin(picture)
        else:
            self._ruler.end()
