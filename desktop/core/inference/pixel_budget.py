"""A memory budget shared by the decoding threads: a thread waits until there is room for its image."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIXELS_A_WORKER = 15_000_000
"""Pixels being decoded for each thread. A PNG of 24 megapixels takes three times its 96 MB while it is decoded, converted
and laid over white (docs/performance.md): on two threads one such file has room at a time, and two of 15 megapixels."""


class PixelBudget:
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
