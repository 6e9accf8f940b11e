"""Drawn images for tests of judging: a picture of its own for each seed, in the colour that the test model goes by."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image


def blotches(seed: int, size: tuple[int, int] = (160, 120), colour: Sequence[float] = (150, 110, 100)) -> Image.Image:
    """Draw soft blotches about a mean colour; another seed gives another picture."""
    random = np.random.default_rng(seed)
    coarse = np.array(colour) + random.normal(0, 45, (9, 12, 1)) + random.normal(0, 8, (9, 12, 3))
    return Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def draw_blotches(path: Path, seed: int, colour: Sequence[float] = (150, 110, 100)) -> Path:
    """Draw such a picture into a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blotches(seed, colour=colour).save(path)
    return path
