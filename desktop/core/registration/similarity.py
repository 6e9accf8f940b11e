"""The transform between two images of one lesion: rotation, scale and shift, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import AppError
from desktop.core.marking import tr

Point = tuple[float, float]

_NEAR = 1e-6
"""Pixels within which points set by hand count as one point."""


class PointsError(AppError):
    """Points set by hand do not determine a transform."""


@dataclass(frozen=True)
class Similarity:
    """Maps a point (x, y) to (a x - b y + right, b x + a y + down); pixels, y downwards.

    The determinant a² + b² is never 0, and a similarity never mirrors: no camera sees a lesion from below the skin.
    """

    a: float = 1.0
    b: float = 0.0
    right: float = 0.0
    down: float = 0.0

    @property
    def factor(self) -> complex:
        """Rotation and scale as the complex number a + b i."""
        return complex(self.a, self.b)

    @property
    def scale(self) -> float:
        """The factor by which lengths grow."""
        return math.hypot(self.a, self.b)

    def map(self, x: float, y: float) -> Point:
        """Map one point."""
        return self.a * x - self.b * y + self.right, self.b * x + self.a * y + self.down

    def map_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map points [n, 2]."""
        x, y = points[:, 0], points[:, 1]
        return np.stack([self.a * x - self.b * y + self.right, self.b * x + self.a * y + self.down], axis=1)

    def inverse(self) -> Similarity:
        """Return the transform that maps back."""
        square = self.a**2 + self.b**2
        a, b = self.a / square, -self.b / square
        return Similarity(a, b, -(a * self.right - b * self.down), -(b * self.right + a * self.down))

    def after(self, first: Similarity) -> Similarity:
        """Return the transform that maps by `first` and then by this."""
        right, down = self.map(first.right, first.down)
        return Similarity(self.a * first.a - self.b * first.b, self.b * first.a + self.a * first.b, right, down)

    def resized(self, before: float, after: float) -> Similarity:
        """Return this transform for images of other sizes, which are `before` and `after` times those it maps between."""
        ratio = after / before
        return Similarity(self.a * ratio, self.b * ratio, self.right * after, self.down * after)


def about(degrees: float, scale: float, centre: Point, to: Point) -> Similarity:
    """Return the transform that rotates (clockwise on the screen) and scales about `centre`, and moves that point to `to`."""
    a = scale * math.cos(math.radians(degrees))
    b = scale * math.sin(math.radians(degrees))
    x, y = centre
    return Similarity(a, b, to[0] - (a * x - b * y), to[1] - (b * x + a * y))


def from_points(before: Sequence[Point], after: Sequence[Point]) -> Similarity:
    """Return the similarity that maps the points `before` nearest to those `after`, by least squares.

    Two pairs of points determine it. From three on, each evens out the errors of the others; an affine transform would
    pass through three points, but turns the error of one into a shear of the skin.

    Raises:
        PointsError: fewer than two pairs, or points that coincide.
    """
    if len(before) != len(after) or len(before) < 2:
        raise PointsError(tr("Set the same two or three points in both images."))
    first = np.array([complex(x, y) for x, y in before])
    second = np.array([complex(x, y) for x, y in after])
    middle, to = first.mean(), second.mean()
    spread = float((np.abs(first - middle) ** 2).sum())
    if min(spread, float((np.abs(second - to) ** 2).sum())) < _NEAR:
        raise PointsError(tr("These points lie on one another. Set them far apart."))
    factor = ((first - middle).conj() @ (second - to)) / spread
    if abs(factor) < _NEAR:
        raise PointsError(tr("These points do not match. Set the same points in both images, in the same order."))
    shift = to - factor * middle
    return Similarity(factor.real, factor.imag, shift.real, shift.imag)
