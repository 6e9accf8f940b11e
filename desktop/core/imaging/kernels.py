"""The standard kernels of introductory lectures on image processing and convolutional networks, for teaching.

A kernel is laid over each pixel as it is printed (a correlation, which is what a convolutional layer computes), the pixels
under it are multiplied by its numbers and added up, and the sum is divided by the divisor. Beyond the border the outermost
pixels go on. What is computed is cut off at 0 and 255.

The numbers: Sobel and Feldman 1968; Prewitt 1970; the others as in Gonzalez and Woods, "Digital image processing", chapter 3,
but for what is named after the paper that `docs/paper.md` sets beside ours: it prints them so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

Matrix = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]

_ROWS = 256
"""Rows computed at a time: the sums of 24 megapixels at once would take 600 MB."""

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow's grey is made


@dataclass(frozen=True)
class Kernel:
    """A filter: one matrix, or two for the slope across and down, whose length is then shown.

    `is_grey` says that it is applied to the brightness instead of to each of red, green and blue.
    """

    id: str
    name: str
    note: str
    matrices: tuple[Matrix, ...]
    divisor: int = 1
    is_grey: bool = False


KERNELS = (
    Kernel("identity", tr("Identity"), tr("Each pixel stays as it is."), (((0, 0, 0), (0, 1, 0), (0, 0, 0)),)),
    Kernel(
        "sobel",
        tr("Sobel, both ways"),
        tr("How steeply the brightness changes, across and down; the middle row counts twice."),
        (((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), ((-1, -2, -1), (0, 0, 0), (1, 2, 1))),
        is_grey=True,
    ),
    Kernel(
        "sobel across",
        tr("Sobel, one way (the paper's listing)"),
        tr("How much brighter it becomes from left to right; where it becomes darker, the result is black."),
        (((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),),
        is_grey=True,
    ),
    Kernel(
        "prewitt",
        tr("Prewitt"),
        tr("How steeply the brightness changes, across and down; all rows count alike."),
        (((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)), ((-1, -1, -1), (0, 0, 0), (1, 1, 1))),
        is_grey=True,
    ),
    Kernel(
        "laplacian",
        tr("Laplacian, 4 at the centre (as usual)"),
        tr("Where the brightness bends: points and lines brighter than their surroundings."),
        (((0, -1, 0), (-1, 4, -1), (0, -1, 0)),),
        is_grey=True,
    ),
    Kernel(
        "laplacian 6",
        tr("Laplacian, 6 at the centre (the paper's Table 1)"),
        tr("As printed there. The numbers add up to 2, not to 0: twice the brightness stays, and bends lie upon it."),
        (((0, -1, 0), (-1, 6, -1), (0, -1, 0)),),
        is_grey=True,
    ),
    Kernel(
        "box blur",
        tr("Box blur"),
        tr("The mean of nine pixels: noise falls, and so does detail."),
        (((1, 1, 1), (1, 1, 1), (1, 1, 1)),),
        divisor=9,
    ),
    Kernel(
        "gaussian blur",
        tr("Gaussian blur"),
        tr("A mean in which nearer pixels count more."),
        (((1, 2, 1), (2, 4, 2), (1, 2, 1)),),
        divisor=16,
    ),
    Kernel(
        "emboss",
        tr("Emboss"),
        tr("Edges as if lit from one corner."),
        (((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),),
    ),
)


def filtered(image: NDArray[np.uint8], kernel: Kernel) -> NDArray[np.uint8]:
    """Return an image, uint8 RGB [h, w, 3], with a kernel applied to it, of the same shape. Slow on large images."""
    height = len(image)
    result = np.empty_like(image)
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        above, below = max(top - 1, 0), min(bottom + 1, height)
        strip = image[above:below].astype(np.float32)
        if kernel.is_grey:
            strip = (strip @ np.array(_LUMA, np.float32))[..., None]
        padding = ((1 - (top - above), 1 - (below - bottom)), (1, 1), (0, 0))
        padded = np.pad(strip, padding, mode="edge")
        sums = [_correlate(padded, matrix) / kernel.divisor for matrix in kernel.matrices]
        values = sums[0] if len(sums) == 1 else np.hypot(*sums)
        result[top:bottom] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return result


def _correlate(padded: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """Return the sums under a kernel for every pixel that has a neighbour on each side: [h + 2, w + 2, c] to [h, w, c]."""
    height, width = padded.shape[0] - 2, padded.shape[1] - 2
    sums = np.zeros((height, width, padded.shape[2]), np.float32)
    for row, factors in enumerate(matrix):
        for column, factor in enumerate(factors):
            if factor:
                sums += factor * padded[row : row + height, column : column + width]
    return sums
