"""The brushes of draw_samples.py: noise, cells, strokes and pigments on a canvas of numpy arrays.

Colour is modelled as in skin: structures absorb light, so that they darken one another like layers of pigment. Lengths are in
pixels, amounts of pigment are optical densities.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Field: TypeAlias = NDArray[np.float64]
"""One number for each pixel, of shape (HEIGHT, WIDTH)."""

WIDTH, HEIGHT = 900, 675
FAR_CORNER = 4  # two cells down and two across: too far to be among the two nearest
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)

MELANIN = (0.60, 1.00, 1.36)
DEEP_MELANIN = (1.15, 0.82, 0.50)
BLOOD = (0.10, 1.00, 0.82)
DARK_BLOOD = (0.55, 1.15, 0.80)
KERATIN = (0.05, 0.22, 0.75)
"""How strongly each pigment absorbs red, green and blue; they look brown, blue-grey, red, purple and yellow."""


def smoothstep(low: float, high: float, value: Field) -> Field:
    """Rise smoothly from 0 at `low` to 1 at `high`; fall where `high` is the smaller."""
    t: Field = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def blur(field: Field, sigma: float) -> Field:
    """Blur by a Gaussian; the picture repeats beyond its edges."""
    rows, columns = field.shape
    fy, fx = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None]
    gauss = np.exp(-2 * (np.pi * sigma) ** 2 * (fy**2 + fx**2))
    return np.fft.irfft2(np.fft.rfft2(field) * gauss, s=(rows, columns))


def noise(rng: np.random.Generator, size: float) -> Field:
    """Return smooth noise with patches of about `size` pixels, mean 0 and deviation 1."""
    coarse = max(1, int(size / 8))  # smooth noise can be made small and enlarged, in a fraction of the time
    field = blur(rng.standard_normal((-(-HEIGHT // coarse), -(-WIDTH // coarse))), size / 2 / coarse)
    field -= field.mean()
    field /= field.std()
    if coarse == 1:
        return field
    enlarged = Image.fromarray(field.astype(np.float32)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(enlarged, dtype=np.float64)


def clouds(rng: np.random.Generator, size: float) -> Field:
    """Return noise with finer noise on it, down to an eighth of `size`; deviation about 1."""
    return sum((noise(rng, size / 2**k) * 0.55**k for k in range(4)), np.zeros_like(X)) / 1.2


def shape(
    rng: np.random.Generator, centre: tuple[float, float], radii: tuple[float, float], angle: float, ragged: float
) -> Field:
    """Return the signed distance, about, to the outline of a ragged ellipse: negative inside."""
    x = X - centre[0] + ragged * clouds(rng, 170)
    y = Y - centre[1] + ragged * clouds(rng, 170)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    outwards: Field = np.hypot(along / radii[0], across / radii[1]) - 1
    return outwards * float(np.sqrt(radii[0] * radii[1]))


@dataclass(frozen=True)
class Cells:
    """The position of every pixel in an irregular honeycomb."""

    centre: Field
    """Distance to the centre of the pixel's cell."""
    border: Field
    """Distance to the border with the next cell."""
    value: Field
    """A number of the cell's own, between 0 and 1."""

    @property
    def out(self) -> Field:
        """How far out in its cell the pixel lies: 0 at the centre, 1 on the border; its contours are rounded cells."""
        return self.centre / (self.centre + self.border)


def cells(rng: np.random.Generator, size: float, irregular: float = 0.8, bend: float = 0.25) -> Cells:
    """Return a honeycomb of cells of about `size` pixels, its walls bent by noise of cell size and larger."""
    rows, columns = int(HEIGHT / size) + 9, int(WIDTH / size) + 9
    offsets = 0.5 + irregular * (rng.random((2, rows, columns)) - 0.5)
    offsets[0, ::2] += 0.5  # every other row by half a cell: a honeycomb, not a chessboard
    centres = offsets + np.mgrid[0:rows, 0:columns][::-1]
    x, y = ((axis / size + bend * noise(rng, 4 * size) + 0.07 * noise(rng, 0.6 * size) + 4) for axis in (X, Y))
    nearby = (np.clip(y.astype(int), 2, rows - 3) * columns + np.clip(x.astype(int), 2, columns - 3)).ravel()
    x, y = x.ravel(), y.ravel()
    first, second = np.full((2, x.size), np.inf)
    first_at, second_at = np.zeros((2, x.size), dtype=int)
    for step in (
        down * columns + right for down in range(-2, 3) for right in range(-2, 3) if abs(down * right) != FAR_CORNER
    ):
        at = nearby + step
        distance = (centres[0].ravel()[at] - x) ** 2 + (centres[1].ravel()[at] - y) ** 2
        nearest, next_best = distance < first, distance < second
        second = np.where(nearest, first, np.where(next_best, distance, second))
        second_at = np.where(nearest, first_at, np.where(next_best, at, second_at))
        first, first_at = np.where(nearest, distance, first), np.where(nearest, at, first_at)
    apart = np.hypot(*(axis.ravel()[second_at] - axis.ravel()[first_at] for axis in centres))
    centre, border = np.sqrt(first) * size, (second - first) / (2 * apart) * size
    value = rng.random(rows * columns)[first_at]
    return Cells(*(field.reshape(HEIGHT, WIDTH) for field in (centre, border, value)))


