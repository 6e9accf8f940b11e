"""The accuracy of a network's outlines on held-out lesions with drawn outlines, and the limits that follow from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from desktop.core.inference.outline import LesionOutline, OutlineTest, trace
from desktop.core.statistics.bootstrap import Estimate, Weights, bootstrapped

DETAIL = 4
"""Outlines are compared on a grid this many times as fine as the network's map."""

_FINER = 5

_SMALLEST = 0.01
"""An outline is too small if it is smaller than all but this share of the drawn ones: there its error is hardly known."""

_WITHIN = 0.9
"""The share of lesions whose error of the area is at most `area_error_most`."""


@dataclass(frozen=True)
class Compared:
    """Outlines against drawn ones, each array [n].

    `dice`; `error`, the difference in area as a share of the drawn area; `area`, of the network's outline, `drawn`, of the
    drawn one, and `on_edge`, all as `LesionOutline` has them, 0 where the network found no lesion.
    """

    dice: NDArray[np.float64]
    error: NDArray[np.float64]
    area: NDArray[np.float64]
    drawn: NDArray[np.float64]
    on_edge: NDArray[np.float64]


def compared(maps: NDArray[np.floating], drawn: NDArray[np.bool_]) -> Compared:
    """Compare the outlines that are traced in maps [n, side, side] with drawn ones [n, DETAIL side, DETAIL side]."""
    outlines = [trace(one) for one in maps]
    side = drawn.shape[1]
    filled = np.stack([_filled(outline, side) for outline in outlines])
    both, own, theirs = ((filled & drawn).sum((1, 2)), filled.sum((1, 2)), drawn.sum((1, 2)))
    area, area_drawn = np.array([outline.area if outline else 0.0 for outline in outlines]), theirs / side**2
    return Compared(
        dice=2 * both / (own + theirs),
        error=np.abs(area - area_drawn) / area_drawn,
        area=area,
        drawn=area_drawn,
        on_edge=np.array([outline.on_edge if outline else 0.0 for outline in outlines]),
    )


def _filled(outline: LesionOutline | None, side: int) -> NDArray[np.bool_]:
    """Return which cells of a grid have their centre inside an outline.

    Pillow fills every pixel that the line touches; on a finer grid these are few.
    """
    fine = side * _FINER
    image = Image.new("1", (fine, fine))
    if outline is not None:
        ImageDraw.Draw(image).polygon([(x * fine - 0.5, y * fine - 0.5) for x, y in outline.points.tolist()], fill=1)
    return np.asarray(image)[_FINER // 2 :: _FINER, _FINER // 2 :: _FINER]


def judged(found: Compared, lesions: Sequence[int], side: int, measured_on: str, sources: str) -> OutlineTest:
    """Return the contract's figures and limits of the outlines.

    Args:
        found: the comparison with drawn outlines.
        lesions: the lesion of each image.
        side: of the network's maps.
        measured_on: a description of these images.
        sources: who drew the outlines.
    """
    groups = np.unique(lesions, return_inverse=True)[1]
    images = np.bincount(groups)
    dice, error = (np.bincount(groups, values) / images for values in (found.dice, found.error))

    def figures(weights: Weights) -> dict[str, float]:
        drawn = np.repeat(error, weights.astype(int))
        return {"dice": float(np.average(dice, weights=weights)), "error": float(np.median(drawn))}

    estimates: dict[str, Estimate] = bootstrapped(figures, np.arange(len(images)))
    least, cut = float(np.quantile(found.drawn, _SMALLEST)), cut_off_share(estimates["error"].value)
    return OutlineTest(
        size=side,
        measured_on=measured_on,
        sources=sources,
        lesions=len(images),
        images=len(groups),
        dice=estimates["dice"].value,
        dice_low=estimates["dice"].low,
        dice_high=estimates["dice"].high,
        area_error=estimates["error"].value,
        area_error_low=estimates["error"].low,
        area_error_high=estimates["error"].high,
        area_error_most=float(np.quantile(error, _WITHIN)),
        cut_off_share=cut,
        cut_off=int((found.on_edge >= cut).sum()),
        smallest_share=least,
        too_small=int((found.area < least).sum()),
    )


def cut_off_share(lost: float) -> float:
    """Return the share of its outline that lies on the edge of a frame which cuts off so much of a round lesion's area.

    Where less is cut off than half of the outlines are wrong by, the cut is no news. A chord that is seen from the centre
    under the angle 2 t cuts off (t - sin t cos t) / pi of a circle, and is sin t / (sin t + pi - t) of the outline that is
    left.
    """
    low, high = 0.0, math.pi
    for _ in range(50):
        angle = (low + high) / 2
        is_more = (angle - math.sin(angle) * math.cos(angle)) / math.pi > lost
        low, high = (low, angle) if is_more else (angle, high)
    return math.sin(low) / (math.sin(low) + math.pi - low)
