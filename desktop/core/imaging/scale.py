"""The scale of an image or a device in millimetres a pixel, set by drawing a line over a known length."""

from dataclasses import dataclass

LARGEST_MM = 100.0
"""Millimetres. A dermatoscope's field is 10 to 30 mm wide; a longer line is a typing error."""


@dataclass(frozen=True)
class Scale:
    """The scale of one image; `device` names the device it was taken from, or is empty if it was measured in the image."""

    mm_per_pixel: float
    device: str = ""


@dataclass(frozen=True)
class Device:
    """A dermatoscope at one zoom with its camera at one pixel size: only images of that very size have its scale."""

    name: str
    width: int
    height: int
    mm_per_pixel: float

    def fits(self, width: int, height: int) -> bool:
        """Whether an upright image has the device's pixel size, held either way."""
        return (self.width, self.height) in {(width, height), (height, width)}
