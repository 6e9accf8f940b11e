"""The ruler on one view: it measures a picture and sets its scale, by a line of known length or from a device."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt, Signal

from desktop.core.imaging.scale import Device, Scale
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import images_name
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.ruler_bar import RulerBar
from desktop.widgets.image.ruler_item import RulerItem
from desktop.widgets.image.ruler_tool import RulerTool

if TYPE_CHECKING:
    from desktop.session.image_owner import ImageOwner

_SHORTEST = 3.0
"""Pixels. On a shorter line, an error of a pixel at either end is most of the length."""


class Ruler(QObject):
    """Off until `begin`. Its owner puts `bar` where there is room."""

    left = Signal()
    """The user leaves the ruler."""
    scale_set = Signal()
    """The picture has got the scale that the user has set."""

    def __init__(
        self,
        view: ImageView,
        scales: PixelScales,
        undo_stack: UndoStack,
        owner_of: Callable[[Picture], ImageOwner],
        parent: QObject,
    ) -> None:
        """`owner_of` returns whose a picture is."""
        super().__init__(parent)
        self._view = view
        self._scales = scales
        self._undo_stack = undo_stack
        self._picture: Picture | None = None
        self._owner_of = owner_of
        self._scale: Scale | None = None
        self.bar = RulerBar()
        self.item = RulerItem()
        self.item.setZValue(3)
        view.add_layer(self.item)
        self._tool = RulerTool(self)
        self._tool.changed.connect(self._draw)
        self._tool.drawn.connect(self._ask_length)
        self._tool.left.connect(self.left)
        self.bar.calibrated.connect(self._calibrate)
        self.bar.device_chosen.connect(self._take_device)
        self.bar.device_named.connect(self._keep_device)
        self.bar.left.connect(self.left)
        scales.changed.connect(self._take_scale)

    @property
    def is_on(self) -> bool:
        """Whether the ruler lies on a picture."""
        return self._picture is not None

    def begin(self, picture: Picture, name: str = "") -> None:
        """Lay the ruler on the picture that the view shows; `name` is what it is called beside others: the bar says it."""
        self.bar.clear_entries()
        self.bar.name_image(name)
        self._picture = picture
        self._view.use_tool(self._tool)
        self._view.show_scale_bar(False)
        self._show_scale()
        self._tool.begin_in(picture.width, picture.height)
        self.bar.show()
        self._give_keys_to_image()

    def end(self) -> None:
        """Take the ruler away; the keys go to the picture if its bar had them."""
        self.bar.clear_entries()
        self._picture = None
        self._view.release_tool(self._tool)
        self._view.show_scale_bar(True)
        self.item.hide()
        focused = self._view.window().focusWidget()
        if focused is not None and self.bar.isAncestorOf(focused):  # Qt would give the focus to the next field
            self._give_keys_to_image()
        self.bar.hide()

    def _take_scale(self, sha256: str) -> None:
        if self._picture is not None and self._picture.sha256 == sha256:
            self._show_scale()
            self._draw()

    def _show_scale(self) -> None:
        picture = self._picture
        if picture is not None:
            self._scale = self._scales.of(picture.sha256)
            self.bar.show_scale(self._scale, self._scales.devices(picture.width, picture.height, picture.taken.optics))

    def _draw(self) -> None:
        picture = self._picture
        if picture is None:
            return
        if not self._tool.is_placed:
            self.item.hide()  # a line that nobody drew would lie over the lesion, or over what is to be measured
            self.bar.show_length("", is_measurable=False)
            return
        text = self._text(self._tool.length)
        bounds = QRectF(0, 0, picture.width, picture.height)
        self.item.show_line(self._tool.start, self._tool.stop, text, bounds)
        self.bar.show_length(text, is_measurable=self._tool.length >= _SHORTEST)

    def _ask_length(self) -> None:
        """Give the keys to the field for the length, also to correct a scale: digits on the image would choose diagnoses."""
        if self._tool.length >= _SHORTEST:
            self.bar.ask_length()

    def _give_keys_to_image(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text(self, pixels: float) -> str:
        if self._scale is None:
            return self.tr("{length:.0f} pixels").format(length=pixels)
        return self.tr("{length:.1f} mm").format(length=pixels * self._scale.mm_per_pixel)

    def _calibrate(self, millimetres: float) -> None:
        self._give_keys_to_image()
        if self._scale is None or self._is_replaced(self._scale, millimetres):
            self._change(Scale(millimetres / self._tool.length))

    def _is_replaced(self, scale: Scale, millimetres: float) -> bool:
        """Ask before a scale is replaced: after a line that was only measured, a digit may have been meant for a diagnosis."""
        if math.isclose(self._tool.length * scale.mm_per_pixel, millimetres, rel_tol=1e-3):
            return False
        known = self._text(self._tool.length)
        question = self.tr(
            "By the scale of this image, the line is {known} long. Replace the scale so that the line is {entered:g} mm long?"
        )
        return is_confirmed(self._view, question.format(known=known, entered=millimetres))

    def _take_device(self, device: Device | None) -> None:
        self._change(None if device is None else Scale(device.mm_per_pixel, device.name))

    def _keep_device(self, name: str) -> None:
        self._give_keys_to_image()  # first: the field for the name is hidden
        picture = self._picture
        if picture is not None and self._scale is not None:
            self._scales.keep_device(
                Device(name, picture.width, picture.height, self._scale.mm_per_pixel, picture.taken.optics)
            )
            self._change(Scale(self._scale.mm_per_pixel, name))

    def _change(self, scale: Scale | None) -> None:
        picture = self._picture
        if picture is not None and scale != self._scale:
            step, owner = self._scales.give(picture.sha256, scale), self._owner_of(picture)

            def tell() -> None:
                if scale is not None and self._picture is picture:
                    self.scale_set.emit()

            self._undo_stack.carry_out(
                lambda: self.tr("scale of {subject}").format(subject=images_name(owner)),
                step,
                tell,
                patient_ids=owner.patient_ids,
            )
