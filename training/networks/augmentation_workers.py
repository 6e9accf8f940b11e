"""Batches augmented ahead of training by worker processes; augmenting during a training step would slow the step down.

The result depends on seed, epoch and position alone, not on the process or the time. This module imports neither Keras nor a
back end, so that workers start quickly.
"""

import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.ctrl_c import ctrl_c_later
from training.networks.block_shuffle import BlockReader, Windows
from training.networks.dermoscopy_augmentation import augmented
from training.networks.paper_augmentation import random_transform
from training.run.config import Config
from training.run.run_folder import new_array

_NOISE = 1
"""The random stream of augmentation; see `batches` for the others."""

_FEWEST = 1024
"""Fewest images of an epoch for which workers pay: they take about a second to start."""


@dataclass(frozen=True)
class BatchRequest:
    """A batch to augment: its number in the epoch, the position of its first image, and the rows of its images.

    `wanted` are those of its images that are needed here.
    """

    epoch: int
    index: int
    first: int
    rows: tuple[int, ...]
    wanted: slice = field(default_factory=lambda: slice(None))


class AugmentationWorkers:
    """Augments batches of an array of images, in one process for each processor if that pays."""

    def __init__(self, array: Path, config: Config, images: int) -> None:
        """Start the processes.

        Args:
            array: the file of the images, uint8 [n, size, size, 3].
            config: the augmentation; its `input_size` is the size of the array's images.
            images: how many an epoch shows.
        """
        self._array = array
        self._config = config
        self._reader = BlockReader(array) if config.window else None
        self._pool = (
            ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin, (array, config))
            if images >= _FEWEST and config.augmentation == "dermoscopy"
            else None
        )

    def bring(self, windows: Windows, rows: NDArray[np.int64]) -> None:
        """Wait until the windows of these rows are read; the settings must have windows."""
        if self._reader:
            self._reader.bring(windows, rows)

    def augment(self, batches: Sequence[BatchRequest]) -> list[NDArray[np.float32] | NDArray[np.uint8]]:
        """Return the augmented pixels of each batch, [n, size, size, 3] from 0 to 255."""
        if self._pool:
            with ctrl_c_later():
                return list(self._pool.map(_augmented_here, batches))
        images = np.load(self._array, mmap_mode="r")
        return [augmented_batch(images, batch, self._config) for batch in batches]

    def close(self) -> None:
        """End the processes without waiting for unfinished work."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        if self._reader:
            self._reader.close()


def augmented_batch(
    images: NDArray[np.uint8], batch: BatchRequest, config: Config
) -> NDArray[np.float32] | NDArray[np.uint8]:
    """Return the augmented pixels of what is wanted of a batch, [n, size, size, 3] from 0 to 255; repeated rows differ, too."""
    rows = list(enumerate(batch.rows, batch.first))
    if config.augmentation == "paper":
        random = np.random.default_rng((config.seed, batch.epoch, _NOISE, batch.index))
        transforms = [
            random_transform(random, config) for _ in rows
        ]  # the numbers of an image follow those of the one before
        return np.stack(
            [
                transform.apply(images[row].astype(np.float32))
                for transform, (_, row) in list(zip(transforms, rows, strict=True))[batch.wanted]
            ]
        )
    return np.stack(
        [
            augmented(images[row], np.random.default_rng((config.seed, batch.epoch, _NOISE, place, row)), config)
            for place, row in rows[batch.wanted]
        ]
    )


def write_reduced(source: Path, target: Path, size: int) -> None:
    """Write the images of an array reduced to `size`; the file appears complete or not at all."""
    images = np.load(source, mmap_mode="r")
    part = target.with_name(f"part-{target.name}")
    reduced = new_array(part, (len(images), size, size, 3))
    for row, pixels in enumerate(images):
        reduced[row] = np.asarray(Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS))
    reduced.flush()
    part.replace(target)


_source: tuple[NDArray[np.uint8], Config] | None = None


def _begin(array: Path, config: Config) -> None:
    global _source  # noqa: PLW0603 - what a process draws from is opened once
    _source = np.load(array, mmap_mode="r"), config
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches every process; the training process ends the workers
    threading.Thread(target=_end_with_training, daemon=True).start()


def _end_with_training() -> None:
    """End this process when the training is gone, however it ended: a process that waits for work would not notice."""
    if training := parent_process():
        training.join()
        os._exit(0)


def _augmented_here(batch: BatchRequest) -> NDArray[np.float32] | NDArray[np.uint8]:
    if _source is None:
        raise RuntimeError("the worker was not initialised")
    images, config = _source
    return augmented_batch(images, batch, config)
