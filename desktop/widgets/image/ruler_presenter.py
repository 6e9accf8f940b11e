"""Connects the ruler to the image's scale, which comes from a line of known length or from a device."""

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QAction

from desktop.core.imaging.scale import Device, Scale
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import UndoStack
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.ruler_bar import RulerBar
from desktop.widgets.image.ruler_item import RulerItem
from desktop.widgets.image.ruler_tool import RulerTool

_SHORTEST = 3.0
"""Pixels. On a shorter line, an error of a pixel at either end is most of the length."""


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
        self._action = action
        self._scales = scales
        self._open_image = open_image
        self._undo_stack = undo_stack
        self._scale: Scale | None = None
        self.bar = RulerBar()
        self.item = RulerItem()
        self.item.setZValue(3)
        view.add_layer(self.item)
        self._tool = RulerTool(self)
        self._tool.changed.connect(self._draw)
        self._tool.drawn.connect(self._ask_length)
        self._tool.left.connect(lambda: action.setChecked(False))
        action.toggled.connect(self._toggle)
        self.bar.calibrated.connect(self._calibrate)
        self.bar.device_chosen.connect(self._take_device)
        self.bar.device_named.connect(self._keep_device)
        self.bar.left.connect(lambda: action.setChecked(False))
        open_image.opening.connect(lambda _name: action.setChecked(False))
        open_image.closed.connect(lambda: action.setChecked(False))
        open_image.opened.connect(self._open)
        scales.changed.connect(self._take_scale)

    def _open(self, picture: Picture) -> None:
        self._show_scale(self._scales.of(picture.sha256))
        self._scales.look_up(picture.sha256)

    def _take_scale(self, sha256: str) -> None:
        picture = self._open_image.picture
        if picture is not None and picture.sha256 == sha256:
            self._show_scale(self._scales.of(sha256))
            if self._action.isChecked():
                self._draw()

    def _toggle(self, wanted: bool) -> None:
        self.bar.clear_entries()
        picture = self._open_image.picture
        if wanted and picture is not None:
            self._view.use_tool(self._tool)
            self._show_scale(self._scale)
            self._tool.begin_in(picture.width, picture.height)
            self.bar.show()
            self._give_keys_to_image()
        else:
            self._view.release_tool(self._tool)
            self.item.hide()
            focused = self._view.window().focusWidget()
            if focused is not None and self.bar.isAncestorOf(focused):  # Qt would give the focus to the next field
                self._give_keys_to_image()
            self.bar.hide()

    def _draw(self) -> None:
        picture = self._open_image.picture
        if picture is None:
            return
        text = self._text(self._tool.length)
        bounds = QRectF(0, 0, picture.width, picture.height)
        self.item.show_line(self._tool.start, self._tool.stop, text, bounds)
        self.bar.show_length(text, is_measurable=self._is_measurable())

    def _is_measurable(self) -> bool:
        return self._tool.is_placed and self._tool.length >= _SHORTEST

    def _ask_length(self) -> None:
        """Give the keys to the field for the length: digits on the image would choose diagnoses."""
        if self._scale is None and self._is_measurable():
            self.bar.ask_length()

    def _give_keys_to_image(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text(self, pixels: float) -> str:
        if self._scale is None:
            return self.tr("{length:.0f} pixels").format(length=pixels)
        return self.tr("{length:.1f} mm").format(length=pixels * self._scale.mm_per_pixel)

    def _calibrate(self, millimetres: float) -> None:
        self._give_keys_to_image()
        self._change(Scale(millimetres / self._tool.length))

    def _take_device(self, device: Device | None) -> None:
        self._change(None if device is None else Scale(device.mm_per_pixel, device.name))

    def _keep_device(self, name: str) -> None:
        self._give_keys_to_image()  # first: the field for the name is hidden
        picture = self._open_image.picture
        if picture is not None and self._scale is not None:
            self._scales.keep_device(
                Device(name, picture.width, picture.height, self._scale.mm_per_pixel, picture.taken.optics)
            )
            self._change(Scale(self._scale.mm_per_pixel, name))

    def _change(self, scale: Scale | None) -> None:
        picture = self._open_image.picture
        if picture is not None and scale != self._scale:
            step, patient_ids = self._scales.give(picture.sha256, scale), self._open_image.patient_ids()
            self._undo_stack.carry_out(self.tr("scale"), step, patient_ids=patient_ids)

    def _show_scale(self, scale: Scale | None) -> None:
        self._scale = scale
        picture = self._open_image.picture
        self._view.show_scale(None if scale is None else scale.mm_per_pixel)
        if picture is not None:
            self.bar.show_scale(scale, self._scales.devices(picture.width, picture.height, picture.taken.optics))
