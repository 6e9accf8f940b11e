from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.errors import DataError
from training.networks.weights import load_file


def network(*, folded: bool) -> keras.Model:
    """Build a convolution and a depthwise one, each with a normalisation after it or with a bias in its place."""
    image = keras.Input((8, 8, 3), name="image")
    x = keras.layers.Conv2D(4, 3, use_bias=folded, name="stem_convolution")(image)
    x = x if folded else keras.layers.BatchNormalization(epsilon=1e-3, name="stem_normalisation")(x)
    x = keras.layers.DepthwiseConv2D(3, use_bias=folded, name="block_depthwise_convolution")(x)
    x = x if folded else keras.layers.BatchNormalization(epsilon=1e-3, name="block_depthwise_normalisation")(x)
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    return keras.Model(image, keras.layers.Dense(2, name="probabilities")(x))


@pytest.fixture
def earlier() -> keras.Model:
    """A network with normalisations that have seen something."""
    model = network(folded=False)
    random = np.random.default_rng(3)
    for layer in model.layers:
        if layer.name.endswith("_normalisation"):
            layer.set_weights([random.uniform(0.5, 2, weight.shape) for weight in layer.get_weights()])
    return model


def test_folded_normalisations_give_the_same_answers(earlier: keras.Model, tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    earlier.save_weights(path)
    model = network(folded=True)
    load_file(model, path)
    images = np.random.default_rng(4).uniform(0, 1, (5, 8, 8, 3)).astype(np.float32)
    expected = np.asarray(earlier(images, training=False))
    assert np.asarray(model(images, training=False)) == pytest.approx(expected, abs=1e-5)


def test_weights_without_normalisations_are_unchanged(tmp_path: Path) -> None:
    saved, model = network(folded=True), network(folded=True)
    saved.save_weights(tmp_path / "model.weights.h5")
    load_file(model, tmp_path / "model.weights.h5")
    assert all(np.array_equal(one, other) for one, other in zip(saved.get_weights(), model.get_weights(), strict=True))


def test_a_network_with_normalisations_refuses_folded_weights(earlier: keras.Model, tmp_path: Path) -> None:
    network(folded=True).save_weights(tmp_path / "model.weights.h5")
    with pytest.raises(DataError, match="the weights of another network: its “stem_convolution”"):
        load_file(earlier, tmp_path / "model.weights.h5")
