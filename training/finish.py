"""From trained weights to the network that is exported: calibration, novelty and contract.

All figures come from the validation images, which the network was not trained on. This step can be repeated at any time from
the saved weights, without training.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import EMBEDDING, Contract, Label
from desktop.core.inference.outline import OutlineTest
from desktop.core.labelled_images.labelled import Split
from training.calibrate import fit_calibration, fit_flags
from training.card import contract_of
from training.judging.contract_figures import measured_on, with_held_out_figures
from training.judging.held_out import FILE, LEFT_OUT, HeldOutAnswers, HeldOutImage, read, write
from training.judging.probe_results import PROBE_FILE, load_probe
from training.judging.thresholds import fit_thresholds
from training.networks import novelty
from training.networks.architectures import build
from training.networks.outline import with_outline
from training.networks.temperature_scaling import with_calibration
from training.networks.weights import load_file
from training.run.run_folder import PreparedImage, RunFolder, RunRecord

_BATCH = 64

_FEWEST = 100
"""Fewest held-out images for a certainty or novelty threshold: a fiftieth of fewer is one image or none."""


def finish(run: RunFolder, record: RunRecord) -> None:
    """Write the answers to held-out images, the contract and, last, the network, which marks the training as finished.

    The network is saved without its optimizer state. If the run has a `probe.json`, the contract takes its quality limits.
    If the run was trained `--without` a source or label, the answers to the left-out images are written too.

    Raises:
        DataError: `probe.json` cannot be read, or the outlines were taught on other weights.
    """
    config, images, outline = record.settings, run.load_images(), _outline(run)
    labels = tuple(label.id for label in record.labels)
    trained = build(config, len(labels))
    load_file(trained, run.weights)
    whitened = novelty.fit_whitening(trained, run.load_array("train"), config)
    found = _answered(run, trained, images, record.labels, whitened, "validation", run.path / FILE)
    if config.without:
        _answered(run, trained, images, record.labels, whitened, "test", run.path / LEFT_OUT)
    fitted = None
    if found is not None and len(found.images) >= _FEWEST:
        fitted = fit_thresholds(found, config.calibration, measured_on(found))
    calibration = fitted.calibration if fitted else None
    if fitted is None and found is not None and config.calibration != "none":
        calibration = fit_calibration(
            found.probabilities, [one.label for one in found.images], labels, config.calibration, found.malignant
        )
    final = with_calibration(trained, calibration) if calibration else trained
    contract = contract_of(record, images, final, calibration)
    if found is not None and fitted is not None:
        probed = load_probe(run.path / PROBE_FILE)
        contract = with_held_out_figures(contract, found, probed, fitted, config.calibration)
    elif found is not None:
        probabilities = calibration.apply(found.probabilities) if calibration else found.probabilities
        contract = _with_flags(contract, found, probabilities)
    run.drop_measured()
    if calibration:
        run.save_calibration(calibration)
    else:
        run.calibration.unlink(missing_ok=True)
    whole = novelty.with_novelty_output(final, whitened)
    if outline is not None:
        contract = dataclasses.replace(contract, outline=outline)
        whole = with_outline(whole, config, run.outline_weights)
    run.write(run.contract, contract.to_json().encode())
    run.replace(run.model, whole.save)


def _outline(run: RunFolder) -> OutlineTest | None:
    """Return what is said of the run's outlines; None where it draws none.

    Raises:
        DataError: they were taught on other weights than the run has now.
    """
    record = run.load_outline()
    if record is None:
        return None
    if record.network != hashlib.sha256(run.weights.read_bytes()).hexdigest():
        raise DataError(
            "The outlines in “{path}” were taught on other weights than the run has now. Teach them again with "
            "“lesionlens-train outline”, or delete outline.json.",
            path=run.path,
        )
    return record.outline


def _answered(
    run: RunFolder,
    trained: keras.Model,
    images: Sequence[PreparedImage],
    labels: tuple[Label, ...],
    whitened: novelty.Whitening,
    split: Split,
    kept: Path,
) -> HeldOutAnswers | None:
    """Answer the images of a split, save the answers and return them as saved; None if the split has no images."""
    held = sorted((image for image in images if image.split == split and image.row >= 0), key=lambda i: i.row)
    if not held:
        kept.unlink(missing_ok=True)
        return None
    answers, embeddings = _answers(trained, run.load_array(split))
    found = HeldOutAnswers(
        tuple(label.id for label in labels),
        tuple(HeldOutImage.of(image) for image in held),
        answers.astype(np.float64),
        novelty.distances(embeddings, whitened),
    )
    run.replace(kept, lambda part: write(found, part))
    return dataclasses.replace(read(kept), own={label.id: label.malignancy for label in labels})


def _with_flags(contract: Contract, found: HeldOutAnswers, probabilities: NDArray[np.float64]) -> Contract:
    """Return the contract with the flags that few validation images allow."""
    truth = [one.label for one in found.images]
    on = f"validation split, {len(truth)} images"
    chosen = fit_flags(probabilities, truth, found.labels, on, found.malignant)
    return dataclasses.replace(contract, flags=chosen)


def _answers(model: keras.Model, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the probabilities and the embeddings of model inputs."""
    both = keras.Model(model.input, [model.output, model.get_layer(EMBEDDING).output])
    answers = [
        both.predict_on_batch(pixels[start : start + _BATCH].astype(np.float32))
        for start in range(0, len(pixels), _BATCH)
    ]
    probabilities, embeddings = (np.concatenate(part) for part in zip(*answers, strict=True))
    return probabilities, embeddings
