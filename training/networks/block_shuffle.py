"""Shuffling by block, for images that exceed the memory: the disk is read in whole blocks, not image by image.

An epoch draws blocks of consecutive images into windows and shows one window after the other, each in random order. A window
lies in the operating system's file cache, where the augmentation workers find it, while the next one is read.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from desktop.core.ctrl_c import ctrl_c_later

BLOCK = 64
"""Images that are read together: 7 MB at 192 pixels, so that a spinning disk reads for longer than it seeks."""

WINDOW = 8192
"""Images of a window, unless `--window` says otherwise: 128 blocks, 0.9 GB at 192 pixels, in the cache twice."""


class Windows:
    """The windows of one epoch over `images` images in all, with `window` images each, in whole blocks."""

    def __init__(self, epoch: int, images: int, window: int, random: np.random.Generator) -> None:
        self.epoch = epoch
        blocks = -(-images // BLOCK)
        self._of_block = np.empty(blocks, np.int64)
        self._of_block[random.permutation(blocks)] = np.arange(blocks) // max(1, window // BLOCK)

    def ordered(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return rows window by window, those of each in their order here."""
        return rows[np.argsort(self._of_block[rows // BLOCK], kind="stable")]

    def of(self, rows: NDArray[np.int64]) -> list[int]:
        """Return the windows of these rows, and the one that follows."""
        found = np.unique(self._of_block[rows // BLOCK])
        return [*found.tolist(), int(found[-1]) + 1]

    def blocks(self, window: int) -> NDArray[np.int64]:
        """Return the blocks of a window in the order of the file."""
        return np.flatnonzero(self._of_block == window)


class BlockReader:
    """Reads windows of an array file into the operating system's file cache, ahead of their use."""

    def __init__(self, array: Path) -> None:
        images = np.load(array, mmap_mode="r")
        self._array = array
        self._start = images.offset
        self._size = BLOCK * images[:1].nbytes
        self._thread = ThreadPoolExecutor(1)
        self._begun: dict[tuple[int, int], Future[int]] = {}

    def bring(self, windows: Windows, rows: NDArray[np.int64]) -> None:
        """Wait until the windows of these rows are read, and begin with the one that follows.

        Raises:
            OSError: the file cannot be read.
        """
        needed = [(windows.epoch, window) for window in windows.of(rows)]
        with ctrl_c_later():
            self._begun = {
                key: self._begun.get(key) or self._thread.submit(self.read, windows.blocks(key[1])) for key in needed
            }
            for key in needed[:-1]:
                self._begun[key].result()

    def read(self, blocks: NDArray[np.int64]) -> int:
        """Read blocks in their order; return the number of bytes."""
        total, buffer = 0, memoryview(bytearray(self._size))
        with self._array.open("rb", buffering=0) as file:
            for block in blocks.tolist():
                file.seek(self._start + block * self._size)
                done = 0
                while got := file.readinto(buffer[done:]):
                    done += got
                total += done
        return total

    def close(self) -> None:
        """End the reading after the block that is being read."""
        self._thread.shutdown(cancel_futures=True)


def window_for(array: Path) -> int:
    """Return the window that the training images of a file need: 0, all of them, if they fit into this machine's memory."""
    return WINDOW if array.stat().st_size > psutil.virtual_memory().total else 0
