"""The batches of one epoch. Order and noise follow from seed and epoch alone, so a resumed run repeats them."""

import math
import os

import keras
import numpy as np
from numpy.typing import NDArray

from training.networks.augment import draw
from training.networks.dermoscopy import augmented
from training.networks.sampling import Sampler
from training.run.config import Config

_ORDER, _NOISE, _MIX = 0, 1, 4
"""What a stream of random numbers is for: part of its seed, so that no two uses share one."""

_MOST_WORKERS = 8
"""Threads that augment ahead of the training: Pillow lets them work beside each other."""

Targets = NDArray[np.int64] | NDArray[np.float32]


def targets(labels: NDArray[np.int64], count: int, config: Config) -> Targets:
    """Return what a network of `count` labels is to answer: label indices, or rows of shares where labels are mixed."""
    return np.eye(count, dtype=np.float32)[labels] if config.mixes_labels else labels


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """The shuffled, augmented batches of epoch number `epoch`: float32 pixels 0..255 and targets."""

    def __init__(
        self, images: NDArray[np.uint8], labels: Targets, config: Config, epoch: int, sampler: Sampler
    ) -> None:
        is_ahead = config.augmentation == "dermoscopy"
        super().__init__(workers=min(_MOST_WORKERS, os.cpu_count() or 1) if is_ahead else 1)
        self._images = images
        self._labels = labels
        self._config = config
        self._epoch = epoch
        self._order = sampler.epoch(epoch, config.seed, _ORDER)

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._config.batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], Targets]:
        size = self._config.batch_size
        places = range(index * size, min((index + 1) * size, len(self._order)))
        chosen = self._order[places.start : places.stop]
        if self._config.augmentation == "paper":
            random = np.random.default_rng((self._config.seed, self._epoch, _NOISE, index))
            images = [draw(random, self._config).apply(self._images[row].astype(np.float32)) for row in chosen]
        else:
            images = [self._augmented(place, int(row)) for place, row in zip(places, chosen, strict=True)]
        return self._mixed(np.stack(images), self._labels[chosen], index)

    def _augmented(self, place: int, row: int) -> NDArray[np.float32]:
        """Return the image of a row as it is shown at a place of the epoch: a row shown twice differs, too."""
        random = np.random.default_rng((self._config.seed, self._epoch, _NOISE, place, row))
        return augmented(self._images[row], random, self._config)

    def _mixed(self, images: NDArray[np.float32], labels: Targets, index: int) -> tuple[NDArray[np.float32], Targets]:
        """Spread the targets over labels: by smoothing, and by mixup of each image with another of its batch."""
        if self._config.label_smoothing:
            smoothing = np.float32(self._config.label_smoothing)
            labels = (labels * (1 - smoothing) + smoothing / labels.shape[1]).astype(np.float32)
        if self._config.mixup:
            random = np.random.default_rng((self._config.seed, self._epoch, _MIX, index))
            shares = random.beta(self._config.mixup, self._config.mixup, len(images)).astype(np.float32)
            shares = np.maximum(shares, 1 - shares)  # the image stays the larger part of itself
            others = random.permutation(len(images))
            at = shares[:, None, None, None]
            images = at * images + (1 - at) * images[others]
            labels = (shares[:, None] * labels + (1 - shares[:, None]) * labels[others]).astype(np.float32)
        return images, labels


class PlainBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """Images in their own order and as they are, in batches."""

    def __init__(self, images: NDArray[np.uint8], labels: Targets, batch_size: int) -> None:
        super().__init__()
        self._images = images
        self._labels = labels
        self._size = batch_size

    def __len__(self) -> int:
        return math.ceil(len(self._labels) / self._size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], Targets]:
        chosen = slice(index * self._size, (index + 1) * self._size)
        return self._images[chosen].astype(np.float32), self._labels[chosen]
