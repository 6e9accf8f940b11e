"""From trained weights to the network that is exported: its calibration, its novelty, and the contract that tells of both.

What judges the network is either its own validation images or, where every image taught, the answers of folds. It can be
done again at any time from the weights that a training left, without training.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import EMBEDDING, Contract
from training.calibrate import calibrated, flags
from training.card import contract_of
from training.folds.contract import judged_contract, where
from training.folds.out_of_fold import FILE, OutOfFold, read
from training.folds.probed import PROBE_FILE, load_probe
from training.folds.recipe import recipe_of
from training.folds.thresholds import FLAGGED_AS_NOVEL, certainty_threshold, thresholds
from training.networks import novelty
from training.networks.architectures import build
from training.networks.tempered import tempered
from training.run.config import knobs
from training.run.knobs import Stage
from training.run.run_folder import Record, RunFolder

_BATCH = 64
_OF_A_FOLD = {"weights", "watched", "early_stopping"}
"""What folds may have otherwise: each starts from its own weights, and only they have images to watch and to stop by."""

_FEWEST = 100
"""Held-out images to set a threshold of certainty or novelty by: of fewer, a fiftieth is one image or none."""


def finish(run: RunFolder, record: Record) -> None:
    """Write the contract and, as the mark of a finished training, the network without its optimizer's state.

    Raises:
        DataError: as `judges_of`.
    """
    config, images = record.settings, run.load_images()
    labels = [label.id for label in record.labels]
    judges = judges_of(record)
    settled = thresholds(judges, config.calibration, where(judges)) if judges else None
    trained = build(config, len(labels))
    trained.load_weights(run.weights)
    held = sorted((image for image in images if image.split == "validation" and image.row >= 0), key=lambda i: i.row)
    truth = [image.label for image in held]
    answers, embeddings = _answers(trained, run.load_array("validation")) if held else (None, None)
    calibration = settled.calibration if settled else None
    if not settled and answers is not None and config.calibration != "none":
        calibration = calibrated(answers, truth, labels, config.calibration)
    final = tempered(trained, calibration) if calibration else trained
    contract = contract_of(record, images, final, calibration)
    whitened = novelty.fitted(final, run.load_array("train"), config)
    if judges and settled:
        probed = load_probe(Path(config.judged_by) / PROBE_FILE)
        contract = judged_contract(contract, judges, probed, settled, config.calibration)
    elif answers is not None and embeddings is not None:
        distances = novelty.distances(embeddings, whitened)
        probabilities = calibration.apply(answers) if calibration else answers.astype(np.float64)
        contract = _by_validation(contract, probabilities, distances, truth)
    run.drop_measured()
    if calibration:
        run.save_calibration(calibration)
    else:
        run.calibration.unlink(missing_ok=True)
    run.write(run.contract, contract.to_json().encode())
    run.replace(run.model, novelty.attached(final, whitened).save)


def judges_of(record: Record) -> OutOfFold | None:
    """Return the folds' answers that are to judge a run's network, None where its own validation images are.

    Raises:
        DataError: the folder holds no answers of folds, or those of other labels or of another recipe.
    """
    if not record.settings.judged_by:
        return None
    folder = Path(record.settings.judged_by)
    found = read(folder / FILE)
    if list(found.labels) != [label.id for label in record.labels]:
        raise DataError(
            "The folds in “{folder}” know other labels than this run. Give the folds of the same data.", folder=folder
        )
    theirs = recipe_of(folder).settings
    may_differ = _OF_A_FOLD | ({"epochs"} if theirs.early_stopping else set())
    for name, (_, knob) in knobs().items():
        is_recipe = knob.stage is Stage.RECIPE or name in {"architecture", "input_size"}
        own, other = getattr(record.settings, name), getattr(theirs, name)
        if is_recipe and name not in may_differ and own != other:
            raise DataError(
                "The folds in “{folder}” were made with --{option} {other}, this run with {own}: their figures are not its "
                "recipe's. Give the folds of the same recipe.",
                folder=folder,
                option=name.replace("_", "-"),
                other=other,
                own=own,
            )
    return found


def _by_validation(
    contract: Contract, probabilities: NDArray[np.float64], distances: NDArray[np.float64], truth: Sequence[str]
) -> Contract:
    """Return the contract with the thresholds that the network's own validation images set."""
    labels = contract.label_ids
    set_by = flags(probabilities, truth, labels, f"validation split, {len(truth)} images")
    if len(truth) < _FEWEST:
        return dataclasses.replace(contract, flags=set_by)
    return dataclasses.replace(
        contract,
        flags=set_by,
        certainty_threshold=certainty_threshold(probabilities, labels),
        novelty_threshold=float(np.quantile(distances, 1 - FLAGGED_AS_NOVEL)),
    )


def _answers(model: keras.Model, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the probabilities and the embeddings of model inputs."""
    both = keras.Model(model.input, [model.output, model.get_layer(EMBEDDING).output])
    answers = [
        both.predict_on_batch(pixels[start : start + _BATCH].astype(np.float32))
        for start in range(0, len(pixels), _BATCH)
    ]
    probabilities, embeddings = (np.concatenate(part) for part in zip(*answers, strict=True))
    return probabilities, embeddings
