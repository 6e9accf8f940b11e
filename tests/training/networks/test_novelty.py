"""The novelty distance: fitted, added to a network and exported."""

from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from export.__main__ import export
from tests.making import SIZE, contract
from training.networks.novelty import distances, fit_whitening, whitening_of, with_novelty_output
from training.run.config import Config


def test_training_images_are_near_with_a_median_of_one() -> None:
    random = np.random.default_rng(0)
    mixing = random.normal(0, 1, (6, 6))
    embeddings = random.normal(0, 1, (900, 6)) @ mixing
    whitened = whitening_of(embeddings[:800])
    assert np.median(distances(embeddings[:800], whitened)) == pytest.approx(1, abs=1e-5)
    alike = distances(embeddings[800:], whitened)
    far = distances(embeddings[800:] + 25, whitened)
    assert 0.8 < np.median(alike) < 1.2
    assert far.min() > alike.max()


def test_a_direction_in_which_training_never_varied_counts_most() -> None:
    random = np.random.default_rng(1)
    embeddings = np.concatenate([random.normal(0, 1, (500, 3)), np.zeros((500, 1))], axis=1)
    along, across = distances(np.array([[1.0, 0, 0, 0], [0, 0, 0, 1.0]]), whitening_of(embeddings))
    assert across > 5 * along


def test_the_first_axes_of_a_long_embedding_give_nearly_the_same_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    spread = np.geomspace(1, 1e-4, 300)
    embeddings = random.normal(0, 1, (2000, 300)) * spread
    new = random.normal(0, 1.5, (200, 300)) * spread + random.normal(0, 0.01, (200, 300))
    by_some = distances(new, whitening_of(embeddings))
    monkeypatch.setattr("training.networks.novelty._AXES", 300)
    assert whitening_of(embeddings).is_whole
    assert by_some == pytest.approx(distances(new, whitening_of(embeddings)), rel=0.02)


def test_embeddings_that_never_vary_cause_no_error() -> None:
    whitened = whitening_of(np.ones((10, 4)))
    assert np.isfinite(distances(np.eye(4), whitened)).all()


def test_the_exported_file_measures_the_same_distance(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    image = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(5, 3, strides=2, activation="relu")(keras.layers.Rescaling(1 / 255)(image))
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    network = keras.Model(image, keras.layers.Dense(9, activation="softmax", name="probabilities")(x))
    pixels = np.random.default_rng(2).integers(90, 190, (60, SIZE, SIZE, 3), np.uint8)
    whitened = fit_whitening(network, pixels, Config(recipe="dermoscopy"))
    with_novelty_output(network, whitened).save(tmp_path / "model.keras")
    (tmp_path / "contract.json").write_text(contract(novelty_threshold=3.0).to_json(), encoding="utf-8")
    export(tmp_path / "model.keras", tmp_path / "contract.json", tmp_path / "model.onnx")
    outputs = Classifier(tmp_path / "model.onnx").run(pixels[:7])
    assert outputs.novelty is not None
    assert outputs.embedding is not None
    assert outputs.novelty == pytest.approx(distances(outputs.embedding, whitened), rel=1e-4)
    assert outputs.activation is not None
