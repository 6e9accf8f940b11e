"""Every kind of network that can be trained exports to a file with one input that answers as the network does."""

import keras
import numpy as np
import pytest

from export.convert import convert, with_named_outputs
from export.verify import check, verify
from tests.making import contract
from training.networks.architectures import build
from training.run.config import Config

SIDE = 32


@pytest.mark.parametrize("name", ["efficientnet-lite0", "mobilenet-v3-small"])
def test_backbones_convert_with_their_normalisation_inside(name: str) -> None:
    keras.utils.set_random_seed(0)
    network = build(Config(architecture=name, input_size=SIDE), 9)
    # Random statistics: without them an untrained network's answers hardly differ, and parity would prove nothing.
    network(np.random.default_rng(0).integers(0, 256, (16, SIDE, SIDE, 3)).astype(np.float32), training=True)
    named = with_named_outputs(network, contract(input_size=SIDE))
    model = convert(named, SIDE)
    check(model)
    differences = verify(model, named, SIDE)
    assert {"probabilities", "embedding", "activation", "sum of activation"} == set(differences)


@pytest.mark.parametrize("name", ["efficientnet-v2-b0", "mobilenet-v3-small"])
def test_backbones_scale_pixels_as_in_training(name: str) -> None:
    network = build(Config(architecture=name, input_size=SIDE), 2)
    scaled = np.asarray(network.get_layer("scaling")(np.full((1, 1, 1, 3), 255.0, np.float32))).ravel()
    assert scaled == pytest.approx([1, 1, 1] if name.startswith("mobile") else [2.2489, 2.4286, 2.64], abs=1e-3)
    # The conversion turns this layer's constants into inputs of the graph.
    assert not any(isinstance(layer, keras.layers.Normalization) for layer in network.layers)
    assert network.layers[-4].name == "features"
    assert network.get_layer("embedding").output.shape[1] == network.get_layer("features").output.shape[3]


@pytest.mark.parametrize("name", ["efficientnet-v2-b0", "mobilenet-v3-small"])
def test_layers_with_weights_have_the_same_names_in_every_build(name: str) -> None:
    """ImageNet's weights and those of earlier runs find their layers by name."""
    config = Config(architecture=name, input_size=SIDE)
    first, second = ([layer.name for layer in build(config, 2).layers if layer.weights] for _ in range(2))
    assert first == second
