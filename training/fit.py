"""Train the network of a prepared run, epoch by epoch, so that it can stop anywhere and carry on with the same result."""

import math
import random
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.progress import Progress
from training.finish import finish
from training.images.catalogue import Split
from training.networks import phases
from training.networks.architectures import build
from training.networks.averaging import AverageWeights
from training.networks.dataset import PlainBatches, TrainingBatches, targets
from training.networks.sampling import Sampler, Shown
from training.networks.weights import load
from training.run.config import FOLD, Config
from training.run.run_folder import EpochFigures, PreparedImage, Record, RunFolder

_DROPOUT = 2
"""The stream of dropout's seeds, beside those of `dataset`."""


def fit(run: RunFolder, record: Record, *, resume: bool = False) -> None:
    """Train, or carry on, and leave the network and its contract in the run.

    After every epoch the history is written first and the checkpoint last: the steps that the checkpoint's optimizer
    has counted say how much of the history holds, so that a kill between the two loses nothing.

    Args:
        run: the folder, prepared.
        record: what made it.
        resume: carry on from the last finished epoch, if there is one.

    Raises:
        DataError: the weights to start from cannot be read, are another network's, or those of a fold of other images.
    """
    config = record.settings
    images = run.load_images()
    index = {label.id: place for place, label in enumerate(record.labels)}
    pixels, truth = _split(run, images, index, "train")
    held_pixels, held_truth = _split(run, images, index, "validation")
    held_targets = targets(held_truth, len(index), config)
    step = max(1, len(held_truth) // config.watched) if config.watched else 1
    watched = PlainBatches(held_pixels[::step], held_targets[::step], config.batch_size) if len(held_truth) else None
    sampler = _sampler(images, index, config)
    steps = math.ceil(len(sampler) / config.batch_size)

    keras.utils.set_random_seed(config.seed)
    record = replace(record, backend=keras.backend.backend())
    run.save_record(record)
    history: list[EpochFigures] = []
    model = _built(config, len(index))
    order = random.getstate()
    if resume and run.checkpoint.exists():
        model = keras.saving.load_model(run.checkpoint)
        phases.carry_on(model, config)
        history = run.load_history()[: phases.finished(model, config, steps)]
    else:
        _refuse_other_images(record)
        load(model, config)
    _set_order_of_batches(order, len(history), steps)
    average = _average(run, model, config, len(history))

    taught = targets(truth, len(index), config)
    weights = _class_weights(truth, len(index)) if config.class_weights else None
    progress = Progress("Training", config.epochs * steps, done=len(history) * steps)
    for epoch in range(len(history), config.epochs):
        if _stops(history, config.early_stopping):
            progress.note(f"The validation loss has not fallen for {config.early_stopping} epochs: stopped early.")
            break
        if phases.begins(config, epoch):
            phases.begin(model, config, epoch, steps, sampler.shares(len(index)))
        _seed_dropout(model, config.seed, epoch)
        batches = TrainingBatches(pixels, taught, config, epoch, sampler)
        shown = _Batches(progress, f"epoch {epoch + 1}/{config.epochs}")
        history.append(_trained(model, epoch, batches, watched, weights, shown, average))
        progress.note(_told(history[-1], config.epochs, progress.left()))
        run.save_history(history)
        if config.early_stopping and _best(history) == epoch:
            with _kept(average):
                run.replace(run.best, model.save)
        if average:
            run.replace(run.average(epoch + 1), average.save)
        run.replace(run.checkpoint, model.save)
        run.drop_averages(but=epoch + 1)
    progress.finish()

    if config.early_stopping:
        _keep(run, record, keras.saving.load_model(run.best, compile=False))
    else:
        with _kept(average):
            _keep(run, record, model)
    finish(run, record)
    for path in (run.checkpoint, run.best):
        path.unlink(missing_ok=True)
    run.drop_averages()


def _built(config: Config, labels: int) -> keras.Model:
    """Build the network with steps that are computed in the settings' precision; its weights are float32 in any case."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(config.precision)
    try:
        return build(config, labels)
    finally:
        keras.config.set_dtype_policy(usual)


def _refuse_other_images(record: Record) -> None:
    """Refuse a fold that would start from a fold with other training images: what it holds out may be among them."""
    if FOLD in record.settings.weights:
        earlier = RunFolder(record.settings.weights_file.parent)
        if earlier.load_record().fingerprint != record.fingerprint:
            raise DataError(
                "“{path}” learned from other images than this fold, which it may hold out. Give --weights of folds with "
                "the same --data, --seed and --folds.",
                path=earlier.path,
            )


def _set_order_of_batches(state: tuple[object, ...], epochs: int, steps: int) -> None:
    """Bring Python's random numbers to where they stand after so many epochs.

    Keras shuffles the batches of each epoch with them, beside our own order of the images. Drawn from the state after the
    network was built, a resumed run shuffles as one without a break.
    """
    random.setstate(state)
    for _ in range(epochs):
        random.shuffle(list(range(steps)))


def _average(run: RunFolder, model: keras.Model, config: Config, epochs: int) -> AverageWeights | None:
    """Return the running mean of the weights as it stood after so many epochs, None where none is wanted."""
    if not config.averaging:
        return None
    average = AverageWeights(model, config.averaging)
    if epochs:
        average.load(run.average(epochs))
    return average


def _kept(average: AverageWeights | None) -> AbstractContextManager[None]:
    """Put the weights that are kept into the model for the length of a block: their mean, where there is one."""
    return average.in_place() if average else nullcontext()


def _trained(
    model: keras.Model,
    epoch: int,
    batches: TrainingBatches,
    validation: PlainBatches | None,
    class_weights: dict[int, float] | None,
    shown: keras.callbacks.Callback,
    average: AverageWeights | None,
) -> EpochFigures:
    """Train for one epoch and measure on the validation images, where there are some, what is kept of it."""
    if average is None and validation:
        figures = model.fit(
            batches, validation_data=validation, class_weight=class_weights, callbacks=[shown], verbose=0
        ).history
        return EpochFigures(epoch + 1, *(figures[name][0] for name in _FIGURES))
    callbacks = [shown, average] if average else [shown]
    figures = model.fit(batches, class_weight=class_weights, callbacks=callbacks, verbose=0).history
    if validation is None:
        return EpochFigures(epoch + 1, figures["loss"][0], figures["accuracy"][0])
    with _kept(average):
        held = model.evaluate(validation, return_dict=True, verbose=0)
    return EpochFigures(epoch + 1, figures["loss"][0], figures["accuracy"][0], held["loss"], held["accuracy"])


_FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


class _Batches(keras.callbacks.Callback):  # type: ignore[misc] # keras ships no types
    """Hands the batches of one epoch on to the progress."""

    def __init__(self, progress: Progress, epoch: str) -> None:
        super().__init__()
        self._progress = progress
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:  # noqa: ARG002 - Keras' signature
        self._progress.advance(1, f"{self._epoch}  loss {logs['loss']:.3f}  accuracy {logs['accuracy']:.1%}")


def _told(figures: EpochFigures, epochs: int, left: str) -> str:
    told = f"epoch {figures.epoch}/{epochs}  loss {figures.loss:.3f}  accuracy {figures.accuracy:.1%}"
    if figures.val_loss is not None:
        told += f"  validation loss {figures.val_loss:.3f}  accuracy {figures.val_accuracy:.1%}"
    return f"{told}  {left}".rstrip()


def _split(
    run: RunFolder, images: Sequence[PreparedImage], index: dict[str, int], split: Split
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    rows = sorted((image.row, index[image.label]) for image in images if image.split == split and image.row >= 0)
    return run.load_array(split), np.array([label for _, label in rows], np.int64)


def _sampler(images: Sequence[PreparedImage], index: dict[str, int], config: Config) -> Sampler:
    taught = sorted((image for image in images if image.split == "train" and image.row >= 0), key=lambda i: i.row)
    shown = [Shown(index[image.label], image.source, image.picture, image.copy) for image in taught]
    return Sampler(shown, config.balance)


def _class_weights(truth: NDArray[np.int64], labels: int) -> dict[int, float]:
    """Weigh each label by the inverse of its share among the labels that have images; the mean over images is 1."""
    counts = np.bincount(truth, minlength=labels)
    present = int((counts > 0).sum())
    return {label: len(truth) / (present * int(count)) for label, count in enumerate(counts) if count}


def _best(history: Sequence[EpochFigures]) -> int:
    return min(range(len(history)), key=lambda epoch: history[epoch].val_loss or 0.0)


def _stops(history: Sequence[EpochFigures], patience: int) -> bool:
    return bool(patience and history and len(history) - 1 - _best(history) >= patience)


def _seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Set the state of every random layer from seed and epoch: Keras carries it from epoch to epoch, a resume not."""
    states = [variable for variable in model.variables if variable.name == "seed_generator_state"]
    for number, state in enumerate(states):
        start = np.random.default_rng((seed, epoch, _DROPOUT, number)).integers(2**31)
        state.assign(np.array([start, 0]))


def _keep(run: RunFolder, record: Record, model: keras.Model) -> None:
    """Write the weights alone, under the names of a network that never was trained."""
    trained = build(record.settings, len(record.labels))
    trained.set_weights(model.get_weights())
    run.replace(run.weights, trained.save_weights)
