"""What hides a part of the lesion: hair, rulers, ink, the dark rim of a dermatoscope, and the rectangle of cutout."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.run.config import Config

_FINE = 2
"""Lines are drawn at this scale and reduced, which smooths their edges."""

_RULER_INK = ((25, 25, 25), (235, 235, 235))
_PEN_INK = ((90, 40, 130), (60, 60, 160), (50, 30, 90))
"""Gentian violet and surgical markers, as they look on skin."""


def with_hair(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return the picture with some curved hairs of one colour over it, from light grey to black."""
    side = image.width * _FINE
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    grain = image.width / 160  # a hair is one to three pixels wide where the input is 160
    for _ in range(int(random.integers(3, 18))):
        width = max(1, round(random.uniform(0.8, 2.6) * grain * _FINE))
        opacity = int(random.integers(150, 256))
        draw.line(_curve(random, side, random.uniform(0.3, 1.1)), fill=opacity, width=width, joint="curve")
    shade = random.choice([20, 40, 60, 190], p=[0.4, 0.3, 0.2, 0.1]) + random.uniform(-15, 15)
    colour = (round(shade + 12), round(shade + 4), round(max(0, shade - 4)))
    return _over(image, mask, colour)


def with_marks(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return the picture with a ruler, ink or dark corners."""
    kind = random.integers(3)
    side = image.width * _FINE
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    if kind == 0:
        _ruler(draw, random, side)
        colour = _RULER_INK[int(random.integers(len(_RULER_INK)))]
    elif kind == 1:
        width = round(random.uniform(0.02, 0.07) * side)
        for _ in range(int(random.integers(1, 4))):
            draw.line(_curve(random, side, random.uniform(0.2, 0.7)), int(random.integers(110, 220)), width, "curve")
        colour = _PEN_INK[int(random.integers(len(_PEN_INK)))]
    else:
        mask.paste(255, (0, 0, side, side))
        radius = random.uniform(0.52, 0.68) * side
        x, y = side * (0.5 + random.uniform(-0.06, 0.06, 2))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
        colour = (int(random.integers(5, 25)),) * 3
    return _over(image, mask, colour)


def with_cutout(image: Image.Image, random: np.random.Generator, config: Config) -> Image.Image:
    """Return the picture with one rectangle hidden under its mean colour (DeVries and Taylor 2017)."""
    side = image.width
    area = random.uniform(0.02, max(0.02, config.cutout)) * side * side
    shape = random.uniform(0.5, 2)
    width, height = round((area * shape) ** 0.5), round((area / shape) ** 0.5)
    left, top = (int(value) for value in random.integers(-(min(width, height) // 2), side, 2))
    hidden = image.copy()
    mean = image.resize((1, 1), Image.Resampling.BOX)
    hidden.paste(mean.resize((width, height)), (left, top))
    return hidden


def _over(image: Image.Image, mask: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    covered = image.copy()
    covered.paste(colour, (0, 0, image.width, image.height), mask.reduce(_FINE))
    return covered


def _curve(random: np.random.Generator, side: int, length: float) -> list[tuple[float, float]]:
    """Return the points of a curve that starts anywhere and runs `length` image sides in any direction."""
    start = random.uniform(-0.1, 1.1, 2) * side
    angle = random.uniform(0, 2 * np.pi)
    along = np.array([np.cos(angle), np.sin(angle)]) * length * side
    bend = np.array([-along[1], along[0]]) * random.uniform(-0.3, 0.3)
    steps: NDArray[np.float64] = np.linspace(0, 1, 10)[:, None]
    points = start + along * steps + bend * 4 * steps * (1 - steps)
    return [(float(x), float(y)) for x, y in points]


def _ruler(draw: ImageDraw.ImageDraw, random: np.random.Generator, side: int) -> None:
    """Draw the ticks of a ruler along one edge, every fifth longer."""
    place, gap = random.uniform(0.02, 0.2) * side, random.uniform(0.03, 0.09) * side
    length, is_upright = random.uniform(0.03, 0.06) * side, random.random() < 0.5
    far = random.random() < 0.5
    for number in range(int(side / gap) + 1):
        tick = length * (1.8 if number % 5 == 0 else 1)
        across = (side - place - tick, side - place) if far else (place, place + tick)
        along = number * gap
        ends = [(across[0], along), (across[1], along)] if is_upright else [(along, across[0]), (along, across[1])]
        draw.line(ends, fill=220, width=max(1, round(side / 160)))
