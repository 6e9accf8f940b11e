"""The first guess: every rotation and scale in steps, with the shift of each from one correlation by Fourier transform.

Phase correlation of log-polar spectra is quicker, but it needs pictures that overlap almost wholly: a shift by a quarter of
the frame puts other skin into the spectrum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from desktop.core.registration.evening import Evened, Grey
from desktop.core.registration.similarity import Similarity, about

_ROTATIONS = 24
_ZOOMS = (1.0, 1.19, 1.41, 1.67, 2.0, 2.38)

LEAST_OVERLAP = 0.25
"""Share of the smaller image that the other one has to cover."""


@dataclass(frozen=True)
class Guess:
    """A transform from the first image to the second, and how well they match there; comparable within one search."""

    transform: Similarity
    match: float


def search(first: Evened, second: Evened, count: int) -> list[Guess]:
    """Return the `count` best transforms from the first image to the second, best first. Both are to be tiny."""
    guesses = [guess for zoom in _ZOOMS for guess in _with_zoom(first, second, zoom)]
    for zoom in _ZOOMS[1:]:
        guesses += [Guess(guess.transform.inverse(), guess.match) for guess in _with_zoom(second, first, zoom)]
    return sorted(guesses, key=lambda guess: -guess.match)[:count]


def _with_zoom(first: Evened, second: Evened, zoom: float) -> Iterator[Guess]:
    """Yield for each rotation the best transform to the second image, in which everything is `zoom` times as large."""
    canvas = math.ceil(math.hypot(*second.shape) / zoom)
    size = -(-(canvas + max(first.shape)) // 12) * 12  # products of 2 and 3 are transformed quickly
    one = np.conj(np.fft.rfft2(np.stack([first.light, first.valid]), (size, size)))
    covered = LEAST_OVERLAP * min(float(first.valid.sum()), float(second.valid.sum()) / zoom**2)
    to = (second.shape[1] / 2, second.shape[0] / 2)
    for step in range(_ROTATIONS):
        turned = about(360 * step / _ROTATIONS, zoom, (canvas / 2, canvas / 2), to)
        moved = np.stack([warp(part, turned, (canvas, canvas)) for part in (second.light, second.valid)])
        products, overlap = np.fft.irfft2(one * np.fft.rfft2(moved, (size, size)), (size, size))
        match = np.where(overlap > covered, products / np.sqrt(np.maximum(overlap, 1.0)), 0)
        at = int(match.argmax())
        down, right = (place - size if place > canvas else place for place in divmod(at, size))
        yield Guess(turned.after(Similarity(right=right, down=down)), float(match.flat[at]))


def warp(values: Grey, transform: Similarity, shape: tuple[int, int]) -> Grey:
    """Return values drawn where `transform` finds them, bilinear, float32 of `shape`; 0 outside."""
    parts = (transform.a, -transform.b, transform.right, transform.b, transform.a, transform.down)
    image = Image.fromarray(values)
    drawn = image.transform((shape[1], shape[0]), Image.Transform.AFFINE, parts, Image.Resampling.BILINEAR)
    return np.asarray(drawn)
