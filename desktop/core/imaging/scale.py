"""The scale of an image or a device in millimetres a pixel, set by drawing a line over a known length."""

from desktop.core.frozen import frozen
from desktop.core.imaging.capture import Optics

LARGEST_MM = 100.0
"""Millimetres. A dermatoscope's field is 10 to 30 mm wide; a longer line is a typing error."""


@frozen
class Scale:
    """The scale of one image; `device` names the device it was taken from, or is empty if it was measured in the image."""

    mm_per_pixel: float
    device: str = ""


@frozen
class Device:
    """A dermatoscope at one zoom and with one contact plate, its camera at one pixel size; only such images have its scale.

    `optics` are those of the image in which the scale was measured; None for a device from before these were looked at.
    """

    name: str
    width: int
    height: int
    mm_per_pixel: float
    optics: Optics | None = None

    def fits(self, width: int, height: int, optics: Optics) -> bool:
        """Whether an upright image has the device's pixel size, held either way, and the same camera, lens and zoom.

        An image that its file calls larger or smaller than it is was cropped or resized: its scale is another one.
        """
        is_same_size = (self.width, self.height) in {(width, height), (height, width)}
        return is_same_size and (
            optics == self.optics if self.optics is not None else not optics.is_cropped(width, height)
        )