def strokes(paths: list[list[tuple[float, float, float]]], soft: float = 0.0) -> Field:
    """Draw paths of (x, y, width) as soft lines; return how much of each pixel they cover, 0 to 1."""
    fine = 3
    mask = Image.new("L", (WIDTH * fine, HEIGHT * fine))
    draw = ImageDraw.Draw(mask)
    for path in paths:
        for (x0, y0, width0), (x1, y1, width1) in pairwise(path):
            steps = max(1, round(np.hypot(x1 - x0, y1 - y0) * 2))
            for t in np.linspace(0, 1, steps):
                x, y = (x0 + (x1 - x0) * t) * fine, (y0 + (y1 - y0) * t) * fine
                radius = (width0 + (width1 - width0) * t) * fine / 2
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    cover = np.asarray(mask.resize((WIDTH, HEIGHT), Image.Resampling.BOX), dtype=np.float64) / 255
    return blur(cover, soft) if soft else cover


def wander(
    rng: np.random.Generator, start: tuple[float, float, float], width: tuple[float, float], length: float, bend: float
) -> list[tuple[float, float, float]]:
    """Return a path from (x, y, direction) that wanders as it goes, from the first width to the second."""
    x, y, direction = start
    step = 6.0
    turn = 0.0
    path = []
    for t in np.linspace(0, 1, max(2, round(length / step))):
        path.append((x, y, width[0] + (width[1] - width[0]) * float(t)))
        turn = 0.8 * turn + bend * rng.standard_normal()
        direction += turn
        x, y = x + step * np.cos(direction), y + step * np.sin(direction)
    return path


class Canvas:
    """Skin under the lens, on which pigments and highlights are drawn."""

    def __init__(self, seed: int, skin: tuple[int, int, int] = (236, 200, 182)) -> None:
        self.rng = np.random.default_rng(seed)
        self._light = np.ones((HEIGHT, WIDTH, 3)) * np.array(skin) / 255
        self._density = np.zeros((HEIGHT, WIDTH, 3))
        self._draw_skin()

    def stain(self, pigment: tuple[float, float, float], amount: Field) -> None:
        """Add a pigment to the skin."""
        self._density += np.maximum(amount, 0)[..., None] * np.array(pigment)

    def clear(self, amount: Field) -> None:
        """Remove a share of all pigment, 0 to 1."""
        self._density *= 1 - np.clip(amount, 0, 1)[..., None]

    def veil(self, colour: tuple[int, int, int], cover: Field) -> None:
        """Cover a share of each pixel, 0 to 1, with a colour."""
        cover = np.clip(cover, 0, 1)[..., None]
        self._light = self._colour() * (1 - cover) + np.array(colour) / 255 * cover
        self._density = np.zeros_like(self._density)

    def hairs(self, count: int, colour: tuple[int, int, int] = (58, 42, 36)) -> None:
        """Draw a few hairs across the picture, each with its shadow on the skin."""
        rng = self.rng
        paths = []
        for _ in range(count):
            start = (rng.uniform(-20, WIDTH), rng.uniform(-20, HEIGHT), rng.uniform(-0.5, 1.1))
            paths.append(wander(rng, start, (rng.uniform(2.6, 3.6), 1.0), rng.uniform(260, 640), 0.012))
        hair = strokes(paths, 0.5)
        self.stain(MELANIN, 0.13 * blur(np.roll(hair, (4, 3), (0, 1)), 3))
        self.veil(colour, 0.93 * hair)

    def glare(self, spots: int) -> None:
        """Draw small highlights, like reflections of lamps on gel."""
        rng = self.rng
        paths = []
        for _ in range(spots):
            x, y = rng.uniform(60, WIDTH - 60), rng.uniform(60, HEIGHT - 60)
            paths.append(wander(rng, (x, y, rng.uniform(0, 6)), (rng.uniform(2, 5), 1.0), rng.uniform(6, 18), 0.2))
        self.veil((255, 252, 246), 0.9 * strokes(paths, 1.1))

    def ruler(self) -> None:
        """Draw the ticks of a millimetre scale along the lower edge."""
        left, spacing, base = 70, 19.0, HEIGHT - 26.0
        ticks = [
            [(left + k * spacing, base, 1.7), (left + k * spacing, base - (22 if k % 5 == 0 else 12), 1.7)]
            for k in range(41)
        ]
        self.veil((38, 34, 36), 0.85 * strokes([*ticks, [(left, base, 1.7), (left + 40 * spacing, base, 1.7)]], 0.4))

    def picture(self) -> Image.Image:
        """Return the finished picture as a camera would take it: vignetted, slightly soft, with a little noise."""
        far = np.hypot((X - WIDTH / 2) / WIDTH, (Y - HEIGHT / 2) / HEIGHT)
        colour = self._colour() * (1.03 - 0.42 * far[..., None] ** 2.2)
        colour = np.stack([blur(colour[..., k], 0.55) for k in range(3)], axis=-1) * 255
        colour += 0.9 * self.rng.standard_normal((HEIGHT, WIDTH, 1))
        return Image.fromarray(np.clip(np.rint(colour), 0, 255).astype(np.uint8))

    def _colour(self) -> Field:
        colour: Field = self._light * np.exp(-self._density)
        return colour

    def _draw_skin(self) -> None:
        rng = self.rng
        self.stain(MELANIN, 0.04 + 0.022 * clouds(rng, 300) + 0.010 * noise(rng, 10))
        self.stain(BLOOD, 0.04 + 0.020 * clouds(rng, 220) + 0.008 * noise(rng, 5))
        for size, depth in ((46, 0.034), (21, 0.022)):
            furrow = cells(rng, size, 0.9, 0.3)
            lines = smoothstep(0.11 * size, 0, furrow.border) * (1 + 0.4 * noise(rng, 60))
            self.stain(BLOOD, 0.7 * depth * lines)
            self.stain(MELANIN, depth * (0.5 * lines + 0.3 * furrow.value))
        pore = cells(rng, 62, 0.9)
        self.stain(MELANIN, 0.055 * smoothstep(5.5, 1.5, pore.centre) * (pore.value > 0.35))
