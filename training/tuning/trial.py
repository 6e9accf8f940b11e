"""One trial: a training with some settings, judged after each epoch, stopped where it cannot become the best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray

from desktop.core.labelled_images.labelled import Split
from training.fit import train
from training.run.run_folder import EpochFigures, RunFolder, RunRecord


class TrialFolder(RunFolder):
    """The folder of a trial: its own settings and checkpoint, and the images that all trials share."""

    def __init__(self, path: Path, shared: RunFolder) -> None:
        super().__init__(path)
        self.images = shared.images
        self._shared = shared

    def array(self, split: Split, size: int = 0) -> Path:
        """Return the path of a split's model inputs, which all trials share."""
        return self._shared.array(split, size)


class _Watch:
    """Judges and reports each epoch of a trial; ends it, unless at its last epoch, when it is pruned or the time is over.

    `values` are the figures by epoch, from 1, with those that were reported before an interruption.
    """

    def __init__(
        self,
        trial: optuna.Trial,
        epochs: int,
        judge: Callable[[NDArray[np.float32]], float],
        earlier: Mapping[int, float],
        has_time: Callable[[], bool],
    ) -> None:
        self.values = dict(earlier)
        self.is_pruned = False
        self.is_interrupted = False
        self._trial = trial
        self._epochs = epochs
        self._judge = judge
        self._has_time = has_time
        self._reported = 0

    def __call__(self, history: Sequence[EpochFigures], probabilities: NDArray[np.float32]) -> bool:
        """Judge the epoch that ends the history; return whether to go on."""
        self.values[len(history)] = self._judge(probabilities)
        self.report(len(history))
        if len(history) < self._epochs:
            self.is_pruned = self._trial.should_prune()
            self.is_interrupted = not self._has_time()
        return not (self.is_pruned or self.is_interrupted)

    def report(self, epochs: int) -> None:
        """Report the figures of so many epochs, unless they have been."""
        for epoch in range(self._reported + 1, epochs + 1):
            self._trial.report(self.values[epoch], epoch)
        self._reported = epochs


def run_trial(
    trial: optuna.Trial,
    folder: TrialFolder,
    record: RunRecord,
    judge: Callable[[NDArray[np.float32]], float],
    earlier: Mapping[int, float],
    has_time: Callable[[], bool],
) -> float | None:
    """Train with the settings of a record, or carry this on, and return the figure after the last epoch.

    Args:
        trial: the trial, to which each epoch is reported.
        folder: its folder; emptied of all but settings and log when the trial is over.
        record: the record with its settings.
        judge: the figure of the answers to the watched images.
        earlier: figures by epoch that were reported before an interruption.
        has_time: asked after each epoch.

    Returns:
        None if the time was over before the last epoch; the folder then holds the checkpoint.

    Raises:
        TrialPruned: the trial cannot become the best.
        DivergedError: the loss is no longer a number.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    epochs = record.settings.epochs
    watch = _Watch(trial, epochs, judge, earlier, has_time)
    train(folder, record, resume=True, watch=watch)
    if watch.is_pruned:
        raise optuna.TrialPruned
    if watch.is_interrupted:
        return None
    watch.report(epochs)  # all of them were done before if the interruption came after the last
    return watch.values[epochs]


def tidy(folder: TrialFolder) -> None:
    """Delete the checkpoint of a trial that is over."""
    folder.checkpoint.unlink(missing_ok=True)


def settings_of(record: RunRecord, values: Mapping[str, Any]) -> RunRecord:
    """Return the record of the shared images with the settings of a trial.

    All validation images are watched, and no epoch is the best but the last, so that trials are judged alike.
    """
    return replace(record, settings=replace(record.settings, **values, watched=0, early_stopping=0))
