import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from training.networks.augmentation_workers import AugmentationWorkers, BatchRequest
from training.networks.batches import PlainBatches, TrainingBatches, targets
from training.networks.sampling import SampledImage, Sampler
from training.networks.share import Share
from training.run.config import Config
from training.run.recipes import with_recipe

COUNT = 21
CONFIG = Config(input_size=24, batch_size=8)


@pytest.fixture
def images() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (COUNT, 24, 24, 3), np.uint8)


@pytest.fixture
def workers(images: NDArray[np.uint8], tmp_path: Path) -> AugmentationWorkers:
    return workers_of(images, tmp_path, CONFIG)


def workers_of(images: NDArray[np.uint8], folder: Path, config: Config) -> AugmentationWorkers:
    np.save(folder / "train.npy", images)
    return AugmentationWorkers(folder / "train.npy", config, len(images))


LABELS = np.arange(COUNT)
SAMPLER = Sampler([SampledImage(label) for label in range(COUNT)], balance=0)


def test_an_epoch_shows_every_image_once(workers: AugmentationWorkers) -> None:
    batches = TrainingBatches(workers, LABELS, CONFIG, 0, SAMPLER)
    assert [len(batches[place][1]) for place in range(len(batches))] == [8, 8, 5]
    shown = np.concatenate([batches[place][1] for place in range(len(batches))])
    assert sorted(shown) == list(range(COUNT))
    assert list(shown) != list(range(COUNT))


def test_a_batch_depends_on_seed_epoch_and_position_alone(workers: AugmentationWorkers) -> None:
    first = TrainingBatches(workers, LABELS, CONFIG, 3, SAMPLER)
    again = TrainingBatches(workers, LABELS, CONFIG, 3, SAMPLER)
    last = again[2][0]  # asked for in another order
    assert np.array_equal(first[0][0], again[0][0])
    assert np.array_equal(first[2][0], last)


def test_a_part_of_an_epoch_has_the_batches_of_the_whole(workers: AugmentationWorkers) -> None:
    whole = TrainingBatches(workers, LABELS, CONFIG, 3, SAMPLER)
    part = TrainingBatches(workers, LABELS, CONFIG, 3, SAMPLER, range(1, 3))
    assert (len(part), part.images, whole.images) == (2, 13, COUNT)
    for place in range(2):
        for one, other in zip(part[place], whole[place + 1], strict=True):
            assert np.array_equal(one, other)


def test_epochs_differ_in_order_and_augmentation(workers: AugmentationWorkers) -> None:
    one, other = (TrainingBatches(workers, LABELS, CONFIG, epoch, SAMPLER) for epoch in (0, 1))
    assert list(one[0][1]) != list(other[0][1])
    by_label = [dict(zip(batches[0][1], batches[0][0], strict=True)) for batches in (one, other)]
    both = by_label[0].keys() & by_label[1].keys()
    assert both
    assert all(not np.array_equal(by_label[0][label], by_label[1][label]) for label in both)


class Counting(AugmentationWorkers):
    """Workers that count the batches they were asked for."""

    requested = 0

    def augment(self, batches: Sequence[BatchRequest]) -> list[NDArray[np.float32] | NDArray[np.uint8]]:
        self.requested += len(batches)
        return super().augment(batches)


def test_training_augments_each_batch_once(images: NDArray[np.uint8], tmp_path: Path) -> None:
    np.save(tmp_path / "train.npy", images)
    workers = Counting(tmp_path / "train.npy", CONFIG, len(images))
    batches = TrainingBatches(workers, LABELS, CONFIG, 0, SAMPLER)
    model = keras.Sequential([keras.layers.Input((24, 24, 3)), keras.layers.Flatten(), keras.layers.Dense(COUNT)])
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(batches, verbose=0, shuffle=False)
    assert workers.requested == len(batches)


