"""The transform between two images of one lesion: rotation, scale and shift, and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]


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
