"""A drawn lesion that grows, photographed at several visits: turned, in other light, at another zoom."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from desktop.core.registration.similarity import Similarity, about
from tests.making import contract, model_proto, outline_figures, with_outline

MM_PER_PIXEL = 0.025
"""The scale at zoom 1."""

_SIDE = 480
_INPUT = 96
_LESION, _SKIN = 30.0, 225.0
"""Brightness such that the middle of a blurred edge is one half."""

_AXES = (96.0, 62.0)
"""Half the axes of the lesion in pixels at zoom 1, before it grows."""


def photograph(path: Path, growth: float = 0.0, degrees: float = 0.0, light: float = 1.0, zoom: float = 1.0) -> Path:
    """Draw an ellipse on spotted skin, whose area has grown by a share, as a camera sees it."""
    there = about(degrees, zoom, (0, 0), (_SIDE / 2 + 9 * (zoom - 1), _SIDE / 2 - 14 * (zoom - 1)))
    pixels = _skin(there)
    across, down = (half * math.sqrt(1 + growth) for half in _AXES)
    x, y = _places(there)
    inside = np.clip((1 - np.hypot(x / across, y / down)) * down * zoom + 0.5, 0, 1)[..., None]
    pixels = pixels * (1 - inside) + _LESION * inside
    shade = 1 + 0.06 * (light - 1) * np.linspace(-1, 1, _SIDE)[:, None, None]
    colours = np.array([1.0, 0.97, 0.94]) if light != 1 else np.ones(3)
    Image.fromarray(np.clip(pixels * light * shade * colours, 0, 255).round().astype(np.uint8)).save(path)
    return path


def area_of(growth: float) -> float:
    """Return the area in square millimetres of a lesion that has grown by a share."""
    return math.pi * math.prod(_AXES) * (1 + growth) * MM_PER_PIXEL**2


def write_exact_model(path: Path) -> Path:
    """Write a model that outlines what is darker than one half, by the whole detail of its input."""
    description = contract(fit="crop", input_size=_INPUT, outline=outline_figures(_INPUT))
    path.write_bytes(with_outline(model_proto(description), _INPUT).SerializeToString())
    return path


def _places(there: Similarity) -> tuple[np.ndarray, np.ndarray]:
    """Return where each pixel lies on the skin."""
    down, right = np.mgrid[0:_SIDE, 0:_SIDE] + 0.5
    back = there.inverse()
    return back.a * right - back.b * down + back.right, back.b * right + back.a * down + back.down


def _skin(there: Similarity) -> np.ndarray:
    """Return skin with freckles, all of them lighter than one half."""
    random = np.random.default_rng(5)
    x, y = _places(there)
    pixels = np.full((_SIDE, _SIDE, 3), _SKIN)
    for _ in range(160):
        spot = random.uniform(-330, 330, 2)
        radius, depth = random.uniform(4, 14), random.uniform(20, 70)
        pixels -= depth * np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / radius**2)[..., None] * (0.7, 1.0, 1.1)
    return np.maximum(pixels, 165)
