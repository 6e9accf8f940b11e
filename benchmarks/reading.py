"""The rate at which prepared images are read from the disk in the order of an epoch: shuffled by block, and image by image.

    python benchmarks/reading.py [FOLDER] [--gigabytes 2] [--size 192] [--window 8192]

writes an array of noise into FOLDER (a folder of the disk that is to be measured; here the system's for temporary files) and
reads it in both orders, in turn, three times. Before each the operating system is asked to forget the file, so that the disk
is read; a disk or host that keeps what it was read once can be faster than one that does not. Linux alone.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measuring import load, machine
from training.networks.block_shuffle import BLOCK, BlockReader, Windows
from training.run.run_folder import new_array

ROUNDS = 3

_TOGETHER = 2048
"""Images that a training asks for together: 64 batches of 32."""


def main() -> None:
    """Write the array, measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(tempfile.gettempdir()), metavar="FOLDER")
    parser.add_argument("--gigabytes", type=float, default=2.0, help="size of the array")
    parser.add_argument("--size", type=int, default=192, help="side of the images in pixels")
    parser.add_argument("--window", type=int, default=8192, help="images of a window")
    options = parser.parse_args()
    print(machine(("numpy",)))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        array = Path(folder) / "train.npy"
        images = _write(array, options.size, options.gigabytes)
        print(f"{images} images of {options.size} pixels, {array.stat().st_size / 1e9:.1f} GB{load('after writing')}")
        print(f"{'round':<8}{'image by image':>20}{'by block':>20}{'times':>8}")
        for number in range(ROUNDS):
            alone = _rate(array, lambda: _image_by_image(array, images))
            blocks = _rate(array, lambda: _by_block(array, images, options.window))
            print(f"{number + 1:<8}{alone:>15.0f} MB/s{blocks:>15.0f} MB/s{blocks / alone:>8.1f}")


def _write(path: Path, size: int, gigabytes: float) -> int:
    images = max(BLOCK, int(gigabytes * 1e9 / (3 * size * size)))
    array = new_array(path, (images, size, size, 3))
    random = np.random.default_rng(0)
    for start in range(0, images, BLOCK):
        part = array[start : start + BLOCK]
        part[:] = np.frombuffer(random.bytes(part.nbytes), np.uint8).reshape(part.shape)
    array.flush()
    return images


def _rate(array: Path, read: Callable[[], int]) -> float:
    """Return the MB of 10^6 bytes that are read from the disk in a second."""
    with array.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    begin = time.perf_counter()
    total = read()
    return total / 1e6 / (time.perf_counter() - begin)


def _image_by_image(array: Path, count: int) -> int:
    images = np.load(array, mmap_mode="r")
    return sum(np.array(images[row]).nbytes for row in np.random.default_rng(1).permutation(count))


def _by_block(array: Path, count: int, window: int) -> int:
    images = np.load(array, mmap_mode="r")
    windows = Windows(0, count, window, np.random.default_rng(2))
    rows = windows.ordered(np.random.default_rng(1).permutation(count))
    reader, total = BlockReader(array), 0
    for start in range(0, count, _TOGETHER):
        group = rows[start : start + _TOGETHER]
        reader.bring(windows, group)
        total += sum(np.array(images[row]).nbytes for row in group)
    reader.close()
    return total


if __name__ == "__main__":
    main()
