"""How good an image is to be judged by: sharpness, exposure, reflections and size, measured on what the model sees.

The limits stand in the model's contract (`QualityLimits`); here is only what is measured, and nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

DARK = 32
"""Luminance (0..255) at or under which skin shows no structure any more."""

BRIGHT = 240
"""Luminance at or over which it does not either."""

GLARE_LEAST = 200
"""A reflection of the lamp is white: its weakest channel reaches this."""

GLARE_ABOVE = 40
"""And it stands out: its weakest channel is this much above the mean of what lies around."""

_BLUR = 9
_AROUND = 16


@dataclass(frozen=True)
class Quality:
    """What `measure` found, of the disc inscribed in the square, outside of which dermatoscopes are often black.

    `sharpness`: from 0 to 1, how much of the change from pixel to pixel is lost by smoothing the image; 0 for an image
    without structure. `dark`, `bright`: shares of pixels too dark or too bright to show structure. `glare`: share of pixels
    that are reflections. `side`: the shorter side, in pixels of the file, of what the input was made from, where it is known.
    """

    sharpness: float
    dark: float
    bright: float
    glare: float
    side: int | None = None


def measure(pixels: NDArray[np.uint8]) -> Quality:
    """Measure a model's input.

    Sharpness is one minus the blur metric of Crété-Roffet et al., "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric" (2007): what is smooth already changes little when it is smoothed once more.

    Args:
        pixels: uint8 RGB [size, size, 3], as `model_input` returns it.
    """
    height, width = pixels.shape[:2]
    disc = _disc(height, width)
    luminance = (pixels @ np.array([0.299, 0.587, 0.114])).astype(np.float32)  # ITU-R BT.601
    weakest = pixels.min(axis=2).astype(np.float32)
    around = _box(_box(weakest, max(height // _AROUND, 1) * 2 + 1, 0), max(width // _AROUND, 1) * 2 + 1, 1)
    glare = (weakest >= GLARE_LEAST) & (weakest >= around + GLARE_ABOVE)
    count = int(disc.sum())
    return Quality(
        sharpness=min(_sharpness(luminance, disc, axis) for axis in (0, 1)),
        dark=float((luminance <= DARK)[disc].sum() / count),
        bright=float((luminance >= BRIGHT)[disc].sum() / count),
        glare=float(glare[disc].sum() / count),
    )


def _disc(height: int, width: int) -> NDArray[np.bool_]:
    """Return which pixels lie in the ellipse inscribed in a rectangle."""
    down = (np.arange(height) + 0.5) / height * 2 - 1
    across = (np.arange(width) + 0.5) / width * 2 - 1
    return down[:, None] ** 2 + across[None, :] ** 2 <= 1


def _box(values: NDArray[np.float32], width: int, axis: int) -> NDArray[np.float32]:
    """Return the mean of each `width` (odd) neighbours along an axis; edges are repeated."""
    margin = [(0, 0), (0, 0)]
    margin[axis] = (width // 2 + 1, width // 2)
    sums = np.cumsum(np.pad(values, margin, mode="edge"), axis=axis, dtype=np.float64)
    ahead, behind = (
        np.take(sums, range(width, sums.shape[axis]), axis),
        np.take(sums, range(sums.shape[axis] - width), axis),
    )
    return ((ahead - behind) / width).astype(np.float32)


def _sharpness(luminance: NDArray[np.float32], disc: NDArray[np.bool_], axis: int) -> float:
    change = np.abs(np.diff(luminance, axis=axis))
    smoothed = np.abs(np.diff(_box(luminance, _BLUR, axis), axis=axis))
    inside = disc[1:] if axis == 0 else disc[:, 1:]
    before = float(change[inside].sum())
    lost = float(np.maximum(change - smoothed, 0)[inside].sum())
    return lost / before if before else 0.0
