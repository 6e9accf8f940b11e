"""The images of a prepared run in the order and size of each epoch, augmented ahead."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.labelled_images.labelled import Split
from training.networks.augmentation_workers import AugmentationWorkers, write_reduced
from training.networks.batches import PlainBatches, Targets, TrainingBatches, targets
from training.networks.phases import size_of
from training.networks.sampling import SampledImage, Sampler
from training.networks.share import WHOLE, Share
from training.run.config import Config
from training.run.run_folder import PreparedImage, RunFolder, RunRecord


class TrainingImages:
    """The training and validation images of a run; as a context manager it ends the augmentation workers."""

    def __init__(self, run: RunFolder, record: RunRecord, share: Share = WHOLE) -> None:
        images = run.load_images()
        index = {label.id: place for place, label in enumerate(record.labels)}
        self._run = run
        self._config = record.settings
        self._share = share
        self._truth = _truth(images, index, "train")
        self._labels = len(index)
        self._targets = _taught(targets(self._truth, len(index), self._config), run, self._config)
        self._held_targets = targets(_truth(images, index, "validation"), len(index), self._config)
        self._sampler = _sampler(images, index, self._config)
        self._workers: AugmentationWorkers | None = None
        self._size = 0
        self.labels = tuple(index)
        self.shares = self._sampler.shares(len(index))
        """The share of each label among the images that an epoch shows."""
        self.steps = math.ceil(len(self._sampler) / self._config.batch_size)
        """The number of steps in an epoch."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._workers:
            self._workers.close()

    @property
    def class_weights(self) -> dict[int, float] | None:
        """The weight of each label that has images, the inverse of its share; None without `class_weights`."""
        if not self._config.class_weights:
            return None
        counts = np.bincount(self._truth, minlength=self._labels)
        present = int((counts > 0).sum())
        return {label: len(self._truth) / (present * int(count)) for label, count in enumerate(counts) if count}

    def parts(self, first: int, most: int) -> Iterator[range]:
        """Return the batches of an epoch from number `first` on, in parts of `most` at most.

        A last batch that the devices cannot divide is a part of its own.
        """
        even = self.steps - (not self._share.divides(len(self._sampler) % self._config.batch_size))
        for start in range(first, even, most):
            yield range(start, min(start + most, even))
        if even < self.steps:
            yield range(even, self.steps)

    def batches(self, epoch: int, part: range) -> TrainingBatches:
        """Return these batches of an epoch."""
        size = size_of(self._config, epoch)
        if self._workers is None or size != self._size:
            if self._workers:
                self._workers.close()
            config = replace(self._config, input_size=size)
            self._workers, self._size = AugmentationWorkers(self._at("train", size), config, len(self._sampler)), size
        return TrainingBatches(self._workers, self._targets, self._config, epoch, self._sampler, part, self._share)

    def watched(self, epoch: int) -> PlainBatches | None:
        """Return the validation images to evaluate after an epoch, None if there are none."""
        count = len(self._held_targets)
        if not count:
            return None
        step = max(1, count // self._config.watched) if self._config.watched else 1
        held = np.load(self._at("validation", size_of(self._config, epoch)), mmap_mode="r")
        return PlainBatches(held[::step], self._held_targets[::step], self._config.batch_size)

    def reduce(self) -> None:
        """Write the images of each size that an epoch has and the run has not, if it is not done."""
        config = self._config
        splits: tuple[Split, ...] = ("train", "validation") if len(self._held_targets) else ("train",)
        for size in {size_of(config, 0), config.full_size} - {config.input_size}:
            for split in splits:
                if not self._at(split, size).exists():
                    write_reduced(self._run.array(split), self._at(split, size), size)

    def _at(self, split: Split, size: int) -> Path:
        """Return the array file of a split at a size."""
        return self._run.array(split, 0 if size == self._config.input_size else size)


def _truth(images: Sequence[PreparedImage], index: dict[str, int], split: Split) -> NDArray[np.int64]:
    """Return the label index of each image of a split, in the order of its array."""
    rows = sorted((image.row, index[image.label]) for image in images if image.split == split and image.row >= 0)
    return np.array([label for _, label in rows], np.int64)


def _taught(own: Targets, run: RunFolder, config: Config) -> Targets:
    """Mix the answers of the base model into the targets, if they are wanted.

    Raises:
        DataError: there are none: only `improve` asks a base model.
    """
    if not config.distillation:
        return own
    if not run.teacher.exists():
        raise DataError("--distillation needs the answers of a base model. Give it to “lesionlens-train improve”.")
    share = np.float32(config.distillation)
    mixed: NDArray[np.float32] = ((1 - share) * own + share * np.load(run.teacher)).astype(np.float32)
    return mixed


def _sampler(images: Sequence[PreparedImage], index: dict[str, int], config: Config) -> Sampler:
    taught = sorted((image for image in images if image.split == "train" and image.row >= 0), key=lambda i: i.row)
    shown = [
        SampledImage(index[image.label], image.source, image.picture, image.copy, _share(image, config))
        for image in taught
    ]
    return Sampler(shown, config.balance)


def _share(image: PreparedImage, config: Config) -> float:
    return config.follow_up if (image.label, image.confirmed_by) == ("nevus", "follow_up") else 1.0
