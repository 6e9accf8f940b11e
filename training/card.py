"""What a trained network promises: its contract, filled in from the run that made it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

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
from training.architectures import find
from training.calibrate import Calibration, flags
from training.run_folder import PreparedImage, Record


def contract_of(
    record: Record,
    images: Sequence[PreparedImage],
    model: keras.Model,
    probabilities: NDArray[np.float32],
    truth: Sequence[str],
    calibration: Calibration | None,
) -> Contract:
    """Return the contract of a network.

    Args:
        record: what made the run.
        images: all of the run.
        model: the network as it is exported.
        probabilities: [n, labels], its answers to the validation images.
        truth: the label id of each of them.
        calibration: how its temperature was fitted, None where it was not.
    """
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
        calibration_mix=None if calibration is None else calibration.mix,
    )


_GROUPS = (Group("benign_keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),)
"""Labels that public data part by source more than by disease: they are shown and judged by their sum."""


def _layers(model: keras.Model) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    )
