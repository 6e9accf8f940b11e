"""The size of a lesion by its outline, and what may be said of two sizes of one lesion.

A size is measured in the pixels of the image in which the outline was drawn, never in a registered picture: registration makes
two images of one lesion fit, so it hides what is measured here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from desktop.core.inference.outline import LesionOutline, OutlineTest
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging.preprocessing import Box
    from desktop.core.registration.similarity import Similarity
else:
    np = Late("numpy")

SCALES_DIFFER = 0.05
"""How far the zoom between two aligned images may be from their scales before their sizes are not compared."""

_NEAR_EDGE = 1 / 200
"""How near to an edge of a box, as a share of its side, an outline that was pulled by hand still runs along it."""

_LEFT_ALONE = 0.05
"""How far, in pixels, a point that was not pulled may be from where the model drew it: outlines are kept in tenths."""


class SizeObstacle(Enum):
    """Why a lesion has no size, or two sizes are not compared."""

    NO_SCALE = "no scale"
    NO_OUTLINES = "no outlines"
    """The model in use draws none."""
    NO_LESION = "no lesion"
    CUT_OFF = "cut off"
    TOO_SMALL = "too small"
    SCALES_DIFFER = "scales differ"


@dataclass(frozen=True)
class LesionSize:
    """The area and the largest diameter of a lesion, in pixels or in millimetres (the area in square ones)."""

    area: float
    largest: float

    def in_mm(self, mm_per_pixel: float) -> LesionSize:
        """Return a size in pixels as one in millimetres."""
        return LesionSize(self.area * mm_per_pixel**2, self.largest * mm_per_pixel)


@dataclass(frozen=True)
class MeasuredLesion:
    """A lesion in one image: its outline as points [k, 2] in pixels of the upright image, and its size in pixels.

    Both may be missing; `obstacle` says why there is no size. `error` is the share by which the areas of nine of ten outlines
    of this kind were wrong at most in testing; None for an outline that was corrected by hand, of which that is not known.
    With `is_at_edge` a part of the outline runs along the edge of what was seen: the lesion may go on outside.
    """

    points: NDArray[np.float64] | None = None
    size: LesionSize | None = None
    obstacle: SizeObstacle | None = None
    error: float | None = None
    is_at_edge: bool = False

    @property
    def is_by_hand(self) -> bool:
        """Whether the outline was corrected by hand."""
        return self.size is not None and self.error is None


@dataclass(frozen=True)
class ComparedSizes:
    """Two sizes of one lesion in millimetres, the older one first.

    `errors` are those of both outlines, see `MeasuredLesion`. `is_checked` tells whether the images are aligned and their zoom
    confirms the two scales. `at_least` tells of each size whether it is only a lower bound, since the lesion may go on outside
    of the frame: such sizes tell no change.
    """

    older: LesionSize
    newer: LesionSize
    errors: tuple[float | None, float | None]
    is_checked: bool
    at_least: tuple[bool, bool]

    @property
    def growth(self) -> float | None:
        """The change of the area as a share of the older one; None if either is only a lower bound."""
        return None if any(self.at_least) else self.newer.area / self.older.area - 1

    @property
    def error(self) -> float | None:
        """The larger one of the errors that are known; None if both outlines were corrected by hand."""
        return max((one for one in self.errors if one is not None), default=None)

    @property
    def is_within_error(self) -> bool:
        """Whether the change is no more than what two photographs of an unchanged lesion differ.

        The error of an outline stands for that: areas in nine of ten pairs of photographs of one lesion differed by about as
        much (benchmarks/repeatability.py). It does so beside an outline by hand too: one area alone can be wrong by as much.
        """
        return self.error is not None and self.growth is not None and abs(self.growth) <= self.error


def measure(outline: LesionOutline | None, seen: Box, test: OutlineTest) -> MeasuredLesion:
    """Measure a lesion by the outline that a model with these figures drew in a part of an image."""
    if outline is None:
        return MeasuredLesion(obstacle=SizeObstacle.NO_LESION)
    points = in_pixels(outline, seen)
    if outline.is_cut_off(test):
        return MeasuredLesion(points, obstacle=SizeObstacle.CUT_OFF)
    if outline.is_too_small(test):
        return MeasuredLesion(points, obstacle=SizeObstacle.TOO_SMALL)
    return MeasuredLesion(points, size_of(points), error=test.area_error_most, is_at_edge=outline.on_edge > 0)


def measure_by_hand(points: NDArray[np.float64], frame: Box, seen: Box) -> MeasuredLesion:
    """Measure a lesion by an outline that was corrected by hand.

    Args:
        points: float64 [k, 2] in pixels of the image.
        frame: the whole image.
        seen: the part of it that the model saw. Along its edge runs what was not pulled of an outline that is cut off; what
            was pulled near it goes where the lesion does.
    """
    within = points.clip((frame.left, frame.top), (frame.right, frame.bottom))
    is_at_edge = _runs_along(within, frame, _NEAR_EDGE * frame.side) or _runs_along(within, seen, _LEFT_ALONE)
    return MeasuredLesion(points, size_of(points), is_at_edge=is_at_edge)


def _runs_along(points: NDArray[np.float64], box: Box, near: float) -> bool:
    """Return whether two neighbouring points of a closed outline are as `near`, in pixels, to one edge of a box."""
    edges = np.array([(box.left, box.top), (box.right, box.bottom)])[:, None]
    is_at = np.abs(points - edges) <= near  # [2, k, 2]: at the first or last edge, of each point, across or down
    return bool((is_at & np.roll(is_at, -1, axis=1)).any())


def in_pixels(outline: LesionOutline, seen: Box) -> NDArray[np.float64]:
    """Return the points [k, 2] of an outline in pixels of the image, of which the model saw a part."""
    return outline.points * (seen.right - seen.left, seen.bottom - seen.top) + (seen.left, seen.top)


def size_of(points: NDArray[np.float64]) -> LesionSize:
    """Return the size of a closed polygon, points [k, 2]; the last is joined to the first."""
    following = np.roll(points, -1, axis=0)
    area = abs(float((points[:, 0] * following[:, 1] - points[:, 1] * following[:, 0]).sum())) / 2
    return LesionSize(area, max(float(np.hypot(*(points - point).T).max()) for point in points))


def compare(
    older: MeasuredLesion,
    newer: MeasuredLesion,
    scales: tuple[float | None, float | None],
    transform: Similarity | None,
) -> ComparedSizes | SizeObstacle:
    """Compare two images of one lesion, or return why they are not compared.

    Args:
        older: the lesion in the older image.
        newer: the lesion in the newer image.
        scales: millimetres per pixel of each image, None where they are not known.
        transform: from pixels of the older image to those of the newer one; None if they are not aligned.
    """
    if scales[0] is None or scales[1] is None:
        return SizeObstacle.NO_SCALE
    if transform is not None and not fits(scales[0], scales[1], transform):
        return SizeObstacle.SCALES_DIFFER
    if older.size is None or newer.size is None:
        return older.obstacle or newer.obstacle or SizeObstacle.NO_LESION
    sizes = older.size.in_mm(scales[0]), newer.size.in_mm(scales[1])
    return ComparedSizes(
        *sizes,
        errors=(older.error, newer.error),
        is_checked=transform is not None,
        at_least=(older.is_at_edge, newer.is_at_edge),
    )


def fits(older: float, newer: float, transform: Similarity) -> bool:
    """Return whether the zoom of an alignment is that of two scales in millimetres per pixel."""
    return abs(transform.scale * newer / older - 1) <= SCALES_DIFFER
