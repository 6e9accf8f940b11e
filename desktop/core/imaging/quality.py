"""The quality of an image: sharpness, exposure, reflections and size.

Measured on what the model sees, where the limits of the model's contract (`QualityLimits`) decide whether it answers; and
at full size, where a person looks, for advice alone.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from desktop.core.frozen import frozen
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Part = tuple[NDArray[np.float32], NDArray[np.bool_]]
    """The luminance of a part of an image, and a mask of the pixels to measure."""
else:
    np = Late("numpy")

DARK = 32
"""Luminance (0..255) at or below which skin shows no structure."""

BRIGHT = 240
"""Luminance at or above which skin shows no structure."""

GLARE_LEAST = 200
"""A reflection of the lamp is white: its lowest channel is at least this."""

GLARE_ABOVE = 40
"""A reflection stands out: its lowest channel is this much above the mean of an eighth of the side around it."""

_AROUND = 8
_SMOOTHING = 9
"""Width in pixels of the blur metric's smoothing, as its authors chose it."""

_LEAST_CHANGE = 1.0
"""A smaller change of luminance from pixel to pixel may be rounding, which is as sharp in a blurred image."""

_GRID = 256
"""At full size, exposure and reflections are counted on at most this many pixels across."""

_TILE = 192
_TILE_CENTRES = ((0.5, 0.5), (0.35, 0.35), (0.35, 0.65), (0.65, 0.35), (0.65, 0.65))
"""At full size, sharpness is measured on tiles of so many pixels, about these places of the central square."""

