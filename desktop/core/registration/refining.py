"""Refinement of a transform by Gauss-Newton steps on pixels, and the measure of how well two images match."""

from __future__ import annotations

import numpy as np

from desktop.core.registration.evening import Evened
from desktop.core.registration.search import LEAST_OVERLAP, Guess, warp
from desktop.core.registration.similarity import Similarity

_TOLERANCE = 1.0
"""Residual, in deviations, from which on a pixel counts less: glints, hair, and what has grown."""

_LEAST_PIXELS = 64
"""Pixels that two images must share for a correlation to mean anything."""

_SCALES = (0.25, 4.0)
"""Scales between which a step must stay: wider than those that are searched."""


def refine(first: Evened, second: Evened, transform: Similarity, steps: int) -> Guess:
    """Return the transform after at most `steps` steps, with the correlation of both images under it, -1 to 1.

    The correlation is 0 where the images no longer overlap or the scale has run away.
    """
    height, width = first.shape
    half = max(first.shape) / 2
    down, right = np.mgrid[:height, :width].astype(np.float32)
    right = (right + 0.5 - width / 2) / half
    down = (down + 0.5 - height / 2) / half
    centre = Similarity(1 / half, 0, -width / 2 / half, -height / 2 / half)
    down_first, right_first = np.gradient(first.light)
    for _ in range(steps):
        moved = warp(second.light, transform, first.shape)
        weight = first.valid * warp(second.valid, transform, first.shape)
        if weight.sum() < _LEAST_PIXELS:
            return Guess(transform, 0.0)
        down_moved, right_moved = np.gradient(moved)
        residual = moved - first.light
        weight = weight / (1 + (residual / _TOLERANCE) ** 2)
        # The mean of both gradients makes the step exact to the second order.
        x, y = (right_first + right_moved) / 2, (down_first + down_moved) / 2
        slopes = np.stack([x * right + y * down, y * right - x * down, x, y]).reshape(4, -1)
        weighted = slopes * weight.ravel()
        change = np.linalg.solve(weighted @ slopes.T + 1e-3 * np.eye(4), -(weighted @ residual.ravel()))
        a, b, by_right, by_down = (float(value) for value in change / half)
        step = Similarity(1 + a, b, by_right, by_down)
        stepped = transform.after(centre.inverse().after(step.after(centre)))
        if not _SCALES[0] < stepped.scale < _SCALES[1]:
            return Guess(transform, 0.0)
        transform = stepped
        if np.abs(change).max() < 0.02:
            break
    return Guess(transform, correlation(first, second, transform))


def correlation(first: Evened, second: Evened, transform: Similarity) -> float:
    """Return the correlation of both images where they overlap, -1 to 1; 0 where they hardly do."""
    moved = warp(second.light, transform, first.shape)
    weight = first.valid * warp(second.valid, transform, first.shape)
    total = float(weight.sum())
    area = transform.scale**2
    least = LEAST_OVERLAP * min(float(first.valid.sum()), float(second.valid.sum()) / area)
    if total < max(least, _LEAST_PIXELS):
        return 0.0
    one = first.light - (weight * first.light).sum() / total
    other = moved - (weight * moved).sum() / total
    both = np.sqrt(float((weight * one**2).sum()) * float((weight * other**2).sum()))
    return float((weight * one * other).sum()) / max(float(both), 1e-6)
