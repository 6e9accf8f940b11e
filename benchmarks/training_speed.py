"""The speed of `fit` beside that of the training step alone: the cost of sampling, averaging, monitoring and checkpoints.

    python benchmarks/training_speed.py [--size 128] [--images 2048]

A run of noise with the dermoscopy recipe is trained for two epochs; the second one counts, as the first also compiles. Before
and after, the step alone is measured on one augmented batch. The ratio must be at least 0.8.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measuring import load, machine
from desktop.core.inference.contract import Label
from desktop.core.labels import KNOWN_LABELS
from training.networks.architectures import build
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import PreparedImage, RunFolder, RunRecord

BAR = 0.8

_HELD_OUT = 96
"""Validation images: of 2,048 training images about the share that the shipped model's training watched. On fewer than 100
nothing but a flag is fitted afterwards."""

_STEPS = 24
"""Training steps that are measured alone, in three series."""


class _Timed(RunFolder):
    """A run that records when each epoch ended, by its history."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.finished: list[float] = []

    def replace(self, path: Path, save: Callable[[Path], object]) -> None:  # type: ignore[override]
        """Write a file; the checkpoint after a longer history marks the end of an epoch."""
        RunFolder.replace(path, save)
        if path == self.checkpoint and len(self.load_history()) > len(self.finished):
            self.finished.append(time.perf_counter())


def main() -> int:
    """Measure; return 1 if the ratio is too low."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=128, help="side of the images in pixels")
    parser.add_argument("--images", type=int, default=2048, help="training images of an epoch")
    options = parser.parse_args()
    from training.fit import fit  # noqa: PLC0415 - augmentation workers import this module, and need no Keras

    print(machine(("tensorflow", "keras", "numpy", "pillow")))
    with tempfile.TemporaryDirectory() as folder:
        run, record = _prepared(Path(folder), options.size, options.images)
        before = _step_alone(record.settings)
        fit(run, record)
        after = _step_alone(record.settings)
    of_fit = options.images / (run.finished[1] - run.finished[0])
    of_step = (before + after) / 2
    print(f"step alone  {before:6.1f} images/s before, {after:.1f} after")
    print(f"fit         {of_fit:6.1f} images/s{load('at the end')}")
    print(f"fit / step  {of_fit / of_step:6.2f}, wanted {BAR}")
    return int(of_fit / of_step < BAR)


def _prepared(folder: Path, size: int, count: int) -> tuple[_Timed, RunRecord]:
    """Return a run prepared with noise as images."""
    given = {"recipe": "dermoscopy", "input_size": size, "small_epochs": 0, "epochs": 2, "calibration": "none"}
    labels = tuple(Label(label.id, label.name, label.malignancy) for label in KNOWN_LABELS)
    record = RunRecord(Config(**with_recipe(given)), "", labels, {})
    run = _Timed(folder)
    images = []
    for split, number in (("train", count), ("validation", _HELD_OUT), ("test", 0)):
        shape = (number, size, size, 3)
        np.save(run.array(split), np.random.default_rng(number).integers(0, 256, shape, np.uint8))  # type: ignore[arg-type]
        for row in range(number):
            label = labels[row % len(labels)].id
            images.append(PreparedImage(f"{split}{row}", label, split, row, "", row, "", "", "", "", "", "", ""))  # type: ignore[arg-type]
    run.save_images(images)
    run.save_record(record)
    return run, record


def _step_alone(config: Config) -> float:
    """Return the images a second of training steps on one batch, the best of three series."""
    from training.networks import phases  # noqa: PLC0415 - as in main

    model = build(config, len(KNOWN_LABELS))
    labels = [label.id for label in KNOWN_LABELS]
    phases.begin(model, config, 0, 1000, labels, [1 / len(labels)] * len(labels))
    shape = (config.batch_size, config.input_size, config.input_size, 3)
    images = np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)
    truth = np.arange(config.batch_size) % len(labels)
    model.train_on_batch(images, truth)
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        for _ in range(_STEPS // 3):
            model.train_on_batch(images, truth)
        seconds.append(time.perf_counter() - begin)
    return _STEPS // 3 * config.batch_size / min(seconds)


if __name__ == "__main__":
    sys.exit(main())
