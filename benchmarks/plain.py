"""The baseline without our preprocessing: Pillow decodes every pixel and shrinks the part that the model sees."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.imaging.preprocessing import Fit, seen_box


def plain_input(image: Image.Image, size: int, fit: Fit, reducing_gap: float | None = None) -> NDArray[np.uint8]:
    """Return the model's input, of shape [size, size, 3], from an RGB image; `reducing_gap` as Pillow's `resize` has it."""
    box = seen_box(image.width, image.height, fit)
    edges = (box.left, box.top, box.right, box.bottom)
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR, box=edges, reducing_gap=reducing_gap))
