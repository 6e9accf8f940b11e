"""The check of a transform: each part of the first image is looked for by itself near its place in the second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.registration.evening import Evened, Grey
from desktop.core.registration.search import warp
from desktop.core.registration.similarity import Similarity

_PART = 32
_STEP = 16
"""Side of a part and the distance to the next, in pixels."""

_FAR = 10
"""Pixels up to which a part is looked for on each side: by chance it is found near its place once in 20 times."""

_NEAR = 2.6
"""Pixels from its place within which a part agrees: 1 % of the 256 pixels at which transforms are checked."""

_VALID = 0.7
"""Share of a part that must be skin in both images."""


@dataclass(frozen=True)
class Agreement:
    """How many of the parts that both images show were found at their places."""

    agreeing: int
    parts: int

    @property
    def share(self) -> float:
        """Share of the parts that agree, 0 to 1; 0 if there are none."""
        return self.agreeing / self.parts if self.parts else 0.0


def agreement(first: Evened, second: Evened, transform: Similarity) -> Agreement:
    """Look for each part of the first image near the place in the second that `transform` gives."""
    weight = first.valid * warp(second.valid, transform, first.shape)
    if min(first.shape) < _PART:
        return Agreement(0, 0)
    shared = _parts(weight)
    usable = shared.mean(axis=(1, 2)) > _VALID
    shared = shared[usable]
    one = _parts(first.light)[usable]
    other = _parts(warp(second.light, transform, first.shape))[usable]
    if not len(shared):
        return Agreement(0, 0)
    window = np.hanning(_PART + 2)[1:-1].astype(np.float32)
    one = (one - one.mean(axis=(1, 2), keepdims=True)) * shared * np.outer(window, window)
    other = (other - other.mean(axis=(1, 2), keepdims=True)) * shared
    size = (2 * _PART, 2 * _PART)
    products = np.fft.irfft2(np.conj(np.fft.rfft2(one, size)) * np.fft.rfft2(other, size), size)
    near = np.fft.fftshift(products, axes=(1, 2))[:, _PART - _FAR : _PART + _FAR + 1, _PART - _FAR : _PART + _FAR + 1]
    down, right = np.divmod(near.reshape(len(near), -1).argmax(axis=1), 2 * _FAR + 1)
    distance = np.hypot(down - _FAR, right - _FAR)
    return Agreement(int((distance <= _NEAR).sum()), len(distance))


def _parts(values: Grey) -> NDArray[np.float32]:
    """Return the parts of an image [parts, height, width]."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (_PART, _PART))
    return windows[::_STEP, ::_STEP].reshape(-1, _PART, _PART)
