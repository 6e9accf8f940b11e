"""Drawn outlines of lesions: one black and white picture for each image, white on the lesion."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.errors import DataError
from desktop.core.imaging.preprocessing import Fit, seen_box

_ENDING = "_segmentation"
"""The suffix of the image's name in archives of public outlines."""

_LESION = 128


def find_outlines(folder: Path) -> dict[str, Path]:
    """Return the outlines in a folder by the names of their images, without extensions.

    Raises:
        DataError: there are none.
    """
    found = {path.stem.removesuffix(_ENDING): path for path in sorted(folder.glob("*.png"))}
    if not found:
        raise DataError("There are no outlines (PNG) in “{path}”.", path=folder)
    return found


def read_outline(path: Path, size: int, fit: Fit) -> NDArray[np.bool_]:
    """Return the lesion's mask in the model's input: [size, size].

    The outline has the size of the whole image, or covers only the part that the model sees: a square is not cropped further.

    Raises:
        DataError: the file is not an image.
    """
    try:
        with Image.open(path) as opened:
            outline = opened.convert("L")
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError("The outline “{path}” cannot be read ({detail}).", path=path, detail=error) from error
    box = seen_box(outline.width, outline.height, fit)
    edges = (box.left, box.top, box.right, box.bottom)
    return np.asarray(outline.resize((size, size), Image.Resampling.BILINEAR, box=edges)) >= _LESION
