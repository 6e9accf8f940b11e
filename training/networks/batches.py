"""The batches of one epoch. Order and augmentation depend on seed and epoch alone, so a resumed run repeats them."""

import math

import keras
import numpy as np
from numpy.typing import NDArray

from training.networks.augmentation_workers import AugmentationWorkers, BatchRequest
from training.networks.block_shuffle import Windows
from training.networks.sampling import Sampler
from training.networks.share import WHOLE, Share
from training.run.config import Config

_ORDER, _MIX, _WINDOWS = 0, 4, 7
"""The random streams used here. The stream is part of each seed, so that no two uses share numbers. Others are: 1 in
`augmentation_workers`, 2 in `state`, 3 in `sampling`, 5 in `novelty`, 6 in `outline_data`."""

_AHEAD = 64
"""Batches that are augmented together: about two thousand images."""

Targets = NDArray[np.int64] | NDArray[np.float32]


def targets(labels: NDArray[np.int64], count: int, config: Config) -> Targets:
    """Return the training targets for `count` labels: label indices, or one-hot rows if targets are spread over labels."""
    return np.eye(count, dtype=np.float32)[labels] if config.mixes_labels else labels


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """The augmented batches of epoch `epoch`, or those in `part`, in order: float32 pixels 0..255 and targets.

    Of each batch they have the images that `share` says.
    They should be requested in order: `_AHEAD` batches at a time are augmented together, and kept until the next are, because
    Keras requests the first two once more to learn their shape.
    """

    def __init__(
        self,
        workers: AugmentationWorkers,
        labels: Targets,
        config: Config,
        epoch: int,
        sampler: Sampler,
        part: range | None = None,
        share: Share = WHOLE,
    ) -> None:
        super().__init__()
        self._augmentation_workers = workers
        self._labels = labels
        self._config = config
        self._epoch = epoch
        self._windows: Windows | None = None
        self._order = sampler.epoch(epoch, config.seed, _ORDER)
        if config.window:
            random = np.random.default_rng((config.seed, epoch, _WINDOWS))
            self._windows = Windows(epoch, sampler.images, config.window, random)
            self._order = self._windows.ordered(self._order)
        self._part = range(math.ceil(len(self._order) / config.batch_size)) if part is None else part
        self._share = share
        self._ahead: dict[int, NDArray[np.float32] | NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return len(self._part)

    @property
    def images(self) -> int:
        """The number of images in these batches, those of other processes included."""
        size = self._config.batch_size
        return min(self._part.stop * size, len(self._order)) - self._part.start * size

    @property
    def is_whole(self) -> bool:
        """Whether this process has all images of these batches, as they cannot be divided."""
        return not self._share.divides(self.images)

    def __getitem__(self, place: int) -> tuple[NDArray[np.float32], Targets]:
        index = self._part[place]
        if index not in self._ahead:
            numbers = self._part[place : place + _AHEAD]
            self._ahead.clear()  # before the next ones are made, so that both are never in memory
            if self._windows:
                rows = np.concatenate([self._rows(number) for number in numbers])
                self._augmentation_workers.bring(self._windows, rows)
            self._ahead = dict(
                zip(
                    numbers,
                    self._augmentation_workers.augment([self._batch(number) for number in numbers]),
                    strict=True,
                )
            )
        rows = self._rows(index)
        own = self._share.own(len(rows))
        images, labels = self._mixed(self._ahead[index].astype(np.float32), self._labels[rows], index)
        return images[own] if self._config.mixup else images, labels[own]

    def _rows(self, index: int) -> NDArray[np.int64]:
        size = self._config.batch_size
        return self._order[index * size : (index + 1) * size]

    def _batch(self, index: int) -> BatchRequest:
        rows = self._rows(index)
        # Mixup needs the others of the batch.
        wanted = slice(0, len(rows)) if self._config.mixup else self._share.own(len(rows))
        return BatchRequest(self._epoch, index, index * self._config.batch_size, tuple(rows.tolist()), wanted)

    def _mixed(self, images: NDArray[np.float32], labels: Targets, index: int) -> tuple[NDArray[np.float32], Targets]:
        """Apply label smoothing, and mixup of each image with another of its batch."""
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
    """Images in their given order, without augmentation, in batches; `labels` are their targets."""

    def __init__(self, images: NDArray[np.uint8], labels: Targets, batch_size: int) -> None:
        super().__init__()
        self.labels = labels
        self._images = images
        self._size = batch_size

    def __len__(self) -> int:
        return math.ceil(len(self.labels) / self._size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], Targets]:
        chosen = slice(index * self._size, (index + 1) * self._size)
        return self._images[chosen].astype(np.float32), self.labels[chosen]
