"""The batches of one epoch. Order and noise follow from seed, epoch and batch alone, so a resumed run repeats them."""

import math

import keras
import numpy as np
from numpy.typing import NDArray

from training.augment import draw
from training.config import Config
from training.sampling import Sampler

_ORDER, _NOISE = 0, 1
"""What a stream of random numbers is for: part of its seed, so that no two uses share one."""


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """The shuffled, augmented batches of epoch number `epoch`: float32 pixels 0..255 and label indices."""

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[np.int64], config: Config, epoch: int, sampler: Sampler
    ) -> None:
        super().__init__()
        self._images = images
        self._labels = labels
        self._config = config
        self._epoch = epoch
        self._order = sampler.epoch(epoch, config.seed, _ORDER)

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._config.batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        size = self._config.batch_size
        chosen = self._order[index * size : (index + 1) * size]
        random = np.random.default_rng((self._config.seed, self._epoch, _NOISE, index))
        images = [draw(random, self._config).apply(self._images[row].astype(np.float32)) for row in chosen]
        return np.stack(images), self._labels[chosen]


class PlainBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """Images in their own order and as they are, in batches."""

    def __init__(self, images: NDArray[np.uint8], labels: NDArray[np.int64], batch_size: int) -> None:
        super().__init__()
        self._images = images
        self._labels = labels
        self._size = batch_size

    def __len__(self) -> int:
        return math.ceil(len(self._labels) / self._size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        chosen = slice(index * self._size, (index + 1) * self._size)
        return self._images[chosen].astype(np.float32), self._labels[chosen]
