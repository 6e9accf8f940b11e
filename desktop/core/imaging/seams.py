"""Finds seams in a JPEG's picture: the trace of damage after which the decoder resynchronised without a warning.

A JPEG stores each block's mean colour as the difference from the block before. A wrong difference shifts the colour of all
later blocks, from the middle of one row of blocks to the end: a straight seam crosses the picture, one block lower at the left
than at the right. No lesion, ruler or frame draws such a step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_LEAST_JUMP = 8.0
"""Grey levels by which a channel changes from one row of pixels to the next, the mean over a block, to be part of a seam."""

_LEAST_SHARE = 0.85
"""Share of the blocks along the seam that must jump; a channel that is or becomes black or white does not."""

_LEAST_LIKENESS = 0.15
_LIKENESS_FOR_SPREAD = 2.0
"""Correlation of the fine structure in the two rows of pixels at a seam: it runs on there, where a frame or a caption ends
it. It must be this and as many times the spread of the jumps, the distance of their quartiles as a share of their median: a
shift is the same all along, the edge of an arm is not. Of 31 seams in spoilt originals of HAM10000 26 lay above both; of
edges in some 20,000 whole images none did."""

_MOST_BESIDE = 0.3
"""Share of the jump at a seam by which the adjacent rows may jump: an edge in a picture is never so sharp."""

_LEAST_PIXELS = 8
"""Pixels of a block's side; smaller blocks have no fine structure to compare."""

_LEAST_BLOCKS = 16
_LEAST_WIDTH = 256
"""Blocks and pixels across; in smaller images chance may look like a seam."""


def has_seam(pixels: NDArray[np.uint8], across: float, down: float) -> bool:
    """Whether a picture has such a seam.

    Args:
        pixels: uint8 [height, width] or [height, width, channels].
        across: width of a block (of the JPEG's MCU) in these pixels.
        down: its height.
    """
    height, width = pixels.shape[:2]
    columns, rows = int(width / across), int(height / down)
    if min(across, down) < _LEAST_PIXELS or columns < _LEAST_BLOCKS or width < _LEAST_WIDTH or rows < 2:
        return False
    below = (np.arange(1, rows) * down).astype(int)
    edges = (np.arange(columns + 1) * across).astype(int)
    planes = pixels.reshape(height, width, -1)[:, : edges[-1]].transpose(2, 0, 1)
    for plane in planes:
        jumps = _means(plane[below].astype(np.int16) - plane[below - 1], edges)
        for sign in (1, -1):
            for row, column in _steps(sign * jumps >= _LEAST_JUMP):
                way = np.where(
                    np.arange(columns) < column, row + 1, row
                )  # the boundary at which each column's seam lies
                if _is_seam(plane, below, edges, way):
                    return True
    return False


def _means(rows: NDArray[np.int16], edges: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the means of each block's columns; `edges` are those of the blocks."""
    means: NDArray[np.float64] = np.add.reduceat(rows, edges[:-1], axis=-1) / np.diff(edges)
    return means


def _steps(strong: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield boundary and column of steps: jumps right of the column at that boundary, and left of it at the next one.

    Of all columns of a boundary the best one; 0 is a straight line.
    """
    columns = strong.shape[1]
    counts = np.append(strong.sum(axis=1), 0)  # there is none after the last boundary
    for row in np.flatnonzero(counts[:-1] + counts[1:] >= _LEAST_SHARE * columns):
        gained = np.zeros(columns, int) if row + 1 == len(strong) else strong[row + 1].astype(int)
        along = counts[row] + np.append(0, np.cumsum(gained - strong[row]))
        if along.max() >= _LEAST_SHARE * columns:
            yield int(row), int(along.argmax())


def _is_seam(plane: NDArray[np.uint8], below: NDArray[np.intp], edges: NDArray[np.intp], way: NDArray[np.intp]) -> bool:
    """Whether there is one sharp, constant shift along a way, across which the fine structure continues."""
    blocks = np.flatnonzero(way < len(below))  # at the last boundary a step has but its right side
    widths = np.diff(edges)[blocks]
    across = np.concatenate([np.arange(edges[block], edges[block + 1]) for block in blocks])
    down = np.repeat(below[way[blocks]], widths)
    begins = np.concatenate([[0], np.cumsum(widths)])
    rows = [plane[down + offset, across].astype(np.int16) for offset in (-2, -1, 0, 1)]
    before, at, after = (_means(lower - upper, begins) for upper, lower in pairwise(rows))
    low, middle, high = np.percentile(at, (25, 50, 75))
    if max(np.median(np.abs(before)), np.median(np.abs(after))) > _MOST_BESIDE * abs(middle):
        return False
    above, under = (row - np.repeat(_means(row, begins), widths) for row in rows[1:3])
    least = max(_LEAST_LIKENESS, _LIKENESS_FOR_SPREAD * (high - low) / abs(middle))
    both = above @ under
    return bool(both > 0 and both * both >= least**2 * (above @ above) * (under @ under))
