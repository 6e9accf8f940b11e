"""Train the network of a prepared run. Training can stop at any point and resume with the same result."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import keras
import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.core.ctrl_c import CtrlC, ctrl_c_later
from desktop.core.errors import DataError
from desktop.core.labels import MELANOMA, Malignancy
from desktop.core.progress import Progress
from training.calibrate import flagged
from training.finish import finish
from training.networks.architectures import build
from training.networks.batch_progress import BatchProgress
from training.networks.block_shuffle import window_for
from training.networks.checkpoint import PartialEpoch
from training.networks.devices import ONE_DEVICE, Devices, devices
from training.networks.training_images import TrainingImages
from training.networks.validation import validate
from training.run.config import Config
from training.run.course import best, stops, told
from training.run.process import Process
from training.run.run_folder import EpochFigures, ReadOnlyRun, RunFolder, RunRecord
from training.state import Training, begun, enter, resumed

BATCHES_PER_CHECKPOINT = 128
"""Batches between two checkpoints: some minutes on a CPU."""

Watch = Callable[[Sequence[EpochFigures], NDArray[np.float32]], bool]
"""Called after each epoch with the history and the answers [n, labels] to the watched images, before the checkpoint is
written; whether to go on."""


def fit(run: RunFolder, record: RunRecord, *, resume: bool = False, process: Process | None = None) -> None:
    """Train, or resume training, and write the network and its contract into the run.

    After each epoch the history is written before the checkpoint. The checkpoint says how much of the history is valid, so a
    kill between the two loses nothing. Of several processes the first alone writes.

    Args:
        run: the prepared folder.
        record: its record.
        resume: continue from the checkpoint, if there is one.
        process: which one this is of the processes that train the network on all their devices; None trains on one device.

    Raises:
        UsageError: the devices cannot divide a batch evenly.
        DataError: the initial weights cannot be read, or belong to another network or to a fold of other images; an earlier
            version began the run; the loss is no longer a number; or another process has ended.
    """
    record = replace(record, backend=keras.backend.backend())
    if not record.settings.window and not (resume and run.checkpoint.exists()):
        record = replace(record, settings=replace(record.settings, window=window_for(run.array("train"))))
    config = record.settings
    with devices(process, config.batch_size) as used:
        training = train(run if used.leads else ReadOnlyRun(run.path), record, resume=resume, used=used)
    if not used.leads:
        return
    if config.early_stopping:
        run.write(run.weights, run.best.read_bytes())
    else:
        _keep(training.weights, run, config, run.weights)
    finish(run, record)
    for path in (run.checkpoint, run.best):
        path.unlink(missing_ok=True)


def train(
    run: RunFolder,
    record: RunRecord,
    *,
    resume: bool = False,
    watch: Watch | None = None,
    used: Devices = ONE_DEVICE,
) -> Training:
    """Train, or resume training, as `fit` does, and leave the network in memory and in the checkpoint alone.

    Args:
        run: the prepared folder.
        record: its record.
        resume: continue from the checkpoint, if there is one.
        watch: ends the training after an epoch; a resumed training calls it only for the epochs that are not done.
        used: what it is trained on.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed; see `ctrl_c_later`. It is obeyed after the batch or validation under way.
    """
    config = record.settings
    if run.earlier_checkpoint.exists():
        raise DataError(
            "The training in “{path}” was begun by an earlier version of LesionLens, which showed the images in another "
            "order, and cannot be carried on. Choose another folder for --out.",
            path=run.path,
        )
    keras.utils.set_random_seed(config.seed)
    run.save_record(record)
    with TrainingImages(run, record, used.share) as data:
        if used.leads:
            data.reduce()
        carries_on = resume and run.checkpoint.exists()
        training = resumed(run, config, data) if carries_on else begun(record, data)
        used.agree(msgspec.json.encode((record, training.steps)))
        progress = Progress("Training", config.epochs * data.steps, done=training.steps, epochs=config.epochs)
        with ctrl_c_later() as ctrl_c:
            for epoch in range(training.steps // data.steps, config.epochs):
                if stops(training.history, config.early_stopping):
                    progress.note(
                        f"The validation loss has not fallen for {config.early_stopping} epochs: stopped early."
                    )
                    break
                if training.steps % data.steps == 0:
                    enter(training, config, data, epoch)
                goes_on = _train(training, run, record, data, used, progress, ctrl_c, watch)
                progress.note(told(training.history[-1], config.epochs, progress.left()))
                ctrl_c.obey()
                if not goes_on:
                    break
        progress.finish()
    return training


def _train(
    training: Training,
    run: RunFolder,
    record: RunRecord,
    data: TrainingImages,
    used: Devices,
    progress: Progress,
    ctrl_c: CtrlC,
    watch: Watch | None,
) -> bool:
    """Train for the rest of an epoch, then evaluate on the validation images, if there are any; return whether to go on."""
    config = record.settings
    epoch, done = divmod(training.steps, data.steps)
    callbacks = [
        BatchProgress(progress, f"epoch {epoch + 1}/{config.epochs}", ctrl_c),
        *filter(None, [training.average]),
    ]
    for part in data.parts(done, BATCHES_PER_CHECKPOINT):
        batches = data.batches(epoch, part)
        used.feed(whole=batches.is_whole)
        figures = training.model.fit(
            batches, class_weight=data.class_weights, callbacks=callbacks, verbose=0, shuffle=False
        ).history
        training.parts.append(PartialEpoch(figures["loss"][0], figures["accuracy"][0], batches.images))
        training.steps += len(batches)
        if training.steps % data.steps:
            training.save(run)
    images = [part.images for part in training.parts]
    loss, accuracy = np.average(
        [(part.loss, part.accuracy) for part in training.parts], axis=0, weights=images
    ).tolist()
    figures_of_epoch, goes_on, held = EpochFigures(epoch + 1, loss, accuracy), True, None
    if watched := data.watched(epoch):
        used.feed(whole=True)
        with training.kept():
            held = validate(training.model, watched, _sums(record))
        figures_of_epoch = replace(
            figures_of_epoch,
            val_loss=held.loss,
            val_accuracy=held.accuracy,
            val_auc_melanoma=held.areas.get(MELANOMA),
            val_auc_malignant=held.areas.get("malignant"),
        )
    training.history.append(figures_of_epoch)
    training.parts = []
    run.save_history(training.history)
    if config.early_stopping and best(training.history) == epoch:
        with used.aside():
            _keep(training.weights, run, config, run.best)
    if watch and held:
        goes_on = watch(training.history, held.probabilities)
    training.save(run)
    return goes_on


def _sums(record: RunRecord) -> dict[str, list[int]]:
    """Return the labels, by index, of each sum of probabilities that gets an AUC: those that a flag would be for."""
    labels = [label.id for label in record.labels]
    malignant = [label.id for label in record.labels if label.malignancy is Malignancy.MALIGNANT]
    return {name: [labels.index(label) for label in members] for name, _, members in flagged(labels, malignant)}


def _keep(weights: Sequence[NDArray[np.float32]], run: RunFolder, config: Config, path: Path) -> None:
    """Write the weights without the optimizer state, which Keras would include."""
    alone = build(config, weights[-1].shape[-1])
    alone.set_weights(weights)
    run.replace(path, alone.save_weights)
