"""Draw the sample images in resources/samples: `python scripts/draw_samples.py`.

They are drawings of patterns that dermoscopy books describe, composed from noise by a seeded generator. No image of any person
went into them, and a model's answers to them mean nothing. The same script always draws the same pixels.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL.PngImagePlugin import PngInfo

from brushes import (
    BLOOD,
    DARK_BLOOD,
    DEEP_MELANIN,
    KERATIN,
    MELANIN,
    Canvas,
    X,
    Y,
    blur,
    cells,
    clouds,
    noise,
    shape,
    smoothstep,
    strokes,
    wander,
)

if TYPE_CHECKING:
    from collections.abc import Callable


SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"
MIN_VESSEL = 1.8  # pixels: a thinner one has no branches
DESCRIPTION = "Synthetic drawing by the LesionLens project, not a patient"


def pigment_network() -> Canvas:
    """A brown oval with a regular network that thins out towards the edge."""
    canvas = Canvas(11)
    rng = canvas.rng
    edge = shape(rng, (450, 335), (258, 196), 0.25, 13)
    inside = smoothstep(8, -95, edge)
    canvas.stain(MELANIN, 0.30 * smoothstep(22, -70, edge) + inside * (0.30 + 0.10 * clouds(rng, 110)))
    mesh = cells(rng, 19, 0.75, 0.35)
    thick = 3.6 + 0.9 * noise(rng, 50)
    line = smoothstep(1.0, 0.1, (mesh.border - 0.22 * np.maximum(0, mesh.centre - 6)) / thick)  # round the corners
    canvas.stain(MELANIN, (0.60 + 0.16 * noise(rng, 40)) * line * smoothstep(34, -45, edge))
    canvas.stain(MELANIN, 0.42 * smoothstep(90, 0, np.hypot((X - 430) / 1.5, Y - 325) + 10 * noise(rng, 40)))
    dots = cells(rng, 27, 0.9)
    canvas.stain(MELANIN, 0.8 * smoothstep(4.6, 2.4, dots.centre) * (dots.value > 0.86) * smoothstep(-30, -80, edge))
    canvas.hairs(4)
    canvas.glare(3)
    return canvas


def globules() -> Canvas:
    """A round lesion made of brown globules, like cobblestones."""
    canvas = Canvas(23, (238, 202, 182))
    rng = canvas.rng
    edge = shape(rng, (455, 340), (228, 205), 0.9, 12)
    inside = smoothstep(14, -60, edge)
    canvas.stain(MELANIN, inside * (0.34 + 0.08 * clouds(rng, 90)))
    stones = cells(rng, 25, 0.85, 0.3)
    out = 0.45 * stones.out + 0.55 * stones.centre / 13 + 0.16 * (0.5 - stones.value) + 0.02 * noise(rng, 9)
    stone = smoothstep(0.86, 0.58, out)
    kept = smoothstep(26, 0, edge + 22 * (stones.value - 0.5))
    canvas.stain(MELANIN, (0.55 + 0.45 * stones.value) * stone * kept)
    canvas.stain(DEEP_MELANIN, 0.22 * stone * kept * (stones.value > 0.72))
    canvas.stain(BLOOD, 0.10 * smoothstep(70, -20, edge))
    canvas.hairs(3)
    canvas.glare(4)
    return canvas


def blue_white_veil() -> Canvas:
    """An asymmetric lesion of many colours with a blue-white veil, black blotches, streaks and a pale zone."""
    canvas = Canvas(37, (234, 196, 178))
    rng = canvas.rng
    edge = shape(rng, (440, 340), (268, 190), -0.35, 27)
    inside = smoothstep(10, -26, edge)
    canvas.stain(BLOOD, 0.16 * smoothstep(70, -10, edge))
    canvas.stain(MELANIN, inside * (0.72 + 0.26 * clouds(rng, 120)))
    mesh = cells(rng, 24, 0.95, 0.5)
    line = smoothstep(1.0, 0.1, mesh.border / (4.8 + 1.8 * noise(rng, 40)))
    canvas.stain(MELANIN, 0.62 * line * inside * smoothstep(-0.6, 0.7, clouds(rng, 160)))
    streaks = []
    for angle in np.arange(-0.35, 1.45, 0.15):
        u, v = 232 * np.cos(angle), 164 * np.sin(angle)
        x, y = 440 + u * np.cos(-0.35) - v * np.sin(-0.35), 340 + u * np.sin(-0.35) + v * np.cos(-0.35)
        out = np.arctan2(y - 340, x - 440) + 0.25 * rng.standard_normal()
        streaks.append(wander(rng, (x, y, out), (11, rng.uniform(4, 8)), rng.uniform(45, 85), 0.05))
    canvas.stain(MELANIN, 0.70 * strokes(streaks, 3.2) * smoothstep(42, 8, edge))
    dots = cells(rng, 21, 0.95)
    canvas.stain(MELANIN, 1.5 * smoothstep(5.5, 2.5, dots.centre) * (dots.value > 0.78) * smoothstep(12, -8, edge))
    blotch = smoothstep(75, 25, np.hypot(X - 545, (Y - 375) * 1.25) + 24 * clouds(rng, 70))
    canvas.stain(MELANIN, 1.5 * blotch * inside)
    pale = smoothstep(105, 15, np.hypot((X - 270) / 1.15, Y - 320) + 24 * clouds(rng, 60)) * inside
    canvas.clear(0.62 * pale)
    veil = smoothstep(120, 35, np.hypot((X - 415) / 1.2, Y - 335) + 26 * clouds(rng, 110)) * inside
    canvas.stain(DEEP_MELANIN, 0.75 * veil)
    canvas.veil((138, 158, 190), veil * (0.42 + 0.16 * clouds(rng, 44) + 0.05 * noise(rng, 7)))
    pepper = cells(rng, 13, 0.95)
    canvas.stain(DEEP_MELANIN, 0.5 * smoothstep(2.6, 1.0, pepper.centre) * (pepper.value > 0.5) * pale)
    canvas.hairs(5)
    canvas.glare(4)
    return canvas


def milia_like_cysts() -> Canvas:
    """A sharply bordered, waxy brown plaque with pale cysts, dark openings and fissures."""
    canvas = Canvas(41, (238, 203, 185))
    rng = canvas.rng
    edge = shape(rng, (450, 338), (272, 205), 0.1, 17)
    inside = smoothstep(5, -7, edge)
    canvas.stain(MELANIN, inside * (0.40 + 0.12 * clouds(rng, 140) + 0.05 * noise(rng, 12)))
    canvas.stain(KERATIN, inside * (0.26 + 0.12 * clouds(rng, 90)))
    canvas.stain(MELANIN, 0.22 * smoothstep(-22, -2, edge) * inside)
    ridges = cells(rng, 52, 0.95, 0.7)
    fissure = smoothstep(7, 0.5, ridges.border + 2.0 * noise(rng, 16)) * smoothstep(-0.4, 0.9, noise(rng, 80))
    canvas.stain(MELANIN, (0.42 * fissure + 0.12 * smoothstep(0.5, 1.0, ridges.out)) * inside)
    openings = cells(rng, 66, 0.95)
    plug = smoothstep(1.0, 0.55, openings.centre / (6 + 7 * openings.value) + 0.14 * noise(rng, 10))
    canvas.stain(MELANIN, 1.05 * plug * (openings.value > 0.42) * smoothstep(-14, -30, edge))
    canvas.stain(KERATIN, 0.6 * plug * (openings.value > 0.42) * smoothstep(-14, -30, edge))
    cysts = cells(rng, 48, 0.95)
    chosen = (cysts.value > 0.5) * smoothstep(-18, -36, edge) * (1 - plug)
    size = 3.5 + 8 * (cysts.value - 0.5)
    canvas.veil((252, 240, 214), 0.26 * smoothstep(2.8, 0.6, cysts.centre / size) * chosen)
    canvas.veil((255, 250, 232), 0.72 * smoothstep(1.15, 0.35, cysts.centre / size) * chosen)
    canvas.hairs(2)
    canvas.glare(6)
    return canvas


def arborising_vessels() -> Canvas:
    """A pearly pink nodule with vessels that branch like trees, blue-grey nests and a small erosion."""
    canvas = Canvas(59, (240, 205, 190))
    rng = canvas.rng
    edge = shape(rng, (452, 335), (240, 182), -0.15, 17)
    inside = smoothstep(12, -30, edge)
    canvas.stain(BLOOD, 0.15 * smoothstep(55, -30, edge) * (1 + 0.3 * clouds(rng, 90)))
    canvas.veil((246, 222, 212), inside * (0.34 + 0.14 * clouds(rng, 110)))
    for x, y, radius, amount in ((330, 400, 34, 0.62), (385, 442, 22, 0.5), (292, 345, 19, 0.55), (560, 430, 26, 0.45)):
        nest = smoothstep(1.1, 0.35, np.hypot((X - x) / 1.35, Y - y) / radius + 0.16 * clouds(rng, 40))
        canvas.stain(DEEP_MELANIN, amount * nest)
    leaves = [
        wander(rng, (618 + 10 * np.cos(a), 352 + 10 * np.sin(a), a), (15, 9), 42, 0.02)
        for a in np.arange(-1.0, 1.3, 0.5)
    ]
    canvas.stain(MELANIN, 0.42 * strokes(leaves, 2.5) * inside)
    canvas.stain(DEEP_MELANIN, 0.25 * strokes(leaves, 2.5) * inside)
    for start, width, length in (
        ((640, 190, 2.45), 8.5, 330),
        ((255, 250, 0.55), 7.0, 290),
        ((520, 505, -1.75), 6.5, 240),
        ((690, 300, 2.9), 5.5, 210),
    ):
        tree = branch(rng, start, width, length)
        canvas.stain(BLOOD, 0.14 * strokes(tree, 5.0) * inside)
        canvas.stain(BLOOD, 0.95 * strokes(tree, 0.7) * smoothstep(6, -40, edge))
        canvas.stain(DARK_BLOOD, 0.22 * strokes(tree, 0.7) * smoothstep(6, -40, edge))
    erosion = smoothstep(1.1, 0.5, np.hypot((X - 478) / 1.3, Y - 350) / 26 + 0.22 * clouds(rng, 30))
    canvas.stain(BLOOD, 0.50 * erosion)
    canvas.stain(KERATIN, 0.30 * erosion)
    canvas.stain(MELANIN, 0.42 * smoothstep(0.45, 0.9, erosion) * (0.6 + 0.4 * noise(rng, 12)))
    canvas.glare(7)
    return canvas


def branch(
    rng: np.random.Generator, start: tuple[float, float, float], width: float, length: float
) -> list[list[tuple[float, float, float]]]:
    """Return the paths of a vessel and of all its branches."""
    trunk = wander(rng, start, (width, 0.4 * width), length, 0.06)
    paths = [trunk]
    if width > MIN_VESSEL:
        for at in np.sort(rng.uniform(0.15, 0.9, 4)):
            (x0, y0, _), (x, y, here) = trunk[int(at * (len(trunk) - 2))], trunk[int(at * (len(trunk) - 2)) + 1]
            away = np.arctan2(y - y0, x - x0) + rng.choice((-1, 1)) * rng.uniform(0.4, 0.95)
            paths += branch(rng, (x, y, away), 0.56 * here, length * rng.uniform(0.3, 0.5))
    return paths


def red_lacunae() -> Canvas:
    """A cluster of red and purple lakes with pale septa between them."""
    canvas = Canvas(67, (238, 202, 184))
    rng = canvas.rng
    edge = shape(rng, (450, 338), (205, 176), 0.5, 12)
    inside = smoothstep(10, -16, edge)
    canvas.stain(BLOOD, 0.16 * smoothstep(80, -10, edge))
    canvas.stain(BLOOD, inside * (0.42 + 0.10 * clouds(rng, 80)))
    lakes = cells(rng, 54, 0.85, 0.35)
    out = 0.65 * lakes.out + 0.35 * lakes.centre / 27 + 0.05 * noise(rng, 18) + 0.10 * (0.5 - lakes.value)
    lake = smoothstep(0.84, 0.66, out) * smoothstep(20, -4, edge + 26 * (lakes.value - 0.4))
    canvas.stain(BLOOD, (0.70 + 0.55 * lakes.value) * lake)
    canvas.stain(DARK_BLOOD, 0.60 * smoothstep(0.35, 0.95, lakes.value) * lake * smoothstep(32, 6, lakes.centre))
    canvas.veil((240, 204, 200), 0.34 * inside * smoothstep(0.80, 0.98, out) * (1 + 0.4 * noise(rng, 40)))
    canvas.veil((255, 226, 224), 0.16 * lake * smoothstep(20, 4, lakes.centre) * (lakes.value < 0.5))
    canvas.hairs(3)
    canvas.glare(6)
    return canvas


def central_white_patch() -> Canvas:
    """A small firm lesion with a pale scar in the middle and a delicate network around it."""
    canvas = Canvas(73, (235, 197, 177))
    rng = canvas.rng
    edge = shape(rng, (448, 338), (236, 204), 0.3, 12)
    ring = smoothstep(26, -60, edge)
    canvas.stain(MELANIN, ring * (0.26 + 0.06 * clouds(rng, 100)))
    canvas.stain(BLOOD, 0.10 * ring)
    mesh = cells(rng, 15, 0.7, 0.35)
    line = smoothstep(1.0, 0.1, (mesh.border - 0.22 * np.maximum(0, mesh.centre - 5)) / (2.7 + 0.7 * noise(rng, 40)))
    canvas.stain(MELANIN, 0.48 * line * smoothstep(30, -40, edge) * (1 + 0.25 * noise(rng, 60)))
    scar = smoothstep(1.25, 0.5, np.hypot((X - 455) / 1.15, Y - 330) / 92 + 0.15 * clouds(rng, 70))
    canvas.veil((244, 222, 208), scar * (0.80 + 0.06 * clouds(rng, 40)))
    shiny = [
        wander(
            rng,
            (rng.uniform(395, 515), rng.uniform(280, 385), rng.choice((0.35, 1.9))),
            (3.0, 1.5),
            rng.uniform(28, 55),
            0.0,
        )
        for _ in range(16)
    ]
    canvas.veil((255, 246, 238), 0.55 * strokes(shiny, 0.9) * scar)
    canvas.stain(BLOOD, 0.10 * blur(scar, 6) * smoothstep(0.2, 1.2, clouds(rng, 26)))
    canvas.hairs(4)
    canvas.ruler()
    return canvas


def strawberry_pattern() -> Canvas:
    """A scaly pink patch: red between the hair follicles, each a pale spot with a yellow plug."""
    canvas = Canvas(89, (238, 198, 182))
    rng = canvas.rng
    edge = shape(rng, (450, 338), (300, 222), 0.15, 22)
    inside = smoothstep(45, -70, edge)
    canvas.stain(BLOOD, inside * (0.46 + 0.13 * clouds(rng, 90)))
    fine = [
        wander(
            rng,
            (rng.uniform(160, 740), rng.uniform(120, 560), rng.uniform(0, 6.3)),
            (2.2, 1.2),
            rng.uniform(18, 48),
            0.30,
        )
        for _ in range(230)
    ]
    follicles = cells(rng, 47, 0.8, 0.3)
    chosen = (follicles.value > 0.25) * inside
    halo = smoothstep(1.25, 0.55, follicles.centre / (8 + 9 * follicles.value) + 0.10 * noise(rng, 9)) * chosen
    canvas.stain(BLOOD, 0.34 * strokes(fine, 0.9) * inside * (1 - halo))
    canvas.clear(0.60 * halo)
    canvas.veil((246, 222, 202), 0.34 * halo)
    plug = smoothstep(1.0, 0.2, follicles.centre / (3 + 5 * follicles.value)) * chosen
    canvas.stain(KERATIN, 0.55 * plug)
    canvas.stain(MELANIN, 0.16 * plug)
    scale = smoothstep(0.9, 1.9, clouds(rng, 42)) * smoothstep(0, -60, edge)
    canvas.veil((250, 240, 226), 0.50 * scale)
    canvas.hairs(3, (120, 92, 70))
    canvas.glare(5)
    return canvas


DRAWINGS: tuple[Callable[[], Canvas], ...] = (
    pigment_network,
    globules,
    blue_white_veil,
    milia_like_cysts,
    arborising_vessels,
    red_lacunae,
    central_white_patch,
    strawberry_pattern,
)


def file_of(draw: Callable[[], Canvas]) -> Path:
    """Return the path of a drawing: `synthetic-<number>-<name>.png`."""
    return SAMPLES / f"synthetic-{DRAWINGS.index(draw) + 1}-{draw.__name__.replace('_', '-')}.png"


def main() -> None:
    """Draw every sample into resources/samples."""
    note = PngInfo()
    note.add_text("Description", DESCRIPTION)
    for draw in DRAWINGS:
        file = file_of(draw)
        draw().picture().save(file, optimize=True, pnginfo=note)
        print(f"{file.name}  {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
