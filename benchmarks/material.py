"""The benchmarks' inputs: many image files made from a few, and the shipped model."""

import itertools
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.paths import SAMPLES

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "fullres"
"""Unedited dermatoscope images, 767 x 576 to 2048 x 1536 pixels, if a developer has them; they are not committed."""

DRAWN = ROOT / "build" / "drawn"
"""The project's samples, saved as cameras save images; the samples themselves are never saved by the window."""


def sources() -> list[Path]:
    """Return the image files to copy: the real ones, or if there are none the project's samples, saved as JPEG."""
    if REAL.is_dir():
        return images_of(REAL)
    DRAWN.mkdir(parents=True, exist_ok=True)
    for sample in images_of(SAMPLES):
        with Image.open(sample) as image:
            image.convert("RGB").save(DRAWN / f"{sample.stem}.jpg", quality=92)
    return images_of(DRAWN)


def images_of(folder: Path) -> list[Path]:
    """Return the image files in a folder."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in EXTENSIONS)


def described(paths: list[Path]) -> str:
    """Return a description of the files."""
    kind = {REAL: "dermatoscope images", DRAWN: "drawn samples"}.get(paths[0].parent.resolve(), "images")
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    return f"{len(paths)} {kind}, {megabytes:.1f} MB"


def copies(folder: Path, count: int, originals: list[Path]) -> list[Path]:
    """Write `count` copies under other names into a folder, the originals in turn; return them sorted."""
    folder.mkdir(parents=True)
    named = zip(range(count), itertools.cycle(originals), strict=False)
    return [Path(shutil.copyfile(path, folder / f"{number:06}{path.suffix}")) for number, path in named]


def large_jpegs(folder: Path, count: int) -> list[Path]:
    """Write JPEGs of 6000 x 4000 pixels: an enlarged original with sensor noise, as a camera would save it."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, original in zip(range(count), itertools.cycle(sources()), strict=False):
        with Image.open(original) as image:
            enlarged = np.asarray(image.convert("RGB").resize((6000, 4000), Image.Resampling.BICUBIC), np.int16)
        noise = np.random.default_rng(number).normal(0, 5, (4000, 6000, 1)).astype(np.int16)
        path = folder / f"{number:06}.jpg"
        Image.fromarray(np.clip(enlarged + noise, 0, 255).astype(np.uint8)).save(path, quality=92)
        paths.append(path)
    return paths