def test_validation_images_are_neither_augmented_nor_shuffled(images: NDArray[np.uint8]) -> None:
    batches = PlainBatches(images, LABELS, 8)
    assert np.array_equal(np.concatenate([batches[place][0] for place in range(len(batches))]), images)
    assert np.array_equal(np.concatenate([batches[place][1] for place in range(len(batches))]), LABELS)


@pytest.fixture
def mixing(images: NDArray[np.uint8], tmp_path: Path) -> Callable[..., TrainingBatches]:
    def made(**settings: object) -> TrainingBatches:
        config = Config(**with_recipe({"recipe": "dermoscopy", "input_size": 24, "batch_size": 8} | settings))
        workers = workers_of(images, tmp_path, config)
        return TrainingBatches(workers, targets(LABELS, COUNT, config), config, 0, SAMPLER)

    return made


Mixing = Callable[..., TrainingBatches]


def test_in_mixed_targets_the_images_own_label_has_the_largest_share(mixing: Mixing) -> None:
    images, shares = mixing(mixup=0.4, label_smoothing=0.1)[0]
    assert images.dtype == shares.dtype == np.float32
    assert images.min() >= 0
    assert images.max() <= 255
    assert shares.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-5)
    plain = mixing(mixup=0.0, label_smoothing=0.1)[0][1]
    assert np.array_equal(shares.argmax(axis=1), plain.argmax(axis=1))
    assert plain.max(axis=1) == pytest.approx(np.full(8, 0.9 + 0.1 / COUNT))
    assert not np.allclose(shares, plain)


def test_without_mixing_the_targets_are_label_indices(mixing: Mixing) -> None:
    assert mixing(mixup=0.0, label_smoothing=0.0)[0][1].dtype == LABELS.dtype


def test_batches_do_not_depend_on_the_order_of_requests(mixing: Mixing) -> None:
    one, other = mixing(), mixing()
    last = other[2][0]
    assert np.array_equal(one[2][0], last)
    assert np.array_equal(one[0][1], other[0][1])


def test_an_image_shown_twice_in_an_epoch_is_augmented_twice(tmp_path: Path) -> None:
    config = Config(**with_recipe({"recipe": "dermoscopy", "input_size": 24, "batch_size": 8, "label_smoothing": 0.05}))
    pixels = np.random.default_rng(0).integers(0, 256, (5, 24, 24, 3), np.uint8)
    sampler = Sampler([SampledImage(0)] * 4 + [SampledImage(1)], balance=1)
    batches = TrainingBatches(
        workers_of(pixels, tmp_path, config), targets(np.array([0, 0, 0, 0, 1]), 2, config), config, 0, sampler
    )
    images, shares = batches[0]
    rare = images[shares.argmax(axis=1) == 1]
    assert len(rare) > 1
    assert not np.array_equal(rare[0], rare[1])


@pytest.mark.parametrize("settings", [{}, {"augmentation": "dermoscopy"}, {"mixup": 0.4, "label_smoothing": 0.1}])
def test_the_shares_of_two_processes_are_the_batch(
    settings: dict[str, object], images: NDArray[np.uint8], tmp_path: Path
) -> None:
    config = dataclasses.replace(CONFIG, **settings)  # type: ignore[arg-type]
    workers = workers_of(images, tmp_path, config)
    truth = targets(LABELS, COUNT, config)
    whole = TrainingBatches(workers, truth, config, 3, SAMPLER)
    shares = [TrainingBatches(workers, truth, config, 3, SAMPLER, share=Share(index, 2, 2)) for index in range(2)]
    assert [len(batches[place][1]) for batches in shares for place in range(3)] == [4, 4, 5] * 2
    for place in range(3):
        for part, expected in enumerate(whole[place]):
            parts = [batches[place][part] for batches in shares]
            if place == 2:  # five images: each process has all of them
                assert all(np.array_equal(own, expected) for own in parts)
            else:
                assert np.array_equal(np.concatenate(parts), expected)
    assert [batches.images for batches in shares] == [COUNT, COUNT]
