"""A lesion photographed again: turned, nearer or farther, moved, in other light, with hair, behind another frame."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from desktop.core.registration.similarity import Similarity, about

ZOOM = (0.7, 1.4)
"""Least and greatest scale."""

SHIFT = 0.25
"""Greatest shift in each direction, as a share of the frame."""

_HAIRS = 12
_LIGHT = 0.4
"""How much lighter one border may be than the middle."""

_COLOUR = 0.2
"""How much lighter or darker a channel may be."""

_NOISE = 3.0
_ROUND = (0.5, 0.6)
"""Radius of a round frame, as a share of the width; every second image has one."""


@dataclass(frozen=True)
class Retaken:
    """Two images of one lesion, and the transform from the first to the second."""

    first: Image.Image
    second: Image.Image
    truth: Similarity


def retake(image: Image.Image, random: np.random.Generator) -> Retaken:
    """Return an image with its second photograph. What the first did not show is black in the second."""
    width, height = image.size
    zoom = math.exp(random.uniform(math.log(ZOOM[0]), math.log(ZOOM[1])))
    middle = (width * (0.5 + random.uniform(-SHIFT, SHIFT)), height * (0.5 + random.uniform(-SHIFT, SHIFT)))
    truth = about(random.uniform(-180, 180), zoom, (width / 2, height / 2), middle)
    back = truth.inverse()
    parts = (back.a, -back.b, back.right, back.b, back.a, back.down)
    moved = image.transform(image.size, Image.Transform.AFFINE, parts, Image.Resampling.BICUBIC)
    lit = _in_other_light(moved, random)
    return Retaken(_framed(_with_hair(image, random), random), _framed(_with_hair(lit, random), random), truth)


def error(found: Similarity, truth: Similarity, first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the root mean square error over all that both images show, as a share of the second's longer side.

    Sizes are width and height. The error is infinite if the images share nothing.
    """
    grid = np.array([(x, y) for x in np.linspace(0, first[0], 17) for y in np.linspace(0, first[1], 13)])
    right = truth.map_points(grid)
    is_shared = ((right >= 0) & (right <= np.array(second))).all(axis=1)
    if not is_shared.any():
        return math.inf
    distances = (((found.map_points(grid) - right)[is_shared]) ** 2).sum(axis=1)
    return float(np.sqrt(distances.mean())) / max(second)


def _in_other_light(image: Image.Image, random: np.random.Generator) -> Image.Image:
    width, height = image.size
    down, right = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle = random.uniform(0, 2 * math.pi)
    light = 1 + random.uniform(0, _LIGHT) * (right * math.cos(angle) + down * math.sin(angle))
    colours = random.uniform(1 - _COLOUR, 1 + _COLOUR, 3)
    pixels = np.asarray(image) * light[:, :, np.newaxis] * colours
    pixels += random.normal(0, _NOISE, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _with_hair(image: Image.Image, random: np.random.Generator) -> Image.Image:
    hairy = image.copy()
    draw = ImageDraw.Draw(hairy)
    width, height = image.size
    for _ in range(random.integers(0, _HAIRS + 1)):
        x, y, angle = random.uniform(0, width), random.uniform(0, height), random.uniform(0, 2 * math.pi)
        points = [(x, y)]
        for _ in range(20):
            angle += random.normal(0, 0.12)
            x, y = x + math.cos(angle) * width / 20, y + math.sin(angle) * width / 20
            points.append((x, y))
        red, green, blue = (int(part) for part in random.uniform(15, 70, 3))
        draw.line(points, (red, green, blue), max(1, round(random.uniform(0.003, 0.008) * width)))
    return hairy


def _framed(image: Image.Image, random: np.random.Generator) -> Image.Image:
    if random.random() < 0.5:
        return image
    width, height = image.size
    radius = random.uniform(*_ROUND) * width
    mask = Image.new("L", image.size)
    box = (width / 2 - radius, height / 2 - radius, width / 2 + radius, height / 2 + radius)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return Image.composite(image, Image.new("RGB", image.size, (8, 6, 6)), mask)
