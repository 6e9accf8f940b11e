"""The outline of a lesion, traced in the map of probabilities that a model draws of it, and what was measured of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from desktop.core.frozen import frozen
from desktop.core.inference.checked_types import Count, Fraction, Text
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_LEVEL = 0.5
"""Where a probability of lesion counts as lesion."""

_JUST_OUTSIDE = 0.4999

_EDGE = 1e-6
"""How near to the edge of the frame a point is on it."""

_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Row and column of a cell's corners, clockwise from its first."""

_Point = tuple[float, float]
_Crossing = tuple[int, int, int, int]
"""Two neighbouring places of the map, by row and column, between which the outline runs."""


_Error = Annotated[float, msgspec.Meta(ge=0)]


@frozen
class OutlineTest:
    """How well the model draws the outline of a lesion; the output `outline` is [batch, `size`, `size`].

    `dice` (Dice 1945: twice the common area over the sum of both) is the mean over the `lesions` of `images` that were held
    out, with its 95 % interval; `sources` says who drew their outlines. `area_error` is the median of the difference in area
    as a share of the drawn area, with its interval; nine of ten lesions are within `area_error_most`. An outline of which
    `cut_off_share` or more lies on the edge of what the model saw is cut off by it, as `cut_off` of the images were; one that
    takes less than `smallest_share` of what the model saw is too small, as `too_small` of them were.
    """

    size: Annotated[int, msgspec.Meta(ge=4, le=512)]
    measured_on: Text
    sources: Text
    lesions: Count
    images: Count
    dice: Fraction
    dice_low: Fraction
    dice_high: Fraction
    area_error: _Error
    area_error_low: _Error
    area_error_high: _Error
    area_error_most: _Error
    cut_off_share: Fraction
    cut_off: Count
    smallest_share: Fraction
    too_small: Count


@frozen
class LesionOutline:
    """A closed outline within what a model saw, as large as 1 x 1.

    `points` float64 [k, 2] are x and y; the last is joined to the first. `area` is the area inside. `on_edge` is the share of
    its length that lies on the edge of what the model saw, where the lesion may go on.
    """

    points: NDArray[np.float64]
    area: float
    on_edge: float

    def is_cut_off(self, test: OutlineTest) -> bool:
        """Whether the lesion goes on beyond what the model saw, by the limit of that model."""
        return self.on_edge >= test.cut_off_share

    def is_too_small(self, test: OutlineTest) -> bool:
        """Whether the lesion is smaller than those that the model's outlines were tested on."""
        return self.area < test.smallest_share


def trace(lesion: NDArray[np.floating]) -> LesionOutline | None:
    """Return the outline of the largest lesion in a map of probabilities [side, side]; None if there is no lesion.

    Each value is that of the centre of its square. Between the centres the outline goes where linear interpolation reaches
    one half (marching squares, Lorensen and Cline 1987). What lies inside the outline belongs to the lesion.
    """
    framed = _framed(lesion.astype(np.float64))
    found = [_measured(points) for points in _closed(framed)]
    return max(found, key=lambda outline: outline.area, default=None)


def _framed(lesion: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add a margin of one place such that the outline of a lesion that reaches the edge runs on the edge."""
    framed = np.pad(lesion, 1, mode="edge")
    inner = framed[1:-1, 1:-1].copy()
    framed = np.minimum(framed, np.minimum(1 - framed, _JUST_OUTSIDE))
    framed[1:-1, 1:-1] = inner
    return framed


def _closed(framed: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the closed lines around all that is inside, and around the holes in it, as x and y of 0 to 1."""
    inside = framed >= _LEVEL
    corners = inside[:-1, :-1].astype(int) + inside[:-1, 1:] + inside[1:, 1:] + inside[1:, :-1]
    after: dict[_Crossing, _Crossing] = {}
    for row, column in np.argwhere((corners > 0) & (corners < len(_CORNERS))).tolist():
        after.update(_lines(framed, row, column))
    side = len(framed) - 2
    lines = []
    while after:
        first, crossing = after.popitem()
        points = [_place(framed, first)]
        while crossing != first:
            points.append(_place(framed, crossing))
            crossing = after.pop(crossing)
        # The first inner place is the second of its row, and its centre is half a place from the edge.
        lines.append(((np.array(points) - 0.5) / side).clip(0, 1))
    return lines


def _lines(framed: NDArray[np.float64], row: int, column: int) -> dict[_Crossing, _Crossing]:
    """Return the pieces of outline in one cell: on which sides of the cell each begins and ends."""
    places = [(row + down, column + right) for down, right in _CORNERS]
    values = [float(framed[place]) for place in places]
    entering: list[_Crossing] = []
    leaving: list[_Crossing] = []
    for number, (value, place) in enumerate(zip(values, places, strict=True)):
        following = (number + 1) % len(places)
        if (value >= _LEVEL) != (values[following] >= _LEVEL):
            crossing = (*min(place, places[following]), *max(place, places[following]))
            (leaving if value >= _LEVEL else entering).append(crossing)
    # Where two opposite corners are lesion, the middle of the cell tells whether they are one. The walk round the cell begins
    # in the lesion or outside of it: the first entering belongs to the first leaving only if it comes before.
    begins_inside = values[0] >= _LEVEL
    is_one = sum(values) / len(values) >= _LEVEL
    if len(leaving) > 1 and begins_inside != is_one:
        entering.reverse()
    return dict(zip(leaving, entering, strict=True))


def _place(framed: NDArray[np.float64], crossing: _Crossing) -> _Point:
    """Return x and y, in places of the framed map, where the outline crosses the line between two places."""
    row, column, next_row, next_column = crossing
    value, following = float(framed[row, column]), float(framed[next_row, next_column])
    share = (_LEVEL - value) / (following - value)
    return column + share * (next_column - column), row + share * (next_row - row)


def _measured(points: NDArray[np.float64]) -> LesionOutline:
    following = np.roll(points, -1, axis=0)
    area = abs(float((points[:, 0] * following[:, 1] - points[:, 1] * following[:, 0]).sum())) / 2
    lengths = np.hypot(*(following - points).T)
    on_edge = np.zeros(len(points), bool)
    for edge in (0.0, 1.0):
        on_edge |= ((np.abs(points - edge) < _EDGE) & (np.abs(following - edge) < _EDGE)).any(axis=1)
    whole = float(lengths.sum())
    return LesionOutline(points, area, float(lengths[on_edge].sum()) / whole if whole else 0.0)
