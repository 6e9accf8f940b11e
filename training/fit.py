"""Train the network of a prepared run, epoch by epoch, so that it can stop anywhere and carry on with the same result."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION
from desktop.core.inference.contract import (
    CONTRACT_VERSION,
    Architecture,
    Contract,
    Group,
    Layer,
    TrainingData,
)
from training.architectures import build, find
from training.architectures.weights import load
from training.calibrate import flags
from training.catalogue import Split
from training.config import Config
from training.dataset import PlainBatches, TrainingBatches
from training.progress import Progress
from training.run_folder import EpochFigures, PreparedImage, Record, RunFolder
from training.sampling import Sampler, Shown

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
    """
    config = record.settings
    images = run.load_images()
    index = {label.id: place for place, label in enumerate(record.labels)}
    pixels, truth = _split(run, images, index, "train")
    validation = PlainBatches(*_split(run, images, index, "validation"), config.batch_size)
    sampler = _sampler(images, index, config)
    steps = math.ceil(len(sampler) / config.batch_size)

    keras.utils.set_random_seed(config.seed)
    record = replace(record, backend=keras.backend.backend())
    run.save_record(record)
    history: list[EpochFigures] = []
    if resume and run.checkpoint.exists():
        model = keras.saving.load_model(run.checkpoint)
        history = run.load_history()[: int(model.optimizer.iterations) // steps]
    else:
        model = build(config, len(index))
        load(model, config)
        model.compile(
            optimizer=keras.optimizers.Adam(config.learning_rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )

    weights = _class_weights(truth, len(index)) if config.class_weights else None
    progress = Progress("Training", config.epochs * steps, done=len(history) * steps)
    for epoch in range(len(history), config.epochs):
        if _stops(history, config.early_stopping):
            progress.note(f"The validation loss has not fallen for {config.early_stopping} epochs: stopped early.")
            break
        _seed_dropout(model, config.seed, epoch)
        figures = model.fit(
            TrainingBatches(pixels, truth, config, epoch, sampler),
            validation_data=validation,
            class_weight=weights,
            callbacks=[_Batches(progress, f"epoch {epoch + 1}/{config.epochs}")],
            verbose=0,
        ).history
        history.append(EpochFigures(epoch + 1, *(figures[name][0] for name in _FIGURES)))
        progress.note(_told(history[-1], config.epochs, progress.left()))
        run.save_history(history)
        if config.early_stopping and _best(history) == epoch:
            run.replace(run.best, model.save)
        run.replace(run.checkpoint, model.save)
    progress.finish()

    if config.early_stopping:
        model = keras.saving.load_model(run.best, compile=False)
    _finish(run, record, images, model, validation)


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
    return (
        f"epoch {figures.epoch}/{epochs}  loss {figures.loss:.3f}  accuracy {figures.accuracy:.1%}  "
        f"validation loss {figures.val_loss:.3f}  accuracy {figures.val_accuracy:.1%}  {left}".rstrip()
    )


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
    return min(range(len(history)), key=lambda epoch: history[epoch].val_loss)


def _stops(history: Sequence[EpochFigures], patience: int) -> bool:
    return bool(patience and history and len(history) - 1 - _best(history) >= patience)


def _seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Set the state of every random layer from seed and epoch: Keras carries it from epoch to epoch, a resume not."""
    states = [variable for variable in model.variables if variable.name == "seed_generator_state"]
    for number, state in enumerate(states):
        start = np.random.default_rng((seed, epoch, _DROPOUT, number)).integers(2**31)
        state.assign(np.array([start, 0]))


def _finish(
    run: RunFolder, record: Record, images: Sequence[PreparedImage], model: keras.Model, validation: PlainBatches
) -> None:
    """Write the contract and, as the mark of a finished training, the network without its optimizer's state."""
    final = build(record.settings, len(record.labels))
    final.set_weights(model.get_weights())
    held = sorted((image for image in images if image.split == "validation" and image.row >= 0), key=lambda i: i.row)
    answers = [final(validation[batch][0], training=False) for batch in range(len(validation))]
    probabilities = np.concatenate([keras.ops.convert_to_numpy(answer) for answer in answers])
    contract = _contract(record, images, final, probabilities, [image.label for image in held])
    run.write(run.contract, contract.to_json().encode())
    run.replace(run.weights, final.save_weights)
    run.replace(run.model, final.save)
    for path in (run.checkpoint, run.best):
        path.unlink(missing_ok=True)


def _contract(
    record: Record,
    images: Sequence[PreparedImage],
    model: keras.Model,
    probabilities: NDArray[np.float32],
    truth: Sequence[str],
) -> Contract:
    config = record.settings
    today = dt.datetime.now(dt.UTC).date().isoformat()
    taught = [image for image in images if image.split == "train" and image.row >= 0]
    counts = Counter(image.label for image in taught)
    labels = [label.id for label in record.labels]
    stated = [part.strip() for part in config.sources.split(";") if part.strip()]
    return Contract(
        version=CONTRACT_VERSION,
        name=config.name or f"{config.architecture} {today}",
        date=today,
        intended_use=config.intended_use,
        licence=config.licence,
        labels=record.labels,
        input_size=config.input_size,
        fit=find(config.architecture).fit,
        preprocessing_version=PREPROCESSING_VERSION,
        architecture=Architecture(config.architecture, model.count_params(), _layers(model)),
        training_data=TrainingData(
            sources=tuple(stated or sorted({image.source for image in taught if image.source})),
            licence=config.licence,
            fingerprint=record.fingerprint,
            label_counts={label: counts[label] for label in labels},
        ),
        groups=tuple(group for group in _GROUPS if set(group.labels) <= set(labels)),
        flags=flags(probabilities, truth, labels, f"validation split, {len(truth)} images"),
    )


_GROUPS = (Group("benign_keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),)
"""Labels that public data part by source more than by disease: they are shown and judged by their sum."""


def _layers(model: keras.Model) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    )
