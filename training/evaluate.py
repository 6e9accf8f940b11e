"""Measure a model file on the images of a run, from their files, as the app would classify them; never through Keras."""

import csv
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.image_copies.groups import leaked
from desktop.core.imaging.opening import read_file
from desktop.core.inference.classifier import Classifier
from desktop.core.labelled_images.audit import FindingKind
from desktop.core.labelled_images.labelled import SPLITS, Split
from desktop.core.progress import Progress
from desktop.core.statistics.proportions import balanced_accuracy, proportion, proportion_by_group
from training.figures import split_figures
from training.images.squashed_copies import input_of_copy
from training.knob_options import command_line
from training.paper import is_papers_set
from training.report_data import FEWEST_TO_LEARN, RunReport, SourceFigures, WhileTraining, figures_of_folds, settled_by
from training.run.config import Config
from training.run.run_folder import PreparedImage, RunFolder, RunRecord

_BATCH = 64

_MOST_TAUGHT = 2000
"""Training images that are measured, evenly spread: so many give their accuracy to about two points, which is enough."""


def evaluate(run: RunFolder, record: RunRecord, views: int = 1) -> RunReport:
    """Measure the exported model of the run and write `predictions.csv`.

    Args:
        run: the folder.
        record: its record.
        views: 1 for the image as it is, 8 for the mean over its quarter turns and their mirror images, without the
            training images.

    Raises:
        DataError: there is no model file yet, it has other labels than the run, or an image has changed since `prepare`.
        ImageError: an image can no longer be opened.
        ModelError: the model file cannot be used.
    """
    if not run.classifier.exists():
        raise DataError(
            "The run has no model file yet. Give “lesionlens-export {model} -o {classifier}” first.",
            model=run.model,
            classifier=run.classifier,
        )
    classifier = Classifier(run.classifier, threads=0)
    expected = tuple(label.id for label in record.labels)
    if classifier.contract.label_ids != expected:
        raise DataError(
            "“{model}” answers with {found}, the run holds images of {expected}. Export the run's own model.keras.",
            model=run.classifier,
            found=", ".join(classifier.contract.label_ids),
            expected=", ".join(expected),
        )
    images = run.load_images()
    taught = [image for image in images if image.split == "train" and image.row >= 0]
    kept = taught[:: -(-len(taught) // _MOST_TAUGHT)] if views == 1 else []
    kept += [image for split in SPLITS[1:] for image in images if image.split == split and image.row >= 0]
    if not kept:
        raise DataError("The run holds out no image to try {views} views on.", views=views)
    probabilities, novelty = _answers(classifier, kept, Path(record.settings.data), views)
    truth = np.array([expected.index(image.label) for image in kept], np.int64)
    groups = np.array([image.group for image in kept], np.int64)
    _write_predictions(run.predictions_of(views), kept, probabilities, novelty, expected)
    splits = []
    for split in SPLITS:
        here = np.array([image.split == split for image in kept])
        if here.any():
            splits.append(split_figures(split, probabilities[here], truth[here], groups[here], classifier.contract))
    counts = Counter(image.label for image in taught)
    calibration = run.load_calibration()
    return RunReport(
        command=command_line(record.settings, run.path),
        record=record,
        contract=replace(classifier.contract, figures=figures_of_folds(classifier.contract)),
        model_sha256=classifier.sha256,
        while_training=_while_training(run, record.settings, len({image.picture or image.path for image in taught})),
        splits=tuple(splits),
        empty=tuple(label.name for label in record.labels if counts[label.id] < FEWEST_TO_LEARN),
        leaked=_leaked([image for image in images if image.row >= 0]),
        contradicted=sum(FindingKind.TWO_LABELS in image.findings.split("; ") for image in taught),
        left_out=dict(Counter(image.dropped for image in images if image.dropped)),
        settled=settled_by(classifier.contract, calibration),
        by_source=_by_source(kept, probabilities, truth, groups),
        calibration=calibration,
        views=views,
        is_papers_set=is_papers_set(images),
    )


def averaged_answers(
    classifier: Classifier, images: NDArray[np.uint8], views: int
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return the probabilities of model inputs [n, size, size, 3], each the mean over 1 or 8 views of its image.

    The second value is the novelty [n] of the unturned image, None if the model has none.
    """
    turned = [np.rot90(images, turns, axes=(1, 2)) for turns in range(4 if views == 8 else 1)]
    seen = turned + [view[:, :, ::-1] for view in turned] if views == 8 else turned
    answers = [classifier.run(np.ascontiguousarray(view)) for view in seen]
    shares = np.stack([answer.probabilities for answer in answers])
    mean: NDArray[np.float32] = shares.mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean, answers[0].novelty


def _by_source(
    images: Sequence[PreparedImage],
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
    groups: NDArray[np.int64],
) -> tuple[SourceFigures, ...]:
    places = [(image.split, image.source, image.copy) for image in images]
    right = probabilities.argmax(axis=1) == truth
    found = []
    for split in SPLITS[1:]:
        parts = sorted({place for place in places if place[0] == split})
        for part in parts if len(parts) > 1 else ():
            here = np.array([place == part for place in places])
            share = proportion_by_group(right[here], groups[here])
            found.append(SourceFigures(*part, share, balanced_accuracy(right[here], truth[here])))
    return tuple(found)


def _answers(
    classifier: Classifier, images: Sequence[PreparedImage], data: Path, views: int
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    root = data if data.is_dir() else data.parent
    progress = Progress("Measuring", len(images))
    answers, novelties = [], []
    for start in range(0, len(images), _BATCH):
        inputs = []
        for image in images[start : start + _BATCH]:
            content = read_file(root / image.path)
            if hashlib.sha256(content).hexdigest() != image.sha256:
                raise DataError("“{path}” has changed since it was prepared. Start another run.", path=image.path)
            contract = classifier.contract
            inputs.append(input_of_copy(content, contract.input_size, contract.fit, image.frame, image.path))
        probabilities, novelty = averaged_answers(classifier, np.stack(inputs), views)
        answers.append(probabilities)
        if novelty is not None:
            novelties.append(novelty)
        progress.advance(len(inputs))
    progress.finish()
    return np.concatenate(answers), np.concatenate(novelties) if novelties else None


def _write_predictions(
    path: Path,
    images: Sequence[PreparedImage],
    probabilities: NDArray[np.float32],
    novelty: NDArray[np.float32] | None,
    labels: Sequence[str],
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "split", "label", "answer", "novelty", *(f"p_{label}" for label in labels)))
        novelties = [""] * len(images) if novelty is None else [f"{value:.6g}" for value in novelty]
        for image, far, row in zip(images, novelties, probabilities, strict=True):
            answer = labels[int(row.argmax())]
            writer.writerow((image.path, image.split, image.label, answer, far, *(f"{value:.7g}" for value in row)))


def _leaked(images: Sequence[PreparedImage]) -> dict[Split, int]:
    groups = {split: [image.group for image in images if image.split == split] for split in SPLITS}
    others: tuple[Split, ...] = ("train", "validation")
    return {split: leaked(groups["test"], groups[split]) for split in others}


def _while_training(run: RunFolder, config: Config, images: int) -> WhileTraining:
    """Return the training figures of the epoch that was kept; `images` is how many it showed, one copy of each picture."""
    history = run.load_history()
    kept = min(history, key=lambda one: one.val_loss or 0.0) if config.early_stopping else history[-1]
    return WhileTraining(kept.epoch, proportion(round(kept.accuracy * images), images), kept.loss)
