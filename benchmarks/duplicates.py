"""Time and memory of finding copies among many pictures, as the audit of a training does before it splits them.

    python benchmarks/duplicates.py [--images 100000]

The pictures are drawn from random low frequencies; every hundredth is a copy with noise of another one. A fourth, half and
all of them are searched, each in a process of its own. What a search costs divides into a share that grows with the number of
pictures (views, keys of the index) and one that grows with its square (candidates): the three times give both, and with them
what ten times as many would take.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import in_own_process, machine, measure, tell
from desktop.core.image_copies.duplicates import pairs_of_copies
from desktop.core.image_copies.hashes import THUMBNAIL, picture_hash

_LOW = 8
_BLOCK = 1000
_NOISE = 3
_COPIES = 100


def pictures(count: int, seed: int = 1) -> NDArray[np.uint8]:
    """Return thumbnails [count, THUMBNAIL, THUMBNAIL, 3], the last of each block copies of its first."""
    chance = np.random.default_rng(seed)
    places, waves = np.arange(THUMBNAIL), np.arange(_LOW)
    cosines = np.cos(np.pi / THUMBNAIL * (places[:, None] + 0.5) * waves)
    weights = 1 / (1 + waves[:, None] + waves)
    drawn = np.empty((count, THUMBNAIL, THUMBNAIL, 3), np.uint8)
    for first in range(0, count, _BLOCK):
        block = drawn[first : first + _BLOCK]
        grey = cosines @ (chance.normal(size=(len(block), _LOW, _LOW)) * weights) @ cosines.T
        block[:] = (128 + 100 * grey / np.abs(grey).max(axis=(1, 2), keepdims=True))[..., None]
        copies = len(block) // _COPIES
        noise = chance.integers(-_NOISE, _NOISE + 1, block[:copies].shape)
        block[len(block) - copies :] = (block[:copies] + noise).clip(0, 255)
    return drawn


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--search", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.search:
        thumbnails = pictures(options.search)
        hashes = np.array([picture_hash(one) for one in thumbnails], np.uint64)
        tell(measure(lambda: len(thumbnails) if set(pairs_of_copies(hashes, thumbnails)) else 0))
        return 0
    print(machine(["numpy"]))
    counts = [options.images // 4, options.images // 2, options.images]
    seconds = []
    for count in counts:
        found = in_own_process(__file__, "--search", count)
        seconds.append(found.cpu_seconds)
        print(f"{count} pictures: {found.cpu_seconds:.0f} s of a core, {found.peak_mb:.0f} MB at most", flush=True)
    (linear, square), *_ = np.linalg.lstsq(
        np.array([(count, count**2) for count in counts]), np.array(seconds), rcond=None
    )
    many = 10 * options.images
    of_number, of_square = linear * counts[-1], square * counts[-1] ** 2
    print(f"of {options.images}: {of_number:.0f} s grow with their number, {of_square:.0f} s with its square")
    print(f"{many} by this growth, not measured: {(10 * of_number + 100 * of_square) / 60:.0f} minutes of a core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
