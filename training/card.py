"""The contract of a trained network, filled in from the run that made it."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import keras

from desktop.core.errors import DataError
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
    return Contract(
        version=CONTRACT_VERSION,
        name=config.name or f"{config.architecture} {today}",
        date=today,
        intended_use=config.intended_use,
        licence=config.licence,
        labels=tuple(dataclasses.replace(label, remark=remarks.get(label.id, "")) for label in record.labels),
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
        groups=groups_of(labels),
        calibration_mix=None if calibration is None else calibration.mix,
        limits=limits,
    )


def read_limits(file: str, labels: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the sentences about the model in a file of limits, one for each line, and the remarks on labels by label id.

    A line that begins with a label id and a colon is a remark, which the app shows with the name of that label.

    Raises:
        DataError: the file cannot be read.
    """
    if not file:
        return (), {}
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("The limits in “{path}” cannot be read ({detail}).", path=file, detail=error) from error
    remarks = {
        label: text.strip()
        for label, colon, text in (line.partition(":") for line in lines)
        if colon and label in labels
    }
    limits = (line.strip() for line in lines if line.strip() and line.partition(":")[0] not in remarks)
    return tuple(limits), remarks


def _layers(model: keras.Model) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    )
