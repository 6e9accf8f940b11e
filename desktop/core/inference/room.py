"""Memory for decoding, shared by the threads that decode: who finds no room waits for the others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

# A large image in one block is a mapping of its own, which the system has back when the image goes. In Pillow's blocks of
# 16 MB it comes from glibc's heap of the thread, which keeps it: two threads kept 1.1 GB where they now keep 0.6.
# (PILLOW_BLOCK_SIZE, which Pillow documents, must be set before anything loads Pillow.)
Image.core.set_block_size(128 * 2**20)  # type: ignore[attr-defined]

PIXELS_A_WORKER = 15_000_000
"""Pixels being decoded for each thread. One RGBA PNG of 24 megapixels takes 500 MB while it is decoded, converted and laid
over white (docs/performance.md): on two threads one such file has room at a time, and two of 15 megapixels."""


class Room:
    """Room for so many pixels at a time; an image that is larger than all of it is let in alone."""

    def __init__(self, pixels: int) -> None:
        self._all = self._free = pixels
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Wait until there is room for an image, and hold it while the block runs."""
        needed = min(pixels, self._all)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= needed)
            self._free -= needed
        try:
            yield
        finally:
            with self._changed:
                self._free += needed
                self._changed.notify_all()
