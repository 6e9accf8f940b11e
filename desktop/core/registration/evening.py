"""An image ready for registration: grey, light and contrast evened out, dark frame and hair left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.float32]

_DARK = 60
"""A pixel whose brightest channel is darker than this belongs to the dark frame, if all as far as the border are."""

_FRAME_MARGIN = 0.02
"""Share of the longer side by which the dark frame is widened: its rim is blurred, and its edge is no skin."""

_HAIR = 0.016
"""Width up to which a dark line is taken as a hair, as a share of the longer side."""

_HAIR_CONTRAST = 0.20
"""How much darker than its surroundings a hair is, in the logarithm of light."""

_LEAST_CONTRAST = 0.025
"""Deviation of the logarithm of light that noise alone reaches: no skin is stretched beyond this."""


@dataclass(frozen=True)
class Evened:
    """Light evened out to mean 0 and deviation about 1, float32 [height, width], and 1 where it is valid, else 0."""

    light: Grey
    valid: Grey

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.light.shape[0], self.light.shape[1]


def shrink(image: Image.Image, longer: int) -> Image.Image:
    """Return the image with its longer side reduced to `longer` pixels; a smaller image keeps its size."""
    factor = longer / max(image.size)
    if factor >= 1:
        return image
    width, height = (max(1, round(side * factor)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2)


def even(image: Image.Image, around: float) -> Evened:
    """Even out the light of an RGB image over a radius of `around` times its longer side.

    That is to be wider than the structures that are compared, and narrower than a lamp's spot.
    """
    pixels = np.asarray(image, np.float32)
    longer = max(image.size)
    valid = ~_widened(_dark_frame(pixels.max(axis=2)), max(1, round(_FRAME_MARGIN * longer)))
    # Green and blue show pigment and vessels; red hardly does.
    light = np.log(pixels[:, :, 1] + pixels[:, :, 2] + 8)
    width = round(_HAIR * longer) | 1
    if width >= 3:
        hair = _closed(light, width) - light > _HAIR_CONTRAST
        valid &= ~_widened(hair, 1)
    weight = valid.astype(np.float32)
    radius = max(1, round(around * longer))
    total = _blurred(weight, radius) + 1e-4
    light = (light - _blurred(light * weight, radius) / total) * weight
    deviation = np.sqrt(_blurred(light**2, radius) / total)
    light /= np.hypot(deviation, _LEAST_CONTRAST)
    return Evened(np.clip(light, -3, 3), weight)


def _dark_frame(brightest: Grey) -> NDArray[np.bool_]:
    """Return where a pixel and all between it and a border, along its row or column, are dark."""
    dark = brightest < _DARK
    along = np.logical_and.accumulate
    rows = along(dark, axis=1) | along(dark[:, ::-1], axis=1)[:, ::-1]
    columns = along(dark, axis=0) | along(dark[::-1], axis=0)[::-1]
    return rows | columns


def _widened(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return _slid(_slid(mask, 2 * by + 1, 0, np.logical_or), 2 * by + 1, 1, np.logical_or)


def _closed(light: Grey, width: int) -> Grey:
    """Return the light without dark structures narrower than `width` pixels."""
    for operation in (np.maximum, np.minimum):
        light = _slid(_slid(light, width, 0, operation), width, 1, operation)
    return light


def _slid(values: NDArray[Any], width: int, axis: int, operation: np.ufunc) -> NDArray[Any]:
    """Combine the `width` neighbours (odd) of each value along an axis; the border repeats."""
    half = width // 2
    room = [(0, 0), (0, 0)]
    room[axis] = (half, half)
    padded = np.moveaxis(np.pad(values, room, mode="edge"), axis, 0)
    length = values.shape[axis]
    done = padded[:length].copy()
    for step in range(1, width):
        operation(done, padded[step : step + length], out=done)
    return np.moveaxis(done, 0, axis)


def _blurred(values: Grey, radius: int) -> Grey:
    """Blur by two running means along each axis, nearly a Gaussian; outside there is nothing."""
    for axis in (0, 1):
        for _ in range(2):
            values = _running_mean(values, radius, axis)
    return values


def _running_mean(values: Grey, radius: int, axis: int) -> Grey:
    room = [(0, 0), (0, 0)]
    room[axis] = (radius + 1, radius)
    total = np.cumsum(np.pad(values, room), axis=axis, dtype=np.float64)
    length = values.shape[axis]
    total = np.moveaxis(total, axis, 0)
    mean = (total[2 * radius + 1 : 2 * radius + 1 + length] - total[:length]) / (2 * radius + 1)
    return np.moveaxis(mean, 0, axis).astype(np.float32)
