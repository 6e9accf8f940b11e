"""What an epoch shows, drawn ahead of the training by other processes: drawing beside it would take its processors away.

A drawing follows from seed, epoch and place alone, whoever draws it and when. This module imports neither Keras nor a back
end, so that a process that draws starts at once.
"""

import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.networks.dermoscopy_augmentation import augmented
from training.networks.paper_augmentation import random_transform
from training.run.config import Config

_NOISE = 1
"""The stream of random numbers that moves and colours images, beside those of `batches` and `fit`."""

_FEWEST = 1024
"""Images of an epoch from which on processes pay: they take about a second to start."""


@dataclass(frozen=True)
class BatchRequest:
    """A batch to be drawn: its number in the epoch, the first of its places, and the rows that it shows."""

    epoch: int
    index: int
    first: int
    rows: tuple[int, ...]


class AugmentationWorkers:
    """Draws batches from an array of images, in as many processes as there are processors where that pays."""

    def __init__(self, array: Path, config: Config, images: int) -> None:
        """Start the processes.

        Args:
            array: the file of the images, uint8 [n, size, size, 3].
            config: says how they are drawn; its `input_size` is the size of the array's images.
            images: how many an epoch shows.
        """
        self._array = array
        self._config = config
        self._pool = (
            ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin, (array, config))
            if images >= _FEWEST and config.augmentation == "dermoscopy"
            else None
        )

    def augment(self, batches: Sequence[BatchRequest]) -> list[NDArray[np.float32] | NDArray[np.uint8]]:
        """Return the pixels of each batch, [n, size, size, 3] from 0 to 255."""
        if self._pool:
            return list(self._pool.map(_augmented_here, batches))
        images = np.load(self._array, mmap_mode="r")
        return [augmented_batch(images, batch, self._config) for batch in batches]

    def close(self) -> None:
        """End the processes; what they have not drawn yet is not waited for."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def augmented_batch(
    images: NDArray[np.uint8], batch: BatchRequest, config: Config
) -> NDArray[np.float32] | NDArray[np.uint8]:
    """Return the pixels of one batch, [n, size, size, 3] from 0 to 255; a row that is shown twice differs, too."""
    if config.augmentation == "paper":
        random = np.random.default_rng((config.seed, batch.epoch, _NOISE, batch.index))
        return np.stack([random_transform(random, config).apply(images[row].astype(np.float32)) for row in batch.rows])
    return np.stack(
        [
            augmented(images[row], np.random.default_rng((config.seed, batch.epoch, _NOISE, place, row)), config)
            for place, row in enumerate(batch.rows, batch.first)
        ]
    )


def write_reduced(source: Path, target: Path, size: int) -> None:
    """Write the images of an array reduced to `size`, whole or not at all."""
    images = np.load(source, mmap_mode="r")
    part = target.with_name(f"part-{target.name}")
    reduced = np.lib.format.open_memmap(part, "w+", np.uint8, (len(images), size, size, 3))
    for row, pixels in enumerate(images):
        reduced[row] = Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS)
    reduced.flush()
    part.replace(target)


_source: tuple[NDArray[np.uint8], Config] | None = None


def _begin(array: Path, config: Config) -> None:
    global _source  # noqa: PLW0603 - what a process draws from is opened once
    _source = np.load(array, mmap_mode="r"), config
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches every process; the training ends those that draw
    threading.Thread(target=_end_with_training, daemon=True).start()


def _end_with_training() -> None:
    """End this process when the training is gone, however it ended: a process that waits for work would not notice."""
    if training := parent_process():
        training.join()
        os._exit(0)


def _augmented_here(batch: BatchRequest) -> NDArray[np.float32] | NDArray[np.uint8]:
    if _source is None:
        raise RuntimeError("a process draws before it has begun")
    images, config = _source
    return augmented_batch(images, batch, config)