_BT601 = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in luminance (ITU-R BT.601)."""


FULL_SHARPNESS_LEAST = 0.5
"""At full size, sharpness under which an image counts as soft. Of 110 originals of the ISIC Archive (0.3 to 3 megapixels) none
lay under it; blurred by a two-hundredth of their height (Gaussian, standard deviation) all did."""

FULL_DARK_MOST = 0.15
FULL_BRIGHT_MOST = 0.05
FULL_GLARE_MOST = 0.02
"""At full size, shares over which to say so: 0, 2 and 2 of the same 110 originals lay over them."""


class Aspect(StrEnum):
    """An aspect of image quality."""

    SHARPNESS = "sharpness"
    DARK = "dark"
    BRIGHT = "bright"
    GLARE = "glare"
    SIDE = "side"


@frozen
class Shortfall:
    """An aspect of an image beyond its limit; value and limit in the unit of `Quality`."""

    aspect: Aspect
    value: float
    limit: float


@frozen
class Quality:
    """What was measured of the disc inscribed in an image, outside of which dermatoscopes are often black.

    `sharpness`: from 0 to 1, how much of the change from pixel to pixel is lost by smoothing the image; 0 for an image
    without structure. `dark`, `bright`: shares of pixels too dark or too bright to show structure. `glare`: share of pixels
    that are reflections. `side`: the shorter side, in pixels of the file, of the part that was measured, where it is known.
    `is_damaged`: whether the decoder found that a part of the file's pixels is lost, whether or not it lies in the part.
    """

    sharpness: float
    dark: float
    bright: float
    glare: float
    side: int | None = None
    is_damaged: bool = False

    def to_json(self) -> str:
        """Return the JSON that `parse_quality` reads."""
        return msgspec.json.encode(self).decode()


def parse_quality(text: str) -> Quality:
    """Read what `Quality.to_json` wrote."""
    return msgspec.json.decode(text, type=Quality)


def shortfalls(
    quality: Quality,
    *,
    sharpness_least: float | None = None,
    dark_most: float | None = None,
    bright_most: float | None = None,
    glare_most: float | None = None,
    side_least: float | None = None,
) -> tuple[Shortfall, ...]:
    """Return the aspects beyond their limits. A limit of None and an unknown side are ignored."""
    at_least = ((Aspect.SHARPNESS, quality.sharpness, sharpness_least), (Aspect.SIDE, quality.side, side_least))
    at_most = (
        (Aspect.DARK, quality.dark, dark_most),
        (Aspect.BRIGHT, quality.bright, bright_most),
        (Aspect.GLARE, quality.glare, glare_most),
    )
    too_low = [
        Shortfall(aspect, value, limit)
        for aspect, value, limit in at_least
        if value is not None and limit is not None and not value >= limit
    ]
    too_high = [
        Shortfall(aspect, value, limit) for aspect, value, limit in at_most if limit is not None and not value <= limit
    ]
    return (*too_low, *too_high)


def advice(full: Quality) -> tuple[Shortfall, ...]:
    """Return what could be better about an image, as measured by `measure_full`. This is advice: the model still answers."""
    return shortfalls(
        full,
        sharpness_least=FULL_SHARPNESS_LEAST,
        dark_most=FULL_DARK_MOST,
        bright_most=FULL_BRIGHT_MOST,
        glare_most=FULL_GLARE_MOST,
    )


def measure(pixels: NDArray[np.uint8]) -> Quality:
    """Measure a model's input.

    Args:
        pixels: uint8 RGB [size, size, 3], as `model_input` returns it.
    """
    luminance = _luminance(pixels)
    disc = _disc(*luminance.shape)
    return Quality(_sharpness([(luminance, disc)]), *_exposure(pixels, luminance, disc))


def measure_full(pixels: NDArray[np.uint8]) -> Quality:
    """Measure the central square of an image at full size, on samples of it: sharpness mostly where there is structure.

    Args:
        pixels: uint8 RGB [height, width, 3] of any size.
    """
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[top : top + side, left : left + side]
    step = max(1, side // _GRID)
    sampled = square[::step, ::step]
    luminance = _luminance(sampled)
    return Quality(
        _sharpness([_tile(square, *centre) for centre in _TILE_CENTRES]),
        *_exposure(sampled, luminance, _disc(*luminance.shape)),
        side=side,
    )


def _tile(square: NDArray[np.uint8], down: float, across: float) -> _Part:
    side = square.shape[0]
    half = min(_TILE, side) // 2
    y, x = (min(max(round(side * place), half), side - half) for place in (down, across))
    luminance = _luminance(square[y - half : y + half, x - half : x + half])
    return luminance, np.ones(luminance.shape, bool)


def _luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.astype(np.float32) @ np.array(_BT601, np.float32)


@lru_cache(maxsize=8)
def _disc(height: int, width: int) -> NDArray[np.bool_]:
    """Return which pixels lie in the ellipse inscribed in a rectangle."""
    down = (np.arange(height) + 0.5) / height * 2 - 1
    across = (np.arange(width) + 0.5) / width * 2 - 1
    return down[:, None] ** 2 + across[None, :] ** 2 <= 1


def _exposure(
    pixels: NDArray[np.uint8], luminance: NDArray[np.float32], disc: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return the shares of a disc's pixels that are dark, bright and reflections."""
    weakest = np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    glare = weakest >= GLARE_LEAST
    if glare.any():
        around = _mean_around(weakest.astype(np.float32), 2 * (weakest.shape[0] // _AROUND) + 1, 0)
        around = _mean_around(around, 2 * (weakest.shape[1] // _AROUND) + 1, 1)
        glare &= weakest >= around + GLARE_ABOVE
    count = np.count_nonzero(disc)
    dark, bright, white = (
        float(np.count_nonzero(found & disc) / count) for found in (luminance <= DARK, luminance >= BRIGHT, glare)
    )
    return dark, bright, white


def _mean_around(values: NDArray[np.float32], width: int, axis: int) -> NDArray[np.float32]:
    """Return the mean of each `width` (odd) neighbours along an axis; edges are repeated."""
    if axis == 1:
        return _mean_around(values.T, width, 0).T
    padded = np.pad(values, ((width // 2 + 1, width // 2), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float32)  # in 32 bits: off by less than a hundredth of a grey level
    means: NDArray[np.float32] = (sums[width:] - sums[:-width]) / np.float32(width)
    return means


def _sharpness(parts: list[_Part]) -> float:
    """Return one minus the blur metric of parts of an image: a blurred image changes little when it is smoothed again.

    Crété-Roffet, Dolmiere, Ladret and Nicolas, "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric" (2007); but what 8 bits cannot tell from nothing is no change. Noise counts as sharpness.
    """
    shares = []
    for axis in (0, 1):
        sums = [_changes(luminance, where, axis) for luminance, where in parts]
        before, lost = (sum(one) for one in zip(*sums, strict=True))
        shares.append(lost / before if before else 0.0)
    return min(shares)


def _changes(luminance: NDArray[np.float32], where: NDArray[np.bool_], axis: int) -> tuple[float, float]:
    """Return the sum of all changes from pixel to pixel along an axis, and how much of it is lost by smoothing."""
    if axis == 1:
        luminance, where = np.ascontiguousarray(luminance.T), np.ascontiguousarray(where.T)
    if luminance.shape[0] < 2:
        return 0.0, 0.0
    change = np.abs(np.diff(luminance, axis=0))
    change[change < _LEAST_CHANGE] = 0
    smoothed = np.abs(np.diff(_mean_around(luminance, _SMOOTHING, 0), axis=0))
    lost = np.maximum(change - smoothed, 0)
    return float(change.sum(where=where[1:])), float(lost.sum(where=where[1:]))
