"""The contract of a trained network, filled in from the run that made it."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence

import keras

from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION
from desktop.core.inference.contract import (
    CONTRACT_VERSION,
    Architecture,
    Contract,
    Layer,
    TrainingData,
)
from desktop.core.statistics.calibration import Calibration
from training.images.label_groups import groups_of
from training.networks.architectures import find
from training.networks.weights import origin
from training.run.config import Config
from training.run.limits import read_limits
from training.run.run_folder import PreparedImage, RunRecord


def contract_of(
    record: RunRecord, images: Sequence[PreparedImage], model: keras.Model, calibration: Calibration | None
) -> Contract:
    """Return the contract of a network, without thresholds and figures.

    Args:
        record: the record of the run.
        images: all images of the run.
        model: the network as it is exported, without its novelty output.
        calibration: the fitted calibration, None without one.

    Raises:
        DataError: the file with the limits cannot be read.
    """
    config = record.settings
    today = dt.datetime.now(dt.UTC).date().isoformat()
    taught = [image for image in images if image.split == "train" and image.row >= 0]
    counts = Counter(image.label for image in taught)
    labels = [label.id for label in record.labels]
    limits, remarks = read_limits(config.limits, labels)
    stated = [part.strip() for part in config.sources.split(";") if part.strip()]
    earlier = origin(config)
    licence = _combined_licence(config.licence, earlier)
    return Contract(
        version=CONTRACT_VERSION,
        name=config.name or f"{config.architecture} {today}",
        date=today,
        intended_use=config.intended_use,
        licence=licence,
        labels=tuple(dataclasses.replace(label, remark=remarks.get(label.id, "")) for label in record.labels),
        input_size=config.input_size,
        fit=find(config.architecture).fit,
        preprocessing_version=PREPROCESSING_VERSION,
        architecture=Architecture(config.architecture, model.count_params(), _layers(model)),
        training_data=TrainingData(
            sources=(*(stated or sorted({image.source for image in taught if image.source})), *_through(earlier)),
            licence=licence,
            fingerprint=record.fingerprint,
            label_counts={label: counts[label] for label in labels},
        ),
        groups=groups_of(labels),
        calibration_mix=None if calibration is None else calibration.mix,
        limits=limits,
    )


def _combined_licence(licence: str, earlier: Contract | None) -> str:
    """Return the licence of a model that was trained from an earlier one: an SPDX expression of both."""
    both = dict.fromkeys([licence, *([earlier.licence] if earlier else [])])
    stated = [one for one in both if one != Config.licence]
    return " AND ".join(stated) or licence


def _through(earlier: Contract | None) -> list[str]:
    """Return what a model learned from through the one that it goes on from."""
    if earlier is None:
        return []
    mark = " (through "
    return [source if mark in source else f"{source}{mark}{earlier.name})" for source in earlier.training_data.sources]


def _layers(model: keras.Model) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    )
