"""From a file's bytes to the model's input: the one preprocessing, shared by the app, the commands and the training.

A change to the results of these functions needs a new `PREPROCESSING_VERSION`: a model is valid only with the preprocessing
that it was trained with, and every contract and every saved prediction names it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from desktop.core.frozen import frozen
from desktop.core.imaging.opening import decode_checked, read_header
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

PREPROCESSING_VERSION = 1

Fit = Literal["stretch", "crop"]
"""How an image becomes square: `stretch` squashes it; `crop` takes the central square of the shorter side."""


@frozen
class Box:
    """A rectangle in pixels of the upright image: from (`left`, `top`) to, not including, (`right`, `bottom`)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def side(self) -> int:
        """The shorter side in pixels."""
        return min(self.right - self.left, self.bottom - self.top)


class ModelInput(NamedTuple):
    """What a model sees of an image file: uint8 RGB [size, size, 3]; `is_damaged` if some of the file's pixels are lost."""

    pixels: NDArray[np.uint8]
    is_damaged: bool


def seen_box(width: int, height: int, fit: Fit) -> Box:
    """Return the part of an upright image of `width` x `height` pixels that the model sees."""
    if fit == "stretch":
        return Box(0, 0, width, height)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return Box(left, top, left + side, top + side)


def pixels_needed(size: int, effective_resolution: int | None) -> int:
    """Return how many pixels both sides of an image keep at least when it is decoded for an input of this size."""
    return 2 * min(size, effective_resolution or size)


def model_input(
    data: bytes,
    size: int,
    fit: Fit,
    name: str = "image",
    *,
    effective_resolution: int | None = None,
    region: Box | None = None,
) -> NDArray[np.uint8]:
    """Return what the model sees of an image file: uint8 RGB of shape [size, size, 3]; see `checked_input`.

    Raises:
        ImageError: the bytes are no image that can be decoded.
    """
    return checked_input(data, size, fit, name, effective_resolution=effective_resolution, region=region).pixels


def checked_input(
    data: bytes,
    size: int,
    fit: Fit,
    name: str = "image",
    *,
    effective_resolution: int | None = None,
    region: Box | None = None,
) -> ModelInput:
    """Return what the model sees of an image file, and whether the file is damaged.

    JPEG files are decoded at the smallest DCT scale that keeps both sides (of the image, or of the region) at twice `size` (or
    `effective_resolution`, where that is less) or more; then the fit, and `resampled`.

    Args:
        data: the bytes of the file, never of a displayed picture.
        size: side of the model's input in pixels.
        fit: how the image becomes square.
        name: the file's name, for the sentence of an error.
        effective_resolution: pixels across the input that carry detail; None, or no less than `size`: all of them.
        region: a square within the upright image, in its pixels, that is looked at instead of what the fit takes.

    Raises:
        ImageError: the bytes are no image that can be decoded.
    """
    at_least = pixels_needed(size, effective_resolution)
    if region is not None:
        return _region_input(data, size, name, effective_resolution, region, at_least)
    image, is_damaged = decode_checked(data, name, at_least)
    box = seen_box(image.width, image.height, fit)
    pixels = resampled(image, (box.left, box.top, box.right, box.bottom), size, effective_resolution)
    return ModelInput(pixels, is_damaged)


def _region_input(
    data: bytes, size: int, name: str, effective_resolution: int | None, region: Box, at_least: int
) -> ModelInput:
    """Return what the model sees of a region: the image is decoded as far as the region, not the whole, needs it."""
    header = read_header(data, name)
    side = min(region.right - region.left, region.bottom - region.top)
    image, is_damaged = decode_checked(
        data, name, at_least=math.ceil(at_least * min(header.width, header.height) / side)
    )
    across, down = image.width / header.width, image.height / header.height
    right, bottom = min(region.right * across, image.width), min(region.bottom * down, image.height)
    pixels = resampled(image, (region.left * across, region.top * down, right, bottom), size, effective_resolution)
    return ModelInput(pixels, is_damaged)


def resampled(
    image: Image.Image, edges: tuple[float, float, float, float], size: int, effective_resolution: int | None
) -> NDArray[np.uint8]:
    """Return a part of an image as uint8 RGB of shape [size, size, 3].

    One antialiased bilinear resampling (Pillow's, whose support grows with the reduction); where less detail is wanted than
    `size` could hold, first to a square of `effective_resolution` pixels, and from that one, enlarged, to `size`.

    Args:
        image: upright RGB.
        edges: left, top, right and bottom of the part in pixels of `image`.
        size: side of the result in pixels.
        effective_resolution: pixels across the result that carry detail; None, or no less than `size`: all of them.
    """
    bilinear = pillow.Image.Resampling.BILINEAR
    if effective_resolution is None or effective_resolution >= size:
        return np.asarray(image.resize((size, size), bilinear, box=edges))
    small = image.resize((effective_resolution, effective_resolution), bilinear, box=edges)
    return np.asarray(small.resize((size, size), bilinear))
