"""Outlines of lesions that somebody drew: one black and white picture for each image, white where the lesion is."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.errors import DataError
from desktop.core.imaging.preprocessing import Fit, seen_box

_ENDING = "_segmentation"
"""What the archives of public outlines append to the name of the image."""

_LESION = 128


def find_outlines(folder: Path) -> dict[str, Path]:
    """Return the outlines in a folder by the names of their images, without endings.

    Raises:
        DataError: there is none.
    """
    found = {path.stem.removesuffix(_ENDING): path for path in sorted(folder.glob("*.png"))}
    if not found:
        raise DataError("There are no outlines (PNG) in “{path}”.", path=folder)
    return found


def read_outline(path: Path, size: int, fit: Fit) -> NDArray[np.bool_]:
    """Return where the lesion is in what a model of this input sees: [size, size].

    The outline is as large as the whole image, or covers what the model sees of it: a square is not cropped further.

    Raises:
        DataError: the file is no image.
    """
    try:
        with Image.open(path) as opened:
            outline = opened.convert("L")
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError("The outline “{path}” cannot be read ({detail}).", path=path, detail=error) from error
    box = seen_box(outline.width, outline.height, fit)
    edges = (box.left, box.top, box.right, box.bottom)
    return np.asarray(outline.resize((size, size), Image.Resampling.BILINEAR, box=edges)) >= _LESION
