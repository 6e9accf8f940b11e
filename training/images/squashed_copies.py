"""Training copies that were squashed to another shape, brought to the geometry in which the app will see an original.

The app crops the central square of an original. Public sets keep copies in which the whole frame was squashed to a square:
cropped as it lies, such a copy would teach ovals where users have circles. So the square of the original is found in the
squashed copy, where it is a rectangle, and that rectangle becomes the model's input in one resampling. This belongs to
training and measuring alone: users open originals, and the app's own preprocessing knows nothing of it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.opening import decode
from desktop.core.imaging.preprocessing import Fit, model_input, resampled


def crop_in_copy(width: int, height: int, aspect: float) -> tuple[float, float, float, float]:
    """Return where the central square of the original lies in a copy, as left, top, right and bottom in pixels.

    Args:
        width: of the copy in pixels.
        height: of the copy in pixels.
        aspect: width by height of the original frame, all of which the copy shows.
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
    """Return what the model would see of the original of which `data` is a copy: uint8 RGB of shape [size, size, 3].

    Without an `aspect`, or with `stretch`, which squashes originals too, it is `model_input` itself.

    Raises:
        ImageError: the bytes are no image that can be decoded.
    """
    if aspect is None or fit == "stretch":
        return model_input(data, size, fit, name, effective_resolution=effective_resolution)
    detail = min(size, effective_resolution or size)
    image = decode(data, name, at_least=math.ceil(2 * detail * max(aspect, 1 / aspect)))
    return resampled(image, crop_in_copy(image.width, image.height, aspect), size, effective_resolution)
