"""The weights for `--weights shipped` are those of the model file, whose thresholds follow from the committed answers."""

from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES, SHIPPED_MODEL
from training.judging.held_out import FILE, read
from training.judging.recipe_files import recipe_of
from training.judging.thresholds import fit_thresholds
from training.networks.architectures import build
from training.networks.weights import load
from training.run.config import Config

ANSWERS = Path(__file__).parents[2] / "docs/measured/efficientnet-lite0"


def test_shipped_weights_and_fitted_calibration_answer_as_the_model_file() -> None:
    classifier = Classifier(SHIPPED_MODEL)
    contract = classifier.contract
    config = Config(architecture=contract.architecture.name, input_size=contract.input_size, weights="shipped")
    network = build(config, len(contract.labels))
    load(network, config, contract.label_ids)
    both = keras.Model(network.input, [network.output, network.get_layer("embedding").output])
    sample = min(SAMPLES.glob("*.png"))
    inputs = classifier.prepare(sample.read_bytes(), sample.name)[None]
    answer = classifier.run(inputs)
    probabilities, embedding = (np.asarray(part) for part in both(inputs.astype(np.float32), training=False))
    assert answer.embedding == pytest.approx(embedding, abs=1e-4)
    found = read(ANSWERS / FILE)
    assert found.labels == contract.label_ids
    fitted = fit_thresholds(found, recipe_of(ANSWERS).settings.calibration, "these")
    assert answer.probabilities == pytest.approx(fitted.calibrated(probabilities), abs=1e-4)
    assert [[point.threshold for point in alert.curve] for alert in contract.alerts] == [
        pytest.approx(alert.thresholds, abs=1e-5) for alert in fitted.alerts.values()
    ]
    assert [flag.threshold for flag in contract.flags] == [flag.threshold for flag in fitted.flags]
    assert (contract.certainty_threshold, contract.novelty_threshold) == (fitted.certainty, fitted.novelty)
