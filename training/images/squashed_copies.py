"""Model inputs from squashed training copies, in the geometry in which the app sees an original.

The app crops the central square of an original. Some public sets contain copies whose whole frame was squashed to a square;
cropped directly, such a copy would teach ovals where users have circles. Here the original's central square is located in the
copy, where it is a rectangle, and resampled to the model's input in one step. Only training and measuring do this: users open
originals, and the app's preprocessing does not know about squashed copies.
"""

import math

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.opening import decode
from desktop.core.imaging.preprocessing import Fit, model_input, resampled


def crop_in_copy(width: int, height: int, aspect: float) -> tuple[float, float, float, float]:
    """Return the rectangle of a copy that was the original's central square: left, top, right, bottom in pixels.

    Args:
        width: of the copy in pixels.
        height: of the copy in pixels.
        aspect: width / height of the original frame; the copy shows all of it.
    """
    across, down = min(1.0, 1 / aspect) * width, min(1.0, aspect) * height
    left, top = (width - across) / 2, (height - down) / 2
    return left, top, left + across, top + down


def input_of_copy(
    data: bytes,
    size: int,
    fit: Fit,
    aspect: float | None,
    name: str = "image",
    *,
    effective_resolution: int | None = None,
) -> NDArray[np.uint8]:
    """Return the model input that the original of this copy would give: uint8 RGB of shape [size, size, 3].

    Without an `aspect`, or with `stretch`, which squashes originals too, this is the same as `model_input`.

    Raises:
        ImageError: the bytes cannot be decoded as an image.
    """
    if aspect is None or fit == "stretch":
        return model_input(data, size, fit, name, effective_resolution=effective_resolution)
    detail = min(size, effective_resolution or size)
    image = decode(data, name, at_least=math.ceil(2 * detail * max(aspect, 1 / aspect)))
    return resampled(image, crop_in_copy(image.width, image.height, aspect), size, effective_resolution)
