"""Drawn data folders: every label has its own colour, every image its own position, size and noise."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = (60, 48)
COLOURS = {
    "melanoma": (45, 25, 30),
    "nevus": (150, 95, 60),
    "basal cell carcinoma": (215, 110, 120),
    "Squamous_Cell_Carcinoma": (190, 60, 60),
    "pigmented benign keratosis": (110, 100, 40),
    "seborrheic keratosis": (90, 90, 110),
}


def picture(name: str, seed: int) -> Image.Image:
    """Draw one lesion of the class `name`; another seed gives another lesion."""
    random = np.random.default_rng((seed, sum(name.encode())))
    image = Image.fromarray(random.normal((220, 185, 165), 14, (SIZE[1], SIZE[0], 3)).clip(0, 255).astype(np.uint8))
    x, y = random.integers(15, 45), random.integers(12, 36)
    width, height = random.integers(6, 16, 2)
    red, green, blue = (
        int(value) for value in np.array(COLOURS.get(name, (70, 130, 70))) + random.integers(-12, 12, 3)
    )
    ImageDraw.Draw(image).ellipse((x - width, y - height, x + width, y + height), fill=(red, green, blue))
    return image


def draw(path: Path, name: str, seed: int) -> Path:
    """Draw one lesion into a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(name, seed).save(path)
    return path


def draw_classes(folder: Path, counts: Mapping[str, int], first_seed: int = 0) -> Path:
    """Draw images of each class into `folder/<class>/`; `counts` says how many."""
    for name, count in counts.items():
        for number in range(count):
            draw(folder / name / f"{number:03}.png", name, first_seed + number)
    return folder


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a CSV whose columns are those of its first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
